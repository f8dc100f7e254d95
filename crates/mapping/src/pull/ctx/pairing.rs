//! What of the database is what of the schema before: tables, views and enums by their names in the database, relations by
//! the columns of their keys.

use std::collections::HashMap;

use pg_schema::{Column, ForeignKey, ObjectName, Partitioning, ViewKind};
use psl::{ModelWalker, RelationKind, RelationWalker, ScalarFieldWalker};

use super::Ctx;
use super::naming::{distinguish_inner, name_values};
use crate::pull::join_table::is_join_table;
use crate::pull::keys;
use crate::pull::names::Named;
use crate::pull::pairs::{ColumnPair, EnumPair, ForeignKeyPair, TablePair, ViewPair};

impl<'a> Ctx<'a> {
    pub(super) fn pair_tables(&mut self) {
        let tables = self.database.tables.iter();
        let keeps_partial_indexes = self.has_preview_feature("partialIndexes");
        self.tables = tables
            .filter(|table| table.partitioning != Partitioning::Partition)
            .map(|table| TablePair {
                table,
                previous: None,
                named: Named::of_block(&table.name.name),
                columns: Vec::new(),
                keys: keys::of(table, keeps_partial_indexes),
                foreign_keys: Vec::new(),
                is_join_table: is_join_table(table, |name| self.database.table(name)),
                has_identifier: false,
            })
            .collect();
        let mut places = Places::default();
        for (place, pair) in self.tables.iter().enumerate() {
            places.add(&pair.table.name, place);
        }
        for model in self.previous.models().filter(|model| !model.is_view()) {
            if let Some(place) = places.find(model, |name| self.is_known(Some(name))) {
                self.tables[place].previous = Some(model);
            }
        }
        for pair in &mut self.tables {
            pair.columns = pair_columns(&pair.table.columns, pair.previous, false);
        }
    }

    pub(super) fn pair_views(&mut self) {
        let views = self.database.views.iter();
        self.views = views
            .filter(|view| view.kind == ViewKind::Plain && !view.columns.is_empty())
            .map(|view| ViewPair {
                view,
                previous: None,
                named: Named::of_block(&view.name.name),
                columns: Vec::new(),
            })
            .collect();
        let mut places = Places::default();
        for (place, pair) in self.views.iter().enumerate() {
            places.add(&pair.view.name, place);
        }
        for model in self.previous.models().filter(|model| model.is_view()) {
            if let Some(place) = places.find(model, |name| self.is_known(Some(name))) {
                self.views[place].previous = Some(model);
            }
        }
        for pair in &mut self.views {
            pair.columns = pair_columns(&pair.view.columns, pair.previous, true);
        }
    }

    pub(super) fn pair_enums(&mut self) {
        let enums = self.database.enums.iter();
        self.enums = enums
            .map(|enumeration| EnumPair {
                enumeration,
                previous: None,
                named: Named::of_block(&enumeration.name.name),
                values: Vec::new(),
            })
            .collect();
        for previous in self.previous.enums() {
            let namespace = previous.namespace().filter(|name| self.is_known(Some(name)));
            let found = self.enums.iter().position(|pair| {
                let name = &pair.enumeration.name;
                name.name == previous.database_name()
                    && namespace
                        .is_none_or(|namespace| name.namespace.as_deref() == Some(namespace))
            });
            if let Some(place) = found {
                self.enums[place].previous = Some(previous);
            }
        }
        for pair in &mut self.enums {
            pair.values = name_values(pair.enumeration, pair.previous);
        }
    }

    pub(super) fn pair_foreign_keys(&mut self) {
        let places: HashMap<&ObjectName, usize> =
            self.tables.iter().enumerate().map(|(at, pair)| (&pair.table.name, at)).collect();
        let columns: Vec<HashMap<&str, usize>> = self
            .tables
            .iter()
            .map(|pair| {
                let columns = pair.table.columns.iter().enumerate();
                columns.map(|(at, column)| (column.name.as_str(), at)).collect()
            })
            .collect();
        let pair_key = |place: usize, key: &'a ForeignKey, previous: Option<ModelWalker<'a>>| {
            let referenced = *places.get(&key.referenced_table)?;
            let find = |table: usize, names: &[String]| -> Option<Vec<usize>> {
                names.iter().map(|name| columns[table].get(name.as_str()).copied()).collect()
            };
            Some(ForeignKeyPair {
                key,
                columns: find(place, &key.columns)?,
                referenced,
                referenced_columns: find(referenced, &key.referenced_columns)?,
                previous: previous.and_then(|model| previous_relation(model, key)),
                names: None,
            })
        };
        for (place, pair) in self.tables.iter_mut().enumerate() {
            let keys = pair.table.foreign_keys.iter();
            pair.foreign_keys =
                keys.filter_map(|key| pair_key(place, key, pair.previous)).collect();
            claim_relations(&mut pair.foreign_keys);
        }
    }
}

/// Tables or views by name, for those who look for them with or without a namespace.
#[derive(Default)]
struct Places<'a>(HashMap<&'a str, Vec<(&'a ObjectName, usize)>>);

impl<'a> Places<'a> {
    fn add(&mut self, name: &'a ObjectName, place: usize) {
        self.0.entry(&name.name).or_default().push((name, place));
    }

    /// Where a model's table is. A namespace that is not looked at counts for none, and none for any.
    fn find(&self, model: ModelWalker<'_>, is_known: impl Fn(&str) -> bool) -> Option<usize> {
        let namespace = model.namespace().filter(|name| is_known(name));
        let mut candidates = self.0.get(model.database_name())?.iter();
        candidates
            .find(|(name, _)| {
                namespace.is_none_or(|namespace| name.namespace.as_deref() == Some(namespace))
            })
            .map(|(_, place)| *place)
    }
}

fn pair_columns<'a>(
    columns: &'a [Column],
    previous: Option<ModelWalker<'a>>,
    is_in_view: bool,
) -> Vec<ColumnPair<'a>> {
    let mut fields: HashMap<&str, ScalarFieldWalker<'a>> = HashMap::new();
    for field in previous.into_iter().flat_map(ModelWalker::scalar_fields) {
        fields.entry(field.database_name()).or_insert(field);
    }
    let pair = |column: &'a Column| {
        let previous = fields.get(column.name.as_str()).copied();
        let named = match previous {
            Some(field) => Named::from_schema(field.name(), field.data().mapped_name.as_deref()),
            None => Named::of_column(&column.name),
        };
        ColumnPair { column, previous, named, is_in_view }
    };
    let mut pairs: Vec<ColumnPair<'a>> = columns.iter().map(pair).collect();
    distinguish_inner(pairs.iter_mut().map(|pair| (&mut pair.named, pair.column.name.as_str())));
    pairs
}

/// Leaves each relation of the schema before to one key: that which is between its very columns, else the first.
fn claim_relations(keys: &mut [ForeignKeyPair<'_>]) {
    let claims: Vec<_> = keys
        .iter()
        .map(|pair| pair.previous.map(|relation| (relation.id(), is_between(relation, pair.key))))
        .collect();
    for (place, pair) in keys.iter_mut().enumerate() {
        let Some((relation, is_exact)) = claims[place] else { continue };
        let is_others = claims.iter().enumerate().any(|(other, claim)| {
            let Some((claimed, is_other_exact)) = *claim else { return false };
            claimed == relation
                && (is_other_exact, std::cmp::Reverse(other)) > (is_exact, std::cmp::Reverse(place))
        });
        if is_others {
            pair.previous = None;
        }
    }
}

/// The relation of the schema before that has the key's columns, and leads where it leads if there is such a one.
fn previous_relation<'a>(model: ModelWalker<'a>, key: &ForeignKey) -> Option<RelationWalker<'a>> {
    let mut forward: Vec<_> = model
        .relation_fields()
        .filter(|field| field.is_forward() && !field.related_model().is_view())
        .filter_map(|field| Some((field, field.relation()?)))
        .filter(|(field, relation)| {
            !matches!(relation.kind(), RelationKind::ManyToMany { .. })
                && field.fields().map(ScalarFieldWalker::database_name).eq(key.columns.iter())
        })
        .collect();
    forward.sort_by_key(|(field, relation)| {
        (!is_between(*relation, key), field.related_model().id(), relation.id())
    });
    forward.first().map(|(_, relation)| *relation)
}

/// Whether a relation leads to the columns that a key leads to.
fn is_between(relation: RelationWalker<'_>, key: &ForeignKey) -> bool {
    relation.forward().is_some_and(|field| {
        field.related_model().database_name() == key.referenced_table.name
            && field
                .references()
                .map(ScalarFieldWalker::database_name)
                .eq(key.referenced_columns.iter())
    })
}
