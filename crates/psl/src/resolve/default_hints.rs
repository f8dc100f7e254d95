//! What was probably meant by a default that is none.

use super::Ctx;
use crate::ast::Expr;
use crate::diagnostic::Diagnostic;
use crate::schema::{EnumId, ScalarFieldType, ScalarType};
use crate::suggest::{in_another_case, suggest};
use crate::syntax::{SyntaxKind, parse};

/// Every function with a meaning in `@default`; others are told by validation.
pub(crate) const FUNCTIONS: [&str; 8] =
    ["autoincrement", "cuid", "dbgenerated", "nanoid", "now", "uuid", "ulid", "auto"];

/// Adds a fix or a hint to an error on the default `value` of a field of type `ty`, which is no list.
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
            None => match guess(value, *scalar) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            },
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
            // Without quotes `1st` is a number, and something behind it.
            Some(name) if !name.starts_with(|c: char| c.is_ascii_digit()) => {
                diagnostic.fix("remove the quotes", *span, name)
            }
            _ => diagnostic,
        },
        _ => diagnostic,
    }
}

/// The one text that a value in the wrong form can have meant.
fn replacement(value: &Expr<'_>, scalar: ScalarType) -> Option<String> {
    use ScalarType::{BigInt, Boolean, Float, Int};
    match (scalar, value) {
        (Boolean, Expr::Constant(word, _)) => {
            in_another_case(word, ["true", "false"]).map(str::to_owned)
        }
        (Boolean, Expr::String(text, _)) => {
            ["true", "false"].into_iter().find(|word| word == text).map(str::to_owned)
        }
        (Int | BigInt, Expr::String(text, _)) => {
            (is_number(text) && text.parse::<i64>().is_ok()).then(|| text.clone().into_owned())
        }
        (Float, Expr::String(text, _)) => is_number(text).then(|| text.clone().into_owned()),
        (_, Expr::Constant(word, _)) if FUNCTIONS.contains(word) => {
            (takes_nothing(word) && fits(word, scalar)).then(|| format!("{word}()"))
        }
        _ => None,
    }
}

/// What may have been meant.
fn guess(value: &Expr<'_>, scalar: ScalarType) -> Option<String> {
    let Expr::Constant(word, _) = value else { return None };
    let function = FUNCTIONS.into_iter().find(|function| function.eq_ignore_ascii_case(word));
    if let Some(function) = function.filter(|function| fits(function, scalar)) {
        let argument = if takes_nothing(function) { "" } else { "\"…\"" };
        return Some(format!("did you mean `{function}({argument})`?"));
    }
    let of_database = ["gen_random_uuid", "uuid_generate_v4"];
    match scalar {
        ScalarType::DateTime if word.eq_ignore_ascii_case("current_timestamp") => {
            Some("did you mean `now()`?".to_owned())
        }
        ScalarType::String if of_database.contains(word) => {
            Some(format!("did you mean `dbgenerated(\"{word}()\")`?"))
        }
        ScalarType::String => Some(format!("a text is in quotes: `\"{word}\"`")),
        _ => None,
    }
}

/// Whether the values of a function are of a type.
fn fits(function: &str, scalar: ScalarType) -> bool {
    match function {
        "autoincrement" => matches!(scalar, ScalarType::Int | ScalarType::BigInt),
        "now" => scalar == ScalarType::DateTime,
        "uuid" | "cuid" | "ulid" | "nanoid" => scalar == ScalarType::String,
        "dbgenerated" => true,
        _ => false,
    }
}

/// Whether a function says all that it has to without an argument.
fn takes_nothing(function: &str) -> bool {
    function != "dbgenerated"
}

/// Whether a text is a number to the parser, all of it.
fn is_number(text: &str) -> bool {
    let tree = parse(&format!("generator X {{\nx = {text}\n}}\n"));
    tree.tokens().any(|token| {
        token.kind == SyntaxKind::Number && (token.end - token.start) as usize == text.len()
    })
}

#[cfg(test)]
mod tests {
    use super::is_number;

    #[test]
    fn a_number_is_what_the_parser_reads_as_one() {
        for text in ["0", "-12.5", "007"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["", "+5", "1.", ".5", "1e5", "1 2", "1\n2", "1a", "--1", "١", "5 // a"] {
            assert!(!is_number(text), "{text}");
        }
    }
}
