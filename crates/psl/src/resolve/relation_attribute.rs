//! `@relation(…)` and what else may stand, or may not, on a field that names another model.

use super::arguments::{Arguments, AttributeSet};
use super::{Ctx, coerce, key_arguments};
use crate::ast::Expr;
use crate::diagnostic::Diagnostic;
use crate::schema::{FieldId, ModelId, ReferentialAction, RelationFieldId, ScalarFieldId};
use crate::source::Span;
use crate::suggest::{in_another_case, nearest, suggest_each};

/// For suggestions.
const KNOWN: [&str; 2] = ["relation", "ignore"];

pub(super) fn resolve(id: RelationFieldId, ctx: &mut Ctx<'_, '_>) {
    let written = ctx.resolved.origins.relation_field(id).field;
    let mut attributes = AttributeSet::new(&written.attributes);

    if let Some(mut arguments) = attributes.single("relation", ctx.diagnostics) {
        relation(id, &mut arguments, ctx);
        arguments.finish(ctx.diagnostics);
    }
    if let Some(arguments) = attributes.single("id", ctx.diagnostics) {
        let message = format!(
            "The field `{}` is a relation field and cannot be marked with `@id`. Only scalar fields can be declared \
             as id.",
            written.name.text
        );
        ctx.diagnostics.push(arguments.error("id-on-relation", message));
    }
    if let Some(arguments) = attributes.single("ignore", ctx.diagnostics) {
        ctx.resolved.schema.relation_fields[id.index()].is_ignored = true;
        arguments.finish(ctx.diagnostics);
    }
    if let Some(arguments) = attributes.single("default", ctx.diagnostics) {
        let message = "Cannot set a default value on a relation field.";
        ctx.diagnostics.push(arguments.error("default-on-relation", message));
    }
    if let Some(mut arguments) = attributes.single("map", ctx.diagnostics) {
        let message = "The attribute `@map` cannot be used on relation fields.";
        ctx.diagnostics.push(arguments.error("map-on-relation", message));
        arguments.default("name", ctx.diagnostics);
    }
    if let Some(arguments) = attributes.single("unique", ctx.diagnostics) {
        let message = unique(id, written.name.text, ctx);
        ctx.diagnostics.push(arguments.error("unique-on-relation", message));
    }
    attributes.finish(&KNOWN, ctx.diagnostics);
}

fn unique(id: RelationFieldId, name: &str, ctx: &Ctx<'_, '_>) -> String {
    let schema = &ctx.resolved.schema;
    let fields = schema.relation_fields[id.index()].fields.iter().flatten();
    let fields: Vec<&str> =
        fields.map(|id| schema.scalar_fields[id.index()].name.text.as_str()).collect();
    let suggestion = match fields.as_slice() {
        [] => String::new(),
        [field] => format!(" Did you mean to put it on `{field}`?"),
        fields => format!(" Did you mean to provide `@@unique([{}])`?", fields.join(", ")),
    };
    format!(
        "The field `{name}` is a relation field and cannot be marked with `unique`. Only scalar fields can be made \
         unique.{suggestion}"
    )
}

fn relation<'a>(id: RelationFieldId, arguments: &mut Arguments<'a>, ctx: &mut Ctx<'a, '_>) {
    let attribute = arguments.attribute;
    ctx.resolved.origins.relation_fields[id.index()].attribute = Some(attribute);
    let (model, related_model) = {
        let field = &ctx.resolved.schema.relation_fields[id.index()];
        (field.model, field.related_model)
    };
    if let Some(fields) = arguments.optional("fields") {
        let fields = columns(fields, model, attribute.span, Side::Fields, ctx);
        ctx.resolved.schema.relation_fields[id.index()].fields = Some(fields);
    }
    if let Some(references) = arguments.optional("references") {
        let references = columns(references, related_model, attribute.span, Side::References, ctx);
        ctx.resolved.schema.relation_fields[id.index()].references = Some(references);
    }
    // A name may be left out, and be written without saying that it is the name.
    let name =
        arguments.optional_default("name").and_then(|name| coerce::string(name, ctx.diagnostics));
    if name == Some("") {
        ctx.diagnostics
            .push(arguments.error("empty-name", "A relation cannot have an empty name."));
    }
    let on_delete = arguments
        .optional("onDelete")
        .and_then(|action| referential_action(action, ctx.diagnostics));
    let on_update = arguments
        .optional("onUpdate")
        .and_then(|action| referential_action(action, ctx.diagnostics));
    let mapped_name = key_arguments::map(arguments, ctx.diagnostics);

    let field = &mut ctx.resolved.schema.relation_fields[id.index()];
    field.relation_name = name.filter(|name| !name.is_empty()).map(str::to_owned);
    field.on_delete = on_delete;
    field.on_update = on_update;
    field.mapped_name = mapped_name;
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Fields,
    References,
}

/// The columns in `fields:` or `references:`; none where any is wrong.
fn columns<'a>(
    list: &'a Expr<'a>,
    model: ModelId,
    attribute: Span,
    side: Side,
    ctx: &mut Ctx<'a, '_>,
) -> Vec<ScalarFieldId> {
    let names = coerce::array(list, ctx.diagnostics, |name, diagnostics| {
        Some((coerce::constant(name, diagnostics)?, name.span()))
    });
    let Some(names) = names else { return Vec::new() };
    let (mut columns, mut unknown, mut relations) = (Vec::new(), Vec::new(), Vec::new());
    let model_name = &ctx.resolved.schema.models[model.index()].name;
    let name = &model_name.text;
    for &(field, span) in &names {
        let Some(&position) = ctx.names.fields[model.index()].get(field) else {
            unknown.push((field, span));
            continue;
        };
        match ctx.names.field_ids[model.index()][position] {
            Some(FieldId::Scalar(id)) if columns.contains(&id) => {
                let message = format!(
                    "The unique index definition refers to the field {field} multiple times."
                );
                ctx.diagnostics.push(Diagnostic::in_model(
                    "repeated-field",
                    "model",
                    name,
                    message,
                    attribute,
                ));
                return Vec::new();
            }
            Some(FieldId::Scalar(id)) => columns.push(id),
            Some(FieldId::Relation(_)) | None => relations.push(field),
        }
    }
    if unknown.is_empty() && relations.is_empty() {
        return columns;
    }
    if !unknown.is_empty() {
        let (message, span) = match side {
            Side::Fields => (
                "The argument fields must refer only to existing fields. The following fields do not exist in this \
                 model: "
                    .to_owned(),
                list.span(),
            ),
            Side::References => (
                format!(
                    "The argument `references` must refer only to existing fields in the related model `{name}`. The \
                     following fields do not exist in the related model: "
                ),
                attribute,
            ),
        };
        let list: Vec<&str> = unknown.iter().map(|(name, _)| *name).collect();
        let message = message + &list.join(", ");
        let mut diagnostic = Diagnostic::validating("unknown-field", message, span);
        if side == Side::References {
            diagnostic = diagnostic.label(model_name.span, "the related model");
        }
        let candidates = &ctx.names.fields[model.index()];
        if ctx.suggestions.affords(candidates.len() * unknown.len()) {
            let mut candidates: Vec<&str> = candidates.keys().copied().collect();
            candidates.sort_unstable();
            let is_new_column = |field: &str| {
                names.iter().all(|(other, _)| *other != field) && ctx.names.is_column(model, field)
            };
            diagnostic = suggest_each(diagnostic, &unknown, candidates, is_new_column);
        }
        ctx.diagnostics.push(diagnostic);
    }
    if !relations.is_empty() {
        let (message, span) = match side {
            Side::Fields => (
                "The argument fields must refer only to scalar fields. But it is referencing the following relation \
                 fields: "
                    .to_owned(),
                list.span(),
            ),
            Side::References => (
                format!(
                    "The argument `references` must refer only to scalar fields in the related model `{name}`. But it \
                     is referencing the following relation fields: "
                ),
                attribute,
            ),
        };
        let message = message + &relations.join(", ");
        ctx.diagnostics.push(Diagnostic::validating("relation-field-as-column", message, span));
    }
    Vec::new()
}

fn referential_action(
    value: &Expr<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<ReferentialAction> {
    let name = coerce::constant(value, diagnostics)?;
    let action = ReferentialAction::ALL.into_iter().find(|action| action.as_str() == name);
    if action.is_none() {
        let message = format!("Invalid referential action: `{name}`");
        let diagnostic = Diagnostic::in_attribute(
            "unknown-referential-action",
            "@relation",
            message,
            value.span(),
        );
        let names = ReferentialAction::ALL.map(ReferentialAction::as_str);
        diagnostics.push(match (in_another_case(name, names), nearest(name, names)) {
            (Some(same), _) => diagnostic.fix(format!("write `{same}`"), value.span(), same),
            (None, Some(near)) => diagnostic.help(format!("did you mean `{near}`?")),
            (None, None) => diagnostic.help(format!("known actions are {}", names.join(", "))),
        });
    }
    action
}

impl ReferentialAction {
    pub const ALL: [Self; 5] =
        [Self::Cascade, Self::Restrict, Self::NoAction, Self::SetNull, Self::SetDefault];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cascade => "Cascade",
            Self::Restrict => "Restrict",
            Self::NoAction => "NoAction",
            Self::SetNull => "SetNull",
            Self::SetDefault => "SetDefault",
        }
    }
}
