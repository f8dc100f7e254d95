//! What a rule is told: one statement, and all that is known when it runs.

use std::ops::Range;

use sql::Statement;
use sql::statement::{ConstraintKind, Kind, LockMode, Name, Transaction};

use crate::effect::lock_name;
use crate::{Blocks, Catalog, Effect, Finding, Severity, Work};

/// What the statements before one have done to its transaction and session.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Whether the script opened a transaction itself.
    pub in_block: bool,
    /// The value of `lock_timeout`, once it is set.
    pub lock_timeout: Option<String>,
    /// Whether that ends with the transaction.
    is_local: bool,
    /// The tables in use that the transaction has locked against readers or writers, how, and by which statement.
    pub held: Vec<(Name, LockMode, usize)>,
    /// Whether the statement before may stand in a transaction.
    pub was_transactional: bool,
}

impl State {
    pub(crate) fn end_transaction(&mut self) {
        self.held.clear();
        if self.is_local {
            self.lock_timeout = None;
            self.is_local = false;
        }
    }

    /// Takes up what a statement has done.
    pub(crate) fn after(&mut self, statement: &Statement, effect: &Effect, at: usize) {
        match &statement.kind {
            Kind::Transaction(Transaction::Begin) => {
                self.in_block = true;
                self.end_transaction();
            }
            Kind::Transaction(
                Transaction::Commit | Transaction::Rollback | Transaction::Prepare,
            ) => {
                self.in_block = false;
                self.end_transaction();
            }
            Kind::Set(set) if set.name == "lock_timeout" => {
                self.is_local = set.local;
                self.lock_timeout = set.value.clone().filter(|value| limits(value));
            }
            _ => {
                let strong = effect
                    .touches
                    .iter()
                    .filter(|touch| touch.in_use && Blocks::of(touch.lock) >= Blocks::Writes);
                self.held.extend(strong.map(|touch| (touch.table.clone(), touch.lock, at)));
            }
        }
    }
}

/// Whether a value of `lock_timeout` ends a wait: zero of any unit does not, and the default is not known to.
fn limits(value: &str) -> bool {
    let number = value.trim_matches('\'').trim();
    number.starts_with(|first: char| first.is_ascii_digit())
        && number
            .split(|c: char| c.is_ascii_alphabetic())
            .next()
            .is_some_and(|n| n.contains(|c: char| ('1'..='9').contains(&c)))
}

/// One statement and all that is known when it runs.
pub(crate) struct Ctx<'a> {
    pub text: &'a str,
    pub statements: &'a [Statement],
    /// The statement's place among them.
    pub at: usize,
    pub statement: &'a Statement,
    pub effect: &'a Effect,
    /// As it is before the statement.
    pub catalog: &'a Catalog,
    pub version: u32,
    pub state: &'a State,
}

impl Ctx<'_> {
    /// Whether somebody may be waiting for the table.
    pub(crate) fn in_use(&self, table: &Name) -> bool {
        !self.catalog.is_idle(table)
    }

    /// Whether it is certain that the table is one with rows of its own: an edit for such a one is refused for a partitioned one.
    pub(crate) fn is_whole(&self, table: &Name) -> bool {
        self.catalog.table(table).is_some_and(|table| table.is_made && !table.is_partitioned)
    }

    /// The work that is done on a table in use.
    pub(crate) fn work(&self, table: &Name) -> Work {
        let table = self.catalog.resolve(table);
        let touch = self.effect.touches.iter().find(|touch| touch.table == table);
        touch.filter(|touch| touch.in_use).map_or(Work::None, |touch| touch.work)
    }

    /// The table, or the first of its partitions and heirs, at which most is done, and what that is. The rows of a table that is
    /// divided are in its partitions.
    pub(crate) fn worked_on(&self, table: &Name) -> Option<(Name, Work)> {
        let mut most = (table.clone(), self.work(table));
        for heir in self.catalog.descendants(table) {
            let work = self.work(&heir);
            if work > most.1 {
                most = (heir, work);
            }
        }
        (most.1 > Work::None).then_some(most)
    }

    /// The statement's text from `from` to its end.
    pub(crate) fn sql(&self) -> &str {
        &self.text[self.statement.range.clone()]
    }

    /// A finding about the lock of one table, whose words follow the table's: `what` is what the statement does.
    pub(crate) fn finding(
        &self,
        rule: &'static str,
        severity: Severity,
        range: &Range<usize>,
        table: &Name,
        what: &str,
    ) -> Finding {
        let table = self.catalog.resolve(table);
        let lock =
            self.effect.touches.iter().find(|touch| touch.table == table).map(|touch| touch.lock);
        let why = lock.map(|lock| self.why(lock, &table)).unwrap_or_default();
        Finding {
            rule,
            severity,
            range: range.clone(),
            message: what.to_owned(),
            why,
            lock: lock.map(|lock| (lock, table)),
            safe: None,
            fix: None,
        }
    }

    fn why(&self, lock: LockMode, table: &Name) -> String {
        let work = match self.work(table) {
            Work::None => "until its transaction ends",
            Work::Scan => "while every row is read",
            Work::Index => "while every row is read and put into an index",
            Work::Rewrite => "while every row and every index is written anew",
        };
        format!(
            "{} on {} blocks {} {work}",
            lock_name(lock),
            shown(table),
            Blocks::of(lock).words()
        )
    }
}

/// A table as people write it.
pub(crate) fn shown(table: &Name) -> String {
    match &table.schema {
        Some(schema) if schema != "public" => format!("`{schema}.{}`", table.name),
        _ => format!("`{}`", table.name),
    }
}

/// A name in SQL: without the schema that everybody means.
pub(crate) fn written(table: &Name) -> String {
    if table.schema.as_deref() == Some("public") {
        Name::new(table.name.clone()).to_string()
    } else {
        table.to_string()
    }
}

/// The name that the server gives a constraint.
pub(crate) fn constraint_name(table: &Name, given: Option<&str>, kind: &ConstraintKind) -> String {
    let (columns, suffix): (&[String], &str) = match kind {
        ConstraintKind::Check(_) => (&[], "check"),
        ConstraintKind::ForeignKey { columns, .. } => (columns, "fkey"),
        ConstraintKind::PrimaryKey { .. } => (&[], "pkey"),
        ConstraintKind::Unique { columns, .. } => (columns, "key"),
        _ => (&[], "not_null"),
    };
    given.map_or_else(
        || {
            let mut parts = vec![table.name.as_str()];
            parts.extend(columns.iter().map(String::as_str));
            parts.push(suffix);
            parts.join("_")
        },
        str::to_owned,
    )
}
