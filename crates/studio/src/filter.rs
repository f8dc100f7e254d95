//! Filters, in the client's vocabulary: which there are for a field, and what they are in SQL.

use psl::Arity;

use crate::failure::{Failure, Result};
use crate::model::{Field, Kind, Model, Relation};
use crate::quoting::{Statement, ident};

/// A condition on a field or a relation: `fullName:contains:Alex`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) field: String,
    pub(crate) operator: Operator,
    /// As typed; empty where the operator takes none.
    pub(crate) value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equals,
    Not,
    InVec,
    NotInVec,
    Lt,
    Lte,
    Gt,
    Gte,
    Contains,
    StartsWith,
    EndsWith,
    ContainsInsensitive,
    IsNull,
    IsNotNull,
    Has,
    IsEmpty,
    Some,
    None,
}

const ALL: &[(Operator, &str, &str)] = &[
    (Operator::Equals, "equals", "equals"),
    (Operator::Not, "not", "is not"),
    (Operator::InVec, "in_vec", "is one of (a, b, …)"),
    (Operator::NotInVec, "not_in_vec", "is none of (a, b, …)"),
    (Operator::Lt, "lt", "is less than"),
    (Operator::Lte, "lte", "is at most"),
    (Operator::Gt, "gt", "is more than"),
    (Operator::Gte, "gte", "is at least"),
    (Operator::Contains, "contains", "contains"),
    (Operator::StartsWith, "starts_with", "starts with"),
    (Operator::EndsWith, "ends_with", "ends with"),
    (Operator::ContainsInsensitive, "contains_insensitive", "contains, in any case"),
    (Operator::IsNull, "is_null", "is null"),
    (Operator::IsNotNull, "is_not_null", "is not null"),
    (Operator::Has, "has", "has"),
    (Operator::IsEmpty, "is_empty", "is empty"),
    (Operator::Some, "some", "has some"),
    (Operator::None, "none", "has none"),
];

impl Operator {
    /// As it stands in a URL, which is the client's name for it.
    pub(crate) fn name(self) -> &'static str {
        ALL.iter().find(|(operator, ..)| *operator == self).map_or("", |(_, name, _)| name)
    }

    /// As a person reads it.
    pub(crate) fn words(self) -> &'static str {
        ALL.iter().find(|(operator, ..)| *operator == self).map_or("", |(.., words)| words)
    }

    pub(crate) fn takes_value(self) -> bool {
        !matches!(self, Self::IsNull | Self::IsNotNull | Self::IsEmpty | Self::Some | Self::None)
    }

    /// Those that a field can be filtered by.
    pub(crate) fn of_field(field: &Field) -> Vec<Self> {
        use Operator as O;
        let mut operators = match (&field.kind, field.arity) {
            (_, Arity::List) => vec![O::Has, O::IsEmpty],
            (Kind::Text, _) => vec![
                O::Contains,
                O::ContainsInsensitive,
                O::Equals,
                O::Not,
                O::InVec,
                O::NotInVec,
                O::StartsWith,
                O::EndsWith,
                O::Lt,
                O::Lte,
                O::Gt,
                O::Gte,
            ],
            (Kind::Number | Kind::DateTime, _) => {
                vec![O::Equals, O::Not, O::Lt, O::Lte, O::Gt, O::Gte, O::InVec, O::NotInVec]
            }
            (Kind::Enum(_), _) => vec![O::Equals, O::Not, O::InVec, O::NotInVec],
            (Kind::Boolean | Kind::Bytes, _) => vec![O::Equals, O::Not],
            (Kind::Json, _) => vec![O::Equals, O::Not, O::Contains],
            (Kind::Other, _) => vec![O::Contains],
        };
        if field.arity != Arity::Required {
            operators.extend([O::IsNull, O::IsNotNull]);
        }
        operators
    }
}

impl Filter {
    /// Reads `field:operator:value`; the value may hold colons.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut parts = text.splitn(3, ':');
        let (field, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let operator = ALL.iter().find(|(_, known, _)| *known == name);
        let Some((operator, ..)) = operator else {
            let near = psl::nearest(name, ALL.iter().map(|(_, known, _)| *known));
            let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
            return Err(Failure::wrong(format!("There is no filter {name:?}{hint}"))
                .help("a filter is field:operator:value, as fullName:contains:Alex"));
        };
        let value = parts.next().unwrap_or_default().to_owned();
        Ok(Self { field: field.to_owned(), operator: *operator, value })
    }

    /// As it stands in a URL.
    pub(crate) fn text(&self) -> String {
        format!("{}:{}:{}", self.field, self.operator.name(), self.value)
    }

    /// Adds the condition to a statement over `t`.
    pub(crate) fn push(&self, statement: &mut Statement, model: &Model) -> Result<()> {
        if let Operator::Some | Operator::None = self.operator {
            let relation = model.relations.iter().find(|relation| relation.name == self.field);
            let relation = relation.ok_or_else(|| {
                Failure::not_found(format!("{} has no relation {:?}", model.name, self.field))
            })?;
            push_exists(statement, relation, self.operator == Operator::Some);
            return Ok(());
        }
        let field = model.field(&self.field)?;
        if !Operator::of_field(field).contains(&self.operator) {
            return Err(Failure::wrong(format!(
                "{}.{} is a {}, which cannot be filtered by {}",
                model.name,
                field.name,
                field.shown_type,
                self.operator.name()
            )));
        }
        self.push_on(statement, field);
        Ok(())
    }

    fn push_on(&self, statement: &mut Statement, field: &Field) {
        let (column, ty, value) = (field.sql(), field.sql_type.as_str(), Some(self.value.as_str()));
        // Texts are compared as they are, so that their indexes are of use.
        let text = if field.is_text() { column.clone() } else { format!("{column}::text") };
        let (compared, compared_type) =
            if field.is_comparable() { (column.as_str(), ty) } else { (text.as_str(), "text") };
        let mut compare = |sign: &str| {
            statement.push(&format!("{compared} {sign} ")).value(value, compared_type);
        };
        match self.operator {
            Operator::Equals => compare("="),
            Operator::Not => compare("<>"),
            Operator::Lt => compare("<"),
            Operator::Lte => compare("<="),
            Operator::Gt => compare(">"),
            Operator::Gte => compare(">="),
            Operator::InVec | Operator::NotInVec => {
                let not = if self.operator == Operator::NotInVec { "NOT " } else { "" };
                if items(&self.value).is_empty() {
                    statement.push(if not.is_empty() { "false" } else { "true" });
                    return;
                }
                statement.push(&format!("{compared} {not}IN ("));
                for (at, item) in items(&self.value).iter().enumerate() {
                    statement.push(if at == 0 { "" } else { ", " });
                    statement.value(Some(item), compared_type);
                }
                statement.push(")");
            }
            Operator::Contains
            | Operator::StartsWith
            | Operator::EndsWith
            | Operator::ContainsInsensitive => {
                let escaped = escape_like(&self.value);
                let pattern = match self.operator {
                    Operator::StartsWith => format!("{escaped}%"),
                    Operator::EndsWith => format!("%{escaped}"),
                    _ => format!("%{escaped}%"),
                };
                let is_insensitive = self.operator == Operator::ContainsInsensitive;
                let like = if is_insensitive { "ILIKE" } else { "LIKE" };
                statement.push(&format!("{text} {like} ")).value(Some(&pattern), "text");
            }
            Operator::IsNull => {
                statement.push(&format!("{column} IS NULL"));
            }
            Operator::IsNotNull => {
                statement.push(&format!("{column} IS NOT NULL"));
            }
            Operator::Has => {
                let element = ty.strip_suffix("[]").unwrap_or(ty);
                statement.value(value, element).push(&format!(" = ANY({column})"));
            }
            Operator::IsEmpty => {
                statement.push(&format!("pg_catalog.cardinality({column}) = 0"));
            }
            Operator::Some | Operator::None => {}
        }
    }
}

fn push_exists(statement: &mut Statement, relation: &Relation, is_some: bool) {
    let not = if is_some { "" } else { "NOT " };
    statement.push(&format!("{not}EXISTS (SELECT FROM {} o WHERE ", relation.table));
    for (at, pair) in relation.pairs.iter().enumerate() {
        let and = if at == 0 { "" } else { " AND " };
        let (other, own) = (ident(&pair.other_column), ident(&pair.own_column));
        statement.push(&format!("{and}o.{other} = t.{own}"));
    }
    statement.push(")");
}

/// What stands between commas, or, for values with commas in them, the texts of a JSON array.
fn items(value: &str) -> Vec<String> {
    if let Ok(serde_json::Value::Array(items)) = serde_json::from_str(value) {
        let text = |item: serde_json::Value| match item {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        return items.into_iter().map(text).collect();
    }
    value.split(',').map(|item| item.trim().to_owned()).collect()
}

/// As a pattern that stands for itself.
fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '\\' | '%' | '_') {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_as_it_is_written() {
        for text in
            ["name:contains:a:b", "startAt:gte:2026-01-01 09:00", "lesson:none:", "x:is_null:"]
        {
            assert_eq!(Filter::parse(text).expect("a filter").text(), text);
        }
        let failure = Filter::parse("name:contain:x").unwrap_err();
        assert!(failure.message.contains("did you mean contains?"), "{}", failure.message);
    }

    #[test]
    fn lists_are_parted_by_commas_or_are_json() {
        assert_eq!(items("a, b"), ["a", "b"]);
        assert_eq!(items(r#"["a, b", 1]"#), ["a, b", "1"]);
    }

    #[test]
    fn patterns_mean_what_was_typed() {
        assert_eq!(escape_like(r"50%_\"), r"50\%\_\\");
    }
}
