//! Columns as fields.

use std::fmt::Write as _;

use pg_schema::Arity;
use psl::ScalarFieldWalker;

use super::block::{Call, Documentation};
use super::ctx::Ctx;
use super::pairs::ColumnPair;
use super::remarks;
use super::{column_type, default};

/// A field with its documentation. `key` and `unique` are its `@id` and `@unique`, where it has them.
pub(super) fn render(
    ctx: &Ctx<'_>,
    pair: &ColumnPair<'_>,
    key: Option<Call>,
    unique: Option<Call>,
) -> String {
    let ty = column_type::of(ctx, pair.column);
    let (data, mut documentation) = (
        pair.previous,
        Documentation::new(pair.previous.and_then(ScalarFieldWalker::documentation)),
    );
    let is_nameless = pair.named.name.is_empty();
    if is_nameless {
        documentation.remark(remarks::NAMELESS_FIELD);
    }
    let mut attributes: Vec<Call> = Vec::new();
    if data.is_some_and(ScalarFieldWalker::is_updated_at) {
        attributes.push(Call::new("@updatedAt"));
    }
    attributes.extend(unique);
    attributes.extend(key);
    attributes.extend(default::of(pair, ty).map(|value| Call::new("@default").value(value)));
    attributes.extend(pair.named.mapped.map(|name| Call::new("@map").text(name)));
    if let Some(native) = ty.native() {
        let datasource = ctx.previous.datasource().map_or("db", |source| source.name.text.as_str());
        attributes.push(Call::new(format!("@{datasource}.{native}")));
    }
    if data.is_some_and(ScalarFieldWalker::is_ignored) {
        attributes.push(Call::new("@ignore"));
    }

    let comment = if is_nameless { "// " } else { "" };
    let name = if is_nameless { pair.column.name.as_str() } else { &pair.named.name };
    let mark = match arity(pair) {
        Arity::Required => "",
        Arity::Nullable => "?",
        Arity::List => "[]",
    };
    let mut line = format!("{documentation}{comment}{name} {}{mark}", type_name(ty));
    for attribute in attributes {
        let _ = write!(line, " {attribute}");
    }
    line
}

/// Of a view's columns the server does not know that they are never NULL; the schema before may.
fn arity(pair: &ColumnPair<'_>) -> Arity {
    match pair.previous.map(ScalarFieldWalker::arity) {
        Some(psl::Arity::Required) if pair.is_open() => Arity::Required,
        Some(psl::Arity::List) if pair.is_open() => Arity::List,
        _ => pair.column.arity,
    }
}

fn type_name(ty: column_type::FieldType<'_>) -> String {
    match ty {
        column_type::FieldType::Scalar(scalar, _) => scalar.to_string(),
        column_type::FieldType::Enum(pair) => pair.named.name.to_string(),
        column_type::FieldType::Unsupported(name) => {
            Call::new("Unsupported").text(name).to_string()
        }
    }
}

impl ColumnPair<'_> {
    fn is_open(&self) -> bool {
        self.is_in_view && self.column.arity == Arity::Nullable
    }
}
