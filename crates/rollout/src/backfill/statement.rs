//! `backfill.sql`: one `UPDATE`, `DELETE` or `INSERT … SELECT` that has `:batch` in its condition, where the rows of a batch
//! go.
//!
//! ```sql
//! UPDATE "Booking" AS b SET "startAtUtc" = b."startAt" AT TIME ZONE org."timeZone"
//! FROM "Org" AS org
//! WHERE :batch AND org.id = b."orgId" AND b."startAtUtc" IS NULL;
//! ```

use std::ops::Range;

use pg_schema::quote::ident;
use sql::statement::{Kind, Name, Verb, Write};
use sql::{Statement as Read, Token, placed_tokens};

use super::Error;
use crate::TableName;

const BATCH: &str = ":batch";

/// The statement, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Without its semicolon.
    text: String,
    /// Where the rows of the batch go, in order.
    batches: Vec<Range<usize>>,
    /// The table that it goes through: which it writes, or selects from first where it inserts.
    pub table: TableName,
    /// What it calls that table, as SQL.
    target: String,
    /// The columns of it that are set.
    set: Vec<String>,
}

impl Statement {
    /// Reads a file. `schema` is where names without one lead.
    ///
    /// Fails where it is no single `UPDATE`, `DELETE` or `INSERT … SELECT`, or `:batch` is missing or where it would not hold.
    pub(super) fn read(file: &str, schema: &str) -> Result<Self, Error> {
        let batches = batches(file);
        let mut readable = file.to_owned();
        for range in &batches {
            // As long, so that every place stays where it is.
            let room = range.len() - "()".len();
            readable.replace_range(range.clone(), &format!("({:<room$})", "true"));
        }
        let statements = Read::read(&readable);
        let [statement] = &statements[..] else {
            let count = statements.len();
            return Err(match count {
                0 => Error::new("it has no statement").with_help(EXAMPLE),
                _ => Error::new(format!(
                    "it has {count} statements, where a backfill is one: an UPDATE or DELETE over {BATCH}"
                ))
                .with_help("a migration for each of them, or one statement of all:\n  cargo xtask backfill new NAME"),
            });
        };
        let (table, alias) = match &statement.kind {
            Kind::Write(Write { verb: Verb::Update | Verb::Delete, table, alias, .. }) => {
                (table.clone(), alias.clone())
            }
            Kind::Write(Write { verb: Verb::Insert, .. }) => {
                selected(&readable[statement.range.clone()]).ok_or_else(|| {
                    Error::new("its INSERT has no SELECT from a table, of which a batch would be")
                        .with_help(
                            "for example: INSERT INTO b SELECT * FROM a WHERE :batch FOR SHARE ON CONFLICT DO NOTHING;",
                        )
                })?
            }
            _ => {
                return Err(Error::new(format!(
                    "its statement is no UPDATE, DELETE or INSERT that can be read, but begins with {}",
                    statement.words.first().map_or("nothing", String::as_str)
                ))
                .with_help(EXAMPLE));
            }
        };
        let range = statement.range.clone();
        let batches: Vec<Range<usize>> = batches
            .into_iter()
            .map(|batch| batch.start - range.start..batch.end - range.start)
            .collect();
        check(&readable[range.clone()], &batches)?;
        let table_name = TableName {
            schema: table.schema.clone().unwrap_or_else(|| schema.to_owned()),
            name: table.name.clone(),
        };
        let target =
            alias.as_ref().map_or_else(|| table.to_string(), |alias| ident(alias).to_string());
        let is_update = matches!(&statement.kind, Kind::Write(write) if write.verb == Verb::Update);
        let set = if is_update { set(&readable[range.clone()]) } else { Vec::new() };
        Ok(Self { text: file[range].to_owned(), batches, table: table_name, target, set })
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it calls its table.
    pub(super) fn target(&self) -> &str {
        &self.target
    }

    /// The columns of that table that it sets.
    pub(super) fn set(&self) -> &[String] {
        &self.set
    }

    /// The statement over these rows.
    pub(super) fn over(&self, condition: &str) -> String {
        let mut text = self.text.clone();
        for range in self.batches.iter().rev() {
            text.replace_range(range.clone(), condition);
        }
        text
    }
}

const EXAMPLE: &str = "for example: UPDATE \"Booking\" SET \"cents\" = round(\"price\" * 100) WHERE :batch AND \"cents\" IS NULL;";

/// Where the rows of the batch go: `:batch`, but not in strings and comments, nor in `x::batch`; with parentheses that it
/// has to itself.
fn batches(text: &str) -> Vec<Range<usize>> {
    let tokens = placed_tokens(text);
    let mut found = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let [(colon, start), (word, end)] = pair else { continue };
        let follows_colon = text[..start.start].ends_with(':');
        // Without quotes, and in small letters as the documentation has it or in others.
        if colon.is_mark(':') && word.is("BATCH") && start.end == end.start && !follows_colon {
            let (first, last) = widened(&tokens, at, at + 1);
            found.push(tokens[first].1.start..tokens[last].1.end);
        }
    }
    found
}

/// From which token to which it is, with the parentheses around it; those of a function are none.
fn widened(tokens: &[(Token, Range<usize>)], mut first: usize, mut last: usize) -> (usize, usize) {
    let opens = |token: &Token| token.is_mark('(') || token.is("WHERE") || token.is("AND");
    while first >= 2
        && tokens[first - 1].0.is_mark('(')
        && opens(&tokens[first - 2].0)
        && tokens.get(last + 1).is_some_and(|(token, _)| token.is_mark(')'))
    {
        (first, last) = (first - 1, last + 1);
    }
    (first, last)
}

/// The columns that an `UPDATE` sets.
fn set(readable: &str) -> Vec<String> {
    let (mut depth, mut is_set, mut is_column) = (0usize, false, false);
    let mut found = Vec::new();
    for (token, _) in placed_tokens(readable) {
        match token {
            Token::Mark('(') => depth += 1,
            // Columns in parentheses are over.
            Token::Mark(')') => {
                depth = depth.saturating_sub(1);
                is_column &= depth > 0;
            }
            Token::Mark(',') if depth == 0 => is_column = is_set,
            Token::Word(word) if depth == 0 && !is_set => {
                (is_set, is_column) = (word == "SET", word == "SET");
            }
            Token::Word(word) if depth == 0 && matches!(word.as_str(), "FROM" | "WHERE") => break,
            Token::Word(word) if is_column => {
                found.push(word.to_lowercase());
                is_column = depth > 0;
            }
            Token::Name(name) if is_column => {
                found.push(name);
                is_column = depth > 0;
            }
            _ => {}
        }
    }
    found
}

/// The table that a statement selects from first, and what it calls it.
fn selected(readable: &str) -> Option<(Name, Option<String>)> {
    // What may follow a table without being its alias.
    const BEHIND: &[&str] =
        &["WHERE", "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "TABLESAMPLE"];
    let mut depth = 0usize;
    let mut tokens = placed_tokens(readable).into_iter().map(|(token, _)| token);
    let is_from = |token: &Token| {
        match token {
            Token::Mark('(') => depth += 1,
            Token::Mark(')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.is("FROM")
    };
    tokens.find(is_from)?;
    let mut tokens = tokens.filter(|token| !token.is("ONLY")).peekable();
    let name = |token: Token| match token {
        Token::Word(word) => Some(word.to_lowercase()),
        Token::Name(name) => Some(name),
        Token::Mark(_) => None,
    };
    let mut table = Name::new(name(tokens.next()?)?);
    if tokens.next_if(|token| token.is_mark('.')).is_some() {
        table = Name { schema: Some(table.name), name: name(tokens.next()?)? };
    }
    tokens.next_if(|token| token.is("AS"));
    let is_alias = |token: &Token| !BEHIND.iter().any(|word| token.is(word));
    let alias = tokens.next_if(is_alias).and_then(name);
    Some((table, alias))
}

/// That `:batch` holds for every row: it is one of the conditions that the `WHERE` of the statement itself joins by AND.
fn check(readable: &str, batches: &[Range<usize>]) -> Result<(), Error> {
    let missing = || {
        Error::new(format!(
            "there is no {BATCH} in its WHERE: without it every batch would be the whole table"
        ))
        .with_help(EXAMPLE)
    };
    // What may follow a whole condition.
    let ends =
        ["AND", "ON", "FOR", "ORDER", "LIMIT", "OFFSET", "GROUP", "HAVING", "WINDOW", "FETCH"];
    let (mut depth, mut is_condition, mut has_batch) = (0usize, false, false);
    // Whether the batch has just ended, and whether all conditions have.
    let (mut is_behind, mut is_over) = (false, false);
    let mut before = String::new();
    for (token, range) in placed_tokens(readable) {
        let last = std::mem::take(&mut before);
        if std::mem::take(&mut is_behind) && !ends.iter().any(|word| token.is(word)) {
            // It is only a part of a condition, which may be true of any row.
            has_batch = false;
        }
        match token {
            Token::Mark('(') => {
                let is_batch = batches.iter().any(|batch| batch.start == range.start);
                let is_joined = matches!(last.as_str(), "WHERE" | "AND");
                has_batch |= depth == 0 && is_condition && is_batch && is_joined;
                depth += 1;
            }
            Token::Mark(')') => {
                depth = depth.saturating_sub(1);
                is_behind = depth == 0 && batches.iter().any(|batch| batch.end == range.end);
            }
            Token::Word(word) if depth == 0 => match word.as_str() {
                "WHERE" | "AND" => {
                    is_condition |= word == "WHERE" && !is_over;
                    before = word;
                }
                "CONFLICT" => (is_condition, is_over) = (false, true),
                "UNION" | "INTERSECT" | "EXCEPT" => {
                    return Err(Error::new(format!(
                        "it has a {word}, of which {BATCH} is in one half only"
                    ))
                    .with_help("a migration for each half:\n  cargo xtask backfill new NAME"));
                }
                "OR" if is_condition => {
                    return Err(Error::new(format!(
                        "its WHERE has an OR beside {BATCH}: every batch would have the rows of the other side too"
                    ))
                    .with_help(format!("put the rest in parentheses: {BATCH} AND (… OR …)")));
                }
                "RETURNING" => {
                    return Err(Error::new("it has a RETURNING, whose rows nobody would get"));
                }
                _ => {}
            },
            _ => {}
        }
    }
    if has_batch { Ok(()) } else { Err(missing()) }
}

#[cfg(test)]
mod tests;
