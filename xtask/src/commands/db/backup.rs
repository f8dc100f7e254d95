//! `db backup`: all of the database as files that are known to be whole.

use std::path::PathBuf;
use std::time::SystemTime;

use migrate::backup::{self, Progress, Wanted};
use migrate::report;
use postgres::server::Server;

use crate::cli::{Backup, Common};
use crate::commands::open_database;
use crate::database::Database;
use crate::failure::Result;
use crate::paths;
use crate::project::Project;
use crate::signals;
use crate::terminal::{Step, say};

pub(super) async fn run(common: &Common, arguments: &Backup) -> Result<()> {
    let (project, _, database) = open_database(common)?;
    make(&project, &database, arguments).await
}

/// What is wanted where nobody says more.
pub(in crate::commands) fn usual() -> Backup {
    Backup { jobs: 2, keep: None, out: None }
}

/// Where backups are, unless somebody says otherwise.
pub(in crate::commands) fn shelf(project: &Project, named: Option<&PathBuf>) -> PathBuf {
    named.map_or_else(|| project.root.join(".driveflow/backups"), Clone::clone)
}

/// Makes a backup and says what it is.
pub(in crate::commands) async fn make(
    project: &Project,
    database: &Database,
    arguments: &Backup,
) -> Result<()> {
    let server = Server::for_project(&project.root);
    let shelf = shelf(project, arguments.out.as_ref());
    let wanted = Wanted {
        url: &database.direct,
        server: &server,
        shelf: &shelf,
        jobs: arguments.jobs.into(),
        keep: arguments.keep.map(usize::from),
        now: SystemTime::now(),
    };
    let step = Step::start("Backing up");
    signals::when_stopped(Some("nothing is left of the backup that was being made".to_owned()));
    let made = backup::backup(wanted, &mut |progress| match progress {
        Progress::Writing { written, of } => {
            step.doing_in_passing(&report::backup_progress(written, of));
        }
        Progress::Reading => step.doing("Reading the backup again"),
        Progress::Summing => step.doing_in_passing("Taking checksums"),
    })
    .await?;
    signals::when_stopped(None);
    drop(step);
    say!("{}", report::backed_up(&made, &paths::shown(&made.folder)));
    Ok(())
}
