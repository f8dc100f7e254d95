//! `ADD PRIMARY KEY` and `ADD UNIQUE` build their index while nobody gets at the table.

use sql::statement::{ActionKind, Column, Constraint, ConstraintKind, Kind, Name};

use super::Rule;
use crate::Work;
use crate::ctx::{Ctx, constraint_name, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "key-on-table-in-use",
    about: "ADD PRIMARY KEY or UNIQUE that builds its index under the lock",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    // A table that is divided has no rows of its own.
    let is_of_no_rows = alter.only && ctx.work(&alter.table) == Work::None;
    if !ctx.in_use(&alter.table) || is_of_no_rows {
        return;
    }
    let table = Table {
        name: &alter.table,
        is_divided: ctx.catalog.table(&alter.table).is_some_and(|table| table.is_partitioned),
    };
    for action in &alter.actions {
        let found = match &action.kind {
            ActionKind::AddConstraint(constraint) => key(constraint, table, &[]),
            ActionKind::AddColumn { column, .. } => of_column(column, table),
            _ => None,
        };
        let Some((word, safe)) = found else { continue };
        let what =
            format!("{word} builds its index on {} while it may be in use", shown(&alter.table));
        let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &alter.table, &what);
        finding.safe = Some(safe);
        findings.push(finding);
    }
}

#[derive(Clone, Copy)]
struct Table<'a> {
    name: &'a Name,
    /// Into partitions, so that no index of it is built beside others.
    is_divided: bool,
}

fn of_column(column: &Column, table: Table<'_>) -> Option<(&'static str, String)> {
    let own = std::slice::from_ref(&column.name);
    let (word, safe) =
        column.constraints.iter().find_map(|constraint| key(constraint, table, own))?;
    let plain = format!(
        "ALTER TABLE {} ADD COLUMN {} {};",
        written(table.name),
        quoted(&column.name),
        column.ty
    );
    Some((word, format!("{plain}\n{safe}")))
}

fn key(
    constraint: &Constraint,
    table: Table<'_>,
    own: &[String],
) -> Option<(&'static str, String)> {
    let Table { name: table, is_divided } = table;
    let (word, columns) = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, index: None } => ("PRIMARY KEY", columns),
        ConstraintKind::Unique { columns, index: None } => ("UNIQUE", columns),
        _ => return None,
    };
    let columns = if columns.is_empty() { own } else { columns };
    let name = constraint.name.clone().unwrap_or_else(|| match word {
        "UNIQUE" => format!("{}_{}_key", table.name, columns.join("_")),
        _ => constraint_name(table, None, &constraint.kind),
    });
    let list: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    let (table, name, list) = (written(table), quoted(&name), list.join(", "));
    let safe = if is_divided {
        // Refused where a partition's column may be NULL, which a key of the table alone does not change.
        let first = if word == "UNIQUE" { "" } else { "-- once its columns are NOT NULL:\n-- " };
        format!(
            "{first}ALTER TABLE ONLY {table} ADD CONSTRAINT {name} {word} ({list});\n\
             -- then, on each partition: CREATE UNIQUE INDEX CONCURRENTLY, ALTER TABLE … ADD CONSTRAINT … {word} USING INDEX …,\n\
             -- and ALTER INDEX {name} ATTACH PARTITION …"
        )
    } else {
        format!(
            "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({list});\n\
             ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {name};"
        )
    };
    Some((word, safe))
}

fn quoted(name: &str) -> String {
    Name::new(name).to_string()
}
