//! Fourth pass: which two fields are the two ends of one relation, and which end holds the key.
//!
//! Two relation fields belong together when each names the other's model and both have the same relation name, or both
//! none. Lists on both ends are an implicit many-to-many; a list on one end is a one-to-many whose other end holds the
//! key; without lists it is a one-to-one whose required end, or else the one with `fields:`, holds it.

use super::Ctx;
use crate::schema::{
    Arity, FieldId, Index, IndexKind, ModelId, Relation, RelationFieldId, RelationId, RelationKind,
    ScalarFieldId, Schema,
};
use std::collections::{HashMap, HashSet};

/// A relation as inferred, complete or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inferred {
    /// Also in the schema.
    Relation(RelationId),
    /// A list whose other end is not written: nothing says where the key is.
    Lonely(RelationFieldId),
    /// Lists on both ends, of which one has `fields:`: a form of document databases.
    EmbeddedManyToMany { a: RelationFieldId, b: RelationFieldId },
}

pub(super) fn infer(ctx: &mut Ctx<'_, '_>) {
    let schema = &ctx.resolved.schema;
    let ends = Ends::new(schema);
    let unique: HashSet<UniqueKey> = schema.indexes.iter().filter_map(unique_key).collect();
    let mut inferred = Vec::new();
    for id in
        (0..u32::try_from(schema.relation_fields.len()).unwrap_or(u32::MAX)).map(RelationFieldId)
    {
        inferred.extend(from_end(id, ends.opposite(id, schema), &unique, schema));
    }
    for found in inferred {
        let inferred = match found {
            Found::Kind(kind) => Inferred::Relation(push(kind, &mut ctx.resolved.schema)),
            Found::Lonely(id) => Inferred::Lonely(id),
            Found::Embedded { a, b } => Inferred::EmbeddedManyToMany { a, b },
        };
        ctx.resolved.relations.push(inferred);
    }
}

enum Found {
    Kind(RelationKind),
    Lonely(RelationFieldId),
    Embedded { a: RelationFieldId, b: RelationFieldId },
}

/// Relation fields by model, related model and name, each list in source order.
struct Ends<'s> {
    fields: HashMap<(u32, u32, Option<&'s str>), Vec<RelationFieldId>>,
}

impl<'s> Ends<'s> {
    fn new(schema: &'s Schema) -> Self {
        let mut fields: HashMap<_, Vec<_>> = HashMap::new();
        for model in &schema.models {
            for field in &model.fields {
                let FieldId::Relation(id) = field else { continue };
                let field = &schema.relation_fields[id.index()];
                let key = (field.model.0, field.related_model.0, field.relation_name.as_deref());
                fields.entry(key).or_default().push(*id);
            }
        }
        Self { fields }
    }

    fn opposite(&self, id: RelationFieldId, schema: &'s Schema) -> Option<RelationFieldId> {
        let field = &schema.relation_fields[id.index()];
        let key = (field.related_model.0, field.model.0, field.relation_name.as_deref());
        self.fields.get(&key)?.iter().copied().find(|opposite| *opposite != id)
    }
}

/// The relation that a field is one end of, if it is this end's turn to say so: each is said once.
fn from_end(
    id: RelationFieldId,
    opposite: Option<RelationFieldId>,
    unique: &HashSet<UniqueKey>,
    schema: &Schema,
) -> Option<Found> {
    let field = &schema.relation_fields[id.index()];
    let name_of = |id: RelationFieldId| {
        let field = &schema.relation_fields[id.index()];
        (schema.models[field.model.index()].name.text.as_str(), field.name.text.as_str())
    };
    let Some(back) = opposite else {
        return Some(match field.arity {
            Arity::List => Found::Lonely(id),
            _ if has_unique_key(id, unique, schema) => {
                Found::Kind(RelationKind::OneToOne { forward: id, back: None })
            }
            _ => Found::Kind(RelationKind::OneToMany { forward: id, back: None }),
        });
    };
    let opposite = &schema.relation_fields[back.index()];
    let one_to_one = Found::Kind(RelationKind::OneToOne { forward: id, back: Some(back) });
    match (field.arity, opposite.arity) {
        (Arity::List, Arity::List) => {
            let (own, other) = (name_of(id), name_of(back));
            let is_self_relation = field.model == opposite.model;
            if own.0 > other.0 || is_self_relation && own.1 > other.1 {
                return None;
            }
            if field.fields.is_some() || opposite.fields.is_some() {
                return Some(Found::Embedded { a: id, b: back });
            }
            Some(Found::Kind(RelationKind::ManyToMany { a: id, b: back }))
        }
        (_, Arity::List) => {
            Some(Found::Kind(RelationKind::OneToMany { forward: id, back: Some(back) }))
        }
        (Arity::Required, Arity::Optional) => Some(one_to_one),
        // The other end says it.
        (Arity::List, _) | (Arity::Optional, Arity::Required) => None,
        // Both required is refused later; which end is taken for the key's does not matter much.
        (Arity::Required, Arity::Required) => (name_of(id) <= name_of(back)).then_some(one_to_one),
        (Arity::Optional, Arity::Optional) => {
            let is_forward = match (&field.fields, &opposite.fields) {
                (Some(_), _) => true,
                (None, Some(_)) => false,
                (None, None) => name_of(id) <= name_of(back),
            };
            is_forward.then_some(one_to_one)
        }
    }
}

/// A unique index's model and columns.
type UniqueKey = (ModelId, Vec<ScalarFieldId>);

fn unique_key(index: &Index) -> Option<UniqueKey> {
    let columns = index.columns.iter().map(|column| column.field);
    (index.kind == IndexKind::Unique).then(|| (index.model, columns.collect()))
}

fn has_unique_key(id: RelationFieldId, unique: &HashSet<UniqueKey>, schema: &Schema) -> bool {
    let field = &schema.relation_fields[id.index()];
    field.fields.as_ref().is_some_and(|key| unique.contains(&(field.model, key.clone())))
}

fn push(kind: RelationKind, schema: &mut Schema) -> RelationId {
    let id = RelationId(u32::try_from(schema.relations.len()).unwrap_or(u32::MAX));
    let (one, other) = match kind {
        RelationKind::OneToOne { forward, back } | RelationKind::OneToMany { forward, back } => {
            (forward, back)
        }
        RelationKind::ManyToMany { a, b } => (a, Some(b)),
    };
    let name = schema.relation_fields[one.index()].relation_name.clone();
    schema.relations.push(Relation { name, kind });
    for end in std::iter::once(one).chain(other) {
        schema.relation_fields[end.index()].relation = Some(id);
    }
    id
}
