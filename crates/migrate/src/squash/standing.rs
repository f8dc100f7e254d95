//! How a database stands to a squashed migration: a value, found from the history alone.

use crate::folder::Replaced;
use crate::history::{Row, State};

/// What a history has of the migrations that one was squashed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing: it is to be run like any other.
    None,
    /// Each of them: it counts as applied.
    All,
    Some(Partly),
}

/// A squashed migration of which a database has only some parts: it can neither run nor count as applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partly {
    /// The squashed migration.
    pub name: String,
    pub has: Vec<String>,
    pub lacks: Vec<String>,
}

/// Compares what a migration of this name replaces with a history.
pub(crate) fn standing(name: &str, replaced: &[Replaced], rows: &[&Row]) -> Standing {
    let is_applied =
        |name: &str| rows.iter().any(|row| row.name == name && row.state == State::Applied);
    let found = Found { replaced, is_applied: &is_applied };
    let outermost = replaced.iter().filter(|one| one.part_of.is_none());
    let (has, lacks): (Vec<_>, Vec<_>) =
        outermost.map(|one| one.name.as_str()).partition(|name| found.has(name));
    if lacks.is_empty() && !has.is_empty() {
        return Standing::All;
    }
    if !replaced.iter().any(|one| is_applied(&one.name)) {
        return Standing::None;
    }
    // Told by the migrations that were really run or not.
    let innermost = lacks.into_iter().flat_map(|name| found.parts(name));
    let (more, missing): (Vec<String>, Vec<String>) = innermost.partition(|name| found.has(name));
    let has = has.into_iter().map(str::to_owned).chain(more).collect();
    Standing::Some(Partly { name: name.to_owned(), has, lacks: missing })
}

struct Found<'a> {
    replaced: &'a [Replaced],
    is_applied: &'a dyn Fn(&str) -> bool,
}

impl<'a> Found<'a> {
    /// Whether it was run itself, or all that it was squashed from.
    fn has(&self, name: &str) -> bool {
        (self.is_applied)(name) || {
            let mut parts = self.parts_of(name).peekable();
            parts.peek().is_some() && parts.all(|part| self.has(&part.name))
        }
    }

    /// What it was squashed from in the end; itself where it was not.
    fn parts(&self, name: &str) -> Vec<String> {
        let parts: Vec<String> =
            self.parts_of(name).flat_map(|part| self.parts(&part.name)).collect();
        if parts.is_empty() { vec![name.to_owned()] } else { parts }
    }

    fn parts_of(&self, name: &str) -> impl Iterator<Item = &'a Replaced> {
        let name = name.to_owned();
        // One that is a part of itself would have no end.
        self.replaced
            .iter()
            .filter(move |one| one.part_of.as_ref() == Some(&name) && one.name != name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(names: &[(&str, Option<&str>)]) -> Vec<Replaced> {
        names
            .iter()
            .map(|(name, part_of)| Replaced {
                name: (*name).to_owned(),
                checksum: "x".to_owned(),
                part_of: part_of.map(str::to_owned),
            })
            .collect()
    }

    fn stands(replaced: &[Replaced], applied: &[&str]) -> Standing {
        let rows: Vec<Row> = applied
            .iter()
            .map(|name| Row {
                id: String::new(),
                name: (*name).to_owned(),
                checksum: String::new(),
                state: State::Applied,
                started_at: None,
                logs: None,
            })
            .collect();
        standing("s", replaced, &rows.iter().collect::<Vec<_>>())
    }

    fn partly(has: &[&str], lacks: &[&str]) -> Standing {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Standing::Some(Partly { name: "s".to_owned(), has: owned(has), lacks: owned(lacks) })
    }

    #[test]
    fn all_none_and_some() {
        let plain = replaced(&[("a", None), ("b", None)]);
        assert_eq!(stands(&plain, &["a", "b", "c"]), Standing::All);
        assert_eq!(stands(&plain, &["c"]), Standing::None);
        assert_eq!(stands(&plain, &["b"]), partly(&["b"], &["a"]));
    }

    #[test]
    fn a_squash_of_a_squash_is_had_either_way() {
        let twice = replaced(&[("a", Some("ab")), ("b", Some("ab")), ("ab", None), ("c", None)]);
        assert_eq!(stands(&twice, &["a", "b", "c"]), Standing::All);
        assert_eq!(stands(&twice, &["ab", "c"]), Standing::All);
        assert_eq!(stands(&twice, &[]), Standing::None);
        assert_eq!(stands(&twice, &["ab"]), partly(&["ab"], &["c"]));
        assert_eq!(stands(&twice, &["a", "c"]), partly(&["c", "a"], &["b"]));
    }
}
