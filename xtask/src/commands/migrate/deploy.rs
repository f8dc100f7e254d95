//! `migrate deploy`: what is pending, applied.

use migrate::{Folder, report};

use super::shown_in;
use crate::cli::Common;
use crate::commands::open;
use crate::database::Database;
use crate::failure::Result;
use crate::paths;
use crate::terminal::{Step, say};

pub(super) async fn run(common: &Common) -> Result<()> {
    let (project, _, database) = open(common)?;
    let folder = Folder::read(&project.migrations())?;
    say!("{}\n\n", report::found(folder.migrations().len(), &paths::shown(folder.path())));
    deploy_to(&folder, &database).await
}

/// Applies what is pending and says what that was.
pub(in crate::commands) async fn deploy_to(folder: &Folder, database: &Database) -> Result<()> {
    let step = Step::start("Applying migrations");
    let deployed = migrate::deploy::deploy(folder, &database.direct, &mut shown_in(&step)).await?;
    drop(step);
    if deployed.created_database {
        say!("{}\n", report::database_created(&database.direct));
    }
    say!("{}", report::deployed(&deployed));
    Ok(())
}
