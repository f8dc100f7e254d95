//! `rollout status`: how far breaking changes in phases are, on one screen.

use migrate::Folder;
use migrate::rollouts::{Rollout, find_by_name};
use rollout::report;
use rollout::status::{Standing, standing};

use super::open_database;
use crate::cli::{Common, RolloutCommand, RolloutStatus, StatusFormat};
use crate::commands::load_configuration;
use crate::database::Database;
use crate::failure::Result;
use crate::secrets::{hide, hide_in_json};
use crate::terminal::{say, write_result};

/// How many conflicts are told of each, and how many of one that is asked for.
const SAMPLE: usize = 3;
const ALL: usize = 1_000;

pub(super) async fn run(common: &Common, command: RolloutCommand) -> Result<()> {
    let RolloutCommand::Status(RolloutStatus { name, format }) = command;
    let is_text = format == StatusFormat::Text;
    let (project, database) = if is_text {
        let (project, _, database) = open_database(common)?;
        (project, database)
    } else {
        let (project, schema) = load_configuration(common)?;
        let database = Database::resolve(&project, &schema, common.database_url.as_deref())?;
        (project, database)
    };
    let folder = Folder::read(&project.migrations())?;
    let chosen: Vec<&Rollout> = match &name {
        Some(name) => vec![find_by_name(&folder, name)?],
        None => folder.rollouts().iter().collect(),
    };
    let most = if name.is_some() { ALL } else { SAMPLE };
    let found = of_database(&folder, &database, &chosen, most).await?;
    if !is_text {
        return write_result(&(hide_in_json(&report::json(&found)) + "\n"));
    }
    match (&name, found.as_slice()) {
        (Some(_), [one]) => {
            // The conflicts once, and all of them.
            let mut without = one.clone();
            without.conflicts = rollout::status::Conflicts::default();
            let conflicts = report::conflicts_of(one);
            say!("{}", hide(&format!("{}\n\n{conflicts}", report::status(&[without]))));
        }
        _ => say!("{}", hide(&report::status(&found))),
    }
    Ok(())
}

/// How some rollouts stand, each with so many of its conflicts at most. Nothing is asked where there are none.
pub(super) async fn of_database(
    folder: &Folder,
    database: &Database,
    rollouts: &[&Rollout],
    conflicts: usize,
) -> Result<Vec<Standing>> {
    if rollouts.is_empty() {
        return Ok(Vec::new());
    }
    let status = migrate::status::status(folder, &database.direct).await?;
    let connection = postgres::connect(&database.direct).await?;
    let applied = &status.diagnosis.applied;
    let found = standing(&connection, folder, rollouts, applied, conflicts).await?;
    connection.close().await;
    Ok(found)
}
