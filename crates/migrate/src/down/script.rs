//! The text of a `down.sql`: the steps that take a migration's own steps back, under a comment that says
//! what does not come back with them.
//!
//! It undoes what the migration did and nothing else: what is compared is not the schema file but what the
//! database holds afterwards ([`outcome`]), with all that Prisma cannot express. The script is one
//! transaction wherever PostgreSQL lets it be.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use pg_schema::{
    AlterEnum, AlterTable, Check, ColumnDefault, ColumnType, CreateIndex, Index, IndexConstraint,
    Literal, ObjectName, Pair, PgSchema, RowCounts, Step, Table, TableChange, TableId, WarningKind,
    diff, outcome, quote, statements, warnings,
};

/// What stands in the `down.sql` of a migration without steps.
pub(crate) const EMPTY: &str = "-- This is an empty migration: there is nothing to take back.\n\
                         -- What you write into its migration.sql by hand, undo here by hand.\n";

/// The script that takes these steps back. Names that changed do so last: the previous schema is one in which
/// they have changed already.
pub fn write(steps: &[Step], schemas: Pair<&PgSchema>) -> String {
    if steps.is_empty() {
        return EMPTY.to_owned();
    }
    let after = outcome(steps, schemas);
    // All partial indexes are known on both sides: those that the migration made are to go.
    let mut before = PgSchema { names_partial_indexes: true, ..schemas.previous.clone() };
    for table in &mut before.tables {
        // Of an exclusion constraint only the index is known, which alone excludes nothing.
        table.indexes.retain(|index| index.constraint != Some(IndexConstraint::Exclusion));
    }
    let back = Pair::new(&after, &before);
    let mut undoing = diff(back);
    let lost = Lost::find(&outcome(&undoing, back), &before);
    undoing.extend(lost.indexes);
    let renames = steps.iter().rev().filter_map(|step| match step {
        Step::Rename(change) => Some(Step::Rename(change.reversed())),
        _ => None,
    });
    undoing.extend(renames);
    let mut remarks = lost_for_good(steps, schemas);
    remarks.extend(exclusions_lost(&after, schemas.previous));
    remarks.extend(risks(&undoing, back));
    remarks.extend(left_behind(steps, schemas));
    comment(&remarks) + &render(&undoing, back, &lost.checks)
}

/// What a diff looks past, and a column took along that comes back: that is to come back too.
#[derive(Default)]
struct Lost {
    indexes: Vec<Step>,
    checks: BTreeMap<TableId, Vec<String>>,
}

impl Lost {
    /// What was there before and is not there after all other steps back.
    fn find(there: &PgSchema, before: &PgSchema) -> Self {
        let there = by_name(there);
        let mut lost = Self::default();
        for id in before.table_ids() {
            let table = before.table_at(id);
            let Some(found) = there.get(&table.name) else { continue };
            for (at, index) in table.indexes.iter().enumerate() {
                let is_same = |other: &Index| {
                    other.name == index.name
                        || (&other.keys, &other.predicate) == (&index.keys, &index.predicate)
                };
                if !found.indexes.iter().any(is_same) {
                    lost.indexes.push(Step::CreateIndex(CreateIndex {
                        previous_table: None,
                        index: id.index(at),
                        recreated: true,
                    }));
                }
            }
            let is_missing =
                |check: &&Check| !found.checks.iter().any(|other| other.name == check.name);
            let missing: Vec<String> = table
                .checks
                .iter()
                .filter(is_missing)
                .map(|check| add_check(table, check, before))
                .collect();
            if !missing.is_empty() {
                lost.checks.insert(id, missing);
            }
        }
        lost
    }
}

fn by_name(schema: &PgSchema) -> HashMap<&ObjectName, &Table> {
    schema.tables.iter().map(|table| (&table.name, table)).collect()
}

/// Exclusion constraints that went with a column: their operators are not known, so that nobody can make them again.
fn exclusions_lost(after: &PgSchema, before: &PgSchema) -> Vec<String> {
    let after = by_name(after);
    let mut remarks = Vec::new();
    for table in &before.tables {
        let Some(found) = after.get(&table.name) else { continue };
        for index in &table.indexes {
            if index.constraint == Some(IndexConstraint::Exclusion)
                && !found.indexes.contains(index)
            {
                remarks.push(format!(
                    "The exclusion constraint `{}` on the `{}` table went with a column and is not made again.",
                    index.name, table.name.name
                ));
            }
        }
    }
    remarks
}

/// Remarks as [`remarks`] reads them again.
pub fn comment<S: AsRef<str>>(remarks: &[S]) -> String {
    if remarks.is_empty() {
        return String::new();
    }
    format!(
        "/*\n  Warnings:\n\n  - {}\n\n*/\n",
        remarks.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("\n  - ")
    )
}

/// What the migration itself destroyed.
fn lost_for_good(steps: &[Step], schemas: Pair<&PgSchema>) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut takes_things_along = false;
    for warning in warnings(steps, schemas) {
        match warning.kind {
            WarningKind::TableDropped { table } => {
                takes_things_along = true;
                remarks.push(format!(
                    "The `{}` table is made again, but empty: the rows that the migration dropped do not come back.",
                    table.name
                ));
            }
            WarningKind::ColumnDropped { table, column } => {
                takes_things_along = true;
                remarks.push(format!(
                    "The column `{column}` on the `{}` table is made again, but empty: the values that the migration \
                     dropped do not come back.",
                    table.name
                ));
            }
            WarningKind::RiskyCast { table, column, types } => remarks.push(format!(
                "What the values of the column `{column}` on the `{}` table lost when they were cast from `{}` to \
                 `{}` does not come back.",
                table.name, types.previous, types.next
            )),
            // They are told of on the way back too.
            WarningKind::ColumnRecreated { .. } | WarningKind::RequiredColumnRecreated { .. } => {
                takes_things_along = true;
            }
            // The others destroy nothing.
            _ => {}
        }
    }
    if takes_things_along {
        remarks.push(
            "What Prisma cannot express (triggers, policies, grants, exclusion constraints and the like) and was dropped along \
             with a table or column is not made again."
                .to_owned(),
        );
    }
    remarks
}

/// What the way back destroys, and where it may fail.
fn risks(undoing: &[Step], back: Pair<&PgSchema>) -> Vec<String> {
    let counts = RowCounts::default();
    let remark = |kind: WarningKind| {
        let message = kind.message(&counts)?;
        Some(match advice(&kind) {
            Some(advice) => format!("{message} {advice}"),
            None => message,
        })
    };
    warnings(undoing, back).into_iter().filter_map(|warning| remark(warning.kind)).collect()
}

/// What a person can do where a step of the way back fails.
fn advice(kind: &WarningKind) -> Option<String> {
    let (table, column) = match kind {
        WarningKind::RequiredColumnAdded { table, column }
        | WarningKind::RequiredColumnWithClientDefaultAdded { table, column }
        | WarningKind::RequiredColumnRecreated { table, column } => {
            return Some(format!(
                "To take the migration back where there are rows, change this file: leave out the NOT NULL of {}, fill \
                 the column by an UPDATE, then ALTER TABLE {} ALTER COLUMN {} SET NOT NULL.",
                quote::ident(column),
                table_sql(table),
                quote::ident(column)
            ));
        }
        WarningKind::EnumValuesRemoved { .. } => {
            return Some(
                "Give the rows that have them another value first, by an UPDATE at the top."
                    .to_owned(),
            );
        }
        WarningKind::MadeRequired { table, column } => (table, column),
        _ => return None,
    };
    Some(format!(
        "Fill them first, by an UPDATE {} SET {} = … at the top.",
        table_sql(table),
        quote::ident(column)
    ))
}

/// As short as people write it: the comment is for them.
fn table_sql(name: &ObjectName) -> String {
    quote::ident(&name.name).to_string()
}

/// What the migration made and nothing takes away, because others may have come to use it.
fn left_behind(steps: &[Step], schemas: Pair<&PgSchema>) -> Vec<String> {
    let stays =
        |kind: &str, name: &str| format!("The {kind} `{name}` stays: others may use it by now.");
    steps
        .iter()
        .filter_map(|step| match step {
            Step::CreateSchema(id) => Some(stays("schema", schemas.next.namespace_at(*id))),
            Step::CreateExtension(id) => {
                Some(stays("extension", &schemas.next.extension_at(*id).name))
            }
            _ => None,
        })
        .collect()
}

/// As [`pg_schema::render`], with what only a way back needs.
fn render(
    undoing: &[Step],
    back: Pair<&PgSchema>,
    checks_lost: &BTreeMap<TableId, Vec<String>>,
) -> String {
    let mut script = String::new();
    for step in undoing {
        if !script.is_empty() {
            script.push('\n');
        }
        let mut all = statements(step, back);
        match step {
            // The file is one transaction: it needs none of its own, and one would cut it in two.
            Step::AlterEnum(alter) if !alter.removed.is_empty() => {
                all.retain(|statement| statement != "BEGIN" && statement != "COMMIT");
            }
            // PostgreSQL refuses a new value before it is committed.
            Step::AlterEnum(alter) if is_used_at_once(alter, back.next) => {
                all.insert(0, "BEGIN".to_owned());
                all.push("COMMIT".to_owned());
            }
            Step::AlterTable(alter) => {
                all.extend(sequences_set(alter, back));
                all.extend(checks_lost.get(&alter.tables.next).into_iter().flatten().cloned());
            }
            Step::CreateTable(id) => all.extend(checks(*id, back.next)),
            _ => {}
        }
        let _ = writeln!(script, "-- {}", step.name());
        for statement in all {
            script.push_str(&statement);
            script.push_str(";\n");
        }
    }
    if script.is_empty() { "-- Nothing is taken back.\n".to_owned() } else { script }
}

/// Whether one of the values that come back is a column's default.
fn is_used_at_once(alter: &AlterEnum, before: &PgSchema) -> bool {
    let name = &before.enum_at(alter.enums.next).name;
    let is_added = |literal: &Literal| match literal {
        Literal::Enum(value) | Literal::String(value) => alter.added.contains(value),
        _ => false,
    };
    let columns = before.tables.iter().flat_map(|table| &table.columns);
    columns.filter(|column| matches!(&column.ty, ColumnType::Enum(ty) if ty == name)).any(
        |column| match &column.default {
            Some(ColumnDefault::Literal(value)) => is_added(value),
            Some(ColumnDefault::List(values)) => values.iter().any(is_added),
            Some(ColumnDefault::Expression(_)) => true,
            _ => false,
        },
    )
}

/// A sequence that is made again goes on after the highest number that was given.
fn sequences_set(alter: &AlterTable, back: Pair<&PgSchema>) -> Vec<String> {
    let name = &back.next.table_at(alter.tables.next).name;
    let table = quote::object(name, &back.next.default_namespace);
    let made_again = alter.changes.iter().filter_map(|change| match change {
        TableChange::AlterColumn(ids, changes) if changes.autoincrement => {
            Some(back.next.column_at(ids.next)).filter(|column| column.is_autoincrement())
        }
        _ => None,
    });
    made_again
        .map(|column| {
            let name = quote::ident(&column.name);
            format!(
                "SELECT setval(pg_get_serial_sequence({}, {}), (SELECT coalesce(max({name}), 0) + 1 FROM {table}), \
                 false)",
                quote::literal(&table),
                quote::literal(&column.name)
            )
        })
        .collect()
}

/// Checks of a table that is made again; a schema file has none of them.
fn checks(id: TableId, before: &PgSchema) -> Vec<String> {
    let table = before.table_at(id);
    table.checks.iter().map(|check| add_check(table, check, before)).collect()
}

fn add_check(table: &Table, check: &Check, before: &PgSchema) -> String {
    let table = quote::object(&table.name, &before.default_namespace);
    format!("ALTER TABLE {table} ADD CONSTRAINT {} {}", quote::ident(&check.name), check.definition)
}

/// What the comment at the top of a `down.sql` says, line by line.
pub fn remarks(text: &str) -> impl Iterator<Item = &str> {
    let lines = cut(text).map_or("", |(comment, _)| comment).lines();
    lines.filter_map(|line| line.trim().strip_prefix("- "))
}

/// The same file without its remarks, for one that says them elsewhere.
pub fn without_remarks(text: &str) -> &str {
    match cut(text) {
        Some((_, script)) if remarks(text).next().is_some() => script.trim_start(),
        _ => text,
    }
}

/// The comment at the top, and what comes after it.
fn cut(text: &str) -> Option<(&str, &str)> {
    text.trim_start().strip_prefix("/*")?.split_once("*/")
}
