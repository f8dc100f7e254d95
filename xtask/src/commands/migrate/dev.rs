//! `migrate dev`: from an edited schema to an applied migration and a fresh client.

mod zero_downtime;

use std::time::SystemTime;

use migrate::dev::{Adopted, Next, Prepared, Ready, prepare, remember, rename, write};
use migrate::renames::{resolve, resolve_names};
use migrate::report::{self, Written};
use migrate::rollouts::refuse_conflict;
use migrate::{Folder, plan};
use psl::Schema;

use self::zero_downtime::Wishes;
use super::adopt::{instead_of_reset, refuse, stop_before_loss};
use super::{Database, Project, seed, shown_in, write_client};
use crate::cli::{Common, Dev};
use crate::commands::open;
use crate::commands::renames::{self, Settled};
use crate::failure::{Failure, Result};
use crate::paths;
use crate::secrets::hide;
use crate::terminal::{Step, ask, can_prompt, confirm, note, say, write_result};

pub(super) async fn run(common: &Common, arguments: Dev) -> Result<()> {
    let wanted = renames::parse(&arguments.renames)?;
    let wishes = Wishes::read(&arguments)?;
    let (project, schema, database) = open(common)?;
    let (folder, mut ready) = compare(&project, (&schema, &database), &arguments).await?;
    if ready.created_database {
        say!("{}\n", report::database_created(&database.direct));
    }
    if !ready.applied.is_empty() {
        say!("{}\n", report::applied_pending(&ready.applied));
    }
    if !ready.late.is_empty() {
        say!("{}\n", report::ran_late(&ready.late));
    }
    // In phases, values may become others by an expression of their own.
    let read = if arguments.phases.zero_downtime { resolve_names } else { resolve };
    let settled = renames::settle(read(&wanted, ready.schemas(), &schema)?, ready.schemas())?;
    if !settled.renames.is_empty() {
        ready.next = rename(&database.direct, &ready, &settled.renames).await?;
    }
    let found = Found { folder: &folder, ready: &ready, settled: &settled };
    let places = (&schema, &database);
    let is_phased =
        arguments.phases.zero_downtime && in_phases(&found, places, (&wishes, &arguments)).await?;
    if !is_phased {
        ordinary(&found, places, &arguments).await?;
    }
    // Of what is only written too: which lines it touches is best known before it is applied.
    if !arguments.skip_generate {
        write_client(&project, &schema).await?;
    }
    if ready.created_database && !arguments.skip_seed {
        seed(&project, &database).await?;
    }
    Ok(())
}

/// What the schema asks for beyond the migrations, and what was renamed of it.
struct Found<'a> {
    folder: &'a Folder,
    ready: &'a Ready,
    settled: &'a Settled,
}

/// Makes one migration of it.
async fn ordinary(
    found: &Found<'_>,
    (schema, database): (&Schema, &Database),
    arguments: &Dev,
) -> Result<()> {
    let Found { folder, ready, settled } = *found;
    if ready.next.is_empty() && !arguments.create_only {
        say!("{}", report::synchronised(&ready.applied));
        return Ok(());
    }
    let hint = |written| settled.hint(ready.schemas(), &again(arguments), written);
    if !ready.next.is_empty() && folder.open_rollouts().next().is_some() {
        together(folder, &ready.next, (schema, database)).await?;
    }
    let phases = zero_downtime::instead((ready, settled.renames.as_slice()), schema, folder);
    let title = agree(&ready.next, arguments)
        .map_err(|failure| failure.more_help(phases).more_help(&hint(Written::No)))?;
    let is_run = !arguments.create_only;
    let titled = (title.as_str(), SystemTime::now());
    let step = Step::start("Writing the new migration");
    let written =
        write(folder, &ready.next, titled, is_run, &database.direct, &mut shown_in(&step)).await?;
    drop(step);
    let name = &written.name;
    let path = paths::shown(&folder.path().join(name));
    let short = plan::of_one(&written.folder, name, &database.direct)
        .and_then(|planned| report::plan_in_short(&planned));
    let hint = if arguments.create_only {
        say!("{}", report::created(name));
        if ready.next.is_empty() {
            say!("It is empty: the schema asks for nothing beyond the migrations.");
        }
        hint(Written::Only(&path))
    } else {
        let shown_folder = paths::shown(written.folder.path());
        say!("{}", report::created_and_applied(&written.applied, &shown_folder));
        remember(folder, &written.folder, schema, database.for_replays(), ready).await;
        hint(Written::Applied(&path))
    };
    if let Some(short) = short {
        say!("\n{}", hide(&short));
    }
    if !phases.is_empty() {
        say!("\n{phases}");
    }
    if !hint.is_empty() {
        say!("\n{hint}");
    }
    Ok(())
}

/// Makes the first of several phases of it; nothing, and it says so, where one migration breaks no release.
async fn in_phases(
    found: &Found<'_>,
    (schema, database): (&Schema, &Database),
    (wishes, arguments): (&Wishes, &Dev),
) -> Result<bool> {
    let Found { folder, ready, settled } = *found;
    let beside = settled.beside(&arguments.phases.using, ready.schemas());
    if ready.next.is_empty() && wishes.is_empty() {
        return Ok(false);
    }
    let hint = |written| beside.hint(ready.schemas(), &again(arguments), written);
    let renamed = (ready, settled.renames.as_slice());
    // Whether there is anything to be named comes first.
    let tried = zero_downtime::planned(renamed, schema, wishes, &zero_downtime::named(folder, ""));
    let refused = |refusal| zero_downtime::refused(&refusal).more_help(&hint(Written::No));
    if tried.map_err(refused)?.is_none() {
        say!(
            "Nothing of this change breaks a release that runs meanwhile: one migration will do.\n"
        );
        return Ok(false);
    }
    let title = match named(arguments) {
        Some(title) => title,
        None => ask_name(&ready.next)?,
    };
    let name = zero_downtime::named(folder, &title);
    let planned = zero_downtime::planned(renamed, schema, wishes, &name).map_err(refused)?;
    let Some(plan) = planned else { return Ok(false) };
    let begun = zero_downtime::begin((folder, schema, database), &plan, &name, arguments);
    let written = Box::pin(begun).await?;
    zero_downtime::tell(&written, &plan);
    let path = paths::shown(&folder.path().join(&name));
    let hint = hint(if arguments.create_only {
        Written::Only(&path)
    } else {
        Written::Begun { name: &name, path: &path }
    });
    if !hint.is_empty() {
        say!("\n{hint}");
    }
    Ok(true)
}

/// The command once more, as it is typed.
fn again(arguments: &Dev) -> String {
    let only = if arguments.create_only { " --create-only" } else { "" };
    let phases = if arguments.phases.zero_downtime { " --zero-downtime" } else { "" };
    let usings = arguments.phases.using.iter().map(|text| format!(" --using {}", typed(text)));
    let checks = arguments.phases.check.iter().map(|text| format!(" --check {}", typed(text)));
    let more: String = usings.chain(checks).collect();
    let name = arguments.name.as_deref().map_or("NAME".to_owned(), typed);
    format!("cargo xtask migrate dev{phases} --name {name}{only}{more}")
}

fn named(arguments: &Dev) -> Option<String> {
    arguments.name.clone().filter(|name| !name.trim().is_empty())
}

/// An argument as it is typed at a shell.
fn typed(argument: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.');
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

/// Finds out what the schema asks for beyond the migrations, once the database is where they lead.
async fn compare(
    project: &Project,
    (schema, database): (&Schema, &Database),
    arguments: &Dev,
) -> Result<(Folder, Ready)> {
    let databases = database.for_replays();
    let mut folder = Folder::read(&project.migrations())?;
    let mut adopted = None;
    loop {
        let step = Step::start("Comparing the schema with the migrations");
        let prepared = prepare(&folder, schema, databases, &mut shown_in(&step)).await?;
        drop(step);
        let required = match prepared {
            Prepared::Ready(ready) => {
                if matches!(adopted, Some(Adopted::Drift { created: Some(_), .. })) {
                    stop_before_loss(&ready.undone)?;
                }
                return Ok((folder, ready));
            }
            Prepared::ResetRequired(required) => required,
        };
        // A second `migrate dev` may have written and applied a migration since the folder was read: no drift, then.
        let now = Folder::read(&project.migrations())?;
        if now.migrations() != folder.migrations() {
            folder = now;
            continue;
        }
        if !required.applied.is_empty() {
            say!("{}\n", report::applied_pending(&required.applied));
            say!("{}\n", report::changed_by_order());
        }
        // What is not right after that would not be right the next time either.
        if adopted.is_some() {
            return Err(refuse(&required, &folder, database));
        }
        adopted = Some(instead_of_reset(&required, &folder, (schema, database), arguments).await?);
        folder = Folder::read(&project.migrations())?;
    }
}

/// Refuses what does not go together with an open rollout.
async fn together(
    folder: &Folder,
    next: &Next,
    (schema, database): (&Schema, &Database),
) -> Result<()> {
    let step = Step::start("Trying the migration together with the open rollouts");
    let databases = database.for_replays();
    let mut progress = shown_in(&step);
    let scripts = (next.script.as_str(), None);
    Ok(Box::pin(refuse_conflict(folder, scripts, schema, databases, &mut progress)).await?)
}

/// Whether it may be made, and its title.
fn agree(next: &Next, arguments: &Dev) -> Result<String> {
    consent(next, arguments.create_only)?;
    match named(arguments) {
        Some(name) => Ok(name),
        None => ask_name(next),
    }
}

/// Steps that cannot work stop here; losses need a yes.
fn consent(next: &Next, create_only: bool) -> Result<()> {
    // What is only written is reviewed before it is applied, by whoever edits it.
    if create_only {
        if !next.risks.unexecutable.is_empty() {
            note!("{}\n", report::unexecutable_steps(&next.risks));
        }
        return write_result(&report::warnings(&next.risks));
    }
    if !next.risks.unexecutable.is_empty() {
        return Err(Failure::new(report::unexecutable(&next.risks)));
    }
    if next.risks.warnings.is_empty() {
        return Ok(());
    }
    say!("{}", report::warnings(&next.risks));
    if !can_prompt() {
        return Err(Failure::new(
            "Prisma Migrate has detected that the environment is non-interactive, which is not supported.\n\n\
             `cargo xtask migrate dev` is an interactive command designed to create new migrations and evolve the \
             database in development.\n\
             To apply existing migrations in deployments, use cargo xtask migrate deploy.",
        )
        .help(
            "nobody can be asked whether the warnings are understood; write it, read it, then apply it:\n  \
             cargo xtask migrate dev --create-only --name NAME\n  cargo xtask migrate deploy",
        ));
    }
    if confirm("Are you sure you want to create and apply this migration?")? {
        Ok(())
    } else {
        Err(Failure::cancelled("Migration cancelled."))
    }
}

fn ask_name(next: &Next) -> Result<String> {
    if !can_prompt() {
        return Err(Failure::new("the new migration needs a name, and nobody is there to ask")
            .help("cargo xtask migrate dev --name what_changed"));
    }
    say!("The schema asks for {} step(s) beyond the migrations.", next.steps);
    Ok(ask("Enter a name for the new migration")?.unwrap_or_else(|| "migration".to_owned()))
}
