//! `@unique`, `@@unique`, `@@index` and `@@fulltext`.

use super::arguments::Arguments;
use super::given_names::name_argument;
use super::index_columns::{self, Columns, Form, NoColumn};
use super::{Ctx, coerce, key_arguments, origins::IndexOrigin, predicate};
use crate::diagnostic::Diagnostic;
use crate::schema::{
    Index, IndexAlgorithm, IndexColumn, IndexId, IndexKind, ModelId, ScalarFieldId,
};
use crate::source::Span;
use crate::suggest::suggest;

/// `@unique`.
pub(super) fn unique_field<'a>(
    id: ScalarFieldId,
    arguments: &mut Arguments<'a>,
    ctx: &mut Ctx<'a, '_>,
) {
    let model = ctx.resolved.schema.scalar_fields[id.index()].model;
    let mapped_name = key_arguments::map(arguments, ctx.diagnostics);
    let has_length = key_arguments::length(arguments, ctx.diagnostics);
    let sort = key_arguments::sort(arguments, ctx.diagnostics);
    let is_clustered = key_arguments::clustered(arguments, ctx.diagnostics);
    let predicate = predicate::resolve(arguments, model, ctx);
    let index = Index {
        model,
        kind: IndexKind::Unique,
        columns: vec![IndexColumn { field: id, sort, ops: None }],
        client_name: None,
        mapped_name,
        algorithm: None,
        predicate,
        on_field: true,
        span: arguments.attribute.span,
    };
    let origin = IndexOrigin {
        attribute: arguments.attribute,
        is_fulltext: false,
        is_clustered,
        has_length,
    };
    let id = push(index, origin, ctx);
    ctx.resolved.schema.models[model.index()].indexes.push(id);
}

/// `@@index`.
pub(super) fn index<'a>(model: ModelId, arguments: &mut Arguments<'a>, ctx: &mut Ctx<'a, '_>) {
    let (columns, has_length) = columns(model, IndexKind::Normal, arguments, ctx);
    let name = name_argument("name", arguments, ctx.diagnostics);
    let map = name_argument("map", arguments, ctx.diagnostics);
    // `name` was the database's name once, and still is where there is no `map`.
    let mapped_name = match (name, map) {
        (Some(_), Some(_)) => {
            ctx.diagnostics.push(arguments.error(
                "index-name-and-map",
                "The `@@index` attribute accepts the `name` argument as an alias for the `map` argument for legacy \
                 reasons. It does not accept both though. Please use the `map` argument to specify the database name \
                 of the index.",
            ));
            None
        }
        (name, map) => map.or(name),
    };
    let algorithm = algorithm(arguments, ctx.diagnostics);
    let is_clustered = key_arguments::clustered(arguments, ctx.diagnostics);
    let predicate = predicate::resolve(arguments, model, ctx);
    let index = Index {
        model,
        kind: IndexKind::Normal,
        columns,
        client_name: None,
        mapped_name: mapped_name.map(str::to_owned),
        algorithm,
        predicate,
        on_field: false,
        span: arguments.attribute.span,
    };
    let origin = IndexOrigin {
        attribute: arguments.attribute,
        is_fulltext: false,
        is_clustered,
        has_length,
    };
    let id = push(index, origin, ctx);
    ctx.resolved.schema.models[model.index()].indexes.push(id);
}

/// `@@unique`.
pub(super) fn unique<'a>(model: ModelId, arguments: &mut Arguments<'a>, ctx: &mut Ctx<'a, '_>) {
    let (columns, has_length) = columns(model, IndexKind::Unique, arguments, ctx);
    let client_name = name_argument("name", arguments, ctx.diagnostics).map(str::to_owned);
    let mapped_name = key_arguments::map(arguments, ctx.diagnostics);
    if let Some(client_name) = &client_name {
        let model = &ctx.resolved.schema.models[model.index()].name.text;
        check_client_name(
            client_name,
            "@@unique",
            model,
            arguments.attribute.span,
            ctx.diagnostics,
        );
    }
    let is_clustered = key_arguments::clustered(arguments, ctx.diagnostics);
    let predicate = predicate::resolve(arguments, model, ctx);
    let index = Index {
        model,
        kind: IndexKind::Unique,
        columns,
        client_name,
        mapped_name,
        algorithm: None,
        predicate,
        on_field: false,
        span: arguments.attribute.span,
    };
    let origin = IndexOrigin {
        attribute: arguments.attribute,
        is_fulltext: false,
        is_clustered,
        has_length,
    };
    let id = push(index, origin, ctx);
    ctx.resolved.schema.models[model.index()].indexes.push(id);
}

/// `@@fulltext`: read only to be refused with the right words.
pub(super) fn fulltext<'a>(model: ModelId, arguments: &mut Arguments<'a>, ctx: &mut Ctx<'a, '_>) {
    let (columns, has_length) = columns(model, IndexKind::Normal, arguments, ctx);
    let mapped_name = key_arguments::map(arguments, ctx.diagnostics);
    let index = Index {
        model,
        kind: IndexKind::Normal,
        columns,
        client_name: None,
        mapped_name,
        algorithm: None,
        predicate: None,
        on_field: false,
        span: arguments.attribute.span,
    };
    let origin = IndexOrigin {
        attribute: arguments.attribute,
        is_fulltext: true,
        is_clustered: false,
        has_length,
    };
    let id = push(index, origin, ctx);
    ctx.resolved.schema.models[model.index()].indexes.push(id);
}

/// `name:` becomes an identifier in the client.
pub(super) fn check_client_name(
    name: &str,
    attribute: &str,
    model: &str,
    span: Span,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) {
        return;
    }
    let message = format!(
        "The `name` property within the `{attribute}` attribute only allows for the following characters: \
         `_a-zA-Z0-9`."
    );
    diagnostics.push(Diagnostic::in_model("invalid-name", "model", model, message, span));
}

pub(super) fn push<'a>(index: Index, origin: IndexOrigin<'a>, ctx: &mut Ctx<'a, '_>) -> IndexId {
    let id = IndexId(u32::try_from(ctx.resolved.schema.indexes.len()).unwrap_or(u32::MAX));
    ctx.resolved.schema.indexes.push(index);
    ctx.resolved.origins.indexes.push(origin);
    id
}

/// The columns, and whether one has a length; none where they are wrong.
fn columns<'a>(
    model: ModelId,
    kind: IndexKind,
    arguments: &mut Arguments<'a>,
    ctx: &mut Ctx<'a, '_>,
) -> (Vec<IndexColumn>, bool) {
    let span = arguments.attribute.span;
    let Some(fields) = arguments.default("fields", ctx.diagnostics) else {
        return (Vec::new(), false);
    };
    let (unknown, relations) = match index_columns::resolve(fields, span, model, Form::Path, ctx) {
        Columns::Resolved { columns, has_length } => return (columns, has_length),
        Columns::Told => return (Vec::new(), false),
        Columns::Wrong { unknown, relations } => (unknown, relations),
    };
    let name = &ctx.resolved.schema.models[model.index()].name.text;
    let prefix = if kind == IndexKind::Unique { "unique " } else { "" };
    if !unknown.is_empty() {
        let message = format!(
            "The {prefix}index definition refers to the unknown fields: {}.",
            unknown.join(", ")
        );
        let diagnostic = Diagnostic::in_model("unknown-field", "model", name, message, span);
        ctx.diagnostics.push(index_columns::suggest(diagnostic, &unknown, fields, model, ctx));
    }
    if !relations.is_empty() {
        let diagnostic = index_on_relation(&relations, prefix, kind, name, span, ctx);
        ctx.diagnostics.push(diagnostic);
    }
    (Vec::new(), false)
}

fn index_on_relation(
    relations: &[NoColumn<'_>],
    prefix: &str,
    kind: IndexKind,
    model: &str,
    span: Span,
    ctx: &Ctx<'_, '_>,
) -> Diagnostic {
    let schema = &ctx.resolved.schema;
    let names: Vec<&str> = relations.iter().map(|relation| relation.name).collect();
    let columns: Vec<&str> = relations
        .iter()
        .filter_map(|relation| relation.relation)
        .flat_map(|id| schema.relation_fields[id.index()].fields.iter().flatten())
        .map(|id| schema.scalar_fields[id.index()].name.text.as_str())
        .collect();
    let mut message = format!(
        "The {prefix}index definition refers to the relation fields {}. Index definitions must reference only scalar \
         fields.",
        names.join(", ")
    );
    if !columns.is_empty() {
        let attribute = if kind == IndexKind::Unique { "unique" } else { "index" };
        message = format!("{message} Did you mean `@@{attribute}([{}])`?", columns.join(", "));
    }
    let mut diagnostic = Diagnostic::in_model("index-on-relation", "model", model, message, span);
    for id in relations.iter().filter_map(|relation| relation.relation) {
        let name = &schema.relation_fields[id.index()].name;
        diagnostic = diagnostic.label(name.span, "a relation, which has no column");
    }
    diagnostic
}

fn algorithm(
    arguments: &mut Arguments<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<IndexAlgorithm> {
    let value = arguments.optional("type")?;
    Some(match coerce::constant(value, diagnostics)? {
        "BTree" => IndexAlgorithm::BTree,
        "Hash" => IndexAlgorithm::Hash,
        "Gist" => IndexAlgorithm::Gist,
        "Gin" => IndexAlgorithm::Gin,
        "SpGist" => IndexAlgorithm::SpGist,
        "Brin" => IndexAlgorithm::Brin,
        other => {
            let diagnostic =
                arguments.error("unknown-index-type", format!("Unknown index type: {other}."));
            let known = ["BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"];
            diagnostics.push(suggest(diagnostic, other, value.span(), known));
            return None;
        }
    })
}
