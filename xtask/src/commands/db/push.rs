//! `db push`: the database, brought to what the schema says without a migration.

use std::time::Instant;

use migrate::push::{Agreed, Pushed, push, reset};
use migrate::risks::Risks;
use migrate::{Progress, namespaces, report};
use postgres::ConnectionUrl;

use crate::cli::{Common, Push};
use crate::commands::generate::write_client;
use crate::commands::migrate::shown_in;
use crate::commands::{open, renames};
use crate::failure::{Failure, Result};
use crate::terminal::{Step, can_prompt, confirm, say};

pub(super) async fn run(common: &Common, arguments: &Push) -> Result<()> {
    let wanted = renames::parse(&arguments.renames)?;
    let (project, schema, database) = open(common)?;
    let url = &database.direct;
    if arguments.force_reset {
        let step = Step::start("Emptying the database");
        let created = follow(&step, async |progress| reset(&schema, url, progress).await).await?.1;
        drop(step);
        tell_created(created, url);
        say!("{}\n", report::push_reset(url, &namespaces::named(&schema)));
    }
    let begun = Instant::now();
    let mut accepted = Vec::new();
    let steps = loop {
        let step = Step::start("Comparing the database with the schema");
        let agreed = Agreed { warnings: &accepted, renames: &wanted };
        let pushing = follow(&step, async |progress| push(&schema, url, agreed, progress).await);
        let (pushed, created) = pushing.await?;
        drop(step);
        tell_created(created, url);
        match pushed {
            Pushed::InSync { steps } => break steps,
            Pushed::Refused { risks, renames } => {
                let hint = report::push_renames(&renames);
                accepted = consent(risks, &hint, arguments, url)
                    .map_err(|failure| failure.more_help(&hint))?;
            }
        }
    };
    say!("{}", report::pushed(steps, begun.elapsed()));
    if !arguments.skip_generate {
        say!("");
        write_client(&project, &schema).await?;
    }
    Ok(())
}

/// Does something that may have to create the database, and says whether it had to.
async fn follow<T>(
    step: &Step,
    work: impl AsyncFnOnce(&mut dyn FnMut(Progress<'_>)) -> Result<T, migrate::Error>,
) -> Result<(T, bool)> {
    let mut created = false;
    let mut show = shown_in(step);
    let done = work(&mut |progress| {
        created |= matches!(progress, Progress::DatabaseCreated { .. });
        show(progress);
    })
    .await?;
    Ok((done, created))
}

fn tell_created(created: bool, url: &ConnectionUrl) {
    if created {
        say!("{}\n", report::database_created(url));
    }
}

/// The warnings that somebody gives up their data for.
fn consent(risks: Risks, hint: &str, arguments: &Push, url: &ConnectionUrl) -> Result<Vec<String>> {
    if !risks.unexecutable.is_empty() {
        return Err(Failure::new(report::push_unexecutable(&risks)));
    }
    say!("{}", report::push_warnings(&risks));
    if !arguments.accept_data_loss {
        if !can_prompt() {
            return Err(Failure::new(
                "Use the --accept-data-loss flag to ignore the data loss warnings like cargo xtask db push \
                 --accept-data-loss",
            ));
        }
        if !hint.is_empty() {
            say!("{hint}\n");
        }
        let question = format!(
            "Do you want to ignore the warning(s) and change the database \"{}\" at \"{}\"?",
            url.database(),
            report::location(url)
        );
        if !confirm(&question)? {
            return Err(Failure::cancelled("Push cancelled."));
        }
    }
    Ok(risks.warnings)
}
