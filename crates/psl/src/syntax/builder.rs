//! The machinery under the grammar: a position in the text, and the elements made so far.
//!
//! Rules push tokens and open and close nodes; [`Parser::attempt`] undoes what a rule that did not match has pushed.

use super::{Element, SyntaxKind};
use crate::lexer::{Lexer, Token, word_len};

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    lexer: Lexer<'t>,
    /// Behind the last `}`: no block that starts later is closed.
    pub(super) blocks_end: usize,
    pub(super) position: usize,
    pub(super) elements: Vec<Element>,
    /// How many arrays, objects and calls are open.
    pub(super) depth: usize,
    /// A block ran into the end of the file. Every later one would too: its lines are the same lines.
    pub(super) unclosed: bool,
}

/// Where to go back to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    position: usize,
    elements: usize,
}

/// An open node.
#[derive(Clone, Copy)]
pub(super) struct Opened(usize);

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            lexer: Lexer::new(text),
            blocks_end: text.rfind('}').map_or(0, |last| last + 1),
            position: 0,
            elements: Vec::new(),
            depth: 0,
            unclosed: false,
        }
    }

    pub(super) fn rest(&self) -> &str {
        &self.text[self.position..]
    }

    pub(super) fn at_end(&self) -> bool {
        self.position == self.text.len()
    }

    pub(super) fn token(&mut self) -> Option<Token> {
        self.lexer.token_at(self.position)
    }

    pub(super) fn peek(&mut self) -> Option<SyntaxKind> {
        self.token().map(|token| token.kind)
    }

    pub(super) fn eat(&mut self, kind: SyntaxKind) -> bool {
        self.any(&[kind])
    }

    pub(super) fn any(&mut self, kinds: &[SyntaxKind]) -> bool {
        match self.token() {
            Some(token) if kinds.contains(&token.kind) => {
                self.push(token.kind, token.len);
                true
            }
            _ => false,
        }
    }

    pub(super) fn blank(&mut self) {
        self.eat(SyntaxKind::Whitespace);
    }

    pub(super) fn word_ahead(&self) -> &str {
        &self.rest()[..word_len(self.rest())]
    }

    pub(super) fn push(&mut self, kind: SyntaxKind, len: usize) {
        let after = clamp(self.elements.len() + 1);
        let (start, end) = (clamp(self.position), clamp(self.position + len));
        self.elements.push(Element { kind, start, end, after });
        self.position += len;
    }

    pub(super) fn open(&mut self, kind: SyntaxKind) -> Opened {
        let opened = Opened(self.elements.len());
        self.push(kind, 0);
        opened
    }

    pub(super) fn close(&mut self, opened: Opened) {
        let after = clamp(self.elements.len());
        if let Some(element) = self.elements.get_mut(opened.0) {
            element.end = clamp(self.position);
            element.after = after;
        }
    }

    /// Runs a rule; where it does not match, everything is as it was before.
    pub(super) fn attempt(&mut self, rule: impl FnOnce(&mut Self) -> bool) -> bool {
        let mark = Mark { position: self.position, elements: self.elements.len() };
        let matched = rule(self);
        if !matched {
            self.position = mark.position;
            self.elements.truncate(mark.elements);
        }
        matched
    }
}

/// Files of 4 GiB and more are refused before they are parsed; saturating keeps this total.
fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
