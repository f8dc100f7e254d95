//! Recursive descent over one file, line by line.
//!
//! The language is made of lines: a block opens at the end of a line, each member is one line, and a line that starts
//! with `}` closes. So does recovery: a member that cannot be read is a single [`InvalidMember`](SyntaxKind::InvalidMember)
//! line, and the next line is read as if nothing had happened.
//!
//! A rule returns whether it matched. Where it did not, its caller goes back to where it started and tries the next one;
//! every line is read a fixed number of times, and a block that is never closed is found out once ([`Parser::unclosed`]),
//! so the time is linear. Nothing here reports an error: what is wrong is in the tree.

use super::builder::Parser;
use super::{SyntaxKind, Tree};
use crate::lexer::line_len;

/// The syntax tree of a text, whatever the text.
pub fn parse(text: &str) -> Tree {
    let mut parser = Parser::new(text);
    let file = parser.open(SyntaxKind::File);
    while !parser.at_end() {
        parser.blank();
        if !parser.at_end() {
            parser.item();
        }
    }
    parser.close(file);
    Tree { elements: parser.elements }
}

const BLOCKS: [(&str, SyntaxKind); 6] = [
    ("model", SyntaxKind::Model),
    ("type", SyntaxKind::CompositeType),
    ("view", SyntaxKind::View),
    ("enum", SyntaxKind::Enum),
    ("datasource", SyntaxKind::Datasource),
    ("generator", SyntaxKind::Generator),
];

impl Parser<'_> {
    /// One block, comment, line break or invalid line.
    fn item(&mut self) {
        if self.any(&[
            SyntaxKind::Newline,
            SyntaxKind::Comment,
            SyntaxKind::DocComment,
            SyntaxKind::BlockComment,
        ]) {
            return;
        }
        for (keyword, kind) in BLOCKS {
            if self.rest().starts_with(keyword)
                && self.attempt(|parser| parser.block(keyword, kind))
            {
                return;
            }
        }
        if self.attempt(Self::type_alias) || self.attempt(Self::unknown_block) {
            return;
        }
        self.invalid_line(SyntaxKind::InvalidLine);
    }

    fn block(&mut self, keyword: &str, kind: SyntaxKind) -> bool {
        if self.unclosed || self.position >= self.blocks_end {
            return false;
        }
        let block = self.open(kind);
        self.push(SyntaxKind::Keyword, keyword.len());
        self.blank();
        if !(self.name() && self.block_opening()) {
            return false;
        }
        loop {
            self.blank();
            match self.peek() {
                None => {
                    self.unclosed = true;
                    return false;
                }
                Some(SyntaxKind::RBrace) => break,
                Some(_) => self.member(kind),
            }
        }
        self.eat(SyntaxKind::RBrace);
        self.close(block);
        true
    }

    /// `{` and the rest of its line, where anything may stand.
    fn block_opening(&mut self) -> bool {
        self.blank();
        if !self.eat(SyntaxKind::LBrace) {
            return false;
        }
        self.blank();
        let rest = line_len(self.rest());
        if rest > 0 {
            let comment = self
                .peek()
                .filter(|kind| matches!(kind, SyntaxKind::Comment | SyntaxKind::DocComment));
            self.push(comment.unwrap_or(SyntaxKind::Garbage), rest);
        }
        self.eat(SyntaxKind::Newline)
    }

    fn member(&mut self, block: SyntaxKind) {
        if self.any(&[
            SyntaxKind::Newline,
            SyntaxKind::Comment,
            SyntaxKind::DocComment,
            SyntaxKind::BlockComment,
        ]) {
            return;
        }
        let known = match block {
            SyntaxKind::Datasource | SyntaxKind::Generator => self.attempt(Self::key_value),
            SyntaxKind::Enum => {
                self.attempt(Self::enum_value) || self.attempt(Self::block_attribute)
            }
            _ => self.attempt(Self::field) || self.attempt(Self::block_attribute),
        };
        if !known {
            self.invalid_line(SyntaxKind::InvalidMember);
        }
    }

    fn key_value(&mut self) -> bool {
        let key_value = self.open(SyntaxKind::KeyValue);
        if !self.name() {
            return false;
        }
        self.blank();
        if !self.eat(SyntaxKind::Equals) {
            return false;
        }
        self.blank();
        self.attempt(Self::expression);
        self.close(key_value);
        self.line_end()
    }

    fn field(&mut self) -> bool {
        let field = self.open(SyntaxKind::Field);
        if !self.name() {
            return false;
        }
        self.blank();
        self.eat(SyntaxKind::Colon);
        self.blank();
        self.attempt(Self::field_type);
        self.attributes();
        self.close(field);
        self.line_end()
    }

    fn field_type(&mut self) -> bool {
        let ty = self.open(SyntaxKind::FieldType);
        // `[T]` is how lists were written once; it is read so that it can be refused in words.
        if self.eat(SyntaxKind::LBracket) {
            self.blank();
            let matched = self.base_type() && {
                self.blank();
                self.eat(SyntaxKind::RBracket)
            };
            self.close(ty);
            return matched;
        }
        if !self.base_type() {
            return false;
        }
        self.attempt(|parser| {
            parser.blank();
            if parser.rest().starts_with("[]") {
                parser.any(&[SyntaxKind::LBracket]);
                parser.any(&[SyntaxKind::RBracket]);
                parser.attempt(|parser| {
                    parser.blank();
                    parser.eat(SyntaxKind::Question)
                });
                return true;
            }
            parser.eat(SyntaxKind::Question) || parser.eat(SyntaxKind::Bang)
        });
        self.close(ty);
        true
    }

    fn base_type(&mut self) -> bool {
        self.attempt(Self::unsupported_type) || self.eat(SyntaxKind::Word)
    }

    fn unsupported_type(&mut self) -> bool {
        if !self.rest().starts_with("Unsupported(") {
            return false;
        }
        let unsupported = self.open(SyntaxKind::UnsupportedType);
        self.eat(SyntaxKind::Word);
        self.eat(SyntaxKind::LParen);
        self.blank();
        if !self.eat(SyntaxKind::String) {
            return false;
        }
        self.blank();
        let closed = self.eat(SyntaxKind::RParen);
        self.close(unsupported);
        closed
    }

    fn enum_value(&mut self) -> bool {
        let value = self.open(SyntaxKind::EnumValue);
        if !self.name() {
            return false;
        }
        self.attributes();
        self.close(value);
        self.line_end()
    }

    /// Any number of `@name(…)`. Blanks before one belong to what is around it.
    fn attributes(&mut self) {
        while self.attempt(|parser| {
            parser.blank();
            let attribute = parser.open(SyntaxKind::FieldAttribute);
            let matched = parser.eat(SyntaxKind::At) && parser.attribute_rest();
            parser.close(attribute);
            matched
        }) {}
    }

    fn block_attribute(&mut self) -> bool {
        let attribute = self.open(SyntaxKind::BlockAttribute);
        let matched = self.eat(SyntaxKind::AtAt) && self.attribute_rest();
        self.close(attribute);
        matched && self.line_end()
    }

    fn attribute_rest(&mut self) -> bool {
        self.blank();
        if !self.path() {
            return false;
        }
        self.attempt(|parser| {
            parser.blank();
            parser.arguments()
        });
        true
    }

    /// Blanks, one comment at most, and the line break.
    fn line_end(&mut self) -> bool {
        self.blank();
        self.any(&[SyntaxKind::Comment, SyntaxKind::DocComment, SyntaxKind::BlockComment]);
        self.blank();
        self.eat(SyntaxKind::Newline)
    }

    fn type_alias(&mut self) -> bool {
        if !self.rest().starts_with("type") {
            return false;
        }
        let alias = self.open(SyntaxKind::TypeAlias);
        self.push(SyntaxKind::Keyword, "type".len());
        self.blank();
        if !self.name() {
            return false;
        }
        self.blank();
        if !self.eat(SyntaxKind::Equals) {
            return false;
        }
        self.blank();
        let matched = self.base_type();
        self.attributes();
        self.close(alias);
        matched
    }

    /// `name {`, then anything up to the next `}`.
    fn unknown_block(&mut self) -> bool {
        let block = self.open(SyntaxKind::UnknownBlock);
        if !(self.name() && self.block_opening()) {
            return false;
        }
        let close = (self.position < self.blocks_end).then(|| self.rest().find('}')).flatten();
        let Some(len) = close else { return false };
        if len > 0 {
            self.push(SyntaxKind::Garbage, len);
        }
        self.eat(SyntaxKind::RBrace);
        self.close(block);
        true
    }

    fn invalid_line(&mut self, kind: SyntaxKind) {
        let line = self.open(kind);
        self.push(SyntaxKind::Garbage, line_len(self.rest()));
        self.close(line);
    }

    fn name(&mut self) -> bool {
        let name = self.open(SyntaxKind::Name);
        let matched = self.eat(SyntaxKind::Word);
        self.close(name);
        matched
    }

    /// Words with dots between, without blanks; a dot may be the last or stand alone.
    pub(super) fn path(&mut self) -> bool {
        let path = self.open(SyntaxKind::Path);
        if !self.eat(SyntaxKind::Word) {
            return false;
        }
        while self.eat(SyntaxKind::Dot) {
            self.eat(SyntaxKind::Word);
        }
        self.close(path);
        true
    }
}
