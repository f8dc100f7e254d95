//! `backfill run --worker`: stays beside the deploys, and fills what they bring.

use std::time::Duration;

use rollout::backfill::{self, Options, State, Stop};

use super::show::Show;
use super::{applied, chosen};
use crate::cli::BackfillRun;
use crate::database::Database;
use crate::failure::Result;
use crate::project::Project;

/// How often it is looked for something new.
const LOOK: Duration = Duration::from_secs(5);
/// How long what has failed is left alone.
const PENANCE: Duration = Duration::from_mins(1);

/// Fails only where the very first look does: whoever starts a worker is to hear of a wrong URL.
pub(super) async fn run(
    project: &Project,
    database: &Database,
    arguments: &BackfillRun,
    options: Options,
    mut stop: Stop,
    show: &mut Show,
) -> Result<()> {
    let mut is_first = true;
    while !stop.is_wanted() {
        let looked = once(project, database, arguments, &options, &stop, show).await;
        show.end();
        let pause = match looked {
            Ok(()) => LOOK,
            Err(failure) if is_first => return Err(failure),
            Err(failure) => {
                show.failed(&failure.to_string(), PENANCE);
                PENANCE
            }
        };
        if is_first {
            show.line("Waiting for backfills; Ctrl-C ends it.");
        }
        is_first = false;
        stop.sleep(pause).await;
    }
    Ok(())
}

async fn once(
    project: &Project,
    database: &Database,
    arguments: &BackfillRun,
    options: &Options,
    stop: &Stop,
    show: &mut Show,
) -> Result<()> {
    let names = &arguments.names;
    let all = applied(project, database).await?;
    // What is named may come with a deploy that is still to be.
    let mut all = if names.iter().any(|name| backfill::named(&all, name).is_err()) {
        all.into_iter()
            .filter(|backfill| names.iter().any(|name| backfill.migration.contains(name.as_str())))
            .collect()
    } else {
        chosen(all, names)?
    };
    let connection = postgres::connect(&database.direct).await?;
    let found = backfill::progress(&connection, &all).await?;
    connection.close().await;
    all.retain(|backfill| {
        let mut parts = found.iter().filter(|part| part.migration == backfill.migration);
        parts.any(|part| matches!(part.state, State::Waiting | State::Running))
    });
    let mut failed = None;
    for backfill in &all {
        if stop.is_wanted() {
            break;
        }
        let one = std::slice::from_ref(backfill);
        let mut tell = |event: backfill::Event<'_>| show.event(&event);
        let (workers, stop) = (arguments.workers.unwrap_or(backfill::WORKERS), stop.clone());
        let ran = backfill::run_by(workers, &database.direct, one, options, stop, &mut tell).await;
        // One that is stopped does not keep the others.
        if let Err(error) = ran {
            failed.get_or_insert(error);
        }
    }
    match failed {
        None => Ok(()),
        Some(error) => Err(error.into()),
    }
}
