//! Values, argument lists and types on one line, a blank after each comma and colon.

use crate::syntax::{Node, SyntaxKind};
use std::borrow::Cow;

/// `@name(…)` or `@@name(…)`, and calls: what stands before the name, the name, the arguments.
pub(super) fn call(before: &str, node: Node<'_>, text: &str, out: &mut String) {
    out.push_str(before);
    for child in node.children() {
        match child.kind() {
            SyntaxKind::Path => out.push_str(&text[child.range()]),
            SyntaxKind::Arguments => arguments(child, text, out),
            _ => {}
        }
    }
}

/// A comma too many at the end is left out.
fn arguments(node: Node<'_>, text: &str, out: &mut String) {
    out.push('(');
    let is_argument =
        |child: &Node<'_>| matches!(child.kind(), SyntaxKind::Argument | SyntaxKind::EmptyArgument);
    for (position, argument) in node.children().filter(is_argument).enumerate() {
        if position > 0 {
            out.push_str(", ");
        }
        named(argument, text, out);
    }
    out.push(')');
}

/// `name: value`, either of which may be missing.
fn named(node: Node<'_>, text: &str, out: &mut String) {
    for child in node.children() {
        if child.kind() == SyntaxKind::Name {
            out.push_str(&text[child.range()]);
            out.push_str(": ");
        } else {
            value(child, text, out);
        }
    }
}

/// Anything that is no value writes nothing.
pub(super) fn value(node: Node<'_>, text: &str, out: &mut String) {
    match node.kind() {
        SyntaxKind::Number | SyntaxKind::String | SyntaxKind::Path => {
            out.push_str(&text[node.range()]);
        }
        SyntaxKind::FunctionCall => call("", node, text, out),
        SyntaxKind::Array => list("[", node, is_value, value, "]", text, out),
        SyntaxKind::Object => {
            let is_member = |child: &Node<'_>| child.kind() == SyntaxKind::ObjectMember;
            list("{ ", node, is_member, named, " }", text, out);
        }
        _ => {}
    }
}

fn list(
    open: &str,
    node: Node<'_>,
    is_item: impl Fn(&Node<'_>) -> bool,
    item: impl Fn(Node<'_>, &str, &mut String),
    close: &str,
    text: &str,
    out: &mut String,
) {
    out.push_str(open);
    for (position, child) in node.children().filter(is_item).enumerate() {
        if position > 0 {
            out.push_str(", ");
        }
        item(child, text, out);
    }
    out.push_str(close);
}

fn is_value(node: &Node<'_>) -> bool {
    matches!(
        node.kind(),
        SyntaxKind::Number
            | SyntaxKind::String
            | SyntaxKind::Path
            | SyntaxKind::FunctionCall
            | SyntaxKind::Array
            | SyntaxKind::Object
    )
}

/// A type with its modifier behind it, forms of old versions brought to today's.
pub(super) fn field_type<'t>(node: Node<'_>, text: &'t str) -> Cow<'t, str> {
    let has = |kind| node.child(kind).is_some();
    let base = node
        .children()
        .find(|child| matches!(child.kind(), SyntaxKind::Word | SyntaxKind::UnsupportedType));
    let base = base.map_or("", |base| &text[base.range()]);
    match (has(SyntaxKind::LBracket), has(SyntaxKind::Question)) {
        (false, false) => base.into(),
        (true, false) => format!("{base}[]").into(),
        (false, true) => format!("{base}?").into(),
        (true, true) => format!("{base}[]?").into(),
    }
}
