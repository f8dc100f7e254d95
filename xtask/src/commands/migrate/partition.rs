//! `migrate partition`: the first phase of a large table's way into partitions.

use std::time::SystemTime;

use migrate::dev::{Prepared, new_name, prepare, write_named};
use migrate::folder::{DOWN, SCRIPT};
use migrate::rollouts::{CONTRACT, refuse_conflict};
use migrate::{Folder, Options, report};
use rollout::partition::{Wish, losses, plan};
use rollout::{ROLLOUT, Reason, Refusal, backfill, models};

use super::shown_in;
use crate::cli::{Common, Partition};
use crate::commands::open;
use crate::failure::{Failure, Result};
use crate::paths;
use crate::terminal::{Step, say};

pub(super) async fn run(common: &Common, arguments: &Partition) -> Result<()> {
    let (project, schema, database) = open(common)?;
    let folder = Folder::read(&project.migrations())?;
    if let Some(open) = folder.open_rollouts().next() {
        return Err(Failure::new(format!("the rollout `{}` is not at its end yet", open.name))
            .help("end it first: cargo xtask rollout status"));
    }
    let models = models(&schema);
    let Some(model) = models.iter().find(|model| model.name == arguments.model) else {
        let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
        return Err(Failure::new(format!("the schema has no model {}", arguments.model))
            .help(format!("it has {}", names.join(", "))));
    };
    let databases = database.for_replays();
    let step = Step::start("Comparing the schema with the migrations");
    let prepared = Box::pin(prepare(&folder, &schema, databases, &mut shown_in(&step))).await?;
    let Prepared::Ready(ready) = prepared else {
        return Err(Failure::new("the database is not what its migrations make").help(
            "cargo xtask migrate status --drift\nshows how; cargo xtask migrate dev adopts it",
        ));
    };
    let title = arguments.name.clone().unwrap_or_else(|| format!("partition_{}", model.name));
    let name = new_name(&folder, &title, SystemTime::now());
    let wish = Wish {
        schemas: ready.schemas(),
        model,
        field: &arguments.by,
        digits: name.get(..14).unwrap_or(&name),
    };
    let planned = plan(&wish).map_err(|refusal| refused(&refusal))?;
    let connection = postgres::connect(&database.direct).await?;
    let reasons = losses(&connection, &planned).await?;
    if !reasons.is_empty() {
        return Err(refused(&Refusal { reasons }));
    }
    step.doing("Trying the phases in the shadow database");
    let scripts = (planned.migration.as_str(), Some(planned.contract.as_str()));
    let mut progress = shown_in(&step);
    Box::pin(refuse_conflict(&folder, scripts, &schema, databases, &mut progress)).await?;
    drop(progress);
    let toml = planned.document.text();
    let files = [
        (SCRIPT, planned.migration.as_str()),
        (DOWN, planned.down.as_str()),
        (ROLLOUT, toml.as_str()),
        (CONTRACT, planned.contract.as_str()),
        (backfill::SCRIPT, planned.backfill.as_str()),
    ];
    step.doing("Writing the new migration");
    let options = (!arguments.create_only).then(Options::default);
    let (url, files) = (&database.direct, (name.as_str(), &files[..]));
    let written = write_named(&folder, files, options.as_ref(), url, &mut shown_in(&step)).await?;
    drop(step);
    if written.applied.is_empty() {
        say!("{}", report::created(&written.name));
    } else {
        let shown = paths::shown(written.folder.path());
        say!("{}", report::created_and_applied(&written.applied, &shown));
    }
    say!(
        "\nThe table goes on as it is, with a mirror beside it. On each database, one after the other:\n\
         \x20 1. deploy it                                  cargo xtask migrate deploy\n\
         \x20 2. copy the rows that are there               cargo xtask backfill run\n\
         \x20 3. put the new table in the old one's place   cargo xtask migrate contract \"{name}\"\n\
         \x20 4. once a month, or each day                  cargo xtask partition maintain\n\n\
         How far it is: cargo xtask rollout status. To give it up: cargo xtask migrate abort \"{name}\""
    );
    Ok(())
}

fn refused(refusal: &Refusal) -> Failure {
    let line =
        |Reason { what, help }: &Reason| format!("- {what}\n  {}", help.replace('\n', "\n  "));
    let what: Vec<String> = refusal.reasons.iter().map(line).collect();
    Failure::new(format!("this table cannot be put into partitions as it is:\n{}", what.join("\n")))
        .help("nothing was written")
}
