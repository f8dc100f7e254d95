//! `[a, b(sort: Desc)]`: the columns of a key or index.

use super::names::TypeName;
use super::operator_classes::operator_class;
use super::{Ctx, coerce};
use crate::ast::{Argument, Expr, FieldType};
use crate::diagnostic::Diagnostic;
use crate::schema::{FieldId, IndexColumn, ModelId, RelationFieldId, ScalarFieldId, SortOrder};
use crate::source::Span;
use crate::suggest::{self, suggest_each};

/// What a list of columns came to.
pub(super) enum Columns<'a> {
    Resolved {
        columns: Vec<IndexColumn>,
        has_length: bool,
    },
    /// It was wrong, and that has been told.
    Told,
    /// Names that are no columns of the model.
    Wrong {
        unknown: Vec<String>,
        relations: Vec<NoColumn<'a>>,
    },
}

/// A field that is there and is no column: it names a model, or nothing that is known.
pub(super) struct NoColumn<'a> {
    pub(super) name: &'a str,
    pub(super) relation: Option<RelationFieldId>,
}

/// What may be written for a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A name.
    Name,
    /// A name with arguments behind it.
    Arguments,
    /// That, or `a.b` for a field of a composite type.
    Path,
}

pub(super) fn resolve<'a>(
    list: &'a Expr<'a>,
    attribute: Span,
    model: ModelId,
    form: Form,
    ctx: &mut Ctx<'a, '_>,
) -> Columns<'a> {
    let column = if form == Form::Name { name } else { column };
    let Some(written) = coerce::array(list, ctx.diagnostics, column) else { return Columns::Told };
    let (mut unknown, mut relations, mut columns) =
        (Vec::new(), Vec::new(), Vec::<IndexColumn>::new());
    for column in &written {
        let field = match find(column.name, model, form, ctx) {
            Found::Column(field) => field,
            Found::NoColumn(relation) => {
                let name = column.name.split('.').next().unwrap_or(column.name);
                relations.push(NoColumn { name, relation });
                continue;
            }
            Found::Unknown(name) => {
                unknown.push(name);
                continue;
            }
        };
        if columns.iter().any(|column| column.field == field) {
            let message = format!(
                "The unique index definition refers to the field {} multiple times.",
                column.name
            );
            let name = &ctx.resolved.schema.models[model.index()].name.text;
            ctx.diagnostics.push(Diagnostic::in_model(
                "repeated-field",
                "model",
                name,
                message,
                attribute,
            ));
            return Columns::Told;
        }
        columns.push(IndexColumn { field, sort: column.sort, ops: column.ops.clone() });
    }
    if unknown.is_empty() && relations.is_empty() {
        Columns::Resolved { columns, has_length: written.iter().any(|column| column.has_length) }
    } else {
        Columns::Wrong { unknown, relations }
    }
}

/// Adds what was probably meant by unknown names.
pub(super) fn suggest(
    diagnostic: Diagnostic,
    unknown: &[String],
    list: &Expr<'_>,
    model: ModelId,
    ctx: &Ctx<'_, '_>,
) -> Diagnostic {
    let names = &ctx.names.fields[model.index()];
    if !ctx.suggestions.affords(names.len() * unknown.len()) {
        return diagnostic;
    }
    let mut names: Vec<&str> = names.keys().copied().collect();
    names.sort_unstable();
    let elements = match list {
        Expr::Array(elements, _) => elements.as_slice(),
        one => std::slice::from_ref(one),
    };
    // What is unknown in a composite type stands nowhere as it is called.
    let written = elements.iter().filter_map(|element| match element {
        Expr::Constant(name, span) | Expr::Function(name, _, span) => {
            Some((*name, span.part(0..name.len())))
        }
        _ => None,
    });
    let written: Vec<(&str, Span)> = written.collect();
    let mut wrong = written.clone();
    wrong.retain(|(name, _)| unknown.iter().any(|unknown| unknown == name));
    let is_new_column = |field: &str| {
        written.iter().all(|(other, _)| *other != field) && ctx.names.is_column(model, field)
    };
    suggest_each(diagnostic, &wrong, names, is_new_column)
}

enum Found {
    Column(ScalarFieldId),
    NoColumn(Option<RelationFieldId>),
    /// With what messages call it.
    Unknown(String),
}

fn find(name: &str, model: ModelId, form: Form, ctx: &Ctx<'_, '_>) -> Found {
    let mut path = name.split('.');
    let head =
        if name.contains('.') && form != Form::Path { name } else { path.next().unwrap_or(name) };
    let Some(&position) = ctx.names.fields[model.index()].get(head) else {
        return Found::Unknown(head.to_owned());
    };
    let id = match ctx.names.field_ids[model.index()][position] {
        Some(FieldId::Scalar(id)) => id,
        Some(FieldId::Relation(id)) => return Found::NoColumn(Some(id)),
        None => return Found::NoColumn(None),
    };
    let origins = &ctx.resolved.origins;
    let mut composite_type = origins.scalar_field(id).composite_type;
    for step in path {
        let Some(outer) = composite_type.map(|position| origins.composite_types[position]) else {
            return Found::Unknown(name.to_owned());
        };
        let Some(inner) = outer.fields.iter().find(|field| field.name.text == step) else {
            return Found::Unknown(format!("{step} in type {}", outer.name.text));
        };
        composite_type = match &inner.ty {
            FieldType::Named(ty) => match ctx.names.types.get(ty.text) {
                Some(TypeName::CompositeType(position)) => Some(*position),
                _ => None,
            },
            FieldType::Unsupported(_) => None,
        };
    }
    Found::Column(id)
}

/// One column as written.
struct Written<'a> {
    name: &'a str,
    sort: Option<SortOrder>,
    ops: Option<crate::schema::OperatorClass>,
    has_length: bool,
}

fn name<'a>(expr: &'a Expr<'a>, diagnostics: &mut Vec<Diagnostic>) -> Option<Written<'a>> {
    let name = coerce::constant(expr, diagnostics)?;
    Some(Written { name, sort: None, ops: None, has_length: false })
}

fn column<'a>(expr: &'a Expr<'a>, diagnostics: &mut Vec<Diagnostic>) -> Option<Written<'a>> {
    let (name, arguments): (_, &[Argument<'_>]) = match expr {
        Expr::Constant(name, _) => (name, &[]),
        Expr::Function(name, arguments, _) => (name, &arguments.list),
        _ => return coerce::mismatch("constant literal", expr, diagnostics),
    };
    let argument = |name| {
        arguments
            .iter()
            .find(|argument| argument.name.is_some_and(|argument| argument.text == name))
    };
    let sort = argument("sort").and_then(|argument| {
        match coerce::constant(&argument.value, diagnostics)? {
            "Asc" => Some(SortOrder::Asc),
            "Desc" => Some(SortOrder::Desc),
            other => {
                let message = "Unexpected token. Expected one of: Asc, Desc";
                let diagnostic = Diagnostic::error("invalid-sort", message, argument.span);
                let span = argument.value.span();
                diagnostics.push(suggest::suggest(diagnostic, other, span, ["Asc", "Desc"]));
                None
            }
        }
    });
    let has_length = argument("length")
        .and_then(|argument| coerce::integer(&argument.value, diagnostics))
        .is_some_and(|length| length >= 0);
    let ops = argument("ops").and_then(|argument| operator_class(argument, diagnostics));
    Some(Written { name, sort, ops, has_length })
}
