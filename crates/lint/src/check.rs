//! The rules, put to every statement of a history.
//!
//! The migrations are read in order, for each is judged by the schema that those before it made. A migration that a tool has
//! already deployed is read and not judged.

use std::ops::Range;

use sql::statement::{ConstraintKind, Kind, LockMode, Name, Transaction};
use sql::{Refusal, Statement, split};

use crate::allow::{self, Allowed};
use crate::effect::lock_name;
use crate::{Blocks, Catalog, Effect, Finding, Severity, Work, effect, rules};

/// One migration of a history.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its script.
    pub text: &'a str,
    /// Whether it is to be judged, and not only to be known.
    pub is_judged: bool,
    /// Whether the next deploy applies it with all others that are so: nobody uses yet what those before it make.
    pub is_pending: bool,
}

/// What was found in one migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The migration.
    pub migration: String,
    /// In the order of the file.
    pub findings: Vec<Finding>,
}

/// Judges migrations, in the order of their history. `rows` are the sizes of tables where a database told them, by which an empty
/// one is known; `version` is the server's (15 for 15.x).
pub fn check(history: &[Source<'_>], rows: &[(Name, u64)], version: u32) -> Vec<Report> {
    let mut catalog = Catalog::default();
    let mut reports = Vec::new();
    let mut is_sized = false;
    let mut was_pending = false;
    for source in history {
        if was_pending && source.is_pending {
            catalog.begin_next_migration();
        } else {
            catalog.begin_migration();
        }
        was_pending = source.is_pending;
        if source.is_judged && !is_sized {
            // What is measured is what the migrations that are not judged have made.
            for (table, count) in rows {
                catalog.set_rows(table, *count);
            }
            is_sized = true;
        }
        let findings = migration(source, &mut catalog, version);
        if source.is_judged {
            reports.push(Report { migration: source.name.to_owned(), findings });
        }
    }
    reports
}

/// Reads one migration into the catalog, and says what is found in it if it is judged.
fn migration(source: &Source<'_>, catalog: &mut Catalog, version: u32) -> Vec<Finding> {
    let text = source.text;
    let file = split(text);
    let statements: Vec<Statement> =
        file.pieces.iter().map(|piece| Statement::of(text, piece)).collect();
    if !source.is_judged {
        for statement in &statements {
            catalog.apply(statement);
        }
        return Vec::new();
    }
    let mut findings: Vec<Finding> =
        file.refusals.iter().map(|refusal| refused(text, refusal)).collect();
    let mut state = State::default();
    for (at, statement) in statements.iter().enumerate() {
        if statement.is_transactional(version) != state.was_transactional {
            state.end_transaction();
            state.was_transactional = statement.is_transactional(version);
        }
        let place = (text, statements.as_slice(), at);
        if let Kind::Code(code) = &statement.kind {
            for inner in &code.statements {
                let effect = effect(inner, catalog, version);
                let from = findings.len();
                judge(place, inner, &effect, catalog, version, &state, &mut findings);
                findings[from..].iter_mut().for_each(|finding| leave(finding, statement));
                state.after(inner, &effect, at);
                catalog.apply_perhaps(inner);
            }
            // What stands in it has been judged.
            let rest = Effect { touches: Vec::new(), is_opaque: !code.is_whole() };
            judge(place, statement, &rest, catalog, version, &state, &mut findings);
        } else {
            let effect = effect(statement, catalog, version);
            judge(place, statement, &effect, catalog, version, &state, &mut findings);
            state.after(statement, &effect, at);
            catalog.apply(statement);
        }
    }
    let Allowed { allowances, mut mistakes } = allow::read(text, &statements);
    findings.retain(|finding| !allowances.iter().any(|allowance| allowance.covers(finding)));
    findings.append(&mut mistakes);
    let waits = |statement: &Statement| !statement.is_transactional(version);
    if statements.iter().any(waits) || findings.iter().any(Finding::is_mended_concurrently) {
        // A timeout beside what waits long by its nature would end it, and keep deploy from setting its own.
        for finding in findings.iter_mut().filter(|finding| finding.rule == "lock-timeout") {
            finding.fix = None;
        }
    }
    findings.sort_by_key(|finding| (finding.range.start, finding.rule));
    findings
}

/// Puts every rule to one statement.
fn judge(
    (text, statements, at): (&str, &[Statement], usize),
    statement: &Statement,
    effect: &Effect,
    catalog: &Catalog,
    version: u32,
    state: &State,
    findings: &mut Vec<Finding>,
) {
    let ctx = Ctx { text, statements, at, statement, effect, catalog, version, state };
    for rule in rules::ALL {
        (rule.check)(&ctx, findings);
    }
}

/// Code is left as it is: what can be set before it is, and nothing else is mended.
fn leave(finding: &mut Finding, code: &Statement) {
    let is_limit = finding.rule == "lock-timeout";
    if let Some(fix) = finding.fix.as_mut().filter(|_| is_limit) {
        fix.range = code.range.start..code.range.start;
    } else {
        finding.fix = None;
    }
}

fn refused(text: &str, refusal: &Refusal) -> Finding {
    let end = text[refusal.at..].find('\n').map_or(text.len(), |line| refusal.at + line);
    Finding {
        rule: refusal.code,
        severity: Severity::Error,
        range: refusal.at..end,
        message: refusal.message.clone(),
        why: format!("deploy refuses the whole migration: {}", refusal.help),
        lock: None,
        safe: None,
        fix: None,
    }
}

/// What the statements before one have done to its transaction and session.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Whether the script opened a transaction itself.
    pub in_block: bool,
    /// The value of `lock_timeout`, once it is set.
    pub lock_timeout: Option<String>,
    /// Whether that ends with the transaction.
    is_local: bool,
    /// The tables in use that the transaction has locked against readers, and by which statement.
    pub held: Vec<(Name, usize)>,
    was_transactional: bool,
}

impl State {
    fn end_transaction(&mut self) {
        self.held.clear();
        if self.is_local {
            self.lock_timeout = None;
            self.is_local = false;
        }
    }

    fn after(&mut self, statement: &Statement, effect: &Effect, at: usize) {
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
                    .filter(|touch| touch.in_use && Blocks::of(touch.lock) == Blocks::Reads);
                self.held.extend(strong.map(|touch| (touch.table.clone(), at)));
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
