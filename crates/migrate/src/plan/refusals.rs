//! What will be refused because of the rows that are there: each constraint that a migration adds has a query that finds
//! what breaks it.
//!
//! Asked only of what no earlier pending statement may have changed ([`changes`]): what rows will be like then, nobody knows
//! now. A query that fails, or takes too long, tells nothing. What was not asked or answered is told.

mod changes;
mod text;

use postgres::Connection;
use sql::statement::{ActionKind, Constraint, ConstraintKind, Kind, Name};
use sql::{Statement, Token};

use self::changes::Changes;

use super::{Planned, Sizes};
use crate::attempt::Attempt;
use crate::folder::Folder;
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
    about: About,
}

/// What of a table it is about.
enum About {
    /// That there are rows.
    Rows,
    Columns(Vec<String>),
    /// The columns that stand in an expression.
    Expression(String),
    /// Columns of the table, and all of another one.
    Other(Vec<String>, Name, Vec<String>),
}

impl Question {
    /// Whether its answer will be the same when its statement runs. What is found is there then too when rows have come since;
    /// what is not, may be.
    fn keeps(&self, table: &Name, changes: &Changes) -> bool {
        let among = |columns: &[String], column: &str| columns.iter().any(|own| own == column);
        match &self.about {
            About::Rows => changes.keeps(table, |_| false),
            About::Columns(columns) => changes.keeps(table, |column| among(columns, column)),
            About::Expression(text) => changes.keeps(table, |column| names(text, column)),
            About::Other(columns, other, theirs) => {
                changes.keeps(table, |column| among(columns, column))
                    && changes.keeps_whole(other, |column| among(theirs, column))
            }
        }
    }
}

fn names(expression: &str, column: &str) -> bool {
    sql::tokens(expression).iter().any(|token| match token {
        Token::Word(word) => word.to_lowercase() == column,
        Token::Name(name) => name == column,
        Token::Mark(_) => false,
    })
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
    let mut changes = Changes::none(connection).await?;
    for planned in migrations {
        let Some(migration) = folder.find(&planned.name) else { continue };
        let attempt = Attempt::new(migration);
        let statements = Statement::read(attempt.script.text());
        let planned = planned.steps.iter_mut().flat_map(|step| {
            let is_done = step.is_done;
            step.statements.iter_mut().map(move |statement| (is_done, statement))
        });
        for ((is_done, planned), statement) in planned.zip(&statements) {
            if is_done {
                // As it is now, it is after it.
                continue;
            }
            let text = &attempt.script.text()[statement.range.clone()];
            changes.begin(statement);
            if let Some((table, questions)) = questions(statement, text)
                && is_there(table)
            {
                for question in questions {
                    let Some(question) = of_new_columns(question, table, &changes) else {
                        continue;
                    };
                    if !question.keeps(table, &changes) {
                        planned.unknown.insert(format!("what becomes of {table} before it"));
                        continue;
                    }
                    match ask(connection, &question.sql).await? {
                        Some(number @ 1..) => {
                            planned.refusals.push(format!("{number} {}", question.words));
                        }
                        Some(_) if !changes.keeps_whole(table, |_| false) => {
                            let rows = format!("which rows come into {table} before it");
                            planned.unknown.insert(rows);
                        }
                        Some(_) => {}
                        None => {
                            let limit = PATIENCE / 1000;
                            let why =
                                format!("as the query for it failed or took more than {limit} s");
                            planned.unknown.insert(why);
                        }
                    }
                }
            }
            changes.after(statement, text);
        }
    }
    Ok(())
}

/// A question about columns that have come and in which nothing is: one row is enough for them to have nulls, and nulls are
/// neither double nor do they refer to anything.
fn of_new_columns(question: Question, table: &Name, changes: &Changes) -> Option<Question> {
    let (About::Columns(columns) | About::Other(columns, ..)) = &question.about else {
        return Some(question);
    };
    if !columns.iter().all(|column| changes.is_empty(table, column)) {
        return Some(question);
    }
    question.sql.ends_with(" IS NULL").then(|| Question {
        sql: format!("SELECT count(*) FROM {table}"),
        about: About::Rows,
        words: question.words,
    })
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
                        about: About::Rows,
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
            about: About::Expression(condition.clone()),
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
                about: About::Other(columns.clone(), parent.clone(), parent_columns.clone()),
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
        about: About::Columns(vec![column.to_owned()]),
        sql: format!("SELECT count(*) FROM {table} WHERE {} IS NULL", ident(column)),
        words: format!("row(s) of {table} have no value in {}", ident(column)),
    }
}

fn duplicates(table: &Name, columns: &[String]) -> Question {
    let about = About::Columns(columns.to_vec());
    let columns: Vec<String> = columns.iter().map(|column| ident(column)).collect();
    let set: Vec<String> = columns.iter().map(|column| format!("{column} IS NOT NULL")).collect();
    let columns = columns.join(", ");
    Question {
        about,
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
