//! What a file says, as values that are easy to match on: the syntax tree without blanks, every name and value with
//! its place. Borrows from the file's text.
//!
//! [`lower`] also says what was wrong with the writing itself: lines that are no member, escapes that are none, forms
//! that the language once had.

mod blocks;
mod comments;
mod display;
mod lower;
mod parts;
mod repair;
mod strings;

use crate::source::Span;
use std::borrow::Cow;

pub use display::string_literal;

pub(crate) use blocks::is_foreign;
pub(crate) use comments::block_lines;
pub(crate) use lower::lower;

/// One file's blocks in source order.
#[derive(Debug, Default)]
pub(crate) struct File<'a> {
    pub blocks: Vec<Block<'a>>,
}

#[derive(Debug)]
pub(crate) enum Block<'a> {
    Datasource(ConfigBlock<'a>),
    Generator(ConfigBlock<'a>),
    /// `model` or `view`.
    Model(ModelBlock<'a>),
    /// `type`.
    CompositeType(ModelBlock<'a>),
    Enum(EnumBlock<'a>),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Ident<'a> {
    pub text: &'a str,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct ConfigBlock<'a> {
    pub name: Ident<'a>,
    pub properties: Vec<Property<'a>>,
    pub span: Span,
}

/// `key = value`; the value may have been left out.
#[derive(Debug)]
pub(crate) struct Property<'a> {
    pub name: Ident<'a>,
    pub value: Option<Expr<'a>>,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct ModelBlock<'a> {
    pub keyword: ModelKeyword,
    pub name: Ident<'a>,
    pub fields: Vec<Field<'a>>,
    pub attributes: Vec<Attribute<'a>>,
    pub documentation: Option<String>,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ModelKeyword {
    Model,
    View,
    Type,
}

impl ModelKeyword {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::View => "view",
            Self::Type => "type",
        }
    }
}

/// `T`, `T?` or `T[]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arity {
    Required,
    Optional,
    List,
}

#[derive(Debug)]
pub(crate) struct Field<'a> {
    pub name: Ident<'a>,
    pub ty: FieldType<'a>,
    /// The type as written, with its modifiers.
    pub ty_span: Span,
    pub arity: Arity,
    pub attributes: Vec<Attribute<'a>>,
    pub documentation: Option<String>,
    pub span: Span,
}

impl Field<'_> {
    /// An attribute with what separates it from what stands before, to take it away without a trace.
    pub(crate) fn with_blanks_before(&self, attribute: &Attribute<'_>) -> Span {
        let before = self.attributes.iter().map(|attribute| attribute.span.end);
        let before = before.take_while(|end| *end <= attribute.span.start).last();
        Span { start: before.unwrap_or(self.ty_span.end), ..attribute.span }
    }
}

#[derive(Debug)]
pub(crate) enum FieldType<'a> {
    Named(Ident<'a>),
    Unsupported(Cow<'a, str>),
}

#[derive(Debug)]
pub(crate) struct EnumBlock<'a> {
    pub name: Ident<'a>,
    pub values: Vec<EnumValue<'a>>,
    pub attributes: Vec<Attribute<'a>>,
    pub documentation: Option<String>,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct EnumValue<'a> {
    pub name: Ident<'a>,
    pub attributes: Vec<Attribute<'a>>,
    pub documentation: Option<String>,
}

/// `@name(…)` or `@@name(…)`.
#[derive(Debug)]
pub(crate) struct Attribute<'a> {
    pub name: Ident<'a>,
    pub arguments: Arguments<'a>,
    /// Whether it is written with two signs.
    pub is_of_block: bool,
    pub span: Span,
}

impl<'a> Attribute<'a> {
    /// Where an argument of this name stands, else the attribute.
    pub(crate) fn span_of(&self, argument: &str) -> Span {
        self.argument(argument).map_or(self.span, |argument| argument.span)
    }

    pub(crate) fn argument(&self, name: &str) -> Option<&Argument<'a>> {
        self.arguments
            .list
            .iter()
            .find(|argument| argument.name.is_some_and(|ident| ident.text == name))
    }
}

#[derive(Debug, Default)]
pub(crate) struct Arguments<'a> {
    pub list: Vec<Argument<'a>>,
    /// `name:` with no value.
    pub empty: Vec<Ident<'a>>,
    pub trailing_comma: Option<Span>,
}

#[derive(Debug)]
pub(crate) struct Argument<'a> {
    pub name: Option<Ident<'a>>,
    pub value: Expr<'a>,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) enum Expr<'a> {
    /// As written.
    Number(&'a str, Span),
    /// Unescaped.
    String(Cow<'a, str>, Span),
    /// A word or path: `true`, `Cascade`, `someField`.
    Constant(&'a str, Span),
    Function(&'a str, Arguments<'a>, Span),
    Array(Vec<Expr<'a>>, Span),
    Object(Vec<(Ident<'a>, Expr<'a>)>, Span),
}

impl Expr<'_> {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Number(_, span)
            | Self::String(_, span)
            | Self::Constant(_, span)
            | Self::Function(_, _, span)
            | Self::Array(_, span)
            | Self::Object(_, span) => *span,
        }
    }

    /// What kind of value this is, in a word for messages.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Self::Number(..) => "numeric",
            Self::String(..) => "string",
            Self::Constant(..) => "literal",
            Self::Function(..) => "functional",
            Self::Array(..) => "array",
            Self::Object(..) => "object",
        }
    }
}
