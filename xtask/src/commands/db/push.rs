//! `db push`: the database, brought to what the schema says without a migration.

use std::time::Instant;

use migrate::push::{Agreed, Pushed, compare, push, reset};
use migrate::renames::{Wanted, resolve, spell};
use migrate::risks::Risks;
use migrate::{Folder, Progress, namespaces, report};
use postgres::ConnectionUrl;
use psl::Schema;

use crate::cli::{Common, Push};
use crate::commands::generate::write_client;
use crate::commands::migrate::shown_in;
use crate::commands::{open, renames};
use crate::failure::{Failure, Result};
use crate::terminal::{Step, can_prompt, confirm, note, say};

pub(super) async fn run(common: &Common, arguments: &Push) -> Result<()> {
    let mut wanted = renames::parse(&arguments.renames)?;
    let (project, schema, database) = open(common)?;
    let url = &database.direct;
    // A push needs no migrations, nor that they are in order.
    let folder = Folder::read(&project.migrations()).ok();
    let open = folder.iter().flat_map(Folder::open_rollouts);
    let open: Vec<String> = open.map(|rollout| rollout.name.clone()).collect();
    for name in &open {
        note!(
            "The rollout `{name}` is open, and the schema file names its end: what the release that still runs needs would go. \
             How far it is: cargo xtask rollout status\n"
        );
    }
    if arguments.force_reset {
        let step = Step::start("Emptying the database");
        let created = follow(&step, async |progress| reset(&schema, url, progress).await).await?.1;
        drop(step);
        tell_created(created, url);
        say!("{}\n", report::push_reset(url, &namespaces::named(&schema)));
    }
    // Before the clock starts, as people take their time.
    if can_prompt() {
        wanted = ask(&wanted, &schema, url).await?;
    }
    let begun = Instant::now();
    let (mut accepted, mut lost) = (Vec::new(), Vec::new());
    let steps = loop {
        let step = Step::start("Comparing the database with the schema");
        let agreed = Agreed { warnings: &accepted, renames: &wanted, rollouts: &open };
        let pushing = follow(&step, async |progress| push(&schema, url, agreed, progress).await);
        let (pushed, created) = pushing.await?;
        drop(step);
        tell_created(created, url);
        match pushed {
            Pushed::InSync { steps } => break steps,
            Pushed::Refused { risks, renames } => {
                // Whoever was asked has said what was renamed.
                lost = if can_prompt() { Vec::new() } else { renames };
                accepted = consent(risks, arguments, url)
                    .map_err(|failure| failure.more_help(&report::push_renames(&lost, false)))?;
            }
        }
    };
    say!("{}", report::pushed(steps, begun.elapsed()));
    if !lost.is_empty() {
        say!("\n{}", report::push_renames(&lost, true));
    }
    if !arguments.skip_generate {
        say!("");
        write_client(&project, &schema).await?;
    }
    Ok(())
}

/// What was renamed, as the person in front of the command knows it.
async fn ask(wanted: &[Wanted], schema: &Schema, url: &ConnectionUrl) -> Result<Vec<Wanted>> {
    let step = Step::start("Comparing the database with the schema");
    let comparing = follow(&step, async |progress| compare(schema, url, progress).await);
    let (compared, created) = comparing.await?;
    drop(step);
    tell_created(created, url);
    let settled =
        renames::settle(resolve(wanted, compared.schemas(), schema)?, compared.schemas())?;
    let spelled = settled.renames.iter().map(|rename| spell(*rename, compared.schemas()));
    Ok(spelled.map(|text| Wanted::parse(&text)).collect::<Result<_, _>>()?)
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
fn consent(risks: Risks, arguments: &Push, url: &ConnectionUrl) -> Result<Vec<String>> {
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
