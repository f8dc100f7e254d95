//! Literals in `@default` that have the right form and no meaning: numbers that fit no integer, texts that are no date.

use super::Ctx;
use super::literals::{base64, date_time, decimal, integer, json};
use crate::ast::Expr;
use crate::diagnostic::Diagnostic;
use crate::schema::ScalarType;
use crate::walkers::ScalarFieldWalker;

pub(super) fn check(field: ScalarFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(scalar) = field.scalar_type() else { return };
    let Some(default) = ctx.origins().scalar_field(field.id()).default else { return };
    match default.value {
        Expr::Array(elements, _) => {
            for element in elements {
                literal(element, scalar, ctx);
            }
        }
        value => literal(value, scalar, ctx),
    }
}

fn literal(value: &Expr<'_>, scalar: ScalarType, ctx: &mut Ctx<'_, '_, '_>) {
    let (text, kind, details) = match (scalar, value) {
        (ScalarType::Json, Expr::String(text, _)) => {
            (text.as_ref(), "JSON string", json::error(text))
        }
        (ScalarType::Bytes, Expr::String(text, _)) => {
            (text.as_ref(), "base64 string", base64::error(text))
        }
        (ScalarType::DateTime, Expr::String(text, _)) => {
            (text.as_ref(), "rfc3339 datetime string", date_time::error(text))
        }
        (ScalarType::Int | ScalarType::BigInt, Expr::Number(text, _)) => {
            (*text, "integer", integer::error(text))
        }
        (ScalarType::Decimal, Expr::String(text, _)) => {
            (text.as_ref(), "decimal", decimal::error(text))
        }
        _ => return,
    };
    if let Some(details) = details {
        // The reference names this one attribute without its sign.
        let attribute = if scalar == ScalarType::Decimal { "default" } else { "@default" };
        let message = format!("Parse error: \"{text}\" is not a valid {kind}. ({details})");
        ctx.push(Diagnostic::in_attribute("invalid-default", attribute, message, value.span()));
    }
}
