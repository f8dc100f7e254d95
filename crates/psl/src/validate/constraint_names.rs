//! Names of keys and indexes that the database would refuse, because another has them.
//!
//! Keys and indexes share a namespace with all others of their schema; a foreign key shares one with the keys and
//! indexes of its own table.

use super::Ctx;
use crate::constraint_names;
use crate::diagnostic::Diagnostic;
use crate::resolve::{Inferred, Resolved};
use crate::schema::{ModelId, RelationKind};
use crate::walkers::{IndexWalker, ModelWalker, RelationFieldWalker, ScalarFieldWalker};
use std::collections::HashMap;

/// How often each name is used.
pub(super) struct ConstraintNames {
    /// Keys and indexes by `@@schema` and name.
    global: HashMap<(Option<String>, String), u32>,
    /// Keys, indexes and foreign keys by model and name.
    local: HashMap<(ModelId, String), u32>,
}

impl ConstraintNames {
    pub(super) fn new(resolved: &Resolved<'_>) -> Self {
        let mut names = Self { global: HashMap::new(), local: HashMap::new() };
        if resolved.schema.datasource().is_none() {
            // Which names share a namespace is the database's to say.
            return names;
        }
        for model in resolved.schema.models() {
            for index in model.primary_key().into_iter().chain(model.indexes()) {
                let name = index.database_name();
                let namespace = model.namespace().map(str::to_owned);
                *names.global.entry((namespace, name.clone())).or_default() += 1;
                *names.local.entry((model.id(), name)).or_default() += 1;
            }
        }
        for relation in &resolved.relations {
            let (model, name) = match *relation {
                Inferred::Relation(id) => match resolved.schema.walk(id).kind() {
                    RelationKind::OneToOne { forward, .. }
                    | RelationKind::OneToMany { forward, .. } => {
                        let forward = resolved.schema.walk(forward);
                        (forward.model(), foreign_key_name(forward))
                    }
                    RelationKind::ManyToMany { .. } => continue,
                },
                Inferred::Lonely(list) => {
                    let list = resolved.schema.walk(list);
                    (list.model(), nameless_foreign_key(list.related_model()))
                }
                Inferred::EmbeddedManyToMany { .. } => continue,
            };
            *names.local.entry((model.id(), name)).or_default() += 1;
        }
        names
    }

    fn taken_globally(&self, model: ModelWalker<'_>, name: &str) -> bool {
        self.global
            .get(&(model.namespace().map(str::to_owned), name.to_owned()))
            .is_some_and(|uses| *uses > 1)
    }

    fn taken_locally(&self, model: ModelWalker<'_>, name: &str) -> bool {
        self.local.get(&(model.id(), name.to_owned())).is_some_and(|uses| *uses > 1)
    }
}

pub(super) fn check_primary_key(
    model: ModelWalker<'_>,
    names: &ConstraintNames,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    let Some(primary_key) = model.primary_key() else { return };
    let name = primary_key.database_name();
    super::constraint_names_length::check(primary_key, Some(&name), ctx);
    let (attribute, span) =
        (ctx.attribute_name(primary_key), ctx.origin(primary_key).attribute.span_of("map"));
    if names.taken_globally(model, &name) {
        ctx.push(Diagnostic::in_attribute(
            "constraint-name-taken",
            &attribute,
            globally(&name),
            span,
        ));
    }
    if names.taken_locally(model, &name) {
        ctx.push(Diagnostic::in_attribute(
            "constraint-name-taken",
            &attribute,
            locally(&name, model),
            span,
        ));
    }
}

pub(super) fn check_index(
    index: IndexWalker<'_>,
    names: &ConstraintNames,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    let name = index.database_name();
    if !names.taken_globally(index.model(), &name) {
        return;
    }
    let attribute = ctx.origin(index).attribute;
    let argument = attribute.argument("map").or_else(|| attribute.argument("name"));
    let span = argument.map_or(attribute.span, |argument| argument.span);
    let attribute = ctx.attribute_name(index);
    ctx.push(Diagnostic::in_attribute("constraint-name-taken", &attribute, globally(&name), span));
}

pub(super) fn check_relation(
    forward: RelationFieldWalker<'_>,
    names: &ConstraintNames,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    let name = foreign_key_name(forward);
    if !names.taken_locally(forward.model(), &name) {
        return;
    }
    let attribute = ctx.origins().relation_field(forward.id()).attribute;
    let map = attribute.and_then(|attribute| attribute.argument("map"));
    let span = map.map_or(forward.span(), |map| map.span);
    let message = locally(&name, forward.model());
    ctx.push(Diagnostic::in_attribute("constraint-name-taken", "@relation", message, span));
}

/// A list whose other end is not written stands for a key of no columns on the other side; the reference engine counts
/// its name on the list's side.
pub(super) fn check_lonely(
    list: RelationFieldWalker<'_>,
    names: &ConstraintNames,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    let related = list.related_model();
    let name = nameless_foreign_key(related);
    if names.taken_locally(related, &name) {
        let message = locally(&name, related);
        let span = list.model().span();
        ctx.push(Diagnostic::in_attribute("constraint-name-taken", "@relation", message, span));
    }
}

fn nameless_foreign_key(model: ModelWalker<'_>) -> String {
    constraint_names::foreign_key(model.database_name(), &[])
}

fn foreign_key_name(forward: RelationFieldWalker<'_>) -> String {
    if let Some(name) = &forward.data().mapped_name {
        return name.clone();
    }
    let columns: Vec<&str> = forward.fields().map(ScalarFieldWalker::database_name).collect();
    constraint_names::foreign_key(forward.model().database_name(), &columns)
}

fn globally(name: &str) -> String {
    in_namespace(name, "global for primary key, indexes and unique constraints")
}

fn locally(name: &str, model: ModelWalker<'_>) -> String {
    let namespace = format!(
        "on model `{}` for primary key, indexes, unique constraints and foreign keys",
        model.name()
    );
    in_namespace(name, &namespace)
}

fn in_namespace(name: &str, namespace: &str) -> String {
    format!(
        "The given constraint name `{name}` has to be unique in the following namespace: {namespace}. Please provide a \
         different name using the `map` argument."
    )
}
