//! Values of the kind that is wanted, or a word on what came instead.

use crate::ast::{Arguments, Expr};
use crate::diagnostic::Diagnostic;
use crate::schema::EnvOr;
use crate::source::Span;

type Diagnostics = Vec<Diagnostic>;

pub(super) fn string<'a>(expr: &'a Expr<'a>, diagnostics: &mut Diagnostics) -> Option<&'a str> {
    string_if(expr, |_| false, diagnostics)
}

/// A string that is the name of something, which a word without quotes is sure to be too.
pub(super) fn name<'a>(expr: &'a Expr<'a>, diagnostics: &mut Diagnostics) -> Option<&'a str> {
    let is_name = |word: &str| is_word(word) && !matches!(word, "true" | "false" | "null");
    string_if(expr, is_name, diagnostics)
}

/// A string. Of a word it `is_certain` whether only the quotes are missing.
pub(super) fn string_if<'a>(
    expr: &'a Expr<'a>,
    is_certain: impl Fn(&str) -> bool,
    diagnostics: &mut Diagnostics,
) -> Option<&'a str> {
    match expr {
        Expr::String(text, _) => Some(text),
        Expr::Constant(word, span) => {
            let (wrong, quoted) = (wrong("string", expr), format!("\"{word}\""));
            diagnostics.push(if is_certain(word) {
                wrong.fix("put it in quotes", *span, quoted)
            } else {
                wrong.help(format!("a text is in quotes: `{quoted}`"))
            });
            None
        }
        _ => mismatch("string", expr, diagnostics),
    }
}

pub(super) fn constant<'a>(expr: &'a Expr<'a>, diagnostics: &mut Diagnostics) -> Option<&'a str> {
    match expr {
        Expr::Constant(text, _) => Some(text),
        Expr::String(text, _) if is_word(text) => {
            // What is left without them may be no name that is known here.
            let help = format!("write it without quotes: `{text}`");
            diagnostics.push(wrong("constant", expr).help(help));
            None
        }
        _ => mismatch("constant", expr, diagnostics),
    }
}

pub(super) fn boolean(expr: &Expr<'_>, diagnostics: &mut Diagnostics) -> Option<bool> {
    match expr {
        Expr::Constant("true", _) => Some(true),
        Expr::Constant("false", _) => Some(false),
        _ => mismatch("boolean", expr, diagnostics),
    }
}

pub(super) fn integer(expr: &Expr<'_>, diagnostics: &mut Diagnostics) -> Option<i64> {
    match expr {
        Expr::Number(text, _) if text.parse::<i64>().is_ok() => text.parse().ok(),
        _ => mismatch("numeric", expr, diagnostics),
    }
}

/// `name` or `name(…)`.
pub(super) fn function_or_constant<'a>(
    expr: &'a Expr<'a>,
    diagnostics: &mut Diagnostics,
) -> Option<(&'a str, Option<&'a Arguments<'a>>, Span)> {
    match expr {
        Expr::Constant(name, span) => Some((name, None, *span)),
        Expr::Function(name, arguments, span) => Some((name, Some(arguments), *span)),
        _ => mismatch("constant or function", expr, diagnostics),
    }
}

/// `"…"` or `env("NAME")`.
pub(super) fn string_or_env(expr: &Expr<'_>, diagnostics: &mut Diagnostics) -> Option<EnvOr> {
    match expr {
        Expr::String(text, _) => Some(EnvOr::Literal(text.clone().into_owned())),
        Expr::Function("env", arguments, span) => {
            for argument in arguments.list.iter().filter(|argument| argument.name.is_some()) {
                let message = "The env function doesn't expect named arguments";
                diagnostics.push(Diagnostic::warning("env-argument", message, argument.span));
            }
            let is_complete = arguments.empty.is_empty() && arguments.trailing_comma.is_none();
            let ([argument], true) = (arguments.list.as_slice(), is_complete) else {
                let message = if arguments.list.is_empty() && !arguments.empty.is_empty() {
                    "The env function expects a singular, unnamed, string argument."
                } else {
                    "Exactly one string parameter must be passed to the env function."
                };
                diagnostics.push(Diagnostic::error("env-argument", message, *span));
                return None;
            };
            Some(EnvOr::Env(name(&argument.value, diagnostics)?.to_owned()))
        }
        _ => mismatch("String", expr, diagnostics),
    }
}

/// The elements of an array, or the one value that stands for an array of one. `None` when any was wrong.
pub(super) fn array<'a, T>(
    expr: &'a Expr<'a>,
    diagnostics: &mut Diagnostics,
    element: impl Fn(&'a Expr<'a>, &mut Diagnostics) -> Option<T>,
) -> Option<Vec<T>> {
    let Expr::Array(elements, _) = expr else { return Some(vec![element(expr, diagnostics)?]) };
    // Every element is looked at, so that every wrong one is told.
    let coerced: Vec<Option<T>> = elements.iter().map(|expr| element(expr, diagnostics)).collect();
    coerced.into_iter().collect()
}

pub(super) fn mismatch<T>(
    expected: &str,
    expr: &Expr<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    diagnostics.push(wrong(expected, expr));
    None
}

pub(super) fn wrong(expected: &str, expr: &Expr<'_>) -> Diagnostic {
    let message =
        format!("Expected a {expected} value, but received {} value `{expr}`.", expr.describe());
    Diagnostic::error("type-mismatch", message, expr.span())
}

/// Whether a text would be a constant without its quotes.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
}
