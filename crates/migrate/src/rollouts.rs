//! Rollouts as a folder of migrations shows them: which are open, and what the schema will be once they are contracted.
//!
//! A rollout begins with an *expand* migration, beside whose script stand `rollout.toml` and `contract.sql`, the way to its
//! end. It is open until a later migration contracts it: one whose `rollout.toml` says `contracts = 'NAME'`. The schema file
//! names the end state, so it is compared with what all migrations and the contracts of the open rollouts make.
//!
//! All else that `rollout.toml` says is the crate `rollout`'s business. What is built after a fill, before the contract
//! makes it where it is missing, is told by the contract itself, which names it.

mod concerned;
pub mod guard;
pub mod trial;

use pg_schema::{Pair, PgSchema};

use self::concerned::concerned;
use crate::diagnose::{Diagnosis, diagnose};
use crate::difference::Difference;
pub use crate::folder::{BACKFILL, CONTRACT, ROLLOUT, Rollout, contracts_text};
use crate::folder::{Folder, Migration, find};
use crate::history::History;
use crate::replay::Databases;
use crate::replay::Replay;
use crate::{Error, Progress, quoting};

/// The rollout that a person means: by the whole name of its expand migration, or by a part of it that only one has.
///
/// Fails where none has it, or several have.
pub fn find_by_name<'f>(folder: &'f Folder, text: &str) -> Result<&'f Rollout, Error> {
    let names: Vec<&str> = folder.rollouts().iter().map(|one| one.name.as_str()).collect();
    let meant = find::meant(&names, text)?;
    folder.rollouts().iter().find(|one| Some(one.name.as_str()) == meant).ok_or_else(|| {
        let known = if names.is_empty() {
            "there is none: cargo xtask migrate dev --zero-downtime begins one".to_owned()
        } else {
            format!("there are:\n  {}", names.join("\n  "))
        };
        Error::plain(format!("no rollout has \"{text}\" in its name")).with_help(known)
    })
}

/// Whether this database has its expand migration and not yet its contract.
fn is_under_way(rollout: &Rollout, diagnosis: &Diagnosis) -> bool {
    let is_applied = |name: &String| diagnosis.applied.contains(name);
    is_applied(&rollout.name) && !rollout.contracted_by.as_ref().is_some_and(is_applied)
}

/// Takes out of what a database has the indexes and foreign keys that rollouts under way there have made before their
/// contracts do: those that a contract names and the applied migrations, which make `expected`, do not have.
pub(crate) fn without_early(
    actual: &mut PgSchema,
    expected: &PgSchema,
    folder: &Folder,
    diagnosis: &Diagnosis,
) {
    let under_way = folder.rollouts().iter().filter(|rollout| is_under_way(rollout, diagnosis));
    let contracts: Vec<&str> = under_way.map(|rollout| rollout.contract.script.as_str()).collect();
    if contracts.is_empty() {
        return;
    }
    let is_named = |name: &str| {
        let name = quoting::identifier(name);
        contracts.iter().any(|script| script.contains(&name))
    };
    for table in &mut actual.tables {
        let Some(before) = expected.table(&table.name) else { continue };
        let had_index = |name: &str| before.indexes.iter().any(|index| index.name == name);
        table.indexes.retain(|index| had_index(&index.name) || !is_named(&index.name));
        let had_key = |name: &str| before.foreign_keys.iter().any(|key| key.name == name);
        table.foreign_keys.retain(|key| had_key(&key.name) || !is_named(&key.name));
    }
}

/// What the migrations and the contracts of the open rollouts make; none where no rollout is open.
///
/// Fails where a contract no longer runs behind the migrations.
pub(crate) async fn end_of<'a>(
    replay: &mut Replay<'a>,
    folder: &'a Folder,
    migrations: &[&'a Migration],
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Option<PgSchema>, Error> {
    let contracts: Vec<&Migration> = folder.open_rollouts().map(|open| &open.contract).collect();
    if contracts.is_empty() {
        return Ok(None);
    }
    let schema = replay.schema_of(&[migrations, &contracts].concat(), progress).await;
    schema.map(Some).map_err(|error| match error.code() {
        // What comes before them has been replayed already.
        Some("P3006") => conflict(
            folder,
            &format!(
                "the contract of an open rollout does not run behind the migrations.\n\n{error}"
            ),
            "",
        ),
        _ => error,
    })
}

/// Refuses a new migration that an open rollout does not bear: behind it, the contracts have to run still, and to lead to
/// what the schema file asks for. `contract` is that of the migration itself, where it begins a rollout.
///
/// Nothing is replayed where no rollout is open.
pub async fn refuse_conflict(
    folder: &Folder,
    (script, contract): (&str, Option<&str>),
    schema: &psl::Schema,
    databases: Databases<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), Error> {
    if folder.open_rollouts().next().is_none() && contract.is_none() {
        return Ok(());
    }
    let desired = mapping::desired_schema_in(schema, databases.main.schema());
    let new = unnamed("the new migration", script);
    let contract = contract.map(|script| unnamed("the new migration (contract)", script));
    let migrations: Vec<&Migration> = folder.migrations().iter().chain([&new]).collect();
    let connection = postgres::connect(databases.main).await?;
    let mut replay = Replay::new(&connection, folder, databases, &desired.namespaces).await;
    // By itself first, so that what fails behind it is the contracts' doing.
    let end = match replay.schema_of(&migrations, progress).await {
        Ok(_) => {
            let open = folder.open_rollouts().map(|open| &open.contract);
            let all: Vec<&Migration> =
                migrations.into_iter().chain(open).chain(&contract).collect();
            replay.schema_of(&all, progress).await.map_err(|error| match error.code() {
                Some("P3006") => conflict(
                    folder,
                    &format!("a contract does not run behind the migrations.\n\n{error}"),
                    script,
                ),
                _ => error,
            })
        }
        // Written for what the contracts make, it may not fit what is there before them.
        Err(error) if error.code() == Some("P3006") => Err(conflict(
            folder,
            &format!("this migration does not run where it would stand.\n\n{error}"),
            script,
        )),
        Err(error) => Err(error),
    };
    replay.close().await?;
    connection.close().await;
    let apart = Difference::between(Pair::new(&end?, &desired));
    if apart.is_empty() {
        return Ok(());
    }
    Err(conflict(
        folder,
        &format!(
            "once every open rollout is contracted, the database would not be what the schema file asks for.\n\n\
             From what it would be to what the schema file asks for:\n{}",
            apart.summary
        ),
        &apart.script,
    ))
}

/// Makes sure that a rollout's contract, run as the next migration, changes nothing of what all of them lead to.
///
/// Fails where it does, or where it does not run.
pub async fn refuse_other_end(
    folder: &Folder,
    rollout: &Rollout,
    schema: &psl::Schema,
    databases: Databases<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), Error> {
    let namespaces = mapping::desired_schema_in(schema, databases.main.schema()).namespaces;
    let all: Vec<&Migration> = folder.migrations().iter().collect();
    let others = folder.open_rollouts().filter(|open| open.name != rollout.name);
    let first = all.iter().copied().chain([&rollout.contract]);
    let first: Vec<&Migration> = first.chain(others.map(|open| &open.contract)).collect();
    let connection = postgres::connect(databases.main).await?;
    let mut replay = Replay::new(&connection, folder, databases, &namespaces).await;
    let made = async {
        let end = replay.schema_of(&first, progress).await?;
        let expected = end_of(&mut replay, folder, &all, progress).await?.unwrap_or_default();
        Ok::<_, Error>(Difference::between(Pair::new(&expected, &end)))
    }
    .await;
    replay.close().await?;
    connection.close().await;
    let apart = made?;
    if apart.is_empty() {
        return Ok(());
    }
    Err(Error::plain(format!(
        "contracted before the other open rollouts, `{}` would not lead to the same schema:\n{}",
        rollout.name, apart.summary
    ))
    .with_help("contract the others first: cargo xtask rollout status"))
}

/// Refuses to take an applied migration back by `down` where others that were applied after it need it, or would be left
/// with something else.
pub async fn refuse_needed(
    folder: &Folder,
    (name, down): (&str, &str),
    schema: &psl::Schema,
    databases: Databases<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), Error> {
    let namespaces = mapping::desired_schema_in(schema, databases.main.schema()).namespaces;
    let connection = postgres::connect(databases.main).await?;
    let rows = History::new(&connection).read().await?;
    let diagnosis = diagnose(folder, rows.as_deref());
    let is_applied = |migration: &&Migration| diagnosis.applied.contains(&migration.name);
    let applied: Vec<&Migration> = folder.migrations().iter().filter(is_applied).collect();
    if applied.last().is_none_or(|last| last.name == name) {
        return Ok(());
    }
    let back = unnamed("down.sql", down);
    let without: Vec<&Migration> =
        applied.iter().copied().filter(|migration| migration.name != name).collect();
    let mut replay = Replay::new(&connection, folder, databases, &namespaces).await;
    let made = async {
        let expected = replay.schema_of(&without, progress).await?;
        let taken_back = [&applied[..], &[&back]].concat();
        let made = replay.schema_of(&taken_back, progress).await?;
        Ok::<_, Error>(Difference::between(Pair::new(&expected, &made)))
    }
    .await;
    replay.close().await?;
    connection.close().await;
    let why = match made {
        Ok(apart) if apart.is_empty() => return Ok(()),
        Ok(apart) => format!("it would leave behind:\n{}", apart.summary),
        Err(error) if error.code() == Some("P3006") => error.to_string(),
        Err(error) => return Err(error),
    };
    Err(Error::plain(format!(
        "`{name}` cannot be taken back alone: a migration that was applied after it needs what it has made.\n\n{why}"
    ))
    .with_help(format!(
        "nothing was changed. Finish the rollout instead, or take back what came after it first:\n  \
         cargo xtask migrate contract \"{name}\"\n  cargo xtask migrate down --to \"{name}\""
    )))
}

fn unnamed(name: &str, script: &str) -> Migration {
    Migration { name: name.to_owned(), script: script.to_owned() }
}

/// `script` is what the rollouts do not bear, as far as that is known.
fn conflict(folder: &Folder, message: &str, script: &str) -> Error {
    let open: Vec<&Rollout> = folder.open_rollouts().collect();
    let commands: Vec<String> = concerned(&open, message, script)
        .iter()
        .map(|Rollout { name, .. }| {
            format!(
                "  cargo xtask migrate contract \"{name}\"\n  cargo xtask migrate abort \"{name}\""
            )
        })
        .collect();
    let error = Error::plain(message.to_owned());
    if commands.is_empty() {
        return error;
    }
    error.with_help(format!(
        "nothing was changed. Finish the rollout first, or give it up:\n{}\n\
         To see how far it is:\n  cargo xtask rollout status",
        commands.join("\n")
    ))
}
