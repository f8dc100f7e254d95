//! The texts of `migrate plan`: for people and for programs, and the short one of `migrate dev`.

use std::fmt::Write as _;
use std::time::Duration;

use lint::effect::lock_name;
use lint::{Blocks, Work};
use postgres::ConnectionUrl;
use serde_json::{Value, json};

use super::location;
use crate::folder::{DOWN, SCRIPT};
use crate::plan::{Plan, Planned, PlannedStatement, PlannedStep, Touched, Undo};

/// All of `migrate plan`.
pub fn plan(plan: &Plan, url: &ConnectionUrl) -> String {
    if plan.migrations.is_empty() {
        return "No pending migrations to apply.".to_owned();
    }
    let count = plan.migrations.len();
    let mut text = format!(
        "{count} migration{} to apply to the database \"{}\" at {}",
        if count == 1 { "" } else { "s" },
        url.database(),
        location(url)
    );
    match plan.server {
        Some(server) => _ = write!(text, " (PostgreSQL {server})"),
        None => text.push_str(", which is made first"),
    }
    for migration in &plan.migrations {
        let _ = write!(text, "\n\n{}", planned(migration));
    }
    let _ = write!(text, "\n\nEstimated time: {}", about(plan.estimate()));
    if plan.migrations.iter().any(is_sized) {
        text.push_str(
            " of work that grows with the tables (rates of a small machine, tables in memory)",
        );
    }
    if plan.is_refused() {
        text.push_str(
            "\nIt will be refused as the rows are now: mend them, or the migration, first.",
        );
    }
    text + "\nNothing was done. To do it: cargo xtask migrate deploy"
}

/// Whether there is work in it whose size is known.
fn is_sized(migration: &Planned) -> bool {
    let mut statements = migration.steps.iter().flat_map(|step| &step.statements);
    statements.any(|statement| statement.estimate.is_some())
}

fn planned(migration: &Planned) -> String {
    let undo = match &migration.undo {
        Undo::Exact => format!("undone by its {DOWN}"),
        Undo::Lossy(lost) => format!("undone by its {DOWN}, but for: {}", lost.join("; ")),
        Undo::None => format!("no way back: it has no {DOWN}"),
    };
    let mut text = format!("{}\n  {undo}", migration.name);
    let is_one = migration.steps.len() == 1;
    for (at, one) in migration.steps.iter().enumerate() {
        if is_one {
            let kind = if one.is_transaction { "one transaction" } else { "no single transaction" };
            let _ = write!(text, "\n  {kind}");
        } else {
            let state = if one.is_done { " (done)" } else { "" };
            let _ = write!(
                text,
                "\n  step {} of {}: {}{state}",
                at + 1,
                migration.steps.len(),
                one.summary
            );
        }
        text.push_str(&step(one));
    }
    text
}

fn step(step: &PlannedStep) -> String {
    let mut text = String::new();
    for statement in &step.statements {
        let _ = write!(text, "\n    {SCRIPT}:{} {}", statement.line, statement.summary);
        for touched in &statement.touches {
            let _ = write!(text, "\n      {}", self::touched(touched));
        }
        if let Some(estimate) = statement.estimate {
            let _ = write!(text, "\n      takes {}", about(estimate));
        }
        if statement.is_opaque {
            text.push_str("\n      may do more than can be read from it");
        }
        for refusal in &statement.refusals {
            let _ = write!(text, "\n      will be refused: {refusal}");
        }
        for unknown in &statement.unknown {
            let _ = write!(text, "\n      may be refused: it is not known {unknown}");
        }
    }
    match (step.others, step.statements.is_empty()) {
        (0, _) => {}
        (1, true) => text.push_str("\n    1 statement, in nobody's way"),
        (others, true) => _ = write!(text, "\n    {others} statements, in nobody's way"),
        (1, false) => text.push_str("\n    1 statement more, in nobody's way"),
        (others, false) => _ = write!(text, "\n    {others} statements more, in nobody's way"),
    }
    text
}

/// `"Student" (1200000 rows, 240 MB): ACCESS EXCLUSIVE, blocks all reads and writes; written anew`.
fn touched(touched: &Touched) -> String {
    let size = match (touched.rows, touched.bytes) {
        (Some(rows), Some(bytes)) => format!(" ({rows} rows, {})", size(bytes)),
        (None, Some(bytes)) => format!(" ({})", size(bytes)),
        _ => String::new(),
    };
    let work = work_words(touched.work).map_or_else(String::new, |work| format!("; {work}"));
    let blocks = match Blocks::of(touched.lock) {
        Blocks::Nothing => "other writes of the same rows until its transaction ends",
        blocks => blocks.words(),
    };
    format!("{}{size}: {}, blocks {blocks}{work}", touched.table, lock_name(touched.lock))
}

fn work_words(work: Work) -> Option<&'static str> {
    match work {
        Work::None => None,
        Work::Scan => Some("every row is read"),
        Work::Index => Some("every row is put into an index"),
        Work::Rewrite => Some("every row is written anew"),
    }
}

/// What `migrate dev` says of the migration that it has just made; none where it is in nobody's way.
pub fn plan_in_short(migration: &Planned) -> Option<String> {
    let statements = migration.steps.iter().flat_map(|step| &step.statements);
    let touches: Vec<&Touched> = statements.flat_map(|statement| &statement.touches).collect();
    if touches.is_empty() {
        return None;
    }
    let mut text = format!("Where the database is in use, {} locks:", migration.name);
    let mut told: Vec<String> = Vec::new();
    for touched in touches {
        let line = self::touched(touched);
        if !told.contains(&line) {
            let _ = write!(text, "\n  {line}");
            told.push(line);
        }
    }
    Some(
        text + "\nFor how long, a database of its size tells: cargo xtask migrate plan --database-url URL",
    )
}

/// The plan for programs.
pub fn plan_json(plan: &Plan) -> String {
    let migrations: Vec<Value> = plan.migrations.iter().map(migration_json).collect();
    let told = json!({
        "createsDatabase": plan.creates_database,
        "server": plan.server,
        "estimatedMilliseconds": milliseconds(plan.estimate()),
        "refused": plan.is_refused(),
        "migrations": migrations,
    });
    format!("{told:#}")
}

fn migration_json(migration: &Planned) -> Value {
    let (undo, lost) = match &migration.undo {
        Undo::Exact => ("exact", &[][..]),
        Undo::Lossy(lost) => ("lossy", lost.as_slice()),
        Undo::None => ("none", &[][..]),
    };
    let step = |step: &PlannedStep| {
        json!({
            "summary": step.summary,
            "transaction": step.is_transaction,
            "done": step.is_done,
            "statements": step.statements.iter().map(statement_json).collect::<Vec<Value>>(),
            "otherStatements": step.others,
        })
    };
    json!({
        "name": migration.name,
        "undo": undo,
        "lost": lost,
        "steps": migration.steps.iter().map(step).collect::<Vec<Value>>(),
    })
}

fn statement_json(statement: &PlannedStatement) -> Value {
    let touch = |touched: &Touched| {
        json!({
            "table": touched.table,
            "lock": lock_name(touched.lock),
            "blocks": match Blocks::of(touched.lock) {
                Blocks::Nothing => "rows",
                Blocks::Changes => "changes",
                Blocks::Writes => "writes",
                Blocks::Reads => "reads",
            },
            "work": match touched.work {
                Work::None => "none",
                Work::Scan => "scan",
                Work::Index => "index",
                Work::Rewrite => "rewrite",
            },
            "rows": touched.rows,
            "bytes": touched.bytes,
            "indexBytes": touched.index_bytes,
        })
    };
    json!({
        "line": statement.line,
        "summary": statement.summary,
        "tables": statement.touches.iter().map(touch).collect::<Vec<Value>>(),
        "estimatedMilliseconds": statement.estimate.map(milliseconds),
        "refusals": statement.refusals,
        "unknown": statement.unknown,
        "opaque": statement.is_opaque,
    })
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn about(duration: Duration) -> String {
    match duration.as_secs() {
        0 => "less than 1 s".to_owned(),
        1..120 => format!("about {} s", duration.as_secs()),
        seconds => format!("about {} min", seconds.div_ceil(60)),
    }
}

/// `512 kB`, `240 MB`, as the server counts them.
fn size(bytes: u64) -> String {
    match bytes {
        0..10_240 => format!("{bytes} bytes"),
        10_240..10_485_760 => format!("{} kB", bytes / 1024),
        10_485_760..10_737_418_240 => format!("{} MB", bytes / 1_048_576),
        bytes => format!("{} GB", bytes / 1_073_741_824),
    }
}
