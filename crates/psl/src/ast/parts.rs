//! What blocks have in common, from the syntax tree: names, attributes, values.

use super::strings::unescape;
use super::{Argument, Arguments, Attribute, Expr, Ident};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::{Node, SyntaxKind};

/// What every step of lowering needs.
pub(super) struct Ctx<'a, 'd> {
    pub(super) text: &'a str,
    pub(super) file: FileId,
    /// Whether a value may be an object.
    pub(super) has_objects: bool,
    pub(super) diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'a> Ctx<'a, '_> {
    pub(super) fn text_of(&self, node: Node<'_>) -> &'a str {
        &self.text[node.range()]
    }

    pub(super) fn span(&self, node: Node<'_>) -> Span {
        Span::new(self.file, node.range())
    }

    pub(super) fn ident(&self, node: Node<'_>) -> Ident<'a> {
        Ident { text: self.text_of(node), span: self.span(node) }
    }

    /// What a block's member is, to this version of the language.
    pub(super) fn member_kind(&self, node: Node<'_>) -> SyntaxKind {
        if self.has_objects || !node.holds(SyntaxKind::Object) {
            node.kind()
        } else {
            SyntaxKind::InvalidMember
        }
    }

    /// The name that a block or member is defined under.
    pub(super) fn name(&self, node: Node<'_>) -> Ident<'a> {
        self.ident(node.child(SyntaxKind::Name).unwrap_or(node))
    }

    pub(super) fn string(&mut self, node: Node<'_>) -> std::borrow::Cow<'a, str> {
        unescape(self.text_of(node), self.file, node.range().start, self.diagnostics)
    }

    pub(super) fn attribute(&mut self, node: Node<'_>) -> Attribute<'a> {
        let name = self.ident(node.child(SyntaxKind::Path).unwrap_or(node));
        let arguments =
            node.child(SyntaxKind::Arguments).map(|list| self.arguments(list)).unwrap_or_default();
        let is_of_block = node.kind() == SyntaxKind::BlockAttribute;
        Attribute { name, arguments, is_of_block, span: self.span(node) }
    }

    fn arguments(&mut self, node: Node<'_>) -> Arguments<'a> {
        let mut arguments = Arguments::default();
        for child in node.children() {
            match child.kind() {
                SyntaxKind::Argument => {
                    arguments.trailing_comma = None;
                    let name = child.child(SyntaxKind::Name).map(|name| self.ident(name));
                    if let Some(value) = self.value_in(child) {
                        arguments.list.push(Argument { name, value, span: self.span(child) });
                    }
                }
                SyntaxKind::EmptyArgument => {
                    arguments.trailing_comma = None;
                    arguments.empty.push(self.name(child));
                }
                SyntaxKind::Comma => arguments.trailing_comma = Some(self.span(child)),
                _ => {}
            }
        }
        arguments
    }

    /// The value directly in a node, if there is one.
    pub(super) fn value_in(&mut self, node: Node<'_>) -> Option<Expr<'a>> {
        node.children()
            .filter(|child| child.kind() != SyntaxKind::Name)
            .find_map(|child| self.value(child))
    }

    fn value(&mut self, node: Node<'_>) -> Option<Expr<'a>> {
        let span = self.span(node);
        Some(match node.kind() {
            SyntaxKind::Number => Expr::Number(self.text_of(node), span),
            SyntaxKind::String => Expr::String(self.string(node), span),
            SyntaxKind::Path => Expr::Constant(self.text_of(node), span),
            SyntaxKind::FunctionCall => {
                let name = node.child(SyntaxKind::Path).map_or("", |path| self.text_of(path));
                let arguments = node
                    .child(SyntaxKind::Arguments)
                    .map(|list| self.arguments(list))
                    .unwrap_or_default();
                Expr::Function(name, arguments, span)
            }
            SyntaxKind::Array => {
                Expr::Array(node.children().filter_map(|child| self.value(child)).collect(), span)
            }
            SyntaxKind::Object => {
                let members =
                    node.children().filter(|child| child.kind() == SyntaxKind::ObjectMember);
                Expr::Object(
                    members
                        .filter_map(|member| Some((self.name(member), self.value_in(member)?)))
                        .collect(),
                    span,
                )
            }
            _ => return None,
        })
    }
}
