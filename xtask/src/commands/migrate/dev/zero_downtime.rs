//! `migrate dev --zero-downtime`: a change that would break the running release, as the first of its phases.

use std::time::SystemTime;

use migrate::dev::{Ready, Written, new_name, write_named};
use migrate::folder::{DOWN, SCRIPT};
use migrate::rollouts::{CONTRACT, refuse_conflict};
use migrate::{Folder, Options, report};
use pg_schema::Rename;
use psl::Schema;
use rollout::{
    CheckEntry, Document, Finish, FinishKind, Plan, ROLLOUT, Request, Using, models, plan,
};

use super::super::shown_in;
use crate::cli::Dev;
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::paths;
use crate::terminal::{Step, say};

/// What a person says of the phases.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    usings: Vec<Using>,
    checks: Vec<CheckEntry>,
}

impl Wishes {
    pub(super) fn read(arguments: &Dev) -> Result<Self> {
        let check = |text: &String| {
            CheckEntry::parse(text).ok_or_else(|| {
                Failure::new(format!("`--check {text}` does not say of which model the check is"))
                    .help("write it as --check 'Booking.price_positive=\"priceCents\" > 0'")
            })
        };
        let using = |text: &String| {
            Using::parse(text).map_err(|why| {
                Failure::new(format!("--using: {why}"))
                    .help("write it as --using 'Booking.priceCents=round(\"price\" * 100)'")
            })
        };
        let usings = arguments.phases.using.iter().map(using).collect::<Result<_>>()?;
        let checks = arguments.phases.check.iter().map(check).collect::<Result<_>>()?;
        Ok(Self { usings, checks })
    }

    /// Whether nothing is said that would change something by itself.
    pub(super) fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }
}

/// The phases of what the schema asks for beyond the migrations; none where an ordinary migration breaks nobody.
pub(super) fn planned(
    (ready, renames): (&Ready, &[Rename]),
    schema: &Schema,
    wishes: &Wishes,
    name: &str,
) -> std::result::Result<Option<Plan>, rollout::Refusal> {
    plan(&Request {
        schemas: ready.schemas(),
        renames,
        usings: &wishes.usings,
        checks: &wishes.checks,
        models: &models(schema),
        digits: name.get(..14).unwrap_or(name),
    })
}

/// Whether phases are only for what is built beside its users: an index keeps writers waiting, and breaks nobody.
fn only_builds(plan: &Plan) -> bool {
    let Document { fills, finish, retires, .. } = &plan.document;
    let is_plain =
        |step: &Finish| step.kind == FinishKind::Index && !step.sql.starts_with("CREATE UNIQUE");
    fills.is_empty() && retires.is_empty() && finish.iter().all(is_plain)
}

/// One line for whoever makes an ordinary migration of what could be made in phases; empty where it breaks no release.
pub(super) fn instead(
    change: (&Ready, &[Rename]),
    schema: &Schema,
    folder: &Folder,
) -> &'static str {
    let name = named(folder, "");
    let is_possible = match planned(change, schema, &Wishes::default(), &name) {
        Ok(plan) => plan.is_some_and(|plan| !only_builds(&plan)),
        // Of some it has to be said where values come from.
        Err(refusal) => refusal.reasons.iter().all(|reason| reason.help.contains("--using")),
    };
    if is_possible {
        "A release that runs while this is deployed would break. In phases, without downtime: cargo xtask migrate dev \
         --zero-downtime"
    } else {
        ""
    }
}

/// As a failure, which teaches.
pub(super) fn refused(refusal: &rollout::Refusal) -> Failure {
    let what: Vec<String> = refusal
        .reasons
        .iter()
        .map(|reason| format!("- {}\n  {}", reason.what, reason.help.replace('\n', "\n  ")))
        .collect();
    Failure::new(format!(
        "this change cannot be made in phases as it is asked for:\n{}",
        what.join("\n")
    ))
    .help("nothing was written. What --using and --check take: cargo xtask migrate dev --help")
}

/// Writes the rollout's folder and runs its first phase, once it is sure where it leads.
pub(super) async fn begin(
    (folder, schema, database): (&Folder, &Schema, &Database),
    plan: &Plan,
    name: &str,
    arguments: &Dev,
) -> Result<Written> {
    let step = Step::start("Trying the phases in the shadow database");
    let databases = database.for_replays();
    let scripts = (plan.migration.as_str(), Some(plan.contract.as_str()));
    let mut progress = shown_in(&step);
    Box::pin(refuse_conflict(folder, scripts, schema, databases, &mut progress)).await?;
    drop(progress);
    let toml = plan.document.text();
    let files = [
        (SCRIPT, plan.migration.as_str()),
        (DOWN, plan.down.as_str()),
        (ROLLOUT, toml.as_str()),
        (CONTRACT, plan.contract.as_str()),
    ];
    step.doing("Writing the new migration");
    let options = (!arguments.create_only).then(Options::default);
    let (url, files) = (&database.direct, (name, &files[..]));
    Ok(write_named(folder, files, options.as_ref(), url, &mut shown_in(&step)).await?)
}

/// What was begun, and how it goes on.
pub(super) fn tell(written: &Written, plan: &Plan) {
    if written.applied.is_empty() {
        say!("{}", report::created(&written.name));
    } else {
        let shown = paths::shown(&written.folder.path().join(&written.name));
        say!(
            "The following migration(s) have been created and applied from new schema changes:\n\n{shown}/\n  \
             └─ {SCRIPT}, {DOWN}, {ROLLOUT}, {CONTRACT}"
        );
    }
    say!("\n{}", rollout::report::begun(&written.name, &plan.document, &plan.contract));
}

/// A name for the migration, now: what is made in the database is called by its moment.
pub(super) fn named(folder: &Folder, title: &str) -> String {
    new_name(folder, title, SystemTime::now())
}
