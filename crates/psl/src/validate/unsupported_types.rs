//! `Unsupported("…")` for a type that is supported.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::native_type::NativeType;
use crate::schema::{Arity, ScalarFieldType};
use crate::walkers::ScalarFieldWalker;

pub(super) fn check(field: ScalarFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let ScalarFieldType::Unsupported(text) = field.ty() else { return };
    let Some(datasource) = ctx.resolved.schema.datasource() else { return };
    let Some(native_type) = native_type(text) else { return };
    let written = native_type.to_string().replace(", ", ",");
    let message = format!(
        "The type `Unsupported(\"{text}\")` you specified in the type definition for the field `{}` is supported as a \
         native type by Prisma. Please use the native type notation `{} @{}.{written}` for full support.",
        field.name(),
        native_type.scalar_type(),
        datasource.name.text,
    );
    let modifier = match field.arity() {
        Arity::Required => "",
        Arity::Optional => "?",
        Arity::List => "[]",
    };
    let supported =
        format!("{}{modifier} @{}.{written}", native_type.scalar_type(), datasource.name.text);
    let origin = ctx.origins().scalar_field(field.id()).field;
    let diagnostic = Diagnostic::validating("supported-type", message, field.span());
    // What comes behind the type may be what made it another, as in `Timestamp(3) with time zone`.
    let is_all = text.replace(' ', "") == written;
    let has_native_type =
        origin.attributes.iter().any(|attribute| attribute.name.text.contains('.'));
    ctx.push(if is_all && !has_native_type {
        diagnostic.fix(format!("write `{supported}`"), origin.ty_span, supported)
    } else {
        diagnostic
    });
}

/// Reads `Name` or `Name(1, 2)`, whatever comes behind.
fn native_type(text: &str) -> Option<NativeType> {
    let Some((name, rest)) = text.split_once('(') else {
        return NativeType::from_parts(text.trim(), &[]).ok();
    };
    let arguments: Vec<String> = match rest.split_once(')') {
        Some((arguments, _)) => {
            arguments.split(',').map(|argument| argument.trim().to_owned()).collect()
        }
        None => Vec::new(),
    };
    NativeType::from_parts(name.trim(), &arguments).ok()
}
