//! `migrate deploy`: what is pending, applied.

use migrate::deploy::{Target, preview};
use migrate::{Folder, Options, report};

use super::{rehearse, shown_in, verified};
use crate::cli::{Common, Deploy};
use crate::commands::db::backup;
use crate::commands::open_database;
use crate::database::Database;
use crate::failure::Result;
use crate::paths;
use crate::project::Project;
use crate::secrets::hide;
use crate::terminal::{Step, note, say};

pub(super) async fn run(common: &Common, arguments: Deploy) -> Result<()> {
    let (project, _, database) = open_database(common)?;
    let default = Options::default();
    let options = Options {
        lock_timeout: arguments.lock_timeout.unwrap_or(default.lock_timeout),
        statement_timeout: arguments.statement_timeout,
        max_retries: arguments.max_retries.unwrap_or(default.max_retries),
        up_to: arguments.up_to,
        quiet: None,
    };
    let Deploy { verify, backup, require_rehearsal, dry_run, .. } = arguments;
    if !(verify || backup || require_rehearsal || dry_run) {
        let connecting = postgres::connect(&database.direct);
        let (folder, connected) = Folder::read_beside(&project.migrations(), connecting).await?;
        let target = Target::reached(&database.direct, connected, &mut |_| ()).await?;
        return deploy_on(target, &folder, &database, &options).await;
    }
    let folder = Folder::read(&project.migrations())?;
    if dry_run {
        let preview = preview(&folder, &database.direct, &options).await?;
        say!("{}\n\n", report::found(folder.migrations().len(), &paths::shown(folder.path())));
        say!("{}", hide(&report::previewed(&preview)));
        return preview.refusal().map_or(Ok(()), |refusal| Err(refusal.into()));
    }
    if require_rehearsal {
        rehearse::require(&folder, &database, &options).await?;
    }
    if backup {
        backed_up(&project, &folder, &database, &options).await?;
    }
    if verify {
        return verified::deploy(&project, &folder, &database, &options).await;
    }
    deploy_to(&folder, &database, &options).await
}

/// A backup, unless there is nothing to be afraid of: no database yet, nothing to apply, or a deploy that is refused anyway.
async fn backed_up(
    project: &Project,
    folder: &Folder,
    database: &Database,
    options: &Options,
) -> Result<()> {
    let preview = preview(folder, &database.direct, options).await?;
    if preview.creates_database {
        return Ok(());
    }
    if preview.migrations.is_empty() {
        say!("Nothing is pending: no backup is made.\n");
        return Ok(());
    }
    let made = backup::make(project, database, &backup::usual()).await;
    made.map_err(|failure| failure.more_help("no migration was applied"))?;
    say!("");
    Ok(())
}

/// Applies what is pending and says what that was.
pub(in crate::commands) async fn deploy_to(
    folder: &Folder,
    database: &Database,
    options: &Options,
) -> Result<()> {
    let target = Target::open(&database.direct, &mut |_| ()).await?;
    deploy_on(target, folder, database, options).await
}

async fn deploy_on(
    target: Target,
    folder: &Folder,
    database: &Database,
    options: &Options,
) -> Result<()> {
    if target.created_database {
        say!("{}\n", report::database_created(&database.direct));
    }
    say!("{}\n\n", report::found(folder.migrations().len(), &paths::shown(folder.path())));
    let step = Step::start("Applying migrations");
    let deployed = target.deploy(folder, options, &mut shown_in(&step)).await?;
    drop(step);
    say!("{}", report::deployed(&deployed));
    if let Some(note) = report::applied_nothing(&deployed) {
        note!("\n{note}");
    }
    Ok(())
}
