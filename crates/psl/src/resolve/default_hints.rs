//! What was probably meant by a default that is none.

use super::Ctx;
use super::default::FUNCTIONS;
use crate::ast::Expr;
use crate::diagnostic::Diagnostic;
use crate::schema::{EnumId, ScalarFieldType, ScalarType};
use crate::suggest::{in_another_case, suggest};

/// Adds a fix or a hint to an error on the default `value` of a field of type `ty`.
pub(super) fn add(
    diagnostic: Diagnostic,
    value: &Expr<'_>,
    ty: &ScalarFieldType,
    ctx: &Ctx<'_, '_>,
) -> Diagnostic {
    match (ty, value) {
        (ScalarFieldType::Enum(id), _) => of_enum(diagnostic, value, *id, ctx),
        // Perhaps the type is wrong instead.
        (ScalarFieldType::Scalar(ScalarType::String), Expr::Number(text, _)) => {
            diagnostic.help(format!("a text is in quotes: `\"{text}\"`"))
        }
        (ScalarFieldType::Scalar(scalar), _) => match replacement(value, *scalar) {
            Some(text) => diagnostic.fix(format!("write `{text}`"), value.span(), text),
            None => diagnostic,
        },
        (ScalarFieldType::Unsupported(_), _) => diagnostic,
    }
}

fn of_enum(diagnostic: Diagnostic, value: &Expr<'_>, id: EnumId, ctx: &Ctx<'_, '_>) -> Diagnostic {
    let values = &ctx.resolved.schema.enums[id.index()].values;
    if !ctx.suggestions.affords(values.len()) {
        return diagnostic;
    }
    let names = values.iter().map(|value| value.name.text.as_str());
    match value {
        Expr::Constant(name, span) => {
            let r#enum = &ctx.resolved.schema.enums[id.index()].name;
            suggest(diagnostic.label(r#enum.span, "the enum"), name, *span, names)
        }
        Expr::String(text, span) => match names.into_iter().find(|name| name == text) {
            Some(name) => diagnostic.fix("remove the quotes", *span, name),
            None => diagnostic,
        },
        _ => diagnostic,
    }
}

/// The one text that a value in the wrong form can have meant.
fn replacement(value: &Expr<'_>, scalar: ScalarType) -> Option<String> {
    use ScalarType::{BigInt, Boolean, DateTime, Float, Int, String};
    match (scalar, value) {
        (Boolean, Expr::Constant(word, _)) => {
            in_another_case(word, ["true", "false"]).map(str::to_owned)
        }
        (Boolean, Expr::String(text, _)) => {
            ["true", "false"].into_iter().find(|word| word == text).map(str::to_owned)
        }
        (Int | BigInt, Expr::String(text, _)) => {
            text.parse::<i64>().is_ok().then(|| text.clone().into_owned())
        }
        (Float, Expr::String(text, _)) => {
            let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
                && text.bytes().all(|byte| b"-.0123456789".contains(&byte))
                && text.parse::<f64>().is_ok();
            is_number.then(|| text.clone().into_owned())
        }
        (_, Expr::Constant(word, _)) if FUNCTIONS.contains(word) => {
            let fits = match *word {
                "autoincrement" => matches!(scalar, Int | BigInt),
                "now" => scalar == DateTime,
                "uuid" | "cuid" | "ulid" | "nanoid" => scalar == String,
                "dbgenerated" => true,
                _ => false,
            };
            fits.then(|| format!("{word}()"))
        }
        (_, Expr::Function(name @ ("autoincrement" | "now" | "ulid"), arguments, _))
            if !arguments.list.is_empty() =>
        {
            let fits = match *name {
                "autoincrement" => matches!(scalar, Int | BigInt),
                "now" => scalar == DateTime,
                _ => scalar == String,
            };
            fits.then(|| format!("{name}()"))
        }
        (String, Expr::Constant(text, _)) => Some(format!("\"{text}\"")),
        _ => None,
    }
}
