//! Values and argument lists.

use super::SyntaxKind;
use super::builder::Parser;

/// How deep arrays, objects and calls may nest. No schema needs more than a handful; the bound is what keeps a hostile
/// one from exhausting the stack.
const MAX_DEPTH: usize = 128;

impl Parser<'_> {
    /// A call, array, object, number, string or path.
    pub(super) fn expression(&mut self) -> bool {
        if self.depth >= MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let matched = match self.peek() {
            Some(SyntaxKind::LBracket) => self.array(),
            Some(SyntaxKind::String) => self.eat(SyntaxKind::String),
            Some(SyntaxKind::Minus) => self.number(),
            Some(SyntaxKind::Word) => {
                self.attempt(Self::function_call) || self.number() || self.path()
            }
            _ => false,
        };
        self.depth -= 1;
        matched
    }

    /// `(a, b: c)`. A comma too many at the end and names without a value are read, to be refused with good words.
    pub(super) fn arguments(&mut self) -> bool {
        let arguments = self.open(SyntaxKind::Arguments);
        if !self.eat(SyntaxKind::LParen) {
            return false;
        }
        self.blank();
        while self.attempt(Self::argument) {
            self.blank();
            if !self.eat(SyntaxKind::Comma) {
                break;
            }
            self.blank();
        }
        // `(,)` is read too; `(a,,)` is not.
        if self.rest().starts_with(',') && !self.text[..self.position].trim_end().ends_with(',') {
            self.eat(SyntaxKind::Comma);
            self.blank();
        }
        let closed = self.eat(SyntaxKind::RParen);
        self.close(arguments);
        closed
    }

    fn argument(&mut self) -> bool {
        if self.attempt(Self::named_argument) || self.attempt(Self::empty_argument) {
            return true;
        }
        let argument = self.open(SyntaxKind::Argument);
        let matched = self.expression();
        self.close(argument);
        matched
    }

    fn named_argument(&mut self) -> bool {
        let argument = self.open(SyntaxKind::Argument);
        // The predicate of a partial index is the one place where an object may stand.
        let is_predicate = self.word_ahead() == "where";
        let matched = self.key() && {
            self.blank();
            is_predicate && self.attempt(Self::object) || self.expression()
        };
        self.close(argument);
        matched
    }

    fn empty_argument(&mut self) -> bool {
        let argument = self.open(SyntaxKind::EmptyArgument);
        let matched = self.key();
        self.close(argument);
        matched
    }

    /// `name:`.
    fn key(&mut self) -> bool {
        let name = self.open(SyntaxKind::Name);
        let matched = self.eat(SyntaxKind::Word);
        self.close(name);
        self.blank();
        matched && self.eat(SyntaxKind::Colon)
    }

    fn function_call(&mut self) -> bool {
        let call = self.open(SyntaxKind::FunctionCall);
        if !self.path() {
            return false;
        }
        self.blank();
        let matched = self.arguments();
        self.close(call);
        matched
    }

    fn array(&mut self) -> bool {
        let array = self.open(SyntaxKind::Array);
        self.eat(SyntaxKind::LBracket);
        self.blank();
        let mut matched = true;
        if self.peek() != Some(SyntaxKind::RBracket) {
            matched = self.separated(Self::expression);
        }
        let closed = matched && self.eat(SyntaxKind::RBracket);
        self.close(array);
        closed
    }

    fn object(&mut self) -> bool {
        let object = self.open(SyntaxKind::Object);
        if !self.eat(SyntaxKind::LBrace) {
            return false;
        }
        self.blank();
        let mut matched = true;
        if self.peek() != Some(SyntaxKind::RBrace) {
            matched = self.separated(|parser| {
                let member = parser.open(SyntaxKind::ObjectMember);
                let matched = parser.key() && {
                    parser.blank();
                    parser.nested_object() || parser.expression()
                };
                parser.close(member);
                matched
            });
        }
        let closed = matched && self.eat(SyntaxKind::RBrace);
        self.close(object);
        closed
    }

    fn nested_object(&mut self) -> bool {
        if self.depth >= MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let matched = self.attempt(Self::object);
        self.depth -= 1;
        matched
    }

    /// One or more of a rule, commas between.
    fn separated(&mut self, rule: impl Fn(&mut Self) -> bool) -> bool {
        loop {
            if !rule(self) {
                return false;
            }
            self.blank();
            if !self.eat(SyntaxKind::Comma) {
                return true;
            }
            self.blank();
        }
    }

    /// `-12.5`, without blanks inside. Stops where the digits stop, be it in the middle of a word.
    fn number(&mut self) -> bool {
        let rest = self.rest();
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let sign = usize::from(rest.starts_with('-'));
        let whole = digits(&rest[sign..]);
        if whole == 0 {
            return false;
        }
        let mut len = sign + whole;
        if let Some(fraction) = rest[len..].strip_prefix('.') {
            let decimals = digits(fraction);
            if decimals > 0 {
                len += 1 + decimals;
            }
        }
        self.push(SyntaxKind::Number, len);
        true
    }
}
