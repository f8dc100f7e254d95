//! What has words between its operands rather than commas: `CASE`, and functions that SQL gave a grammar of their own.
//! The server prints some of the latter as the plain function that they stand for, which versions, differs.

use super::{Expr, Parser, operator_of, power};
use crate::diff::expression::tokens::Token;

impl Parser<'_> {
    /// Behind `CASE`.
    pub(super) fn case(&mut self) -> Option<Expr> {
        let mut operands = Vec::new();
        let mut form = "case".to_owned();
        if !self.eat_word("when") {
            operands.push(self.expr(0)?);
            form.push_str(" of");
            if !self.eat_word("when") {
                return None;
            }
        }
        loop {
            operands.push(self.expr(0)?);
            if !self.eat_word("then") {
                return None;
            }
            operands.push(self.expr(0)?);
            if !self.eat_word("when") {
                break;
            }
        }
        if self.eat_word("else") {
            operands.push(self.expr(0)?);
            form.push_str(" else");
        }
        self.eat_word("end").then(|| operator_of(&form, operands))
    }

    /// Behind the name of a function, which may be called as any other, too.
    pub(super) fn worded(&mut self, name: &str) -> Option<Expr> {
        if !self.eat('(') {
            return None;
        }
        match name {
            "extract" => {
                let (Token::Word { text: field, .. } | Token::Constant(field)) =
                    self.tokens.first()?
                else {
                    return None;
                };
                let field = Expr::Constant(field.to_lowercase());
                self.advance();
                self.eat_word("from").then_some(())?;
                self.closed(name, vec![field])
            }
            "trim" => self.trim(),
            _ => self.closed(name, Vec::new()),
        }
    }

    /// `trim(x)`, `trim(both from x)`, `trim(leading 'a' from x)`.
    fn trim(&mut self) -> Option<Expr> {
        let name = if self.eat_word("leading") {
            "ltrim"
        } else if self.eat_word("trailing") {
            "rtrim"
        } else {
            self.eat_word("both");
            "btrim"
        };
        if self.eat_word("from") {
            return self.closed(name, Vec::new());
        }
        let first = self.expr(0)?;
        if !self.eat_word("from") {
            let mut operands = vec![first];
            while self.eat(',') {
                operands.push(self.expr(0)?);
            }
            return self.eat(')').then(|| call(name, operands));
        }
        let text = self.expr(0)?;
        self.eat(')').then(|| call(name, vec![text, first]))
    }

    /// The other operands up to the closing parenthesis, whatever stands between them.
    fn closed(&mut self, name: &str, mut operands: Vec<Expr>) -> Option<Expr> {
        loop {
            // `position(a IN b)` asks for no list.
            operands.push(self.expr(power::RANGE + 1)?);
            if self.eat(')') {
                return Some(call(name, operands));
            }
            let goes_on =
                self.eat(',') || ["from", "for", "in", "placing"].iter().any(|w| self.eat_word(w));
            goes_on.then_some(())?;
        }
    }
}

fn call(name: &str, operands: Vec<Expr>) -> Expr {
    Expr::Call(vec![name.to_owned()], operands)
}
