//! Names of keys and indexes that the database would refuse, because another has them.
//!
//! Keys and indexes share a namespace with all others of their schema; a foreign key shares one with the keys and
//! indexes of its own table.

use super::Ctx;
use crate::ast::Attribute;
use crate::constraint_names;
use crate::diagnostic::Diagnostic;
use crate::resolve::{Inferred, Origins, Resolved};
use crate::schema::{ModelId, RelationKind};
use crate::source::Span;
use crate::walkers::{IndexWalker, ModelWalker, RelationFieldWalker, ScalarFieldWalker};
use std::collections::HashMap;

/// Where each name is used.
pub(super) struct ConstraintNames {
    /// Keys and indexes by `@@schema` and name.
    global: HashMap<(Option<String>, String), Vec<Span>>,
    /// Keys, indexes and foreign keys by model and name.
    local: HashMap<(ModelId, String), Vec<Span>>,
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
                let span = span_of_name(resolved.origins.index(index.id()).attribute);
                names.global.entry((namespace, name.clone())).or_default().push(span);
                names.local.entry((model.id(), name)).or_default().push(span);
            }
        }
        for relation in &resolved.relations {
            let (model, name, span) = match *relation {
                Inferred::Relation(id) => match resolved.schema.walk(id).kind() {
                    RelationKind::OneToOne { forward, .. }
                    | RelationKind::OneToMany { forward, .. } => {
                        let forward = resolved.schema.walk(forward);
                        let span = span_of_key(forward, &resolved.origins);
                        (forward.model(), foreign_key_name(forward), span)
                    }
                    RelationKind::ManyToMany { .. } => continue,
                },
                Inferred::Lonely(list) => {
                    let list = resolved.schema.walk(list);
                    (list.model(), nameless_foreign_key(list.related_model()), list.span())
                }
                Inferred::EmbeddedManyToMany { .. } => continue,
            };
            names.local.entry((model.id(), name)).or_default().push(span);
        }
        names
    }

    /// Where the name is used, if it is more than once.
    fn taken_globally(&self, model: ModelWalker<'_>, name: &str) -> Option<&[Span]> {
        let uses = self.global.get(&(model.namespace().map(str::to_owned), name.to_owned()))?;
        (uses.len() > 1).then_some(uses)
    }

    fn taken_locally(&self, model: ModelWalker<'_>, name: &str) -> Option<&[Span]> {
        let uses = self.local.get(&(model.id(), name.to_owned()))?;
        (uses.len() > 1).then_some(uses)
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
    if let Some(uses) = names.taken_globally(model, &name) {
        ctx.push(taken(&attribute, globally(&name), span, uses));
    }
    if let Some(uses) = names.taken_locally(model, &name) {
        ctx.push(taken(&attribute, locally(&name, model), span, uses));
    }
}

pub(super) fn check_index(
    index: IndexWalker<'_>,
    names: &ConstraintNames,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    let name = index.database_name();
    let Some(uses) = names.taken_globally(index.model(), &name) else { return };
    let span = span_of_name(ctx.origin(index).attribute);
    ctx.push(taken(&ctx.attribute_name(index), globally(&name), span, uses));
}

pub(super) fn check_relation(
    forward: RelationFieldWalker<'_>,
    names: &ConstraintNames,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    let name = foreign_key_name(forward);
    let Some(uses) = names.taken_locally(forward.model(), &name) else { return };
    let message = locally(&name, forward.model());
    let span = span_of_key(forward, ctx.origins());
    ctx.push(taken("@relation", message, span, uses));
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
    if let Some(uses) = names.taken_locally(related, &name) {
        ctx.push(taken("@relation", locally(&name, related), list.model().span(), uses));
    }
}

fn taken(attribute: &str, message: String, span: Span, uses: &[Span]) -> Diagnostic {
    let diagnostic = Diagnostic::in_attribute("constraint-name-taken", attribute, message, span);
    // One will do to understand it: of a thousand, each would name all others.
    match uses.iter().find(|other| **other != span) {
        Some(other) => diagnostic.label(*other, "has the same name"),
        None => diagnostic,
    }
}

/// `map:`, or `name:`, which once was the same.
fn span_of_name(attribute: &Attribute<'_>) -> Span {
    let argument = attribute.argument("map").or_else(|| attribute.argument("name"));
    argument.map_or(attribute.span, |argument| argument.span)
}

fn span_of_key(forward: RelationFieldWalker<'_>, origins: &Origins<'_>) -> Span {
    let attribute = origins.relation_field(forward.id()).attribute;
    let map = attribute.and_then(|attribute| attribute.argument("map"));
    map.map_or(forward.span(), |map| map.span)
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
