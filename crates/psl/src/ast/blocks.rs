//! Blocks and their members, with what is wrong about the writing of each.

use super::comments::{self, Pending};
use super::parts::Ctx;
use super::repair::{self, Brackets};
use super::{
    Arity, ConfigBlock, EnumBlock, EnumValue, Field, FieldType, ModelBlock, ModelKeyword, Property,
};
use crate::diagnostic::Diagnostic;
use crate::syntax::{Node, SyntaxKind};

const REMOVE_COLON: &str = "remove the colon";

/// `datasource` or `generator`.
pub(super) fn config<'a>(node: Node<'_>, ctx: &mut Ctx<'a, '_>) -> ConfigBlock<'a> {
    let mut properties = Vec::new();
    let mut brackets = Brackets::default();
    for child in node.children() {
        match ctx.member_kind(child) {
            SyntaxKind::KeyValue => {
                let value = ctx.value_in(child);
                properties.push(Property { name: ctx.name(child), value, span: ctx.span(child) });
            }
            SyntaxKind::InvalidMember => {
                let keyword =
                    if node.kind() == SyntaxKind::Datasource { "datasource" } else { "generator" };
                let message = format!("This line is not a valid definition within a {keyword}.");
                invalid_member(child, &message, keyword, &mut brackets, ctx);
            }
            _ => {}
        }
    }
    ConfigBlock { name: ctx.name(node), properties, span: ctx.span(node) }
}

/// `model`, `view` or `type`.
pub(super) fn model<'a>(
    node: Node<'_>,
    documentation: Option<String>,
    ctx: &mut Ctx<'a, '_>,
) -> ModelBlock<'a> {
    let keyword = match node.kind() {
        SyntaxKind::View => ModelKeyword::View,
        SyntaxKind::CompositeType => ModelKeyword::Type,
        _ => ModelKeyword::Model,
    };
    let name = ctx.name(node);
    let told_before = ctx.diagnostics.len();
    let mut fields: Vec<Field<'a>> = Vec::new();
    let mut attributes = Vec::new();
    let mut pending = Pending::default();
    let mut behind = Behind::Nothing;
    let mut brackets = Brackets::default();
    for child in node.children() {
        match ctx.member_kind(child) {
            SyntaxKind::Field => {
                let documentation = pending.take();
                let read = field(child, keyword.as_str(), name.text, documentation, ctx);
                behind = if read.is_some() { Behind::Member } else { Behind::Other };
                fields.extend(read);
            }
            SyntaxKind::BlockAttribute => {
                attributes.push(ctx.attribute(child));
                behind = Behind::Other;
            }
            SyntaxKind::Comment | SyntaxKind::DocComment | SyntaxKind::BlockComment => {
                let documentation = fields.last_mut().map(|field| &mut field.documentation);
                comment(child, behind, documentation, &mut pending, ctx.text);
            }
            SyntaxKind::Newline => {
                behind = Behind::Nothing;
                pending.line_break();
            }
            SyntaxKind::InvalidMember => {
                let message = "This line is not a valid field or attribute definition.";
                invalid_member(child, message, keyword.as_str(), &mut brackets, ctx);
            }
            _ => {}
        }
    }
    let told = &mut ctx.diagnostics[told_before..];
    if told.iter().any(|diagnostic| diagnostic.code == "invalid-line") {
        // Beside lines that are none, `onDelete: Cascade` may be a part of one, and no field with a colon.
        for diagnostic in told {
            diagnostic.fix.take_if(|fix| fix.title == REMOVE_COLON);
        }
    }
    ModelBlock { keyword, name, fields, attributes, documentation, span: ctx.span(node) }
}

fn field<'a>(
    node: Node<'_>,
    container: &str,
    model: &str,
    documentation: Option<String>,
    ctx: &mut Ctx<'a, '_>,
) -> Option<Field<'a>> {
    let name = ctx.name(node);
    if let Some(colon) = node.child(SyntaxKind::Colon) {
        let span = ctx.span(colon);
        let diagnostic =
            Diagnostic::error("legacy-syntax", "Field declarations don't require a `:`.", span);
        let ty = node.child(SyntaxKind::FieldType).map(|ty| ctx.text_of(ty));
        ctx.diagnostics.push(if ty.is_some_and(|ty| repair::is_field(name.text, ty)) {
            diagnostic.fix(REMOVE_COLON, span, "")
        } else {
            diagnostic
        });
        return None;
    }
    // What stands behind a type that is none is not looked at, where there is no type it is.
    let ty = match node.child(SyntaxKind::FieldType) {
        Some(ty) => Some((ctx.span(ty), arity(ty, ctx)?, field_type(ty, ctx))),
        None => None,
    };
    let attributes = node
        .children()
        .filter(|child| child.kind() == SyntaxKind::FieldAttribute)
        .map(|child| ctx.attribute(child))
        .collect();
    let Some((ty_span, arity, ty)) = ty else {
        let message = "This field declaration is invalid. It is either missing a name or a type.";
        ctx.diagnostics.push(Diagnostic::in_model(
            "field-without-type",
            container,
            model,
            message,
            ctx.span(node),
        ));
        return None;
    };
    Some(Field { name, ty, ty_span, arity, attributes, documentation, span: ctx.span(node) })
}

/// The modifiers behind a type; `None`, with a word on why, for forms that the language no longer has.
fn arity(node: Node<'_>, ctx: &mut Ctx<'_, '_>) -> Option<Arity> {
    let has = |kind| node.child(kind).is_some();
    let first_is_bracket =
        node.children().next().is_some_and(|first| first.kind() == SyntaxKind::LBracket);
    let span = ctx.span(node);
    let base = ctx.text_of(node).trim_matches(['[', ']', '!', '?', ' ', '\t']);
    let legacy = |message: &str| Diagnostic::error("legacy-syntax", message, span);
    let diagnostic = if first_is_bracket {
        legacy("To specify a list, please use `Type[]` instead of `[Type]`.").fix(
            "write the brackets behind the type",
            span,
            format!("{base}[]"),
        )
    } else if has(SyntaxKind::LBracket) && has(SyntaxKind::Question) {
        legacy("Optional lists are not supported. Use either `Type[]` or `Type?`.")
    } else if has(SyntaxKind::Bang) {
        legacy("Fields are required by default, `!` is no longer required.").fix(
            "remove the exclamation mark",
            span,
            base,
        )
    } else if has(SyntaxKind::LBracket) {
        return Some(Arity::List);
    } else if has(SyntaxKind::Question) {
        return Some(Arity::Optional);
    } else {
        return Some(Arity::Required);
    };
    ctx.diagnostics.push(diagnostic);
    None
}

fn field_type<'a>(node: Node<'_>, ctx: &mut Ctx<'a, '_>) -> FieldType<'a> {
    match node.child(SyntaxKind::UnsupportedType) {
        Some(unsupported) => {
            let literal = unsupported.child(SyntaxKind::String);
            FieldType::Unsupported(literal.map(|literal| ctx.string(literal)).unwrap_or_default())
        }
        None => FieldType::Named(ctx.ident(node.child(SyntaxKind::Word).unwrap_or(node))),
    }
}

/// `enum`.
pub(super) fn enumeration<'a>(
    node: Node<'_>,
    documentation: Option<String>,
    ctx: &mut Ctx<'a, '_>,
) -> EnumBlock<'a> {
    let mut values: Vec<EnumValue<'a>> = Vec::new();
    let mut attributes = Vec::new();
    let mut pending = Pending::default();
    let mut behind = Behind::Nothing;
    let mut brackets = Brackets::default();
    for child in node.children() {
        match ctx.member_kind(child) {
            SyntaxKind::EnumValue => {
                let attributes = child
                    .children()
                    .filter(|child| child.kind() == SyntaxKind::FieldAttribute)
                    .map(|child| ctx.attribute(child))
                    .collect();
                let documentation = pending.take();
                values.push(EnumValue { name: ctx.name(child), attributes, documentation });
                behind = Behind::Member;
            }
            SyntaxKind::BlockAttribute => {
                attributes.push(ctx.attribute(child));
                behind = Behind::Other;
            }
            SyntaxKind::Comment | SyntaxKind::DocComment | SyntaxKind::BlockComment => {
                let documentation = values.last_mut().map(|value| &mut value.documentation);
                comment(child, behind, documentation, &mut pending, ctx.text);
            }
            SyntaxKind::Newline => {
                behind = Behind::Nothing;
                pending.line_break();
            }
            SyntaxKind::InvalidMember => {
                let message = "This line is not an enum value definition.";
                invalid_member(child, message, "enum", &mut brackets, ctx);
            }
            _ => {}
        }
    }
    EnumBlock { name: ctx.name(node), values, attributes, documentation, span: ctx.span(node) }
}

/// What stands before a comment on its line.
#[derive(Clone, Copy)]
enum Behind {
    Nothing,
    /// The field or value read last.
    Member,
    /// Something that has no documentation.
    Other,
}

fn comment(
    node: Node<'_>,
    behind: Behind,
    last_member: Option<&mut Option<String>>,
    pending: &mut Pending,
    text: &str,
) {
    match (behind, last_member) {
        (Behind::Member, Some(documentation)) => comments::trailing(documentation, node, text),
        (Behind::Other, _) => {}
        _ => pending.comment(node, text),
    }
}

fn invalid_member(
    node: Node<'_>,
    message: &str,
    keyword: &str,
    brackets: &mut Brackets,
    ctx: &mut Ctx<'_, '_>,
) {
    let (line, span) = (ctx.text_of(node), ctx.span(node));
    let diagnostic = Diagnostic::validating("invalid-line", message, span);
    // What stands in brackets is no member of the block, and nothing that makes it one was meant.
    let is_inside = brackets.are_open();
    brackets.read(line);
    ctx.diagnostics.push(if is_inside {
        diagnostic
    } else {
        repair::member(diagnostic, line, span, keyword)
    });
}

/// Whether a finding is that a line or block is no part of the language.
pub(crate) fn is_foreign(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.code, "invalid-line" | "unknown-block" | "type-alias")
}

/// What stands between blocks and is none.
pub(super) fn invalid(node: Node<'_>, ctx: &mut Ctx<'_, '_>) {
    let span = ctx.span(node);
    ctx.diagnostics.push(match node.kind() {
        SyntaxKind::UnknownBlock => {
            let message = "This block is invalid. It does not start with any known Prisma schema keyword. Valid \
                           keywords include 'model', 'enum', 'type', 'datasource' and 'generator'.";
            let diagnostic = Diagnostic::validating("unknown-block", message, span);
            repair::block(diagnostic, ctx.text_of(node))
        }
        SyntaxKind::TypeAlias => Diagnostic::validating(
            "type-alias",
            "Invalid type definition. Please check the documentation in https://pris.ly/d/composite-types",
            span,
        ),
        _ => {
            let diagnostic = Diagnostic::validating(
                "invalid-line",
                "This line is invalid. It does not start with any known Prisma schema keyword.",
                span,
            );
            let text = &ctx.text[node.range().start..];
            repair::line(diagnostic, ctx.text_of(node), span, &text[ctx.text_of(node).len()..])
        }
    });
}
