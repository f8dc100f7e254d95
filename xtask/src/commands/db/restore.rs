//! `db restore`: the database as a backup has it. It says what is lost, asks, and does not pull the ground from under
//! others.

use migrate::report;
use migrate::restore::{self, Progress, Prospect, Source, Wanted};
use postgres::ConnectionUrl;
use postgres::server::Server;

use super::backup::shelf;
use crate::cli::{Common, Restore};
use crate::commands::open_database;
use crate::failure::{Failure, Result};
use crate::signals;
use crate::terminal::{Step, can_prompt, confirm, say};

pub(super) async fn run(common: &Common, arguments: &Restore) -> Result<()> {
    let (project, _, database) = open_database(common)?;
    let url = &database.direct;
    let server = Server::for_project(&project.root);
    let shelf = shelf(&project, arguments.from_dir.as_ref());
    let mut source = Source::find(&shelf, &arguments.from, url).await?;
    let step = Step::start("Checking the backup");
    restore::check(&server, url, &mut source).await?;
    step.doing_in_passing("Comparing with the database");
    let prospect = restore::look(url, &source).await?;
    drop(step);
    say!("{}\n", report::restore_prospect(url, &source, &prospect));
    consent(url, &prospect, arguments)?;
    let wanted = Wanted {
        url,
        server: &server,
        jobs: arguments.jobs.into(),
        no_owner: arguments.no_owner,
        disconnect: arguments.disconnect,
        keep_old: arguments.keep_old,
    };
    let step = Step::start("Restoring");
    signals::when_stopped(Some("the database is as it was".to_owned()));
    let restored = restore::restore(wanted, &source, &prospect, &mut |progress| match progress {
        Progress::Filling => step.doing_in_passing("Filling"),
        Progress::Counting => step.doing_in_passing("Counting what was restored"),
        Progress::Swapping => {
            signals::when_stopped(Some(
                "the database is either as it was or as the backup has it: cargo xtask migrate status".to_owned(),
            ));
            step.doing_in_passing("Giving it its name");
        }
    })
    .await?;
    signals::when_stopped(None);
    drop(step);
    say!("{}", report::restored(url, &restored));
    Ok(())
}

fn consent(url: &ConnectionUrl, prospect: &Prospect, arguments: &Restore) -> Result<()> {
    if arguments.force || !prospect.exists {
        return Ok(());
    }
    let (name, place) = (url.database(), report::location(url));
    if !can_prompt() {
        return Err(Failure::new(format!(
            "the database \"{name}\" at \"{place}\" would be replaced, and nobody is there to ask"
        ))
        .help(format!(
            "to restore without being asked: cargo xtask db restore {} --force",
            arguments.from
        )));
    }
    let question = format!(
        "Are you sure you want to replace the database \"{name}\" at \"{place}\"? What is listed above will be lost"
    );
    if confirm(&question)? { Ok(()) } else { Err(Failure::cancelled("Restore cancelled.")) }
}
