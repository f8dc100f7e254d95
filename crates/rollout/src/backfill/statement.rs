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
/// What stands for it while the statement is read: as long, so that every place stays where it is.
const STANDS_FOR_BATCH: &str = "(true)";

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
}

impl Statement {
    /// Reads a file. `schema` is where names without one lead.
    ///
    /// Fails where it is no single `UPDATE`, `DELETE` or `INSERT … SELECT`, or `:batch` is missing or where it would not hold.
    pub(super) fn read(file: &str, schema: &str) -> Result<Self, Error> {
        let batches = batches(file);
        let mut readable = file.to_owned();
        for range in &batches {
            readable.replace_range(range.clone(), STANDS_FOR_BATCH);
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
        Ok(Self { text: file[range].to_owned(), batches, table: table_name, target })
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it calls its table.
    pub(super) fn target(&self) -> &str {
        &self.target
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

/// Where the rows of the batch go: `:batch`, but not in strings and comments, nor in `x::batch`.
fn batches(text: &str) -> Vec<Range<usize>> {
    let tokens = placed_tokens(text);
    let mut found = Vec::new();
    for pair in tokens.windows(2) {
        let [(colon, at), (word, name)] = pair else { continue };
        let follows_colon = text[..at.start].ends_with(':');
        // Without quotes, and in small letters as the documentation has it or in others.
        if colon.is_mark(':') && word.is("BATCH") && at.end == name.start && !follows_colon {
            found.push(at.start..name.end);
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
mod tests {
    use super::*;

    fn read(text: &str) -> Statement {
        Statement::read(text, "public").unwrap()
    }

    fn refused(text: &str) -> String {
        Statement::read(text, "public").unwrap_err().to_string()
    }

    #[test]
    fn the_batch_goes_where_it_is_asked_for() {
        let statement = read(
            "-- :batch is what it is\nUPDATE \"Booking\" AS b SET note = ':batch', kind = 'x'::batch\n\
             FROM org /* :batch */ WHERE :batch AND b.org = org.id;\n-- end\n",
        );
        assert_eq!(statement.table, TableName { schema: "public".into(), name: "Booking".into() });
        assert_eq!(statement.target(), "\"b\"");
        assert_eq!(
            statement.over("(b.id > 1)"),
            "UPDATE \"Booking\" AS b SET note = ':batch', kind = 'x'::batch\n\
             FROM org /* :batch */ WHERE (b.id > 1) AND b.org = org.id"
        );
    }

    #[test]
    fn the_table_is_called_as_the_statement_calls_it() {
        for (text, schema, name, target) in [
            ("UPDATE T SET a = 1 WHERE :BATCH", "public", "t", "\"t\""),
            (
                "update only sales.\"T\" x set a = 1 where a is null and :batch",
                "sales",
                "T",
                "\"x\"",
            ),
            ("DELETE FROM sales.t WHERE (a OR b) AND :batch", "sales", "t", "\"sales\".\"t\""),
            (
                "DELETE FROM t AS \"Old\" USING o WHERE :batch AND o.id = \"Old\".o",
                "public",
                "t",
                "\"Old\"",
            ),
            (
                "WITH n AS (SELECT 1 AS a WHERE true OR false) UPDATE t SET a = n.a FROM n WHERE :batch",
                "public",
                "t",
                "\"t\"",
            ),
        ] {
            let statement = read(text);
            assert_eq!(
                (&*statement.table.schema, &*statement.table.name),
                (schema, name),
                "{text}"
            );
            assert_eq!(statement.target(), target, "{text}");
        }
    }

    #[test]
    fn an_insert_goes_through_what_it_selects_from() {
        for (text, schema, name, target) in [
            ("INSERT INTO n (a) SELECT a FROM \"Old\" WHERE :batch", "public", "Old", "\"Old\""),
            (
                "INSERT INTO n SELECT (SELECT 1 FROM x), o.* FROM ONLY s.\"Old\" AS o JOIN x ON true WHERE :batch FOR SHARE OF o ON CONFLICT DO NOTHING",
                "s",
                "Old",
                "\"o\"",
            ),
            ("INSERT INTO n SELECT * FROM Old B WHERE :batch", "public", "old", "\"b\""),
        ] {
            let statement = read(text);
            assert_eq!(
                (&*statement.table.schema, &*statement.table.name),
                (schema, name),
                "{text}"
            );
            assert_eq!(statement.target(), target, "{text}");
        }
    }

    #[test]
    fn what_would_not_go_in_batches_is_refused() {
        for (text, why) in [
            ("", "it has no statement"),
            ("-- UPDATE t SET a = 1 WHERE :batch", "it has no statement"),
            ("UPDATE t SET a = 1", "there is no :batch"),
            ("UPDATE t SET a = ':batch' WHERE a IS NULL", "there is no :batch"),
            ("UPDATE t SET a = (SELECT 1 FROM o WHERE :batch)", "there is no :batch"),
            ("UPDATE t SET a = 1 WHERE (:batch OR a = 2)", "there is no :batch"),
            ("UPDATE t SET a = 1 WHERE NOT (a = 1) OR :batch", "OR beside"),
            ("UPDATE t SET a = 1 WHERE :batch; DELETE FROM u WHERE :batch", "2 statements"),
            ("INSERT INTO t SELECT 1 WHERE :batch", "has no SELECT from a table"),
            ("INSERT INTO t SELECT * FROM (SELECT 1) a WHERE :batch", "has no SELECT from a table"),
            ("SELECT 1 WHERE :batch", "begins with SELECT"),
            ("UPDATE t SET WHERE :batch", "can be read"),
            ("DELETE FROM t WHERE :batch RETURNING *", "RETURNING"),
        ] {
            let said = refused(text);
            assert!(said.contains(why), "{text}: {said}");
        }
    }

    #[test]
    fn a_batch_that_is_only_a_part_of_a_condition_is_none() {
        for text in [
            "UPDATE t SET a = 1 WHERE NOT :batch",
            "UPDATE t SET a = 1 WHERE :batch IS NOT NULL",
            "UPDATE t SET a = 1 WHERE :batch = b",
            "INSERT INTO n SELECT * FROM t ON CONFLICT (a) DO UPDATE SET b = 1 WHERE :batch",
        ] {
            assert!(refused(text).contains("there is no :batch"), "{text}");
        }
        let halves = "INSERT INTO n SELECT a FROM t WHERE :batch UNION ALL SELECT a FROM u";
        assert!(refused(halves).contains("it has a UNION"));
        for text in [
            "UPDATE t SET a = 1 WHERE a IS NULL AND :batch AND b IS NULL",
            "INSERT INTO n SELECT * FROM t WHERE :batch ON CONFLICT (a) DO UPDATE SET b = 1 WHERE n.c",
        ] {
            read(text);
        }
    }
}
