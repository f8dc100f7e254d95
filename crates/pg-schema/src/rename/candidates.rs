//! What may be one thing under two names: of all that goes and all that comes, the pairs that are alike.

use std::collections::{HashMap, HashSet};

use super::likeness::{self, ENOUGH, Tables};
use super::{Rename, join};
use crate::diff::resolved;
use crate::{ColumnId, EnumId, EnumValueId, ObjectName, Pair, Partitioning, PgSchema, TableId};

/// Two that may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub rename: Rename,
    /// How much speaks for it; to be compared with another's.
    pub likeness: u32,
}

/// More comparisons of one kind than these are not made: nobody answers the questions that they would lead to.
const TOO_MANY: usize = 2_500;

/// Tables first, then enums, their values, and columns; of each kind the most alike first. Of tables and enums that
/// are not one by name there are no columns and values yet: they are found once it is agreed that they are one, from
/// [`Renamed::previous`](super::Renamed::previous).
pub fn candidates(schemas: Pair<&PgSchema>) -> Vec<Candidate> {
    [tables(schemas), enums(schemas), enum_values(schemas), columns(schemas)]
        .into_iter()
        .flat_map(|mut found| {
            found.retain(|candidate| candidate.likeness >= ENOUGH);
            found.sort_by_key(|candidate| std::cmp::Reverse(candidate.likeness));
            found
        })
        .collect()
}

fn tables(schemas: Pair<&PgSchema>) -> Vec<Candidate> {
    let name = |table: &crate::Table| table.name.clone();
    let previous = schemas.previous.tables.iter();
    // A partition comes and goes with its table.
    let is_own = |id: &usize| schemas.previous.tables[*id].partitioning != Partitioning::Partition;
    let (mut gone, come) =
        unpaired(schemas, previous.map(name), schemas.next.tables.iter().map(name));
    gone.retain(is_own);
    let tables = Tables::new(schemas);
    pairs(&gone, &come)
        .map(|ids| ids.map(TableId))
        .filter(|ids| {
            let names = Pair::new(
                &schemas.previous.table_at(ids.previous).name,
                &schemas.next.table_at(ids.next).name,
            );
            can_be_renamed(schemas, names)
        })
        .filter_map(|ids| {
            Some(Candidate { rename: Rename::Table(ids), likeness: tables.likeness(ids)? })
        })
        .collect()
}

fn enums(schemas: Pair<&PgSchema>) -> Vec<Candidate> {
    let name = |e: &crate::Enum| e.name.clone();
    let (gone, come) = unpaired(
        schemas,
        schemas.previous.enums.iter().map(name),
        schemas.next.enums.iter().map(name),
    );
    pairs(&gone, &come)
        .map(|ids| ids.map(EnumId))
        .filter(|ids| {
            let names = Pair::new(
                &schemas.previous.enum_at(ids.previous).name,
                &schemas.next.enum_at(ids.next).name,
            );
            can_be_renamed(schemas, names)
        })
        .map(|ids| Candidate { rename: Rename::Enum(ids), likeness: likeness::enums(schemas, ids) })
        .collect()
}

fn enum_values(schemas: Pair<&PgSchema>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let next: HashMap<_, usize> =
        schemas.next.enums.iter().map(|e| resolved(&e.name, schemas.next)).zip(0..).collect();
    for (id, e) in schemas.previous.enums.iter().enumerate() {
        let Some(&next) = next.get(&resolved(&e.name, schemas.previous)) else { continue };
        let enums = Pair::new(EnumId(id), EnumId(next));
        let (gone, come) = missing(&e.values, &schemas.next.enums[next].values);
        let is_only = gone.len() == 1 && come.len() == 1;
        found.extend(pairs(&gone, &come).map(|values| {
            let ids: Pair<EnumValueId> = enums.zip(values).map(|(id, value)| id.value(value));
            let likeness = likeness::enum_values(schemas, ids, is_only);
            Candidate { rename: Rename::EnumValue(ids), likeness }
        }));
    }
    found
}

fn columns(schemas: Pair<&PgSchema>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut partners: Vec<_> = join::partners(schemas, &[]).into_iter().collect();
    partners.sort_unstable();
    for (previous, next) in partners {
        let names = |schema: &PgSchema, id| -> Vec<String> {
            schema.table_at(id).columns.iter().map(|column| column.name.clone()).collect()
        };
        let (gone, come) = missing(&names(schemas.previous, previous), &names(schemas.next, next));
        let ids: Vec<Pair<ColumnId>> = pairs(&gone, &come)
            .map(|columns| Pair::new(previous.column(columns.previous), next.column(columns.next)))
            .collect();
        let alike = |ids: &&Pair<ColumnId>| likeness::columns(schemas, **ids, false).is_some();
        let is_only = ids.iter().filter(alike).count() == 1;
        found.extend(ids.into_iter().filter_map(|ids| {
            let likeness = likeness::columns(schemas, ids, is_only)?;
            Some(Candidate { rename: Rename::Column(ids), likeness })
        }));
    }
    found
}

/// Within a namespace, to a name that nothing else has.
fn can_be_renamed(schemas: Pair<&PgSchema>, names: Pair<&ObjectName>) -> bool {
    let namespaces = Pair::new(
        names.previous.namespace_or(&schemas.previous.default_namespace),
        names.next.namespace_or(&schemas.next.default_namespace),
    );
    !namespaces.differs() && !schemas.previous.has_name(namespaces.previous, &names.next.name)
}

/// Those of either side whose name the other does not have.
fn unpaired(
    schemas: Pair<&PgSchema>,
    previous: impl Iterator<Item = ObjectName>,
    next: impl Iterator<Item = ObjectName>,
) -> (Vec<usize>, Vec<usize>) {
    let resolved = |name: ObjectName, schema: &PgSchema| {
        (name.namespace_or(&schema.default_namespace).to_owned(), name.name)
    };
    let previous: Vec<_> = previous.map(|name| resolved(name, schemas.previous)).collect();
    let next: Vec<_> = next.map(|name| resolved(name, schemas.next)).collect();
    missing(&previous, &next)
}

/// The places of what only the one list has, and of what only the other has.
fn missing<T: Eq + std::hash::Hash>(previous: &[T], next: &[T]) -> (Vec<usize>, Vec<usize>) {
    let only = |these: &[T], those: &[T]| {
        let those: HashSet<&T> = those.iter().collect();
        (0..these.len()).filter(|place| !those.contains(&these[*place])).collect()
    };
    (only(previous, next), only(next, previous))
}

fn pairs<'a>(gone: &'a [usize], come: &'a [usize]) -> impl Iterator<Item = Pair<usize>> + 'a {
    let is_too_much = gone.len() * come.len() > TOO_MANY;
    let come = if is_too_much { &[] } else { come };
    gone.iter().flat_map(move |previous| come.iter().map(|next| Pair::new(*previous, *next)))
}
