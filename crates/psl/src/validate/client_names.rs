//! Names that keys have in the client: `name:`, or the columns joined by `_`. They stand beside the fields' names there.

use super::{Ctx, container};
use crate::diagnostic::Diagnostic;
use crate::resolve::Resolved;
use crate::schema::{IndexKind, ModelId};
use crate::walkers::{IndexWalker, ModelWalker, ScalarFieldWalker};
use std::collections::HashMap;

/// The names given by `name:`, by model, with the keys that have them.
pub(super) struct ClientNames<'s> {
    names: HashMap<ModelId, HashMap<&'s str, Vec<IndexWalker<'s>>>>,
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
                        .push(index);
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

    fn of(&self, model: ModelWalker<'_>, name: &str) -> &[IndexWalker<'s>] {
        let keys = self.names.get(&model.id()).and_then(|names| names.get(name));
        keys.map(Vec::as_slice).unwrap_or_default()
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
        if let Some(key) = taken.iter().find(|key| key.kind() == kind) {
            let message = format!(
                "The custom name `{name}` specified for the `{attribute}` attribute is already used as a name for a \
                 field. Please choose a different name."
            );
            let has_it = ctx.origin(*key).attribute.span_of("name");
            ctx.push(
                Diagnostic::in_model(
                    "client-name-taken",
                    container(model),
                    model.name(),
                    message,
                    model.span(),
                )
                .label(has_it, "has this name"),
            );
        }
    }
}

/// Two keys of one model with the same name.
fn check_given_name(index: IndexWalker<'_>, names: &ClientNames<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(name) = &index.data().client_name else { return };
    // One will do to understand it: of a thousand, each would name all others.
    let mut others = names.of(index.model(), name).iter().filter(|other| other.id() != index.id());
    let Some(other) = others.next() else { return };
    let message = format!(
        "The given custom name `{name}` has to be unique on the model. Please provide a different name for the `name` \
         argument."
    );
    let span = ctx.origin(index).attribute.span_of("name");
    let attribute = ctx.attribute_name(index);
    let same = ctx.origin(*other).attribute.span_of("name");
    ctx.push(
        Diagnostic::in_attribute("client-name-taken", &attribute, message, span)
            .label(same, "has the same name"),
    );
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
