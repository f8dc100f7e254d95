//! `@id` and `@@id`.

use super::arguments::Arguments;
use super::given_names::name_argument;
use super::index_columns::{self, Columns, Form};
use super::{Ctx, index, key_arguments, origins::IndexOrigin};
use crate::diagnostic::Diagnostic;
use crate::schema::{Arity, Index, IndexColumn, IndexKind, ModelId, ScalarFieldId};

pub(super) fn of_field<'a>(
    id: ScalarFieldId,
    arguments: &mut Arguments<'a>,
    ctx: &mut Ctx<'a, '_>,
) {
    let schema = &ctx.resolved.schema;
    let model_id = schema.scalar_fields[id.index()].model;
    let model = &schema.models[model_id.index()];
    if let Some(first) = model.primary_key {
        let message = "At most one field must be marked as the id field with the `@id` attribute.";
        ctx.diagnostics.push(
            Diagnostic::in_model("two-ids", "model", &model.name.text, message, model.span)
                .label(ctx.resolved.origins.index(first).attribute.span, "the first")
                .label(arguments.attribute.span, "one too many"),
        );
        return;
    }
    let mapped_name = key_arguments::map(arguments, ctx.diagnostics);
    let has_length = key_arguments::length(arguments, ctx.diagnostics);
    let sort = key_arguments::sort(arguments, ctx.diagnostics);
    let is_clustered = key_arguments::clustered(arguments, ctx.diagnostics);
    let primary_key = index::push(
        Index {
            model: model_id,
            kind: IndexKind::PrimaryKey,
            columns: vec![IndexColumn { field: id, sort, ops: None }],
            client_name: None,
            mapped_name,
            algorithm: None,
            predicate: None,
            on_field: true,
            span: arguments.attribute.span,
        },
        IndexOrigin {
            attribute: arguments.attribute,
            is_fulltext: false,
            is_clustered,
            has_length,
        },
        ctx,
    );
    ctx.resolved.schema.models[model_id.index()].primary_key = Some(primary_key);
}

pub(super) fn of_model<'a>(
    model_id: ModelId,
    arguments: &mut Arguments<'a>,
    ctx: &mut Ctx<'a, '_>,
) {
    let attribute = arguments.attribute;
    let Some(fields) = arguments.default("fields", ctx.diagnostics) else { return };
    let name = ctx.resolved.schema.models[model_id.index()].name.text.clone();
    let (columns, has_length) = match index_columns::resolve(
        fields,
        attribute.span,
        model_id,
        Form::Arguments,
        ctx,
    ) {
        Columns::Resolved { columns, has_length } => (columns, has_length),
        Columns::Told => return,
        Columns::Wrong { unknown, relations } => {
            if !unknown.is_empty() {
                let names: Vec<&str> = unknown.iter().map(String::as_str).collect();
                let message = format!(
                    "The multi field id declaration refers to the unknown {}.",
                    in_words(&names)
                );
                let diagnostic =
                    Diagnostic::in_model("unknown-field", "model", &name, message, fields.span());
                ctx.diagnostics
                    .push(index_columns::suggest(diagnostic, &unknown, fields, model_id, ctx));
            }
            if !relations.is_empty() {
                let relations: Vec<&str> = relations.iter().map(|relation| relation.name).collect();
                let message = format!(
                    "The id definition refers to the relation {}. ID definitions must reference only scalar fields.",
                    in_words(&relations)
                );
                ctx.diagnostics.push(Diagnostic::in_model(
                    "index-on-relation",
                    "model",
                    &name,
                    message,
                    attribute.span,
                ));
            }
            return;
        }
    };

    let schema = &ctx.resolved.schema;
    let model = &schema.models[model_id.index()];
    let optional: Vec<&str> = columns
        .iter()
        .map(|column| &schema.scalar_fields[column.field.index()])
        .filter(|field| field.arity != Arity::Required)
        .map(|field| field.name.text.as_str())
        .collect();
    if !optional.is_empty() && !model.is_ignored {
        let message = format!(
            "The id definition refers to the optional {}. ID definitions must reference only required fields.",
            in_words(&optional)
        );
        ctx.diagnostics.push(Diagnostic::in_model(
            "optional-id",
            "model",
            &name,
            message,
            attribute.span,
        ));
    }
    if let Some(first) = model.primary_key {
        let message = "Each model must have at most one id criteria. You can't have `@id` and `@@id` at the same time.";
        ctx.diagnostics.push(
            Diagnostic::in_model("two-ids", "model", &name, message, model.span)
                .label(ctx.resolved.origins.index(first).attribute.span, "the first")
                .label(attribute.span, "one too many"),
        );
    }
    let mapped_name = key_arguments::map(arguments, ctx.diagnostics);
    let client_name = name_argument("name", arguments, ctx.diagnostics).map(str::to_owned);
    if let Some(client_name) = &client_name {
        index::check_client_name(client_name, "@@id", &name, attribute.span, ctx.diagnostics);
    }
    let is_clustered = key_arguments::clustered(arguments, ctx.diagnostics);
    let primary_key = index::push(
        Index {
            model: model_id,
            kind: IndexKind::PrimaryKey,
            columns,
            client_name,
            mapped_name,
            algorithm: None,
            predicate: None,
            on_field: false,
            span: attribute.span,
        },
        IndexOrigin { attribute, is_fulltext: false, is_clustered, has_length },
        ctx,
    );
    ctx.resolved.schema.models[model_id.index()].primary_key = Some(primary_key);
}

/// An `@id` on a field that may be null or is a list. Told once the whole model is read: an ignored one may.
pub(super) fn check_arity(
    model_id: ModelId,
    diagnostics: &mut Vec<Diagnostic>,
    resolved: &super::Resolved<'_>,
) {
    let schema = &resolved.schema;
    let model = &schema.models[model_id.index()];
    let Some(primary_key) = model.primary_key.filter(|_| !model.is_ignored) else { return };
    let index = &schema.indexes[primary_key.index()];
    let [column] = index.columns.as_slice() else { return };
    if index.on_field && schema.scalar_fields[column.field.index()].arity != Arity::Required {
        let message = "Fields that are marked as id must be required.";
        let ty = resolved.origins.scalar_field(column.field).field.ty_span;
        diagnostics.push(
            Diagnostic::in_attribute("optional-id", "@id", message, index.span)
                .label(ty, "is not required"),
        );
    }
}

/// ``field `a` `` or ``fields `a`, `b` ``.
pub(super) fn in_words(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let word = if quoted.len() == 1 { "field" } else { "fields" };
    format!("{word} {}", quoted.join(", "))
}
