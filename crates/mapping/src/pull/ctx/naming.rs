//! What blocks, fields and values are called: as in the schema before, else after the database, each name once.

use std::collections::HashSet;

use pg_schema::{Enum, ObjectName};
use psl::{EnumWalker, ModelWalker};

use super::Ctx;
use crate::pull::names::{Named, Origin, Taken, Wanted, distinguish, sanitized};
use crate::pull::pairs::ColumnPair;

impl Ctx<'_> {
    /// Gives tables, views and enums their names: those of the schema before, else made of the database's.
    pub(super) fn name_blocks(&mut self) {
        let mut wanted = Wanted::default();
        for pair in self.tables.iter().filter(|pair| !pair.is_join_table) {
            wanted.add(&wanted_name(pair.previous.map(ModelWalker::name), &pair.table.name));
        }
        for pair in &self.enums {
            wanted.add(&wanted_name(pair.previous.map(EnumWalker::name), &pair.enumeration.name));
        }
        for pair in &self.views {
            wanted.add(&wanted_name(pair.previous.map(ModelWalker::name), &pair.view.name));
        }
        let mut taken = Taken::default();
        let previous = self.tables.iter().filter_map(|pair| pair.previous.map(ModelWalker::name));
        let previous = previous
            .chain(self.views.iter().filter_map(|pair| pair.previous.map(ModelWalker::name)))
            .chain(self.enums.iter().filter_map(|pair| pair.previous.map(EnumWalker::name)));
        for name in previous {
            taken.take(name.into(), "");
        }
        let mut names = Vec::new();
        for pair in self.tables.iter_mut().filter(|pair| !pair.is_join_table) {
            match pair.previous {
                Some(model) => pair.named = named_model(model),
                None => names.push((&mut pair.named, &pair.table.name)),
            }
        }
        for pair in &mut self.enums {
            match pair.previous {
                Some(known) => pair.named = named_enum(known),
                None => names.push((&mut pair.named, &pair.enumeration.name)),
            }
        }
        for pair in &mut self.views {
            match pair.previous {
                Some(model) => pair.named = named_model(model),
                None => names.push((&mut pair.named, &pair.view.name)),
            }
        }
        for (named, database) in &mut names {
            **named = Named::of_block(&database.name);
            if let Some(namespace) = &database.namespace
                && !wanted.is_unique(&database.name)
            {
                **named = Named::with_namespace(namespace, &database.name);
            }
        }
        let names = names.into_iter().map(|(named, database)| (named, database.name.as_str()));
        distinguish(names, &mut taken, "Table");
    }

    /// Gives a name to columns of which nothing can be written, where the block would be none without them: those of
    /// keys and relations, and all of a block that has no other. The rest only become comments.
    pub(super) fn name_needed_columns(&mut self) {
        let mut needed: Vec<HashSet<usize>> = vec![HashSet::new(); self.tables.len()];
        for (place, pair) in self.tables.iter().enumerate() {
            needed[place]
                .extend(pair.keys.iter().flat_map(|key| &key.columns).map(|column| column.column));
            for key in &pair.foreign_keys {
                needed[place].extend(&key.columns);
                needed[key.referenced].extend(&key.referenced_columns);
            }
        }
        for (pair, needed) in self.tables.iter_mut().zip(&needed) {
            number_nameless(&mut pair.columns, |place| needed.contains(&place));
        }
        for pair in &mut self.views {
            number_nameless(&mut pair.columns, |_| false);
        }
    }
}

pub(super) fn name_values<'a>(
    enumeration: &'a Enum,
    previous: Option<EnumWalker<'a>>,
) -> Vec<Named<'a>> {
    let known = previous.map(EnumWalker::values).unwrap_or_default();
    let name = |value: &'a String| match known.iter().find(|known| known.database_name() == value) {
        Some(known) => Named::from_schema(known.name(), known.mapped_name.as_deref()),
        None => Named::of_value(value),
    };
    let mut names: Vec<Named<'a>> = enumeration.values.iter().map(name).collect();
    let values = enumeration.values.iter().map(String::as_str);
    distinguish_inner(names.iter_mut().zip(values));
    names
}

/// Makes the names of a block's fields or values distinct. Those of the schema before stay; what has no name at all gets
/// none.
pub(super) fn distinguish_inner<'n, 'a: 'n>(
    names: impl Iterator<Item = (&'n mut Named<'a>, &'a str)>,
) {
    let (known, new): (Vec<_>, Vec<_>) = names
        .filter(|(named, _)| !named.name.is_empty())
        .partition(|(named, _)| named.origin == Origin::Schema);
    let mut taken = Taken::default();
    for (named, _) in known {
        taken.take(named.name.as_ref().into(), "");
    }
    distinguish(new, &mut taken, "");
}

fn number_nameless(columns: &mut [ColumnPair<'_>], is_needed: impl Fn(usize) -> bool) {
    let has_names = columns.iter().any(|column| !column.named.name.is_empty());
    let mut taken = Taken::default();
    for column in columns.iter().filter(|column| !column.named.name.is_empty()) {
        taken.take(column.named.name.as_ref().into(), "");
    }
    for (place, column) in columns.iter_mut().enumerate() {
        if column.named.name.is_empty() && (is_needed(place) || !has_names) {
            column.named.name = taken.take("".into(), "column");
        }
    }
}

fn wanted_name(previous: Option<&str>, database: &ObjectName) -> String {
    match previous {
        Some(name) => name.to_owned(),
        None => sanitized(&database.name).into_owned(),
    }
}

fn named_enum(known: EnumWalker<'_>) -> Named<'_> {
    Named::from_schema(known.name(), known.data().mapped_name.as_deref())
}

fn named_model(model: ModelWalker<'_>) -> Named<'_> {
    Named::from_schema(model.name(), model.data().mapped_name.as_deref())
}
