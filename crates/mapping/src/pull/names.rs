//! Names of the database as names of the schema, which are made of fewer characters.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use psl::ScalarType;

/// What something is called in the schema, and `@map` or `@@map` where that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) mapped: Option<&'a str>,
    pub(super) origin: Origin,
}

/// Where a name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// From the schema that was there before.
    Schema,
    /// The database's own, as far as it can be written.
    Database,
    /// Generated code has another meaning for the database's.
    Reserved,
    /// Something else has the database's, too.
    Duplicate,
}

impl<'a> Named<'a> {
    pub(super) fn from_schema(name: &'a str, mapped: Option<&'a str>) -> Self {
        Self { name: Cow::Borrowed(name), mapped, origin: Origin::Schema }
    }

    /// Of a column. The name is empty where nothing of the database's can be written.
    pub(super) fn of_column(database: &'a str) -> Self {
        let name = sanitized(database);
        let mapped = (name != database).then_some(database);
        Self { name, mapped, origin: Origin::Database }
    }

    /// Of an enum's value.
    pub(super) fn of_value(database: &'a str) -> Self {
        if database.is_empty() {
            let name = Cow::Borrowed("EMPTY_ENUM_VALUE");
            return Self { name, mapped: Some(database), origin: Origin::Database };
        }
        Self::of_column(database)
    }

    /// Of a table, view or enum.
    pub(super) fn of_block(database: &'a str) -> Self {
        if is_reserved(database) {
            let name = Cow::Owned(format!("Renamed{database}"));
            return Self { name, mapped: Some(database), origin: Origin::Reserved };
        }
        Self::of_column(database)
    }

    /// Of a table, view or enum whose name something in another namespace has, too.
    pub(super) fn with_namespace(namespace: &str, database: &'a str) -> Self {
        let name = Cow::Owned(sanitized(&format!("{namespace}_{database}")).into_owned());
        Self { name, mapped: Some(database), origin: Origin::Duplicate }
    }
}

/// Letters, digits and underscores, the first one a letter. Empty where nothing is left.
///
/// All before the first letter is dropped, every other character becomes an underscore.
pub(super) fn sanitized(name: &str) -> Cow<'_, str> {
    let start = name.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(name.len());
    let rest = &name[start..];
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if rest.chars().all(is_allowed) {
        return Cow::Borrowed(rest);
    }
    Cow::Owned(rest.chars().map(|c| if is_allowed(c) { c } else { '_' }).collect())
}

pub(super) fn is_reserved(name: &str) -> bool {
    psl::is_reserved(name) || ScalarType::from_name(name).is_some()
}

/// How many tables, views and enums want which name.
#[derive(Debug, Default)]
pub(super) struct Wanted(HashMap<String, usize>);

impl Wanted {
    pub(super) fn add(&mut self, name: &str) {
        *self.0.entry(name.to_owned()).or_default() += 1;
    }

    pub(super) fn is_unique(&self, database: &str) -> bool {
        self.0.get(sanitized(database).as_ref()).is_none_or(|count| *count <= 1)
    }
}

/// Names that are given already, in a schema or in a block.
///
/// Different names of the database may become the same one here. Prisma writes both, which is no valid schema; here
/// the later gets a number.
#[derive(Debug, Default)]
pub(super) struct Taken(HashSet<String>);

impl Taken {
    /// The name, as it is or with the first number that makes it another. `fallback` stands for an empty one.
    pub(super) fn take<'n>(&mut self, name: Cow<'n, str>, fallback: &str) -> Cow<'n, str> {
        let is_usable = !name.is_empty() && self.0.insert(name.to_string());
        if is_usable {
            return name;
        }
        let stem = if name.is_empty() { fallback } else { name.as_ref() };
        let mut number = if name.is_empty() { 1 } else { 2 };
        loop {
            let numbered = format!("{stem}_{number}");
            if self.0.insert(numbered.clone()) {
                return Cow::Owned(numbered);
            }
            number += 1;
        }
    }
}

/// Makes names distinct that come with the database's: who has the database's very name keeps it.
pub(super) fn distinguish<'n, 'a: 'n>(
    names: impl IntoIterator<Item = (&'n mut Named<'a>, &'a str)>,
    taken: &mut Taken,
    fallback: &str,
) {
    let mut changed = Vec::new();
    for (named, database) in names {
        if named.name == database {
            taken.take(database.into(), fallback);
        } else {
            changed.push(named);
        }
    }
    for named in changed {
        named.name = taken.take(std::mem::take(&mut named.name), fallback);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_to_what_can_be_written() {
        for (database, name) in [
            ("a_1", "a_1"),
            ("_a", "a"),
            ("1a b-c", "a_b_c"),
            ("тест a", "a"),
            ("aé", "a_"),
            ("ключ", ""),
        ] {
            assert_eq!(sanitized(database), name);
        }
    }

    #[test]
    fn mapped_is_what_is_called_otherwise() {
        assert_eq!(Named::of_column("a").mapped, None);
        assert_eq!(Named::of_column("a b").mapped, Some("a b"));
        assert_eq!(Named::of_value("").name, "EMPTY_ENUM_VALUE");
        assert_eq!(Named::of_block("delete").name, "Renameddelete");
        assert_eq!(Named::of_block("Int").name, "RenamedInt");
    }

    #[test]
    fn who_has_the_very_name_keeps_it() {
        let mut names = ["_x", "x", "x y", "x_y"].map(|name| (Named::of_column(name), name));
        let all = names.iter_mut().map(|(named, database)| (named, *database));
        distinguish(all, &mut Taken::default(), "");
        assert_eq!(names.map(|(named, _)| named.name), ["x_2", "x", "x_y_2", "x_y"]);
    }

    #[test]
    fn a_name_is_taken_once() {
        let mut taken = Taken::default();
        let mut take = |name: &str| taken.take(Cow::Owned(name.to_owned()), "Table").into_owned();
        assert_eq!([take("a"), take("a"), take("a")], ["a", "a_2", "a_3"]);
        assert_eq!([take(""), take("")], ["Table_1", "Table_2"]);
    }
}
