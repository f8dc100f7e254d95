//! Which object a name means: the schemas in which it is looked for, and the tables that only the session has.

use sql::Token;
use sql::statement::{Name, Set};

use super::Catalog;

/// Where the tables of the session are.
const TEMPORARY: &str = "pg_temp";

/// The schemas in which names are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    schemas: Vec<String>,
    is_local: bool,
}

impl Catalog {
    /// The table that is meant, with its schema: where none is known of that name, the one that would be made.
    pub(crate) fn resolve(&self, name: &Name) -> Name {
        self.find(name, |name| self.tables.contains_key(name))
    }

    pub(super) fn resolve_index(&self, name: &Name) -> Name {
        self.find(name, |name| self.indexes.contains_key(name))
    }

    pub(super) fn resolve_type(&self, name: &Name) -> Name {
        self.find(name, |name| self.types.contains_key(name))
    }

    pub(super) fn resolve_function(&self, name: &Name) -> Name {
        self.find(name, |name| self.functions.contains_key(name))
    }

    /// The name of a table, an index, a type or a function that is made now.
    pub(super) fn made(&self, name: &Name, temporary: bool) -> Name {
        if temporary {
            return Name { schema: Some(TEMPORARY.to_owned()), name: name.name.clone() };
        }
        self.find(name, |_| false)
    }

    fn find(&self, name: &Name, is_there: impl Fn(&Name) -> bool) -> Name {
        if name.schema.is_some() {
            return name.clone();
        }
        let of = |schema: &str| Name { schema: Some(schema.to_owned()), name: name.name.clone() };
        let path = self.path.as_ref().map(|path| path.schemas.as_slice()).unwrap_or_default();
        let first = path.first().map_or("public", String::as_str);
        let rest = path.iter().skip(1).map(String::as_str);
        let mut all = [TEMPORARY, first].into_iter().chain(rest).map(of);
        all.find(is_there).unwrap_or_else(|| of(first))
    }

    /// Takes `SET search_path` as done.
    pub(super) fn set_path(&mut self, set: &Set) {
        self.path = set.value.as_ref().map(|value| {
            // What a function is given is one string, with the same in it.
            let text = match value.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
                Some(text) if text.contains(',') || text.contains('"') => text,
                Some(text) => &format!("\"{text}\""),
                None => value,
            };
            let schemas = sql::tokens(text).into_iter().filter_map(|token| match token {
                Token::Word(word) => Some(word.to_lowercase()),
                Token::Name(name) => Some(name),
                Token::Mark(_) => None,
            });
            let is_known = |schema: &String| !schema.is_empty() && schema != "$user";
            Path { schemas: schemas.filter(is_known).collect(), is_local: set.local }
        });
    }

    pub(super) fn end_transaction(&mut self) {
        self.path = self.path.take().filter(|path| !path.is_local);
    }

    /// What ends with the session that runs a migration.
    pub(super) fn end_session(&mut self) {
        self.path = None;
        if !std::mem::take(&mut self.has_temporary) {
            return;
        }
        let is_kept = |name: &Name| name.schema.as_deref() != Some(TEMPORARY);
        self.tables.retain(|name, _| is_kept(name));
        self.indexes.retain(|_, index| is_kept(&index.table));
    }
}
