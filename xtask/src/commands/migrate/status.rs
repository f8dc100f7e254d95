//! `migrate status`: how the folder and the database stand to each other, and with `--drift` the schema file too.

use migrate::rollouts::Rollout;
use migrate::status::Asked;
use migrate::{Folder, report};
use psl::Schema;

use super::{Database, shown_in};
use crate::cli::{Common, Status, StatusFormat};
use crate::commands::{introduced, load, load_configuration, rollout as rollouts};
use crate::failure::{Failure, Result};
use crate::paths;
use crate::secrets::hide;
use crate::terminal::{Step, note, say, write_result};

pub(super) async fn run(common: &Common, arguments: Status) -> Result<()> {
    let is_text = arguments.format == StatusFormat::Text;
    // Only drift is a matter of the models.
    let (project, schema) =
        if arguments.drift { load(common)? } else { load_configuration(common)? };
    let (project, schema, database) = if is_text {
        introduced(common, (project, schema))?
    } else {
        let database = Database::resolve(&project, &schema, common.database_url.as_deref())?;
        (project, schema, database)
    };
    // In boxes, because they are large futures.
    let asking = Box::pin(Asked::of(&database.direct));
    let (folder, asked) = Folder::read_beside(&project.migrations(), asking).await?;
    let status = Box::pin(asked?.compare(&folder)).await?;
    // Nothing more is asked where every rollout has come to its end.
    let applied = &status.diagnosis.applied;
    let is_over = |rollout: &&Rollout| {
        rollout.contracted_by.as_ref().is_some_and(|name| applied.contains(name))
    };
    let open: Vec<&Rollout> = folder.rollouts().iter().filter(|one| !is_over(one)).collect();
    let rollouts = rollouts::of_database(&folder, &database, &open, 0).await;
    // Who may read the history may lack the right to read what is ours.
    let rollouts = rollouts.unwrap_or_else(|failure| {
        note!("How far the rollouts are cannot be told: {}\n", hide(&failure.message));
        Vec::new()
    });
    if is_text {
        let told = report::status(&status, &paths::shown(folder.path()));
        say!("{}", told.stdout);
        for rollout in &rollouts {
            say!("\nRollout {}", rollout::report::in_short(rollout));
        }
        if !told.stderr.is_empty() {
            note!("{}", told.stderr);
        }
    }
    let drift =
        if arguments.drift { Some(drift(&folder, &schema, &database).await?) } else { None };
    if !is_text {
        let rollouts: Vec<_> = rollouts.iter().map(rollout::report::value).collect();
        write_result(&(report::drift_json(&status, drift.as_ref(), &rollouts) + "\n"))?;
    } else if let Some(drift) = &drift {
        say!("\n{}", report::drift(drift, &status.diagnosis.missing));
    }
    if report::is_good(&status, drift.as_ref()) { Ok(()) } else { Err(Failure::already_told(1)) }
}

async fn drift(
    folder: &Folder,
    schema: &Schema,
    database: &Database,
) -> Result<migrate::drift::Drift> {
    let databases = database.for_replays();
    let step = Step::start("Comparing schema, migrations and database");
    let mut progress = shown_in(&step);
    // In a box, because it is a large future.
    let found = migrate::drift::drift(folder, schema, databases, &mut progress);
    Ok(Box::pin(found).await?)
}
