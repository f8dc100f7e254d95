//! A value over the columns of one row, to be written over `t` (a fill, a proof) and over `NEW` (a trigger).
//!
//! Columns are found in the syntax tree and qualified there; those of a to-one relation become a subselect of their own.

use std::collections::BTreeSet;

use pg_schema::quote;
use sql::{ColumnRef, Expression, Shape};

/// A value, its columns resolved.
#[derive(Debug, Clone)]
pub(super) struct Formula {
    sql: String,
    read: Expression,
    /// What each of its column references is.
    places: Vec<Place>,
    /// The types that it is cast to, one after the other.
    casts: Vec<String>,
    /// Whether it is the same in each session and at all times, as far as can be told.
    pub(super) is_fixed: bool,
}

/// What a reference to a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// A column of the row itself.
    Own(String),
    /// A column of the one row that a relation leads to.
    Joined(Join, String),
}

/// The row of another table that belongs to this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Join {
    /// With its schema, quoted.
    pub(super) table: String,
    /// Columns of the other table, and those of the row that they are equal to.
    pub(super) on: Vec<(String, String)>,
}

impl Formula {
    pub(super) fn new(sql: &str, read: Expression, places: Vec<Place>) -> Self {
        let is_fixed = read.functions.iter().all(|name| FIXED.contains(&name.as_str()))
            && places.iter().all(|place| matches!(place, Place::Own(_)));
        Self { sql: sql.to_owned(), read, places, casts: Vec::new(), is_fixed }
    }

    /// A column as it is.
    pub(super) fn column(name: &str) -> Self {
        let sql = quote::ident(name).to_string();
        let column = ColumnRef { qualifier: None, name: name.to_owned(), range: 0..sql.len() };
        let read = Expression {
            columns: vec![column],
            functions: Vec::new(),
            types: Vec::new(),
            shape: Shape::Column,
        };
        Self::new(&sql, read, vec![Place::Own(name.to_owned())])
    }

    /// The same, cast.
    #[must_use]
    pub(super) fn cast(mut self, ty: &str) -> Self {
        self.casts.push(ty.to_owned());
        self
    }

    /// The columns of the row that it is made of, those that its joins need included.
    pub(super) fn inputs(&self) -> BTreeSet<&str> {
        self.places
            .iter()
            .flat_map(|place| match place {
                Place::Own(column) => vec![column.as_str()],
                Place::Joined(join, _) => join.on.iter().map(|(_, own)| own.as_str()).collect(),
            })
            .collect()
    }

    /// The columns of the row that it names.
    pub(super) fn own(&self) -> impl Iterator<Item = &str> {
        self.places.iter().filter_map(|place| match place {
            Place::Own(column) => Some(column.as_str()),
            Place::Joined(..) => None,
        })
    }

    /// Whether it is this column and nothing else.
    pub(super) fn is_column(&self, name: &str) -> bool {
        self.read.shape == Shape::Column
            && self.casts.is_empty()
            && self.places == [Place::Own(name.to_owned())]
    }

    /// What it says, as it was written.
    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    pub(super) fn read(&self) -> &Expression {
        &self.read
    }

    /// Over a row of this name.
    pub(super) fn over(&self, row: &str) -> String {
        let mut places = self.places.iter();
        let text = self.read.rewritten(&self.sql, |_| match places.next() {
            Some(Place::Own(column)) => format!("{row}.{}", quote::ident(column)),
            Some(Place::Joined(join, column)) => {
                let on: Vec<String> = join
                    .on
                    .iter()
                    .map(|(other, own)| {
                        format!("r.{} = {row}.{}", quote::ident(other), quote::ident(own))
                    })
                    .collect();
                format!(
                    "(SELECT r.{} FROM {} AS r WHERE {})",
                    quote::ident(column),
                    join.table,
                    on.join(" AND ")
                )
            }
            None => String::new(),
        });
        let is_plain = self.read.shape == Shape::Column && !text.contains('\n');
        // A comment at its end is not to swallow the parenthesis.
        let end = if text.contains("--") { "\n" } else { "" };
        let text = if is_plain { text } else { format!("({text}{end})") };
        self.casts.iter().fold(text, |text, ty| format!("{text}::{ty}"))
    }

    /// Over the columns by their bare names, for a constraint of their own table.
    pub(super) fn bare(&self) -> String {
        let mut places = self.places.iter();
        let end = if self.sql.contains("--") { "\n" } else { "" };
        let text = self.read.rewritten(&self.sql, |_| match places.next() {
            Some(Place::Own(column) | Place::Joined(_, column)) => quote::ident(column).to_string(),
            None => String::new(),
        });
        text + end
    }

    /// Whether it looks at other tables.
    pub(super) fn has_joins(&self) -> bool {
        self.places.iter().any(|place| matches!(place, Place::Joined(..)))
    }

    /// What makes it another value when it is asked again: of a copy nobody could say whether it is equal.
    pub(super) fn changing(&self) -> Option<&str> {
        self.read.functions.iter().map(String::as_str).find(|name| {
            let bare = name.strip_prefix("pg_catalog.").unwrap_or(name);
            CHANGING.contains(&bare) || bare.starts_with("uuid_generate_")
        })
    }
}

/// Functions that make the same of the same in every session.
const FIXED: &[&str] = &[
    "abs",
    "array_length",
    "array_replace",
    "btrim",
    "cardinality",
    "ceil",
    "ceiling",
    "char_length",
    "coalesce",
    "floor",
    "greatest",
    "initcap",
    "least",
    "left",
    "length",
    "lower",
    "lpad",
    "ltrim",
    "md5",
    "mod",
    "nullif",
    "overlay",
    "position",
    "power",
    "regexp_replace",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "rpad",
    "rtrim",
    "sign",
    "split_part",
    "starts_with",
    "strpos",
    "substr",
    "substring",
    "translate",
    "trim",
    "trunc",
    "upper",
];

/// Functions that make something else each time, or in each transaction or session.
const CHANGING: &[&str] = &[
    "clock_timestamp",
    "current_catalog",
    "current_database",
    "current_date",
    "current_query",
    "current_role",
    "current_schema",
    "current_setting",
    "current_time",
    "current_timestamp",
    "current_user",
    "currval",
    "gen_random_bytes",
    "gen_random_uuid",
    "inet_client_addr",
    "lastval",
    "localtime",
    "localtimestamp",
    "nextval",
    "now",
    "pg_backend_pid",
    "pg_sleep",
    "random",
    "session_user",
    "setval",
    "statement_timestamp",
    "system_user",
    "timeofday",
    "transaction_timestamp",
    "txid_current",
    "user",
    "uuidv4",
    "uuidv7",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn own(sql: &str) -> Formula {
        let read = Expression::read(sql).unwrap();
        let places = read.columns.iter().map(|column| Place::Own(column.name.clone())).collect();
        Formula::new(sql, read, places)
    }

    #[test]
    fn columns_are_those_of_the_row() {
        assert_eq!(Formula::column("a\"b").cast("INTEGER").over("NEW"), "NEW.\"a\"\"b\"::INTEGER");
        assert_eq!(own("a || 'a' -- a").over("t"), "(t.\"a\" || 'a' -- a\n)");
        assert_eq!(own("a || b").inputs().into_iter().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn columns_of_relations_are_subselects() {
        let sql = r#""startAt" AT TIME ZONE org."timeZone""#;
        let join = Join {
            table: "\"public\".\"Org\"".to_owned(),
            on: vec![("id".to_owned(), "orgId".to_owned())],
        };
        let places =
            vec![Place::Own("startAt".to_owned()), Place::Joined(join, "timeZone".to_owned())];
        let formula = Formula::new(sql, Expression::read(sql).unwrap(), places);
        assert_eq!(
            formula.over("t"),
            r#"(t."startAt" AT TIME ZONE (SELECT r."timeZone" FROM "public"."Org" AS r WHERE r."id" = t."orgId"))"#
        );
        assert_eq!(formula.inputs().into_iter().collect::<Vec<_>>(), ["orgId", "startAt"]);
        assert!(!formula.is_fixed);
    }

    #[test]
    fn what_changes_by_itself_is_known() {
        assert_eq!(own("coalesce(a, now())").changing(), Some("now"));
        assert_eq!(own("CURRENT_TIMESTAMP").changing(), Some("current_timestamp"));
        assert_eq!(own("lower(a)").changing(), None);
        assert!(own("lower(a)").is_fixed && !own("f(a)").is_fixed);
    }
}
