//! What PL/pgSQL's `EXECUTE` is given, where that is the same text whenever it runs.

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use crate::statement::Name;
use crate::statement::tree::{child, children, text, tokens};

/// The text that an expression of constants comes to: strings, `||`, `format()`, `quote_ident()`, `quote_literal()`.
pub(super) fn constant(node: &SyntaxNode) -> Option<String> {
    match node.kind() {
        K::LITERAL => literal(node),
        K::PLPGSQL_EXPR | K::TARGET_LIST | K::TARGET | K::PAREN_EXPR | K::ARG => {
            let mut inner = node.children();
            let only = inner.next().filter(|_| inner.next().is_none())?;
            constant(&only)
        }
        K::BIN_EXPR => {
            let parts: Vec<SyntaxNode> = node.children().collect();
            let [left, operator, right] = parts.as_slice() else { return None };
            (text(operator) == "||").then_some(())?;
            Some(constant(left)? + &constant(right)?)
        }
        K::CALL_EXPR => call(node),
        _ => None,
    }
}

/// A string, in pieces or whole, or a number. What its escapes stand for is not looked into.
fn literal(node: &SyntaxNode) -> Option<String> {
    tokens(node)
        .map(|token| {
            let written = token.text();
            match token.kind() {
                K::STRING => {
                    Some(written.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"))
                }
                K::ESC_STRING if !written.contains('\\') => {
                    Some(written.get(2..)?.strip_suffix('\'')?.replace("''", "'"))
                }
                K::DOLLAR_QUOTED_STRING => {
                    let quote = written.get(..=written.get(1..)?.find('$')? + 1)?;
                    Some(written.strip_prefix(quote)?.strip_suffix(quote)?.to_owned())
                }
                K::INT_NUMBER => Some(written.to_owned()),
                _ => None,
            }
        })
        .collect()
}

fn call(node: &SyntaxNode) -> Option<String> {
    let arguments = child(node, K::ARG_LIST)?;
    let arguments: Option<Vec<String>> =
        children(&arguments, K::ARG).map(|argument| constant(&argument)).collect();
    let function = text(&node.first_child()?).to_ascii_lowercase();
    match (function.trim_start_matches("pg_catalog."), arguments?.as_slice()) {
        ("format", [template, values @ ..]) => format(template, values),
        ("quote_ident", [name]) => Some(Name::new(name.as_str()).to_string()),
        ("quote_literal", [value]) => Some(quoted(value)),
        _ => None,
    }
}

/// `format()` with `%I`, `%L`, `%s` and `%%`, each value in its turn.
fn format(template: &str, values: &[String]) -> Option<String> {
    let mut values = values.iter();
    let mut parts = template.split('%');
    let mut made = parts.next()?.to_owned();
    while let Some(part) = parts.next() {
        let mut rest = part.chars();
        match rest.next() {
            Some('I') => made += &Name::new(values.next()?.as_str()).to_string(),
            Some('L') => made += &quoted(values.next()?),
            Some('s') => made += values.next()?,
            Some(_) => return None,
            // Nothing stands between two of them.
            None => {
                made.push('%');
                made += parts.next()?;
                continue;
            }
        }
        made += rest.as_str();
    }
    Some(made)
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}
