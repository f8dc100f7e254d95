//! Names that keys have in the client: `name:`, or the columns joined by `_`. They stand beside the fields' names there.

use super::{Ctx, container};
use crate::diagnostic::Diagnostic;
use crate::resolve::Resolved;
use crate::schema::{IndexKind, ModelId};
use crate::walkers::{IndexWalker, ModelWalker, ScalarFieldWalker};
use std::collections::HashMap;

/// The names given by `name:`, by model, with the kinds of what has them.
pub(super) struct ClientNames<'s> {
    names: HashMap<ModelId, HashMap<&'s str, Vec<IndexKind>>>,
    /// The columns of the models that have a compound key, by their names.
    fields: HashMap<ModelId, HashMap<&'s str, ScalarFieldWalker<'s>>>,
}

impl<'s> ClientNames<'s> {
    pub(super) fn new(resolved: &'s Resolved<'_>) -> Self {
        let mut names: HashMap<_, HashMap<_, Vec<_>>> = HashMap::new();
        for model in resolved.schema.models() {
            for index in model.primary_key().into_iter().chain(model.indexes()) {
                if let Some(name) = &index.data().client_name {
                    names
                        .entry(model.id())
                        .or_default()
                        .entry(name.as_str())
                        .or_default()
                        .push(index.kind());
                }
            }
        }
        let has_compound_key = |model: &ModelWalker<'_>| {
            model.unique_criteria().any(|index| index.columns().len() > 1)
        };
        let fields = resolved.schema.models().filter(has_compound_key).map(|model| {
            (model.id(), model.scalar_fields().map(|field| (field.name(), field)).collect())
        });
        Self { names, fields: fields.collect() }
    }

    fn of(&self, model: ModelWalker<'_>, name: &str) -> &[IndexKind] {
        let kinds = self.names.get(&model.id()).and_then(|names| names.get(name));
        kinds.map(Vec::as_slice).unwrap_or_default()
    }
}

pub(super) fn check_primary_key(
    model: ModelWalker<'_>,
    names: &ClientNames<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    if let Some(primary_key) = model.primary_key() {
        check_given_name(primary_key, names, ctx);
        check_joined_name(primary_key, "@@id", "`@@id` attribute's name", names, ctx);
    }
}

pub(super) fn check_unique(
    index: IndexWalker<'_>,
    names: &ClientNames<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    check_given_name(index, names, ctx);
    if index.kind() == IndexKind::Unique {
        check_joined_name(index, "@@unique", "`@@unique` name", names, ctx);
    }
}

/// A field whose name a key has.
pub(super) fn check_field(
    model: ModelWalker<'_>,
    name: &str,
    names: &ClientNames<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    let taken = names.of(model, name);
    for (kind, attribute) in [(IndexKind::Unique, "@@unique"), (IndexKind::PrimaryKey, "@@id")] {
        if taken.contains(&kind) {
            let message = format!(
                "The custom name `{name}` specified for the `{attribute}` attribute is already used as a name for a \
                 field. Please choose a different name."
            );
            let mut diagnostic = Diagnostic::in_model(
                "client-name-taken",
                container(model),
                model.name(),
                message,
                model.span(),
            );
            for index in named(model, name).filter(|index| index.kind() == kind) {
                diagnostic =
                    diagnostic.label(ctx.origin(index).attribute.span_of("name"), "has this name");
            }
            ctx.push(diagnostic);
        }
    }
}

/// Two keys of one model with the same name.
fn check_given_name(index: IndexWalker<'_>, names: &ClientNames<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(name) = &index.data().client_name else { return };
    if names.of(index.model(), name).len() < 2 {
        return;
    }
    let message = format!(
        "The given custom name `{name}` has to be unique on the model. Please provide a different name for the `name` \
         argument."
    );
    let span = ctx.origin(index).attribute.span_of("name");
    let attribute = ctx.attribute_name(index);
    let mut diagnostic = Diagnostic::in_attribute("client-name-taken", &attribute, message, span);
    for other in named(index.model(), name).filter(|other| other.id() != index.id()) {
        let span = ctx.origin(other).attribute.span_of("name");
        diagnostic = diagnostic.label(span, "has the same name");
    }
    ctx.push(diagnostic);
}

/// The keys that are given a name in the client.
fn named<'s>(model: ModelWalker<'s>, name: &str) -> impl Iterator<Item = IndexWalker<'s>> {
    let keys = model.primary_key().into_iter().chain(model.indexes());
    keys.filter(move |key| key.data().client_name.as_deref() == Some(name))
}

/// A compound key whose columns' joined names are a field's name.
fn check_joined_name(
    index: IndexWalker<'_>,
    attribute: &str,
    owner: &str,
    names: &ClientNames<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    if index.columns().len() < 2 {
        return;
    }
    let model = index.model();
    let joined = index.fields().map(ScalarFieldWalker::name).collect::<Vec<_>>().join("_");
    let fields = names.fields.get(&model.id());
    if let Some(field) = fields.and_then(|fields| fields.get(joined.as_str())) {
        let message = format!(
            "The field `{joined}` clashes with the {owner}. Please resolve the conflict by providing a custom id name: \
             `{attribute}([...], name: \"custom_name\")`"
        );
        let span = ctx.origin(index).attribute.span;
        ctx.push(
            Diagnostic::in_model(
                "client-name-taken",
                container(model),
                model.name(),
                message,
                span,
            )
            .label(field.data().name.span, "this field"),
        );
    }
}
