//! Relation fields of one model that could be ends of the same relation: which belongs to which has to be said.

use super::{Ctx, container};
use crate::diagnostic::Diagnostic;
use crate::resolve::Resolved;
use crate::schema::{ModelId, RelationFieldId};
use crate::walkers::RelationFieldWalker;
use std::collections::HashMap;

/// Relation fields by model, related model and the relation's name.
pub(super) struct Ends {
    fields: HashMap<(ModelId, ModelId, String), Vec<RelationFieldId>>,
}

impl Ends {
    pub(super) fn new(resolved: &Resolved<'_>) -> Self {
        let mut fields: HashMap<_, Vec<_>> = HashMap::new();
        for model in resolved.schema.models() {
            for field in model.relation_fields() {
                fields.entry(key(field)).or_default().push(field.id());
            }
        }
        Self { fields }
    }
}

fn key(field: RelationFieldWalker<'_>) -> (ModelId, ModelId, String) {
    let (model, related) = (field.model(), field.related_model());
    let name = field.data().relation_name.clone().unwrap_or_else(|| {
        // The name it gets, which another may have been given.
        let (a, b) = (model.name().min(related.name()), model.name().max(related.name()));
        format!("{a}To{b}")
    });
    (model.id(), related.id(), name)
}

pub(super) fn check(
    field: RelationFieldWalker<'_>,
    ends: &Ends,
    ctx: &Ctx<'_, '_, '_>,
) -> Option<Diagnostic> {
    let fields = ends.fields.get(&key(field)).filter(|fields| fields.len() > 1)?;
    let (model, related) = (field.model(), field.related_model());
    let is_named = field.data().relation_name.is_some();
    let is_self_relation = model == related;
    let names = in_words(fields.iter().map(|id| ctx.relation_field(*id).name()));
    let (name, related) = (model.name(), related.name());
    let message = match (is_named, is_self_relation, fields.len()) {
        (false, true, 2) => format!(
            "Ambiguous self relation detected. The fields {names} in model `{name}` both refer to `{related}`. If they \
             are part of the same relation add the same relation name for them with `@relation(<name>)`."
        ),
        (false, true, _) => format!(
            "Unnamed self relation detected. The fields {names} in model `{name}` have no relation name. Please \
             provide a relation name for one of them by adding `@relation(<name>)."
        ),
        (true, true, 2) => return None,
        (true, true, _) => format!(
            "Wrongly named self relation detected. The fields {names} in model `{name}` have the same relation name. \
             At most two relation fields can belong to the same relation and therefore have the same name. Please \
             assign a different relation name to one of them."
        ),
        (false, false, _) => format!(
            "Ambiguous relation detected. The fields {names} in model `{name}` both refer to `{related}`. Please \
             provide different relation names for them by adding `@relation(<name>)."
        ),
        (true, false, _) => format!(
            "Wrongly named relation detected. The fields {names} in model `{name}` both use the same relation name. \
             Please provide different relation names for them through `@relation(<name>)."
        ),
    };
    let mut diagnostic =
        Diagnostic::in_model("ambiguous-relation", container(model), name, message, field.span());
    for other in fields.iter().filter(|id| **id != field.id()) {
        diagnostic =
            diagnostic.label(ctx.relation_field(*other).span(), "could be the same relation");
    }
    Some(diagnostic)
}

/// `` `a` ``, `` `a` and `b` `` or `` `a`, `b` and `c` ``.
fn in_words<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.join(", "),
    }
}
