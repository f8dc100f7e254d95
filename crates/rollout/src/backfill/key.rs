//! The key along which a table is gone through: what it is, and the SQL of its order and its ranges.
//!
//! The primary key, else a unique index that holds for all rows, over columns that are never NULL. Its values are kept as
//! text and cast back, so that every type will do that can be ordered.

use std::fmt::Write as _;

use pg_schema::quote::{ident, literal};
use postgres::Connection;
use postgres::driver::Row;

use super::Error;
use crate::TableName;

/// A table, and how to go through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// As SQL, with its schema.
    pub(super) relation: String,
    pub(super) key: Key,
}

/// The columns of a key, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    /// As SQL.
    name: String,
    /// Its type, as SQL.
    ty: String,
}

/// The values of a key, as text.
pub(super) type Values = Vec<String>;

impl Key {
    /// The names, as SQL.
    pub(super) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The columns of a table that is called `of`, as something to compare.
    fn columns_of(&self, of: &str) -> String {
        row(self.columns.iter().map(|column| format!("{of}.{}", column.name)))
    }

    /// Values, as something to compare with.
    fn values(&self, values: &[String]) -> String {
        let typed = |(value, column): (&String, &Column)| {
            format!("CAST({} AS {})", literal(value), column.ty)
        };
        row(values.iter().zip(&self.columns).map(typed))
    }

    /// The same of an array of text that some expression is.
    fn values_in(&self, array: &str) -> String {
        let typed =
            |(at, column): (usize, &Column)| format!("CAST({array}[{at}] AS {})", column.ty);
        row((1..).zip(&self.columns).map(typed))
    }

    /// An array with the texts of a row's key.
    pub(super) fn texts(&self, of: &str) -> String {
        let texts = self.columns.iter().map(|column| format!("{of}.{}::text", column.name));
        format!("ARRAY[{}]", texts.collect::<Vec<_>>().join(", "))
    }

    /// For ORDER BY, each column followed by `way`.
    pub(super) fn order(&self, of: &str, way: &str) -> String {
        let columns = self.columns.iter().map(|column| format!("{of}.{}{way}", column.name));
        columns.collect::<Vec<_>>().join(", ")
    }

    /// The condition of a range: after one key, or from the very beginning, up to another.
    pub(super) fn range(&self, of: &str, after: Option<&[String]>, upto: &[String]) -> String {
        let columns = self.columns_of(of);
        let upto = self.values(upto);
        match after {
            Some(after) => format!("({columns} > {} AND {columns} <= {upto})", self.values(after)),
            None => format!("({columns} <= {upto})"),
        }
    }

    /// The same with the ends in arrays of text.
    pub(super) fn range_in(&self, of: &str, after: &str, upto: &str) -> String {
        let columns = self.columns_of(of);
        let (after, upto) = (self.values_in(after), self.values_in(upto));
        format!("({columns} > {after} AND {columns} <= {upto})")
    }

    /// A row's key, for a person.
    pub(super) fn shown(&self, values: &[String]) -> String {
        let parts = self.columns.iter().zip(values);
        let parts = parts.map(|(column, value)| format!("{} = {}", column.name, literal(value)));
        parts.collect::<Vec<_>>().join(", ")
    }
}

fn row(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    match &parts[..] {
        [only] => only.clone(),
        _ => format!("({})", parts.join(", ")),
    }
}

/// Finds the key of a table, of which none of the columns in `set` is one: rows whose key is written would come up again
/// behind those that are done, or be passed over.
///
/// Fails where there is no such table, or it has none; the error says why and what helps.
pub(super) async fn find(
    connection: &Connection,
    table: &TableName,
    set: &[String],
) -> Result<Target, Error> {
    let relation = format!("{}.{}", ident(&table.schema), ident(&table.name));
    let sql = "SELECT c.oid, c.relkind::text, c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhparent = c.oid) \
               FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = $1 AND c.relname = $2";
    let Some(found) = connection.query_opt(sql, &[&table.schema, &table.name]).await? else {
        return Err(Error::new(format!("there is no table {relation}")).with_help(
            "cargo xtask migrate status\nsays what the database has; a name without quotes is one in small letters",
        ));
    };
    let (oid, kind, has_children): (u32, &str, bool) = (found.get(0), found.get(1), found.get(2));
    if !matches!(kind, "r" | "p") {
        return Err(Error::new(format!("{relation} is no table: it is not filled in batches"))
            .with_help("fill the tables that it is made of"));
    }
    if has_children {
        return Err(Error::new(format!(
            "other tables inherit from {relation}: no key of its own holds for their rows"
        ))
        .with_help(format!("fill each of them: UPDATE ONLY {relation} … WHERE :batch is not enough, name the tables")));
    }
    let rows = connection.query(include_str!("key.sql"), &[&oid]).await?;
    let candidates: Vec<Candidate> = rows.iter().map(Candidate::of).collect();
    let keys = || candidates.iter().filter(|candidate| candidate.obstacle().is_none());
    match (keys().find(|key| key.set_of(set).is_none()), keys().next()) {
        (Some(found), _) => Ok(Target { relation, key: found.key() }),
        (None, Some(key)) => Err(Error::new(format!(
            "it sets {}, a column of the key {} along which {relation} is gone through: rows would come up again, or be passed over",
            ident(key.set_of(set).unwrap_or_default()),
            key.name
        ))
        .with_help(
            "fill a column of its own with the new key, and let that take the place of the old one:\n  \
             cargo xtask migrate dev --zero-downtime\n\
             A table of a few thousand rows needs no batches: put the UPDATE into a migration.sql.",
        )),
        (None, None) => Err(none(&relation, &candidates)),
    }
}

/// A unique index.
struct Candidate {
    name: String,
    columns: Vec<String>,
    types: Vec<String>,
    nullable: Vec<String>,
    is_invalid: bool,
    is_partial: bool,
    is_ordered: bool,
}

impl Candidate {
    fn of(row: &Row) -> Self {
        Self {
            name: row.get("name"),
            columns: row.get("columns"),
            types: row.get("types"),
            nullable: row.get::<_, Option<Vec<String>>>("nullable").unwrap_or_default(),
            is_invalid: row.get("is_invalid"),
            is_partial: row.get("is_partial"),
            is_ordered: row.get("is_ordered"),
        }
    }

    /// Why it is no key.
    fn obstacle(&self) -> Option<String> {
        if self.is_invalid {
            return Some("is not valid".to_owned());
        }
        if self.is_partial {
            return Some("holds for some rows only".to_owned());
        }
        if !self.nullable.is_empty() {
            let columns: Vec<String> =
                self.nullable.iter().map(|name| ident(name).to_string()).collect();
            return Some(format!("has rows without order where {} is NULL", columns.join(" or ")));
        }
        (!self.is_ordered).then(|| "has another order than its columns".to_owned())
    }

    /// The first of its columns that is set.
    fn set_of(&self, set: &[String]) -> Option<&str> {
        self.columns.iter().find(|column| set.contains(column)).map(String::as_str)
    }

    fn key(&self) -> Key {
        let column = |(name, ty): (&String, &String)| Column {
            name: ident(name).to_string(),
            ty: ty.clone(),
        };
        Key { columns: self.columns.iter().zip(&self.types).map(column).collect() }
    }
}

fn none(relation: &str, candidates: &[Candidate]) -> Error {
    let mut message = format!(
        "{relation} cannot be filled in batches: it has no key to go along, neither a primary key nor a unique index over \
         columns that are never NULL"
    );
    for candidate in candidates {
        if let Some(why) = candidate.obstacle() {
            let _ = write!(message, "\n  {} {why}", candidate.name);
        }
    }
    let nullable = candidates
        .iter()
        .find(|candidate| !candidate.is_invalid && !candidate.is_partial && candidate.is_ordered);
    let help = match nullable {
        Some(candidate) => {
            let columns = candidate.nullable.iter();
            let columns = columns.map(|name| format!("ALTER COLUMN {} SET NOT NULL", ident(name)));
            format!("ALTER TABLE {relation} {};", columns.collect::<Vec<_>>().join(", "))
        }
        None => format!(
            "CREATE UNIQUE INDEX CONCURRENTLY ON {relation} (…);\nover columns that are NOT NULL; or give the model an @id"
        ),
    };
    Error::new(message).with_help(format!(
        "{help}\nA table of a few thousand rows needs no batches: put the UPDATE into a migration.sql."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(columns: &[(&str, &str)]) -> Key {
        let column = |(name, ty): &(&str, &str)| Column {
            name: ident(name).to_string(),
            ty: (*ty).to_owned(),
        };
        Key { columns: columns.iter().map(column).collect() }
    }

    #[test]
    fn ranges_compare_rows() {
        let values =
            |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Values>();
        let one = key(&[("id", "uuid")]);
        assert_eq!(
            one.range("t", Some(&values(&["a'b"])), &values(&["c"])),
            "(t.\"id\" > CAST('a''b' AS uuid) AND t.\"id\" <= CAST('c' AS uuid))"
        );
        let two = key(&[("a", "bigint"), ("b", "text")]);
        assert_eq!(
            two.range("\"T\"", None, &values(&["1", "x"])),
            "((\"T\".\"a\", \"T\".\"b\") <= (CAST('1' AS bigint), CAST('x' AS text)))"
        );
        assert_eq!(
            two.range_in("t", "b.cursor", "b.upper"),
            "((t.\"a\", t.\"b\") > (CAST(b.cursor[1] AS bigint), CAST(b.cursor[2] AS text)) AND \
             (t.\"a\", t.\"b\") <= (CAST(b.upper[1] AS bigint), CAST(b.upper[2] AS text)))"
        );
        assert_eq!(two.order("t", " DESC"), "t.\"a\" DESC, t.\"b\" DESC");
        assert_eq!(two.texts("t"), "ARRAY[t.\"a\"::text, t.\"b\"::text]");
        assert_eq!(two.shown(&values(&["1", "x"])), "\"a\" = '1', \"b\" = 'x'");
    }
}
