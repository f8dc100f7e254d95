//! `db push`: brings a database to what the schema file says, without migrations and without a history.
//!
//! All steps are one transaction, so that a push that fails has changed nothing. The one thing that PostgreSQL refuses
//! there, a new value of an enum that is used at once, is committed first where that is needed.

use pg_schema::{NameChange, Pair, PgSchema, Renamed, Step, statements};
use postgres::driver::SqlState;
use postgres::{Connection, ConnectionUrl, introspect};

use crate::apply::run::run;
use crate::apply::stop::Stop;
use crate::deploy::connect_or_create;
use crate::locked::locked;
use crate::renames::{Questions, Wanted, resolve, spell};
use crate::risks::Risks;
use crate::script::Script;
use crate::{Error, Progress, namespaces, reset};

/// How a push ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pushed {
    /// The database is what the schema file says, after so many steps.
    InSync { steps: usize },
    /// Nothing was changed: steps cannot be taken, or put data at risk that nobody has given up.
    Refused {
        risks: Risks,
        /// What may have been renamed rather than dropped, as `--rename` takes it, with what was said already.
        renames: Vec<String>,
    },
}

/// What somebody has agreed to beforehand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Agreed<'a> {
    /// Warnings, word for word.
    pub warnings: &'a [String],
    pub renames: &'a [Wanted],
    /// The open rollouts of the project's migrations: what they keep for the release that still runs is not taken away
    /// without a word.
    pub rollouts: &'a [String],
}

/// Both sides of a push.
#[derive(Debug)]
pub struct Compared {
    actual: PgSchema,
    desired: PgSchema,
}

impl Compared {
    pub fn schemas(&self) -> Pair<&PgSchema> {
        Pair::new(&self.actual, &self.desired)
    }
}

/// Takes the steps from what is there to what the schema file says. The only warnings that it passes over are those
/// that are agreed to. A database that is missing is made.
///
/// Fails where the database refuses a step, as with a unique index over values that are not, and P1002 where another
/// command holds the lock for too long.
pub async fn push(
    schema: &psl::Schema,
    url: &ConnectionUrl,
    agreed: Agreed<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Pushed, Error> {
    let desired = mapping::desired_schema_in(schema, url.schema());
    let (connection, _) = connect_or_create(url, progress).await?;
    locked(connection, async |connection| {
        let actual = introspect(connection, &namespaces::of(schema, url)).await?;
        let schemas = Pair::new(&actual, &desired);
        let renames = resolve(agreed.renames, schemas, schema)?;
        let renamed = Renamed::new(schemas, &renames);
        let steps = renamed.steps(&desired);
        let mut risks =
            Risks::find(connection, &steps, Pair::new(&renamed.previous, &desired)).await?;
        if !steps.iter().all(Step::only_adds) {
            risks.warnings.extend(agreed.rollouts.iter().map(|name| rollout_is_open(name)));
        }
        let is_accepted = risks.warnings.iter().all(|warning| agreed.warnings.contains(warning));
        if !risks.unexecutable.is_empty() || !is_accepted {
            let guesses = Questions::new(schemas, renames.clone()).guesses();
            let said = if guesses.is_empty() { Vec::new() } else { renames };
            let renames = said.into_iter().chain(guesses);
            let renames = renames.map(|rename| spell(rename, schemas)).collect();
            return Ok(Pushed::Refused { risks, renames });
        }
        let schemas = Pair::new(&renamed.previous, &desired);
        take(connection, &steps, schemas).await?;
        Ok(Pushed::InSync { steps: steps.len() })
    })
    .await
}

fn rollout_is_open(name: &str) -> String {
    format!(
        "The rollout `{name}` is open: the schema file names its end, so what it keeps until then for the release that \
         still runs would go, filled or not. To bring it to its end instead: cargo xtask rollout status"
    )
}

/// What there is and what the schema file asks for, so that somebody can be asked what was renamed. It changes nothing,
/// but for making a database that is missing.
pub async fn compare(
    schema: &psl::Schema,
    url: &ConnectionUrl,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Compared, Error> {
    let desired = mapping::desired_schema_in(schema, url.schema());
    let (connection, _) = connect_or_create(url, progress).await?;
    locked(connection, async |connection| {
        let actual = introspect(connection, &namespaces::of(schema, url)).await?;
        Ok(Compared { actual, desired })
    })
    .await
}

/// Drops everything in the schemas that the schema file is about, the history too. Consent is the caller's business.
pub async fn reset(
    schema: &psl::Schema,
    url: &ConnectionUrl,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), Error> {
    let (connection, _) = connect_or_create(url, progress).await?;
    locked(connection, async |connection| {
        reset::empty(connection, &namespaces::of(schema, url)).await
    })
    .await
}

async fn take(
    connection: &Connection,
    steps: &[Step],
    schemas: Pair<&PgSchema>,
) -> Result<(), Error> {
    let whole = script(steps, schemas);
    let Err(stop) = run(connection, &Script::new(&whole), "").await else { return Ok(()) };
    let (first, rest) = split(steps);
    if first.is_empty() || !uses_new_enum_value(&stop) {
        let error = stop.into_error(&Script::new(&whole), None);
        return Err(error.with_help("nothing was changed: all steps are one transaction"));
    }
    let first = script(first, schemas);
    let remains = format!(
        "this was done and stays, nothing else was changed:\n  {}",
        first.trim_end().replace('\n', "\n  ")
    );
    let rest = script(rest, schemas);
    for (text, what_remains) in [(&first, "nothing was changed"), (&rest, remains.as_str())] {
        let script = Script::new(text);
        let result = run(connection, &script, "").await;
        result.map_err(|stop| stop.into_error(&script, None).with_help(what_remains))?;
    }
    Ok(())
}

/// What has to be committed before new values of enums can be used, as little as that can be, and all else. Names come
/// first where an enum's are among them: its values are then added under the new ones.
fn split(steps: &[Step]) -> (Vec<&Step>, Vec<&Step>) {
    let is_enums = |step: &Step| {
        matches!(step, Step::Rename(NameChange::Enum { .. } | NameChange::EnumValue { .. }))
    };
    let with_names = steps.iter().any(is_enums);
    let adds_values =
        |step: &Step| matches!(step, Step::AlterEnum(alter) if alter.removed.is_empty());
    if !steps.iter().any(adds_values) {
        return (Vec::new(), steps.iter().collect());
    }
    steps
        .iter()
        .partition(|step| adds_values(step) || (with_names && matches!(step, Step::Rename(_))))
}

/// The statements of steps. Some steps are a transaction of their own where they stand in a file; here all are one.
fn script<'s>(steps: impl IntoIterator<Item = &'s Step>, schemas: Pair<&PgSchema>) -> String {
    let statements = steps.into_iter().flat_map(|step| statements(step, schemas));
    let statements = statements.filter(|statement| statement != "BEGIN" && statement != "COMMIT");
    statements.map(|statement| statement + ";\n").collect()
}

fn uses_new_enum_value(stop: &Stop) -> bool {
    matches!(stop, Stop::Refused { error, .. }
        if error.db().is_some_and(|db| *db.code() == SqlState::UNSAFE_NEW_ENUM_VALUE_USAGE))
}
