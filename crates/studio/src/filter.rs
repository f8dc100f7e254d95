//! Filters, in the client's vocabulary: which there are for a field or a relation, and how they stand in a URL.

mod condition;
mod json;

use psl::Arity;
use serde_json::Value as Json;

use crate::failure::{Failure, Result};
use crate::model::{Field, Kind, Relation};

pub(crate) use condition::push;

/// Relations that a filter may lead over, one behind the other.
pub(crate) const DEEPEST: usize = 5;

/// What a row has to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// A condition on a field: `fullName:contains:Alex`. The value is as typed, empty where the operator takes none. The path leads
    /// to a part of a JSON document, `settings:path:["colours","0"]:equals:"red"`, and is empty for all of it.
    Field { name: String, path: Vec<String>, operator: Operator, value: String },
    /// Conditions on related rows, met by the same row: `lessons:some:startAt:gte:2026-01-01`.
    Related { relation: String, quantifier: Quantifier, filters: Vec<Filter> },
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
    HasEvery,
    HasSome,
    IsEmpty,
    IsNotEmpty,
    StringContains,
    StringStartsWith,
    StringEndsWith,
    ArrayContains,
    ArrayStartsWith,
    ArrayEndsWith,
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
    (Operator::HasEvery, "has_every", "has every one of (a, b, …)"),
    (Operator::HasSome, "has_some", "has some of (a, b, …)"),
    (Operator::IsEmpty, "is_empty", "is empty"),
    // The client's `is_empty(false)`.
    (Operator::IsNotEmpty, "is_not_empty", "is not empty"),
    (Operator::StringContains, "string_contains", "is a text that contains"),
    (Operator::StringStartsWith, "string_starts_with", "is a text that starts with"),
    (Operator::StringEndsWith, "string_ends_with", "is a text that ends with"),
    (Operator::ArrayContains, "array_contains", "is an array with all of (JSON)"),
    (Operator::ArrayStartsWith, "array_starts_with", "is an array that starts with (JSON)"),
    (Operator::ArrayEndsWith, "array_ends_with", "is an array that ends with (JSON)"),
];

impl Operator {
    fn named(name: &str) -> Result<Self> {
        if let Some((operator, ..)) = ALL.iter().find(|(_, known, _)| *known == name) {
            return Ok(*operator);
        }
        let names = ALL.iter().map(|(_, known, _)| *known);
        let near = psl::nearest(name, names.chain(QUANTIFIERS.iter().map(|(_, known, _)| *known)));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        Err(Failure::wrong(format!("There is no filter {name:?}{hint}")).help(
            "a filter is field:operator:value, as fullName:contains:Alex, or relation:some:field:operator:value",
        ))
    }

    /// As it stands in a URL, which is the client's name for it.
    pub(crate) fn name(self) -> &'static str {
        ALL.iter().find(|(operator, ..)| *operator == self).map_or("", |(_, name, _)| name)
    }

    /// As a person reads it.
    pub(crate) fn words(self) -> &'static str {
        ALL.iter().find(|(operator, ..)| *operator == self).map_or("", |(.., words)| words)
    }

    /// In SQL, of those that compare two values.
    fn sign(self) -> &'static str {
        match self {
            Self::Not => "<>",
            Self::Lt => "<",
            Self::Lte => "<=",
            Self::Gt => ">",
            Self::Gte => ">=",
            _ => "=",
        }
    }

    pub(crate) fn takes_value(self) -> bool {
        !matches!(self, Self::IsNull | Self::IsNotNull | Self::IsEmpty | Self::IsNotEmpty)
    }

    /// Those that a field can be filtered by.
    pub(crate) fn of_field(field: &Field) -> Vec<Self> {
        use Operator as O;
        let mut operators = match (&field.kind, field.arity) {
            (_, Arity::List) if !field.is_comparable() => vec![O::IsEmpty, O::IsNotEmpty],
            (_, Arity::List) => {
                vec![O::Has, O::HasEvery, O::HasSome, O::Equals, O::Not, O::IsEmpty, O::IsNotEmpty]
            }
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
            (Kind::Json, _) => vec![
                O::Equals,
                O::Not,
                O::Contains,
                O::StringContains,
                O::StringStartsWith,
                O::StringEndsWith,
                O::ArrayContains,
                O::ArrayStartsWith,
                O::ArrayEndsWith,
                O::Lt,
                O::Lte,
                O::Gt,
                O::Gte,
            ],
            (Kind::Other, _) => vec![O::Contains],
        };
        // Of a document that is there a part may be absent.
        if field.arity != Arity::Required || field.is_document() {
            operators.extend([O::IsNull, O::IsNotNull]);
        }
        operators
    }
}

/// How many of the related rows have to meet the conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Some,
    Every,
    None,
    /// The one that there is.
    Is,
    IsNot,
}

const QUANTIFIERS: &[(Quantifier, &str, &str)] = &[
    (Quantifier::Some, "some", "has some"),
    (Quantifier::Every, "every", "has only"),
    (Quantifier::None, "none", "has none"),
    (Quantifier::Is, "is", "has one"),
    (Quantifier::IsNot, "is_not", "has not one"),
];

impl Quantifier {
    fn named(name: &str) -> Option<Self> {
        let found = QUANTIFIERS.iter().find(|(_, known, _)| *known == name);
        found.map(|(quantifier, ..)| *quantifier)
    }

    /// As it stands in a URL, which is the client's name for it.
    pub(crate) fn name(self) -> &'static str {
        let found = QUANTIFIERS.iter().find(|(quantifier, ..)| *quantifier == self);
        found.map_or("", |(_, name, _)| name)
    }

    /// As a person reads it.
    pub(crate) fn words(self) -> &'static str {
        let found = QUANTIFIERS.iter().find(|(quantifier, ..)| *quantifier == self);
        found.map_or("", |(.., words)| words)
    }

    /// Those that a relation can be filtered by.
    pub(crate) fn of_relation(relation: &Relation) -> &'static [Self] {
        if relation.is_list {
            &[Self::Some, Self::Every, Self::None]
        } else {
            &[Self::Is, Self::IsNot]
        }
    }
}

impl Filter {
    /// Reads `field:operator:value`, where the value may hold colons, or `relation:quantifier` with nothing, a filter or a JSON array
    /// of filters behind it.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        Self::read(text, DEEPEST)
    }

    fn read(text: &str, deepest: usize) -> Result<Self> {
        let mut parts = text.splitn(3, ':');
        let (name, how) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let rest = parts.next().unwrap_or_default();
        if let Some(quantifier) = Quantifier::named(how) {
            let deepest = deepest.checked_sub(1).ok_or_else(|| {
                Failure::wrong(format!("A filter leads over {DEEPEST} relations at most"))
            })?;
            let filters = Self::read_all(rest, deepest)?;
            return Ok(Self::Related { relation: name.to_owned(), quantifier, filters });
        }
        if how == "path" {
            let (path, condition) = path_and_rest(rest)?;
            let (how, value) = condition.split_once(':').unwrap_or((condition, ""));
            let (operator, value) = (Operator::named(how)?, value.to_owned());
            return Ok(Self::Field { name: name.to_owned(), path, operator, value });
        }
        let operator = match (Operator::named(how)?, rest) {
            (Operator::IsEmpty, "false") => Operator::IsNotEmpty,
            (operator, _) => operator,
        };
        let value = if operator.takes_value() { rest.to_owned() } else { String::new() };
        Ok(Self::Field { name: name.to_owned(), path: Vec::new(), operator, value })
    }

    /// What stands behind a quantifier.
    fn read_all(text: &str, deepest: usize) -> Result<Vec<Self>> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        // No field's name begins so.
        if !text.starts_with('[') {
            return Ok(vec![Self::read(text, deepest)?]);
        }
        let wrong = || Failure::wrong(format!("{text} is no list of filters"));
        let items: Json = serde_json::from_str(text).map_err(|_| wrong())?;
        let items = items.as_array().ok_or_else(wrong)?;
        items.iter().map(|item| Self::read(item.as_str().ok_or_else(wrong)?, deepest)).collect()
    }

    /// As it stands in a URL.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Field { name, path, operator, value } => {
                let path = if path.is_empty() {
                    String::new()
                } else {
                    format!(":path:{}", path_text(path))
                };
                // As the client has it.
                let (how, value) = match operator {
                    Operator::IsNotEmpty => (Operator::IsEmpty.name(), "false"),
                    operator => (operator.name(), value.as_str()),
                };
                format!("{name}{path}:{how}:{value}")
            }
            Self::Related { relation, quantifier, filters } => {
                let filters = match filters.as_slice() {
                    [] => String::new(),
                    [filter] => filter.text(),
                    filters => filters.iter().map(Self::text).collect::<Json>().to_string(),
                };
                format!("{relation}:{}:{filters}", quantifier.name())
            }
        }
    }

    /// The field or relation that it is about.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Field { name, .. } | Self::Related { relation: name, .. } => name,
        }
    }

    /// The conditions on related rows, if it is about such.
    pub(crate) fn inner(&self) -> &[Self] {
        match self {
            Self::Field { .. } => &[],
            Self::Related { filters, .. } => filters,
        }
    }
}

/// Keys and positions that lead into a document: `a.0`, or, for keys with full stops in them, a JSON array.
pub(crate) fn path(text: &str) -> Result<Vec<String>> {
    if !text.starts_with('[') {
        return Ok(text.split('.').map(|key| key.trim().to_owned()).collect());
    }
    let wrong = || Failure::wrong(format!("{text} is no path: it is as a.0 or [\"a\", 0]"));
    let keys: Json = serde_json::from_str(text).map_err(|_| wrong())?;
    let keys = keys.as_array().ok_or_else(wrong)?.iter().map(|key| match key {
        Json::String(key) => Ok(key.clone()),
        Json::Number(position) => Ok(position.to_string()),
        _ => Err(wrong()),
    });
    keys.collect()
}

fn path_text(path: &[String]) -> String {
    Json::from(path).to_string()
}

/// A path and what stands behind its colon.
fn path_and_rest(text: &str) -> Result<(Vec<String>, &str)> {
    let end = if text.starts_with('[') {
        let mut read = serde_json::Deserializer::from_str(text).into_iter::<Json>();
        read.next();
        read.byte_offset()
    } else {
        text.find(':').unwrap_or(text.len())
    };
    let (keys, rest) = text.split_at(end);
    Ok((path(keys)?, rest.strip_prefix(':').unwrap_or(rest)))
}

/// The conditions on related rows that a path of positions leads to: none leads to the row's own.
///
/// None where it leads nowhere.
pub(crate) fn inside<'f>(
    filters: &'f mut Vec<Filter>,
    path: &[usize],
) -> Option<&'f mut Vec<Filter>> {
    let Some((&first, rest)) = path.split_first() else { return Some(filters) };
    match filters.get_mut(first)? {
        Filter::Field { .. } => None,
        Filter::Related { filters, .. } => inside(filters, rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_as_it_is_written() {
        for text in [
            "name:contains:a:b",
            "startAt:gte:2026-01-01 09:00",
            "lesson:none:",
            "x:is_null:",
            "x:is_empty:",
            "x:is_empty:false",
            r#"x:path:["a:b",":","0"]:string_contains:c:d"#,
            r#"lessons:some:x:path:["a]"]:is_null:"#,
            "lessons:some:startAt:gte:2026-01-01 09:00",
            "students:every:lessons:none:car:is:name:equals:a:b",
            r#"students:some:["name:contains:\"a\"","lessons:some:[\"a:equals:1\",\"b:equals:2\"]"]"#,
        ] {
            assert_eq!(Filter::parse(text).expect("a filter").text(), text);
        }
        let failure = Filter::parse("name:contain:x").unwrap_err();
        assert!(failure.message.contains("did you mean contains?"), "{}", failure.message);
        let dots = Filter::parse("x:path:a.b.0:gte:5").expect("a filter");
        assert_eq!(dots.text(), r#"x:path:["a","b","0"]:gte:5"#);
        for wrong in [
            "x:path:[a]:equals:1",
            "x:path:a",
            "x:path:[{}]:equals:1",
            "a:some:[1]",
            "a:some:[",
            "a:some:x",
            "a:some:b:nothing:",
        ] {
            assert!(Filter::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn filters_do_not_go_on_without_end() {
        assert!(Filter::parse(&"a:some:".repeat(DEEPEST)).is_ok());
        let failure = Filter::parse(&"a:some:".repeat(10_000)).unwrap_err();
        assert!(failure.message.contains("at most"), "{}", failure.message);
    }

    #[test]
    fn a_path_leads_into_conditions() {
        let mut filters = vec![Filter::parse("a:some:b:every:c:equals:1").expect("a filter")];
        assert_eq!(inside(&mut filters, &[]).map(|filters| filters.len()), Some(1));
        let inner = inside(&mut filters, &[0, 0]).expect("conditions");
        assert_eq!(inner[0].text(), "c:equals:1");
        assert!(inside(&mut filters, &[0, 0, 0]).is_none());
        assert!(inside(&mut filters, &[1]).is_none());
    }
}
