//! Which indexes come, go, or only change their names.

use std::collections::HashSet;

use super::Name;
use super::column::expressions_match;
use super::expression::same_expression;
use super::table::TablePair;
use crate::name::kept;
use crate::{
    CreateIndex, Index, IndexAlgorithm, IndexConstraint, IndexId, IndexKey, Pair, PgSchema, Step,
};

pub(super) fn push_steps(tables: &TablePair<'_>, steps: &mut Vec<Step>) {
    let previous_indexes: Vec<_> = visible(&tables.tables.previous.indexes).collect();
    let next_indexes: Vec<_> = visible(&tables.tables.next.indexes).collect();

    for (id, next) in &next_indexes {
        let exists = previous_indexes.iter().any(|(_, previous)| {
            same_index(tables.schemas, previous, next) || is_made_by_hand_of(previous, next, tables)
        });
        // The server drops an index with any of its columns.
        let is_lost = next
            .keys
            .iter()
            .filter_map(IndexKey::as_column)
            .any(|column| tables.is_recreated(column));
        if !exists || is_lost {
            steps.push(create(tables, *id, exists));
        }
    }
    for (id, previous) in &previous_indexes {
        let Some((next_id, next)) =
            next_indexes.iter().find(|(_, next)| same_index(tables.schemas, previous, next))
        else {
            if !is_hand_made(previous, tables) {
                steps.push(Step::DropIndex(tables.ids.previous.index(*id)));
            }
            continue;
        };
        // Of two indexes alike, who is to say which one has got the other's name?
        let is_only =
            previous_indexes.iter().filter(|(_, other)| same_columns(previous, other)).count() == 1;
        if is_only && previous.name != next.name {
            let ids = Pair::new(tables.ids.previous.index(*id), tables.ids.next.index(*next_id));
            steps.push(Step::RenameIndex(ids));
        }
    }
}

/// Renames go last, one by one. An index that would take a name before its holder gives it up, or
/// hold on to one that is needed earlier, is dropped and made again instead.
pub(super) fn resolve_name_clashes(schemas: Pair<&PgSchema>, steps: &mut [Step]) -> Vec<Step> {
    let mut given_up: HashSet<Name<'_>> = HashSet::new();
    let mut needed: HashSet<Name<'_>> = HashSet::new();
    for step in &*steps {
        match step {
            Step::RenameIndex(ids) => {
                given_up.insert(name(ids.previous, schemas.previous));
                needed.insert(name(ids.next, schemas.next));
            }
            Step::CreateIndex(CreateIndex { index, .. }) => {
                needed.insert(name(*index, schemas.next));
            }
            _ => {}
        }
    }
    let mut created = Vec::new();
    for step in steps {
        let Step::RenameIndex(ids) = *step else { continue };
        let clashes = needed.contains(&name(ids.previous, schemas.previous))
            || given_up.contains(&name(ids.next, schemas.next));
        if clashes {
            *step = Step::DropIndex(ids.previous);
            created.push(Step::CreateIndex(CreateIndex {
                previous_table: Some(ids.previous.table),
                index: ids.next,
                recreated: true,
            }));
        }
    }
    created
}

fn name(id: IndexId, schema: &PgSchema) -> Name<'_> {
    (
        schema.table_at(id.table).name.namespace_or(&schema.default_namespace),
        &schema.index_at(id).name,
    )
}

fn create(tables: &TablePair<'_>, id: usize, recreated: bool) -> Step {
    Step::CreateIndex(CreateIndex {
        previous_table: Some(tables.ids.previous),
        index: tables.ids.next.index(id),
        recreated,
    })
}

/// Indexes that a schema can say something about, with their places.
fn visible(indexes: &[Index]) -> impl Iterator<Item = (usize, &Index)> {
    indexes.iter().enumerate().filter(|(_, index)| {
        !index.has_expression() && index.constraint != Some(IndexConstraint::Exclusion)
    })
}

/// Whether nobody can have meant to be rid of the index by not naming it.
fn is_hand_made(index: &Index, tables: &TablePair<'_>) -> bool {
    let Pair { previous, next } = tables.schemas;
    !previous.is_desired
        && (!index.include.is_empty() || (index.predicate.is_some() && !next.names_partial_indexes))
}

/// Whether somebody has made the wanted index under its name and given it a predicate, which the schema
/// cannot say.
fn is_made_by_hand_of(previous: &Index, next: &Index, tables: &TablePair<'_>) -> bool {
    is_hand_made(previous, tables) && previous.name == next.name && same_columns(previous, next)
}

/// Whether two indexes do the same, whatever their names. Columns that an index only carries
/// along make no difference, whether they are not said or, as a pulled schema has them, keys.
fn same_index(schemas: Pair<&PgSchema>, previous: &Index, next: &Index) -> bool {
    (same_columns(previous, next)
        || !schemas.previous.is_desired && is_pulled_with_carried(previous, next))
        && previous.algorithm == next.algorithm
        && previous.keys.iter().zip(&next.keys).all(|(key, next)| {
            let is_class_pulled =
                schemas.previous.is_desired || previous.algorithm != IndexAlgorithm::BTree;
            same_key(key, next, is_class_pulled)
        })
        && match (&previous.predicate, &next.predicate) {
            (Some(previous), Some(next)) if schemas.next.is_desired => {
                expressions_match(schemas, previous, next)
            }
            (Some(previous), Some(next)) => same_expression(previous, next),
            (previous, next) => previous.is_none() == next.is_none(),
        }
}

fn same_columns(previous: &Index, next: &Index) -> bool {
    previous.unique == next.unique
        && previous.keys.len() == next.keys.len()
        && previous.keys.iter().zip(&next.keys).all(|(previous, next)| same_part(previous, next))
}

/// Whether the wanted keys are those that there are and then the columns that the index carries along.
fn is_pulled_with_carried(previous: &Index, next: &Index) -> bool {
    let Some((keys, carried)) = next.keys.split_at_checked(previous.keys.len()) else {
        return false;
    };
    previous.unique == next.unique
        && previous.keys.iter().zip(keys).all(|(previous, next)| same_part(previous, next))
        && carried
            .iter()
            .map(IndexKey::as_column)
            .eq(previous.include.iter().map(|c| Some(c.as_str())))
}

fn same_part(previous: &IndexKey, next: &IndexKey) -> bool {
    match (previous.as_column(), next.as_column()) {
        (Some(previous), Some(next)) => kept(previous) == kept(next),
        _ => previous.part == next.part,
    }
}

/// An operator class that nobody named is the default one; or whatever is there, where a pulled schema never says it.
fn same_key(previous: &IndexKey, next: &IndexKey, is_class_pulled: bool) -> bool {
    previous.is_descending() == next.is_descending()
        && match (&previous.ops, &next.ops) {
            (Some(previous), Some(next)) => previous.name == next.name,
            (Some(ops), None) => ops.is_default || !is_class_pulled,
            (None, Some(ops)) => ops.is_default,
            (None, None) => true,
        }
}
