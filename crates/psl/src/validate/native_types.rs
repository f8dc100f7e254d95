//! `@db.…`: a type that exists, for this field's type, with arguments in range.

use super::Ctx;
use crate::ast::Attribute;
use crate::diagnostic::Diagnostic;
use crate::native_type::{NativeType, NativeTypeError};
use crate::schema::ScalarType;
use crate::source::Span;
use crate::suggest::suggest;
use crate::walkers::ScalarFieldWalker;

pub(super) fn check(field: ScalarFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let (Some(scalar), Some(attribute)) =
        (field.scalar_type(), ctx.origins().scalar_field(field.id()).native_type)
    else {
        return;
    };
    let path = attribute.name.text;
    let (scope, name) = path.split_once('.').unwrap_or(("", path));
    if let Some(datasource) = ctx.resolved.schema.datasource()
        && datasource.name.text != scope
    {
        let expected = &datasource.name.text;
        let message = format!(
            "The prefix {scope} is invalid. It must be equal to the name of an existing datasource e.g. {expected}. \
             Did you mean to use {expected}.{name}?"
        );
        let diagnostic = Diagnostic::error("native-type-prefix", message, attribute.span);
        // Other tools have attributes with a point in their names too.
        let is_type = NativeType::CONSTRUCTORS.into_iter().any(|(known, ..)| known == name);
        let attributes = &ctx.origins().scalar_field(field.id()).field.attributes;
        let is_only =
            attributes.iter().filter(|attribute| attribute.name.text.contains('.')).count() == 1;
        let diagnostic = if is_type && is_only {
            let replacement = format!("{expected}.{name}");
            diagnostic.fix(format!("write `{replacement}`"), attribute.name.span, replacement)
        } else {
            diagnostic
        };
        ctx.push(diagnostic);
    }
    let ty = ctx.origins().scalar_field(field.id()).field.ty_span;
    if let Some(diagnostic) = arguments(attribute, name, scalar, ty, ctx) {
        ctx.push(diagnostic);
    }
}

fn arguments(
    attribute: &Attribute<'_>,
    name: &str,
    scalar: ScalarType,
    ty: Span,
    ctx: &Ctx<'_, '_, '_>,
) -> Option<Diagnostic> {
    let span = attribute.span;
    // Without a datasource there is no database, and no type is one of its.
    let parsed = if ctx.has_datasource() {
        NativeType::parse(attribute.name.text, &attribute.arguments)
    } else {
        Err(NativeTypeError::Unknown)
    };
    let arguments: Vec<String> =
        attribute.arguments.list.iter().map(|argument| argument.value.to_string()).collect();
    match parsed {
        Err(NativeTypeError::Unknown) => {
            let connector = if ctx.has_datasource() { "postgresql" } else { "Default" };
            let message = format!("Native type {name} is not supported for {connector} connector.");
            let diagnostic = Diagnostic::error("unknown-native-type", message, span);
            let written = attribute.name.text.len();
            let span = attribute.name.span.part(written - name.len()..written);
            let known = NativeType::CONSTRUCTORS.map(|(name, ..)| name);
            return Some(if ctx.has_datasource() {
                suggest(diagnostic, name, span, known)
            } else {
                diagnostic
            });
        }
        Err(NativeTypeError::TooManyArguments { allowed: 0, given }) => {
            let message = format!("Function \"{name}\" takes 0 arguments, but received {given}.");
            return Some(Diagnostic::error("native-type-arguments", message, span));
        }
        Err(NativeTypeError::TooManyArguments { allowed, given }) => {
            let message = format!(
                "Native type {name} takes {allowed} optional arguments, but received {given}."
            );
            return Some(Diagnostic::error("native-type-arguments", message, span));
        }
        _ => {}
    }
    let (_, _, expected) =
        NativeType::CONSTRUCTORS.into_iter().find(|(known, ..)| *known == name)?;
    if expected != scalar {
        let message = format!(
            "Native type {name} is not compatible with declared field type {scalar}, expected field type {expected}."
        );
        return Some(
            Diagnostic::error("native-type-mismatch", message, span).label(ty, "the field's type"),
        );
    }
    if let Ok(native_type) = parsed {
        let message = out_of_range(native_type)?;
        return Some(Diagnostic::error("native-type-out-of-range", message, span));
    }
    let expected =
        if name == "Decimal" { "two nonnegative integers" } else { "a nonnegative integer" };
    let message = format!("Expected {expected}, but found ({}).", arguments.join(", "));
    Some(Diagnostic::error("native-type-arguments", message, span))
}

fn out_of_range(native_type: NativeType) -> Option<String> {
    // As the reference writes it: without a blank between the arguments.
    let written = native_type.to_string().replace(", ", ",");
    let range = match native_type {
        NativeType::Decimal(Some((precision, scale))) if scale > precision => {
            return Some(format!(
                "The scale must not be larger than the precision for the {written} native type in Postgres."
            ));
        }
        NativeType::Decimal(Some((precision, _))) if precision == 0 || precision > 1000 => {
            "Precision must be positive with a maximum value of 1000."
        }
        NativeType::Bit(Some(0)) | NativeType::VarBit(Some(0)) => "M must be a positive integer.",
        NativeType::Timestamp(Some(precision))
        | NativeType::Timestamptz(Some(precision))
        | NativeType::Time(Some(precision))
        | NativeType::Timetz(Some(precision))
            if precision > 6 =>
        {
            "M can range from 0 to 6."
        }
        _ => return None,
    };
    Some(format!("Argument M is out of range for native type `{written}` of Postgres: {range}"))
}
