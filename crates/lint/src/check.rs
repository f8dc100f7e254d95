//! The rules, put to every statement of a history.
//!
//! The migrations are read in order, for each is judged by the schema that those before it made. A migration that a tool has
//! already deployed is read and not judged.

use sql::statement::{Action, ActionKind, AlterTable, Kind, Name};
use sql::{Refusal, Statement, split};

use crate::allow::{self, Allowed};
use crate::ctx::{Ctx, State};
use crate::{Catalog, Effect, Finding, Severity, effect, rules};

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
            catalog.end_code(code);
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
    let reduced = without_idle_actions(statement, catalog);
    let statement = reduced.as_ref().unwrap_or(statement);
    let ctx = Ctx { text, statements, at, statement, effect, catalog, version, state };
    for rule in rules::ALL {
        (rule.check)(&ctx, findings);
    }
}

/// A statement without the columns that `IF NOT EXISTS` passes over; none where it has no such.
fn without_idle_actions(statement: &Statement, catalog: &Catalog) -> Option<Statement> {
    let Kind::AlterTable(alter) = &statement.kind else { return None };
    let may_be =
        |action: &Action| matches!(&action.kind, ActionKind::AddColumn { if_not_exists: true, .. });
    if !alter.actions.iter().any(may_be) {
        return None;
    }
    // One that the same statement drops is not there any more.
    let catalog = catalog.without_dropped(alter);
    let known = catalog.table(&alter.table)?;
    let is_idle = |action: &Action| {
        matches!(&action.kind, ActionKind::AddColumn { column, if_not_exists: true }
            if known.columns.contains_key(&column.name))
    };
    if !alter.actions.iter().any(is_idle) {
        return None;
    }
    let actions = alter.actions.iter().filter(|action| !is_idle(action)).cloned().collect();
    let mut reduced = statement.clone();
    reduced.kind = Kind::AlterTable(AlterTable { actions, ..alter.clone() });
    Some(reduced)
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
