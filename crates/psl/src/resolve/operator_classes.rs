//! `ops: …`: the operator classes that have a name here, and `raw("…")` for all others.

use crate::ast::{Argument, Expr};
use crate::diagnostic::Diagnostic;
use crate::schema::OperatorClass;
use crate::suggest::{in_another_case, nearest};

pub(super) fn operator_class(
    argument: &Argument<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<OperatorClass> {
    let wrong = match &argument.value {
        Expr::Constant(name, _) if OPERATOR_CLASSES.contains(name) => {
            return Some(OperatorClass::Known((*name).to_owned()));
        }
        Expr::Constant(name, span) => {
            let message =
                format!("Unexpected token. Expected one of: Invalid operator class: {name}");
            let diagnostic = Diagnostic::error("unknown-operator-class", message, *span);
            // `jsonb_path_ops` is what PostgreSQL calls JsonbPathOps.
            let same = in_another_case(&name.replace('_', ""), OPERATOR_CLASSES);
            match (same, nearest(name, OPERATOR_CLASSES)) {
                (Some(same), _) => diagnostic.fix(format!("write `{same}`"), *span, same),
                (None, Some(near)) => diagnostic.help(format!("did you mean `{near}`?")),
                (None, None) => {
                    diagnostic.help("write `raw(\"…\")` for a class that has no name here")
                }
            }
        }
        Expr::Function("raw", arguments, span) => {
            let message = match arguments.list.as_slice() {
                [Argument { value: Expr::String(text, _), .. }] => {
                    return Some(OperatorClass::Raw(text.clone().into_owned()));
                }
                [_] => "Invalid parameter type: expected string".to_owned(),
                arguments => {
                    format!("Wrong number of arguments. Expected: 1, got: {}", arguments.len())
                }
            };
            let message = format!("Unexpected token. Expected one of: {message}");
            Diagnostic::error("invalid-operator-class", message, *span)
        }
        _ => {
            let message = "Unexpected token. Expected one of: operator class";
            Diagnostic::error("invalid-operator-class", message, argument.span)
        }
    };
    diagnostics.push(wrong);
    None
}

/// The classes that `ops:` has names for.
pub const OPERATOR_CLASSES: [&str; 56] = [
    "InetOps",
    "JsonbOps",
    "JsonbPathOps",
    "ArrayOps",
    "TextOps",
    "BitMinMaxOps",
    "VarBitMinMaxOps",
    "BpcharBloomOps",
    "BpcharMinMaxOps",
    "ByteaBloomOps",
    "ByteaMinMaxOps",
    "DateBloomOps",
    "DateMinMaxOps",
    "DateMinMaxMultiOps",
    "Float4BloomOps",
    "Float4MinMaxOps",
    "Float4MinMaxMultiOps",
    "Float8BloomOps",
    "Float8MinMaxOps",
    "Float8MinMaxMultiOps",
    "InetInclusionOps",
    "InetBloomOps",
    "InetMinMaxOps",
    "InetMinMaxMultiOps",
    "Int2BloomOps",
    "Int2MinMaxOps",
    "Int2MinMaxMultiOps",
    "Int4BloomOps",
    "Int4MinMaxOps",
    "Int4MinMaxMultiOps",
    "Int8BloomOps",
    "Int8MinMaxOps",
    "Int8MinMaxMultiOps",
    "NumericBloomOps",
    "NumericMinMaxOps",
    "NumericMinMaxMultiOps",
    "OidBloomOps",
    "OidMinMaxOps",
    "OidMinMaxMultiOps",
    "TextBloomOps",
    "TextMinMaxOps",
    "TimestampBloomOps",
    "TimestampMinMaxOps",
    "TimestampMinMaxMultiOps",
    "TimestampTzBloomOps",
    "TimestampTzMinMaxOps",
    "TimestampTzMinMaxMultiOps",
    "TimeBloomOps",
    "TimeMinMaxOps",
    "TimeMinMaxMultiOps",
    "TimeTzBloomOps",
    "TimeTzMinMaxOps",
    "TimeTzMinMaxMultiOps",
    "UuidBloomOps",
    "UuidMinMaxOps",
    "UuidMinMaxMultiOps",
];
