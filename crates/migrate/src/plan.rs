//! `migrate plan`: the pending migrations as a value, before anything is done: which tables they lock and how, what they
//! read or write anew, how long that takes, what will be refused, and whether it can be undone.
//!
//! What a statement does is known from its text and from what the migrations before it have made ([`lint`]); how large the
//! tables are, and what the rows say, the database tells. It changes nothing and takes no lock.

pub mod rates;
mod refusals;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

use lint::{Blocks, Catalog, Work, effect};
use postgres::{Connection, ConnectionUrl};
use sql::Statement;
use sql::statement::{Kind, LockMode, Name};

use crate::attempt::Attempt;
use crate::deploy::{Preview, Previewed, preview};
use crate::down::script::remarks;
use crate::down::{beyond, losses};
use crate::failure::Place;
use crate::folder::{Folder, Migration, down_path};
use crate::script::Script;
use crate::{Error, Options};

/// What a deploy would do, and what that means to a database in use.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// Whether the database would be made first.
    pub creates_database: bool,
    /// The server's major version, where there is a database.
    pub server: Option<u32>,
    /// In order.
    pub migrations: Vec<Planned>,
}

/// A migration that would be applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    pub name: String,
    /// One where it is one transaction.
    pub steps: Vec<PlannedStep>,
    pub undo: Undo,
}

/// What is done, or not, at once.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedStep {
    /// In one line.
    pub summary: String,
    /// Whether it leaves all or nothing.
    pub is_transaction: bool,
    /// Whether an attempt that was cut off has done it.
    pub is_done: bool,
    /// Those that touch tables that are in use, that will be refused, or of which not all is known.
    pub statements: Vec<PlannedStatement>,
    /// How many others there are.
    pub others: usize,
}

/// A statement that concerns whoever uses the database.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedStatement {
    /// In its file, from 1.
    pub line: usize,
    pub summary: String,
    /// The tables in use that it locks.
    pub touches: Vec<Touched>,
    /// How long its work on them takes, where that grows with them and their size is known.
    pub estimate: Option<Duration>,
    /// Why it will be refused, as the rows are now.
    pub refusals: Vec<String>,
    /// What is not known of that.
    pub unknown: BTreeSet<String>,
    /// Whether it may do more than is seen here.
    pub is_opaque: bool,
}

/// What a statement does to a table in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// With its schema, where that is not the connection's own.
    pub table: String,
    pub lock: LockMode,
    pub work: Work,
    /// As the server's statistics have it.
    pub rows: Option<u64>,
    /// Of the table without its indexes, and of these.
    pub bytes: Option<u64>,
    pub index_bytes: Option<u64>,
}

/// Whether a migration can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undo {
    /// By its `down.sql`.
    Exact,
    /// By its `down.sql`, without this.
    Lossy(Vec<String>),
    /// There is no `down.sql`, or nothing in it.
    None,
}

/// What the database says of a table.
#[derive(Debug, Clone, Copy)]
struct Size {
    rows: Option<u64>,
    bytes: u64,
    index_bytes: u64,
}

type Sizes = BTreeMap<Name, Size>;

/// Plans what a deploy with these options would do. Fails where a deploy would before it ran anything.
pub async fn plan(folder: &Folder, url: &ConnectionUrl, options: &Options) -> Result<Plan, Error> {
    let preview = preview(folder, url, options).await?;
    if preview.creates_database {
        let migrations = look(folder, &preview, url, lint::OLDEST, None);
        return Ok(Plan { creates_database: true, server: None, migrations });
    }
    let connection = postgres::connect(url).await?;
    let server = connection.server_major();
    let sizes = sizes(&connection).await?;
    let mut migrations = look(folder, &preview, url, server, Some(&sizes));
    refusals::find(&connection, folder, &mut migrations, &sizes).await?;
    for (planned, previewed) in migrations.iter_mut().zip(&preview.migrations) {
        let first = planned.steps.first_mut().and_then(|step| step.statements.first_mut());
        if let (Some(refusal), Some(guard)) = (&previewed.refusal, first) {
            guard.refusals.push(refusal.message.clone());
        }
    }
    connection.close().await;
    for step in migrations.iter_mut().flat_map(|migration| &mut migration.steps) {
        let all = step.statements.len();
        step.statements.retain(PlannedStatement::is_of_interest);
        step.others += all - step.statements.len();
    }
    Ok(Plan { creates_database: false, server: Some(server), migrations })
}

/// What one migration of the folder does to a database where all tables are in use, whatever their size.
pub fn of_one(folder: &Folder, name: &str, url: &ConnectionUrl) -> Option<Planned> {
    let attempt = Attempt::new(folder.find(name)?);
    let steps = attempt.steps.into_iter().map(|step| step.summary).collect();
    let previewed = Previewed { name: name.to_owned(), steps, done: 0, refusal: None };
    let preview = Preview { migrations: vec![previewed], ..Preview::default() };
    let mut planned = look(folder, &preview, url, lint::OLDEST, None).pop()?;
    for step in &mut planned.steps {
        let all = step.statements.len();
        step.statements.retain(PlannedStatement::is_of_interest);
        step.others += all - step.statements.len();
    }
    Some(planned)
}

impl PlannedStatement {
    fn is_of_interest(&self) -> bool {
        !self.touches.is_empty()
            || !self.refusals.is_empty()
            || !self.unknown.is_empty()
            || self.is_opaque
    }
}

impl Plan {
    /// How long all of it takes, as far as that is known.
    pub fn estimate(&self) -> Duration {
        let steps = self.migrations.iter().flat_map(|migration| &migration.steps);
        let statements = steps.filter(|step| !step.is_done).flat_map(|step| &step.statements);
        statements.filter_map(|statement| statement.estimate).sum()
    }

    /// Whether a deploy will be refused, as the rows are now.
    pub fn is_refused(&self) -> bool {
        let steps = self.migrations.iter().flat_map(|migration| &migration.steps);
        steps.flat_map(|step| &step.statements).any(|statement| !statement.refusals.is_empty())
    }
}

/// Reads the migrations before and the planned ones; `sizes` is what a database has.
fn look(
    folder: &Folder,
    preview: &Preview,
    url: &ConnectionUrl,
    version: u32,
    sizes: Option<&Sizes>,
) -> Vec<Planned> {
    let mut catalog = Catalog::default();
    let is_planned = |migration: &&Migration| {
        preview.migrations.iter().any(|planned| planned.name == migration.name)
    };
    for migration in folder.migrations().iter().take_while(|migration| !is_planned(migration)) {
        for statement in Statement::read(&migration.script) {
            catalog.apply(&statement);
        }
    }
    for (name, size) in sizes.into_iter().flatten() {
        if let Some(rows) = size.rows {
            catalog.set_rows(&in_catalog(name, url), rows);
        }
    }
    let planned = preview.migrations.iter().enumerate().filter_map(|(at, previewed)| {
        let migration = folder.find(&previewed.name)?;
        if at == 0 {
            catalog.begin_migration();
        } else {
            catalog.begin_next_migration();
        }
        let steps = steps(migration, previewed, &mut catalog, (url, version, sizes));
        Some(Planned { name: migration.name.clone(), steps, undo: undo(folder, migration) })
    });
    planned.collect()
}

fn steps(
    migration: &Migration,
    previewed: &Previewed,
    catalog: &mut Catalog,
    (url, version, sizes): (&ConnectionUrl, u32, Option<&Sizes>),
) -> Vec<PlannedStep> {
    let attempt = Attempt::new(migration);
    let script = &attempt.script;
    // Where the steps end, in statements.
    let ranges: Vec<_> = if attempt.steps.is_empty() {
        std::iter::once((0..script.statements().len(), script.is_atomic(), String::new())).collect()
    } else {
        let step = |step: crate::steps::Step| {
            (step.batch.statements.clone(), step.is_transaction(), step.summary)
        };
        attempt.steps.into_iter().map(step).collect()
    };
    let mut steps = Vec::new();
    for (at, (range, is_transaction, summary)) in ranges.into_iter().enumerate() {
        let mut statements = Vec::new();
        for piece in &script.statements()[range] {
            let statement = Statement::of(script.text(), piece);
            let effect = effect(&statement, catalog, version);
            catalog.apply(&statement);
            let touches: Vec<Touched> = effect
                .touches
                .iter()
                .filter(|touch| touch.in_use)
                .filter(|touch| Blocks::of(touch.lock) > Blocks::Nothing || writes_rows(touch))
                .filter_map(|touch| touched(touch, url, sizes))
                .collect();
            let estimates: Vec<Duration> = touches.iter().filter_map(rates::estimate).collect();
            statements.push(PlannedStatement {
                line: Place::of(script.text(), statement.range.start).line,
                summary: crate::summary::summary(&script.text()[statement.range.clone()]),
                touches,
                estimate: (!estimates.is_empty()).then(|| estimates.iter().sum()),
                refusals: Vec::new(),
                unknown: BTreeSet::new(),
                is_opaque: effect.is_opaque && !matches!(statement.kind, Kind::Set(_)),
            });
        }
        let is_done = at < previewed.done;
        steps.push(PlannedStep { summary, is_transaction, is_done, statements, others: 0 });
    }
    steps
}

/// Whether rows stay locked until the transaction ends: an `UPDATE`, a `DELETE`.
fn writes_rows(touch: &lint::Touch) -> bool {
    touch.lock == LockMode::RowExclusive && touch.work >= Work::Scan
}

/// None for a table that the database has not: an earlier one of the pending migrations makes it.
fn touched(touch: &lint::Touch, url: &ConnectionUrl, sizes: Option<&Sizes>) -> Option<Touched> {
    let name = in_database(&touch.table, url);
    let size = match sizes {
        Some(sizes) => Some(sizes.get(&name)?),
        None => None,
    };
    let is_own = name.schema.as_deref() == Some(url.schema());
    let shown = if is_own { Name::new(name.name) } else { name };
    Some(Touched {
        table: shown.to_string(),
        lock: touch.lock,
        work: touch.work,
        rows: size.and_then(|size| size.rows),
        bytes: size.map(|size| size.bytes),
        index_bytes: size.map(|size| size.index_bytes),
    })
}

/// What reads the statements takes a name without a schema for one of `public`; the connection's own may be another.
fn in_database(name: &Name, url: &ConnectionUrl) -> Name {
    let schema = name.schema.as_deref().unwrap_or("public");
    let schema = if schema == "public" { url.schema() } else { schema };
    Name { schema: Some(schema.to_owned()), name: name.name.clone() }
}

fn in_catalog(name: &Name, url: &ConnectionUrl) -> Name {
    let is_own = name.schema.as_deref() == Some(url.schema());
    if is_own { Name::new(name.name.clone()) } else { name.clone() }
}

/// How many rows tables have, by the names that scripts have for them; those of which the server does not know are left out.
pub async fn rows(connection: &Connection) -> Result<Vec<(Name, u64)>, Error> {
    let sizes = sizes(connection).await?;
    let known = sizes
        .iter()
        .filter_map(|(name, size)| Some((in_catalog(name, connection.url()), size.rows?)));
    Ok(known.collect())
}

async fn sizes(connection: &Connection) -> Result<Sizes, Error> {
    let rows = connection.query(include_str!("plan/sizes.sql"), &[]).await?;
    let number = |value: i64| u64::try_from(value).unwrap_or_default();
    let size = |row: &postgres::driver::Row| {
        let name = Name { schema: Some(row.get(0)), name: row.get(1) };
        let rows = row.get::<_, Option<i64>>(2).map(number);
        (name, Size { rows, bytes: number(row.get(3)), index_bytes: number(row.get(4)) })
    };
    Ok(rows.iter().map(size).collect())
}

fn undo(folder: &Folder, migration: &Migration) -> Undo {
    let Ok(text) = fs::read_to_string(down_path(folder.path(), &migration.name)) else {
        return Undo::None;
    };
    let (script, down) = (Script::new(&migration.script), Script::new(&text));
    if down.statements().is_empty() && !script.statements().is_empty() {
        return Undo::None;
    }
    let losses = losses::find(&script);
    let mut lost: Vec<String> = losses.iter().map(losses::Loss::what).collect();
    let told: Vec<String> = losses.iter().filter_map(losses::Loss::in_general).collect();
    let remarks = remarks(&text).filter(|remark| !told.iter().any(|told| told == remark));
    lost.extend(remarks.map(str::to_owned));
    let beyond = beyond::find(&script, &down).into_iter();
    lost.extend(beyond.map(|kind| format!("{kind}, which it does not mention")));
    if lost.is_empty() { Undo::Exact } else { Undo::Lossy(lost) }
}
