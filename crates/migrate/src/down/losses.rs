//! What a script takes away: read from its statements, and counted in the database where that is cheap.
//!
//! Only what a person must know before saying yes: tables and columns that go, rows that are deleted. What
//! a statement does by way of functions or CASCADE cannot be read from it.

use pg_schema::{ObjectName, WarningKind, quote};
use postgres::Connection;

use crate::Error;
use crate::script::{Script, Token, tokens};

/// More rows than this are not counted.
const COUNTED: i64 = 100_000;

/// One thing that a script takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Loss {
    Table(ObjectName),
    Column(ObjectName, String),
    AllRows(ObjectName),
    SomeRows(ObjectName),
}

/// What the statements take away, in their order.
pub(crate) fn find(script: &Script<'_>) -> Vec<Loss> {
    let statements = script.statements().iter();
    let text = |range: &std::ops::Range<usize>| &script.text()[range.clone()];
    let mut losses: Vec<Loss> = Vec::new();
    for loss in statements.flat_map(|statement| of_statement(&tokens(text(&statement.range)))) {
        if !losses.contains(&loss) {
            losses.push(loss);
        }
    }
    losses
}

impl Loss {
    /// What is gone then, in few words.
    pub(crate) fn what(&self) -> String {
        match self {
            Self::Table(table) | Self::AllRows(table) => format!("the rows of `{}`", table.name),
            Self::Column(table, column) => format!("the values of `{column}` of `{}`", table.name),
            Self::SomeRows(table) => format!("rows of `{}`", table.name),
        }
    }

    /// What it is, with the numbers that the database gives.
    pub(crate) async fn describe(&self, connection: &Connection) -> Result<String, Error> {
        Ok(match self {
            Self::Table(table) => {
                let rows = count(connection, table, None).await?;
                format!("drops the table `{}`{}", table.name, number(rows, "row"))
            }
            Self::Column(table, column) => {
                let values = count(connection, table, Some(column)).await?;
                let number = number(values, "value");
                format!("drops the column `{column}` of the table `{}`{number}", table.name)
            }
            Self::AllRows(table) => {
                let rows = count(connection, table, None).await?;
                format!("empties the table `{}`{}", table.name, number(rows, "row"))
            }
            Self::SomeRows(table) => {
                let rows = count(connection, table, None).await?;
                format!("deletes from the table `{}`{}", table.name, number(rows, "row"))
            }
        })
    }

    /// What the comment of a written `down.sql` says of it, which then need not be said twice.
    pub(crate) fn in_general(&self) -> Option<String> {
        let kind = match self {
            Self::Table(table) => WarningKind::TableDropped { table: table.clone() },
            Self::Column(table, column) => {
                WarningKind::ColumnDropped { table: table.clone(), column: column.clone() }
            }
            Self::AllRows(_) | Self::SomeRows(_) => return None,
        };
        kind.message(&pg_schema::RowCounts::default())
    }
}

/// The rows of a table, or the values in a column of it; nothing where it is not there or not to be read.
async fn count(
    connection: &Connection,
    table: &ObjectName,
    column: Option<&str>,
) -> Result<Option<i64>, Error> {
    let name = quote::explicit(table);
    let readable = "SELECT coalesce(has_table_privilege(to_regclass($1), 'SELECT'), false)
                    AND ($2::text IS NULL OR EXISTS (SELECT FROM pg_attribute
                         WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped))";
    if !connection.query_one(readable, &[&name, &column]).await?.get::<_, bool>(0) {
        return Ok(None);
    }
    let limit = COUNTED + 1;
    let sql = match column {
        None => format!("SELECT count(*) FROM (SELECT FROM {name} LIMIT {limit}) t"),
        Some(column) => {
            let column = quote::ident(column);
            format!(
                "SELECT count(*) FROM (SELECT FROM {name} WHERE {column} IS NOT NULL LIMIT {limit}) t"
            )
        }
    };
    Ok(Some(connection.query_one(&sql, &[]).await?.get(0)))
}

fn number(count: Option<i64>, of: &str) -> String {
    match count {
        None => String::new(),
        Some(0) if of == "row" => " (empty)".to_owned(),
        Some(0) => " (no values)".to_owned(),
        Some(1) => format!(" (1 {of})"),
        Some(count) if count > COUNTED => format!(" (more than {COUNTED} {of}s)"),
        Some(count) => format!(" ({count} {of}s)"),
    }
}

fn of_statement(tokens: &[Token]) -> Vec<Loss> {
    let mut reader = Reader { rest: tokens };
    if reader.take("DROP") && (reader.take("TABLE") || reader.take_all(&["FOREIGN", "TABLE"])) {
        return reader.names().into_iter().map(Loss::Table).collect();
    }
    let mut reader = Reader { rest: tokens };
    if reader.take("TRUNCATE") {
        reader.take("TABLE");
        return reader.names().into_iter().map(Loss::AllRows).collect();
    }
    if reader.take_all(&["DELETE", "FROM"]) {
        let is_all = !tokens.iter().any(|token| token.is("WHERE") || token.is("USING"));
        let loss = if is_all { Loss::AllRows } else { Loss::SomeRows };
        return reader.names().into_iter().take(1).map(loss).collect();
    }
    if reader.take_all(&["ALTER", "TABLE"]) {
        return reader.dropped_columns();
    }
    Vec::new()
}

struct Reader<'a> {
    rest: &'a [Token],
}

impl Reader<'_> {
    fn take(&mut self, word: &str) -> bool {
        self.take_if(|token| token.is(word))
    }

    fn take_all(&mut self, words: &[&str]) -> bool {
        let before = self.rest;
        let found = words.iter().all(|word| self.take(word));
        if !found {
            self.rest = before;
        }
        found
    }

    fn take_if(&mut self, is_it: impl Fn(&Token) -> bool) -> bool {
        match self.rest {
            [first, rest @ ..] if is_it(first) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn identifier(&mut self) -> Option<String> {
        let (name, rest) = match self.rest {
            [Token::Name(name), rest @ ..] => (name.clone(), rest),
            [Token::Word(word), rest @ ..] => (word.to_lowercase(), rest),
            _ => return None,
        };
        self.rest = rest;
        Some(name)
    }

    fn name(&mut self) -> Option<ObjectName> {
        self.take_all(&["IF", "EXISTS"]);
        self.take("ONLY");
        let first = self.identifier()?;
        if !self.take_if(|token| token.is_mark('.')) {
            return Some(ObjectName::bare(first));
        }
        Some(ObjectName::qualified(first, self.identifier()?))
    }

    fn names(&mut self) -> Vec<ObjectName> {
        let mut names: Vec<ObjectName> = self.name().into_iter().collect();
        while self.take_if(|token| token.is_mark(',')) {
            names.extend(self.name());
        }
        names
    }

    /// After `ALTER TABLE`: the columns that its clauses drop.
    fn dropped_columns(&mut self) -> Vec<Loss> {
        let Some(table) = self.name() else { return Vec::new() };
        let mut losses = Vec::new();
        loop {
            if self.take("DROP") && !self.take("CONSTRAINT") {
                self.take("COLUMN");
                self.take_all(&["IF", "EXISTS"]);
                losses.extend(self.identifier().map(|column| Loss::Column(table.clone(), column)));
            }
            if !self.skip_clause() {
                return losses;
            }
        }
    }

    /// Goes behind the next comma that is in no parentheses; false where there is none.
    fn skip_clause(&mut self) -> bool {
        let mut depth = 0_usize;
        while let [first, rest @ ..] = self.rest {
            self.rest = rest;
            match first {
                Token::Mark('(') => depth += 1,
                Token::Mark(')') => depth = depth.saturating_sub(1),
                Token::Mark(',') if depth == 0 => return true,
                _ => {}
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Loss> {
        find(&Script::new(text))
    }

    #[test]
    fn tables_that_go_are_found() {
        let table = |name: &str| Loss::Table(ObjectName::bare(name));
        assert_eq!(found("DROP TABLE \"A\";"), [table("A")]);
        assert_eq!(
            found("-- x\ndrop table if exists A, s.\"B\" cascade; DROP TABLE a"),
            [table("a"), Loss::Table(ObjectName::qualified("s", "B"))]
        );
        assert_eq!(found("SELECT 'DROP TABLE a'; DROP INDEX a; DROP TYPE t"), []);
    }

    #[test]
    fn columns_that_go_are_found_among_other_clauses() {
        let column = |name: &str| Loss::Column(ObjectName::bare("T"), name.to_owned());
        assert_eq!(
            found(
                "ALTER TABLE ONLY \"T\" ADD COLUMN d DECIMAL(5,2) CHECK (d > 1), DROP COLUMN \"x\",\nDROP y CASCADE, \
                 ALTER COLUMN z DROP NOT NULL, DROP CONSTRAINT k, DROP COLUMN IF EXISTS \"w\";"
            ),
            [column("x"), column("y"), column("w")]
        );
    }

    #[test]
    fn rows_that_go_are_found() {
        let name = || ObjectName::bare("t");
        assert_eq!(found("TRUNCATE TABLE t"), [Loss::AllRows(name())]);
        assert_eq!(found("DELETE FROM t"), [Loss::AllRows(name())]);
        assert_eq!(found("DELETE FROM t WHERE a"), [Loss::SomeRows(name())]);
    }
}
