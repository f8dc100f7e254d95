//! `migrate deploy`: what is pending, applied.

use migrate::deploy::Target;
use migrate::{Folder, report};

use super::{shown_in, verified};
use crate::cli::{Common, Deploy};
use crate::commands::open_database;
use crate::database::Database;
use crate::failure::Result;
use crate::paths;
use crate::terminal::{Step, note, say};

pub(super) async fn run(common: &Common, arguments: Deploy) -> Result<()> {
    let (project, _, database) = open_database(common)?;
    let folder = Folder::read(&project.migrations())?;
    if arguments.verify {
        return verified::deploy(&project, &folder, &database).await;
    }
    deploy_to(&folder, &database).await
}

/// Applies what is pending and says what that was.
pub(in crate::commands) async fn deploy_to(folder: &Folder, database: &Database) -> Result<()> {
    let target = Target::open(&database.direct, &mut |_| ()).await?;
    if target.created_database {
        say!("{}\n", report::database_created(&database.direct));
    }
    say!("{}\n\n", report::found(folder.migrations().len(), &paths::shown(folder.path())));
    let step = Step::start("Applying migrations");
    let deployed = target.deploy(folder, &mut shown_in(&step)).await?;
    drop(step);
    say!("{}", report::deployed(&deployed));
    if let Some(note) = report::applied_nothing(&deployed) {
        note!("\n{note}");
    }
    Ok(())
}
