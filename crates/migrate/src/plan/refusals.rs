//! What will be refused because of the rows that are there: each constraint that a migration adds has a query that finds
//! what breaks it.
//!
//! Asked only of tables that no earlier pending statement may have changed: what rows will be like then, nobody knows now.
//! A query that fails, or takes too long, tells nothing.

use std::collections::BTreeSet;

use postgres::Connection;
use sql::Statement;
use sql::statement::{ActionKind, Constraint, ConstraintKind, Kind, Name};

use super::{Planned, Sizes};
use crate::folder::Folder;
use crate::history::Attempt;
use crate::script::has_word;
use crate::{Error, quoting};

/// Milliseconds that a query may take.
const PATIENCE: u32 = 10_000;

/// Something that may break what a statement asks for.
struct Question {
    /// Gives one number.
    sql: String,
    /// What to say behind the number.
    words: String,
}

pub(super) async fn find(
    connection: &Connection,
    folder: &Folder,
    migrations: &mut [Planned],
    sizes: &Sizes,
) -> Result<(), Error> {
    let own = connection.url().schema();
    let is_there = |name: &Name| {
        let schema = name.schema.clone().unwrap_or_else(|| own.to_owned());
        sizes.contains_key(&Name { schema: Some(schema), name: name.name.clone() })
    };
    let mut changed: BTreeSet<String> = BTreeSet::new();
    let mut is_known = true;
    for planned in migrations {
        let Some(migration) = folder.find(&planned.name) else { continue };
        let attempt = Attempt::new(migration);
        let statements = Statement::read(attempt.script.text());
        let planned = planned.steps.iter_mut().flat_map(|step| {
            let is_done = step.is_done;
            step.statements.iter_mut().map(move |statement| (is_done, statement))
        });
        for ((is_done, planned), statement) in planned.zip(&statements) {
            let text = &attempt.script.text()[statement.range.clone()];
            if let Some((table, questions)) = questions(statement, text)
                && is_known
                && !is_done
                && is_there(table)
                && !changed.contains(&table.name)
            {
                for question in questions {
                    if let Some(number @ 1..) = ask(connection, &question.sql).await? {
                        planned.refusals.push(format!("{number} {}", question.words));
                    }
                }
            }
            match changes(statement) {
                Changes::Nothing => {}
                Changes::Table(name) => _ = changed.insert(name.name.clone()),
                Changes::Anything => is_known = false,
            }
        }
    }
    Ok(())
}

/// Whose rows or columns a statement may make others.
enum Changes<'a> {
    Nothing,
    Table(&'a Name),
    Anything,
}

fn changes(statement: &Statement) -> Changes<'_> {
    match &statement.kind {
        Kind::Write(write) => Changes::Table(&write.table),
        Kind::AlterTable(alter) => {
            let is_harmless = alter.actions.iter().all(|action| {
                matches!(
                    action.kind,
                    ActionKind::AddConstraint(_)
                        | ActionKind::SetNotNull { .. }
                        | ActionKind::SetDefault { .. }
                )
            });
            if is_harmless { Changes::Nothing } else { Changes::Table(&alter.table) }
        }
        Kind::Truncate { .. } | Kind::Code(_) | Kind::Rename(_) | Kind::Unknown => {
            Changes::Anything
        }
        _ => Changes::Nothing,
    }
}

/// The table that a statement asks something of, and the questions.
fn questions<'s>(statement: &'s Statement, text: &str) -> Option<(&'s Name, Vec<Question>)> {
    match &statement.kind {
        Kind::CreateIndex(index)
            if index.unique && !index.columns.is_empty() && !has_word(text, "where") =>
        {
            Some((&index.table, vec![duplicates(&index.table, &index.columns)]))
        }
        Kind::AlterTable(alter) => {
            let table = &alter.table;
            let questions = alter.actions.iter().filter_map(|action| match &action.kind {
                ActionKind::SetNotNull { column } => Some(nulls(table, column)),
                ActionKind::AddColumn { column, .. } => {
                    let has = |wanted: fn(&ConstraintKind) -> bool| {
                        column.constraints.iter().any(|constraint| wanted(&constraint.kind))
                    };
                    let is_required = has(|kind| {
                        matches!(
                            kind,
                            ConstraintKind::NotNull(_) | ConstraintKind::PrimaryKey { .. }
                        )
                    });
                    let is_filled = has(|kind| {
                        matches!(
                            kind,
                            ConstraintKind::Default(_)
                                | ConstraintKind::Generated { .. }
                                | ConstraintKind::Identity
                        )
                    }) || column.ty.to_ascii_lowercase().contains("serial");
                    (is_required && !is_filled).then(|| Question {
                        sql: format!("SELECT count(*) FROM (SELECT FROM {table} LIMIT 1) AS one"),
                        words: format!(
                            "row at least is in {table}, and the new column {} has no value for it",
                            ident(&column.name)
                        ),
                    })
                }
                ActionKind::AddConstraint(constraint) => of_constraint(table, constraint),
                _ => None,
            });
            Some((table, questions.collect()))
        }
        _ => None,
    }
}

fn of_constraint(table: &Name, constraint: &Constraint) -> Option<Question> {
    // A unique constraint that takes over an index has nothing to look at.
    match &constraint.kind {
        _ if constraint.not_valid => None,
        ConstraintKind::Check(condition) => Some(Question {
            sql: format!("SELECT count(*) FROM {table} WHERE NOT ({})", inner(condition)),
            words: format!("row(s) of {table} do not fulfil the check"),
        }),
        ConstraintKind::NotNull(Some(column)) => Some(nulls(table, column)),
        ConstraintKind::PrimaryKey { columns, index: None }
        | ConstraintKind::Unique { columns, index: None }
            if !columns.is_empty() =>
        {
            Some(duplicates(table, columns))
        }
        ConstraintKind::ForeignKey { columns, parent, parent_columns }
            if !columns.is_empty() && columns.len() == parent_columns.len() =>
        {
            let equal: Vec<String> = columns
                .iter()
                .zip(parent_columns)
                .map(|(child, other)| format!("p.{} = c.{}", ident(other), ident(child)))
                .collect();
            let set: Vec<String> =
                columns.iter().map(|column| format!("c.{} IS NOT NULL", ident(column))).collect();
            Some(Question {
                sql: format!(
                    "SELECT count(*) FROM {table} c WHERE {} AND NOT EXISTS (SELECT FROM {parent} p WHERE {})",
                    set.join(" AND "),
                    equal.join(" AND ")
                ),
                words: format!("row(s) of {table} refer to what is not in {parent}"),
            })
        }
        _ => None,
    }
}

/// A condition without the parentheses that it may come in.
fn inner(condition: &str) -> &str {
    condition.trim().strip_prefix("CHECK").unwrap_or(condition)
}

fn nulls(table: &Name, column: &str) -> Question {
    Question {
        sql: format!("SELECT count(*) FROM {table} WHERE {} IS NULL", ident(column)),
        words: format!("row(s) of {table} have no value in {}", ident(column)),
    }
}

fn duplicates(table: &Name, columns: &[String]) -> Question {
    let columns: Vec<String> = columns.iter().map(|column| ident(column)).collect();
    let set: Vec<String> = columns.iter().map(|column| format!("{column} IS NOT NULL")).collect();
    let columns = columns.join(", ");
    Question {
        sql: format!(
            "SELECT count(*) FROM (SELECT FROM {table} WHERE {} GROUP BY {columns} HAVING count(*) > 1) AS double",
            set.join(" AND ")
        ),
        words: format!("value(s) of {columns} are in {table} more than once"),
    }
}

fn ident(name: &str) -> String {
    quoting::identifier(name)
}

/// The number, if the server gives one in time.
async fn ask(connection: &Connection, sql: &str) -> Result<Option<i64>, Error> {
    let begin = format!(
        "BEGIN READ ONLY; SET LOCAL statement_timeout TO {PATIENCE}; SET LOCAL lock_timeout TO 1000"
    );
    connection.batch_execute(&begin).await?;
    let answer = connection.query_one(sql, &[]).await;
    connection.batch_execute("ROLLBACK").await?;
    match answer {
        Ok(row) => Ok(Some(row.get(0))),
        Err(error) if error.is_closed() => Err(error.into()),
        Err(_) => Ok(None),
    }
}
