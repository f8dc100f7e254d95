//! `rollout.toml` beside an expand migration: what is to be filled, with which values, what comes after the fill, how both
//! sides are shown to be equal, and what will be retired. Prisma looks past the file.
//!
//! SQL in it calls the table to be filled `t`; all other names are written out with their schemas. Values may depend on
//! the session, as a date's text does: all of it is to be run as [`SETTINGS`] have it.

use std::fmt::{self, Write as _};

use toml::{Table, Value};

/// What sessions are to be set to that evaluate expressions of a document, so that they get the values that the triggers
/// get: the functions of these are set so too.
pub const SETTINGS: &[(&str, &str)] = &[
    ("TimeZone", "UTC"),
    ("DateStyle", "ISO, MDY"),
    ("IntervalStyle", "postgres"),
    ("extra_float_digits", "1"),
    ("bytea_output", "hex"),
];

/// The name of the file.
pub const ROLLOUT: &str = "rollout.toml";

/// What a rollout does beyond the SQL of its expand migration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// What changes, a line each: `rename column "Student"."fullName" to "full_name"`.
    pub summary: Vec<String>,
    /// The sequence in `_driveflow` whose value is when the old side was last written alone, in milliseconds since 1970.
    /// None where nothing could tell.
    pub old_writes: Option<String>,
    /// Indexes that the fills find their rows by, built before them, beside whoever uses the tables. The contract drops
    /// them.
    pub prepare: Vec<Finish>,
    /// In the order in which they are to be run.
    pub fills: Vec<Fill>,
    /// What is done once all fills are, in this order, each outside of a transaction.
    pub finish: Vec<Finish>,
    /// Queries that return up to ten rows in which both sides differ, the key first; none where they are equal.
    pub proofs: Vec<String>,
    /// What the contract takes away: `column "Student"."fullName"`.
    pub retires: Vec<String>,
}

/// A table by its schema and name, as PostgreSQL has them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableName {
    pub schema: String,
    pub name: String,
}

/// Rows that are to get values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fill {
    pub table: TableName,
    /// Columns with expressions over `t`.
    pub set: Vec<(String, String)>,
    /// A condition over `t`: which rows still have to be filled. Run again, a finished fill finds none.
    pub pending: String,
}

/// One statement after the fills, or before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finish {
    pub kind: FinishKind,
    pub table: TableName,
    /// The index or constraint.
    pub name: String,
    pub sql: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishKind {
    /// `CREATE [UNIQUE] INDEX CONCURRENTLY`.
    Index,
    /// `ALTER TABLE … ADD CONSTRAINT … NOT VALID`, of what can only come once the fill is done: a foreign key to a column
    /// that gets its index after it. It is not to be run where the table has a constraint of that name.
    Constraint,
    /// `ALTER TABLE … VALIDATE CONSTRAINT`.
    Validate,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl Document {
    /// The text of the file, in which [`Document::parse`] finds the same.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "# A rollout, by cargo xtask migrate dev --zero-downtime. It may be edited until it is deployed.\n\
             # Next, on each database: cargo xtask backfill run; once the new release runs: cargo xtask migrate contract\n\n",
        );
        let _ = writeln!(text, "summary = {}", list(&self.summary));
        let _ = writeln!(text, "retires = {}", list(&self.retires));
        if let Some(sequence) = &self.old_writes {
            let _ = writeln!(text, "old_writes = {}", string(sequence));
        }
        let _ = writeln!(text, "proofs = {}", list(&self.proofs));
        for step in &self.prepare {
            write_step(&mut text, "prepare", step);
        }
        for Fill { table, set, pending } in &self.fills {
            let _ = writeln!(text, "\n[[fill]]\n{}", named(table));
            let _ = writeln!(text, "pending = {}", string(pending));
            for (column, value) in set {
                let _ = writeln!(text, "\n[[fill.set]]\ncolumn = {}", string(column));
                let _ = writeln!(text, "value = {}", string(value));
            }
        }
        for step in &self.finish {
            write_step(&mut text, "finish", step);
        }
        text
    }

    /// Reads the text of a file.
    ///
    /// Fails where it is no TOML, or where something is missing, unknown or of another kind; the error says where.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let file: Table =
            text.parse().map_err(|error: toml::de::Error| Error(error.to_string()))?;
        let mut file = Part { of: "the file".to_owned(), table: file };
        let document = Self {
            summary: file.strings("summary")?,
            retires: file.strings("retires")?,
            old_writes: file.maybe("old_writes")?,
            proofs: file.strings("proofs")?,
            prepare: file.parts("prepare")?.into_iter().map(finish).collect::<Result<_, _>>()?,
            fills: file.parts("fill")?.into_iter().map(fill).collect::<Result<_, _>>()?,
            finish: file.parts("finish")?.into_iter().map(finish).collect::<Result<_, _>>()?,
        };
        file.end()?;
        Ok(document)
    }
}

fn write_step(text: &mut String, list: &str, Finish { kind, table, name, sql }: &Finish) {
    let kind = match kind {
        FinishKind::Index => "index",
        FinishKind::Constraint => "constraint",
        FinishKind::Validate => "validate",
    };
    let _ = writeln!(text, "\n[[{list}]]\nkind = {}\n{}", string(kind), named(table));
    let _ = writeln!(text, "name = {}\nsql = {}", string(name), string(sql));
}

fn fill(mut part: Part) -> Result<Fill, Error> {
    let set = part.parts("set")?.into_iter().map(|mut part| {
        let set = (part.string("column")?, part.string("value")?);
        part.end()?;
        Ok(set)
    });
    let set = set.collect::<Result<Vec<_>, Error>>()?;
    if set.is_empty() {
        return Err(Error(format!("{} sets no column", part.of)));
    }
    let fill = Fill { table: part.table_name()?, pending: part.string("pending")?, set };
    part.end()?;
    Ok(fill)
}

fn finish(mut part: Part) -> Result<Finish, Error> {
    let kind = match part.string("kind")?.as_str() {
        "index" => FinishKind::Index,
        "constraint" => FinishKind::Constraint,
        "validate" => FinishKind::Validate,
        other => {
            return Err(Error(format!(
                "{}: kind is `index`, `constraint` or `validate`, not `{other}`",
                part.of
            )));
        }
    };
    let finish = Finish {
        kind,
        table: part.table_name()?,
        name: part.string("name")?,
        sql: part.string("sql")?,
    };
    part.end()?;
    Ok(finish)
}

/// A table of the file, from which what is known is taken out, so that what is left is a mistake.
struct Part {
    of: String,
    table: Table,
}

impl Part {
    fn maybe(&mut self, key: &str) -> Result<Option<String>, Error> {
        match self.table.remove(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Error(format!("{}: `{key}` is no string", self.of))),
        }
    }

    fn string(&mut self, key: &str) -> Result<String, Error> {
        self.maybe(key)?.ok_or_else(|| Error(format!("{} has no `{key}`", self.of)))
    }

    fn strings(&mut self, key: &str) -> Result<Vec<String>, Error> {
        let wrong = || Error(format!("{}: `{key}` is no list of strings", self.of));
        let Some(value) = self.table.remove(key) else { return Ok(Vec::new()) };
        let Value::Array(values) = value else { return Err(wrong()) };
        values.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
    }

    fn parts(&mut self, key: &str) -> Result<Vec<Part>, Error> {
        let wrong = || Error(format!("{}: `{key}` is no list of tables", self.of));
        let Some(value) = self.table.remove(key) else { return Ok(Vec::new()) };
        let Value::Array(values) = value else { return Err(wrong()) };
        let parts = values.into_iter().zip(1..).map(|(value, number)| match value {
            Value::Table(table) => Ok(Part { of: format!("{key} {number}"), table }),
            _ => Err(wrong()),
        });
        parts.collect()
    }

    fn table_name(&mut self) -> Result<TableName, Error> {
        Ok(TableName { schema: self.string("schema")?, name: self.string("table")? })
    }

    fn end(self) -> Result<(), Error> {
        match self.table.keys().next() {
            None => Ok(()),
            Some(key) => Err(Error(format!("{}: nothing is known of `{key}`", self.of))),
        }
    }
}

fn named(table: &TableName) -> String {
    format!("schema = {}\ntable = {}", string(&table.schema), string(&table.name))
}

/// Literal where TOML allows it, since SQL is full of double quotes.
fn string(text: &str) -> String {
    if !text.contains('\'') && !text.chars().any(char::is_control) {
        return format!("'{text}'");
    }
    let mut written = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => written.extend(['\\', char]),
            '\n' => written.push_str("\\n"),
            _ if char.is_control() => {
                let _ = write!(written, "\\u{:04x}", u32::from(char));
            }
            _ => written.push(char),
        }
    }
    written + "\""
}

fn list(texts: &[String]) -> String {
    if texts.is_empty() {
        return "[]".to_owned();
    }
    let lines: Vec<String> = texts.iter().map(|text| format!("    {},", string(text))).collect();
    format!("[\n{}\n]", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        let table = TableName { schema: "public".to_owned(), name: "Rate \"Card".to_owned() };
        Document {
            summary: vec!["type of \"it's\"".to_owned(), "two\nlines \\ and '''".to_owned()],
            old_writes: Some("old_writes_20261128101112".to_owned()),
            prepare: vec![Finish {
                kind: FinishKind::Index,
                table: table.clone(),
                name: "i".to_owned(),
                sql: "CREATE INDEX CONCURRENTLY".to_owned(),
            }],
            fills: vec![Fill {
                table: table.clone(),
                set: vec![("price".to_owned(), "round(t.\"old\" * 100)".to_owned())],
                pending: "t.price IS DISTINCT FROM 'x'".to_owned(),
            }],
            finish: vec![Finish {
                kind: FinishKind::Validate,
                table,
                name: "c".to_owned(),
                sql: "ALTER TABLE".to_owned(),
            }],
            proofs: Vec::new(),
            retires: vec!["column \"a\"".to_owned()],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let document = document();
        assert_eq!(Document::parse(&document.text()), Ok(document));
        assert_eq!(Document::parse(&Document::default().text()), Ok(Document::default()));
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let text = document().text();
        let said = |from, to| Document::parse(&text.replace(from, to)).unwrap_err().to_string();
        assert_eq!(said("pending =", "pendig ="), "fill 1 has no `pending`");
        assert_eq!(said("summary =", "sumary ="), "the file: nothing is known of `sumary`");
        assert_eq!(
            said("'validate'", "'later'"),
            "finish 1: kind is `index`, `constraint` or `validate`, not `later`"
        );
        assert_eq!(said("column = 'price'", "column = 1"), "set 1: `column` is no string");
        assert!(said("[[fill]]", "[[fill").contains("TOML"));
    }
}
