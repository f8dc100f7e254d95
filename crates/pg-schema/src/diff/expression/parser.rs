//! From words to a tree that holds what an expression means and not how it is written.
//!
//! Precedence as in PostgreSQL. What the server writes in other words is brought to one form:
//! `IN` to `= any`, `LIKE` to `~~`, `BETWEEN` to two comparisons, `CAST` to `::`, `AT TIME ZONE` to
//! `timezone()`; what has words in its parentheses is read in [`worded`]. Everything beyond
//! (subqueries, windows) is not read, which is no error but `None`.

mod worded;

use super::tokens::Token;
use super::types;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expr {
    /// Strings and numbers alike: the server writes some numbers as strings.
    Constant(String),
    /// A column or keyword, with what qualifies it.
    Name(Vec<String>),
    Call(Vec<String>, Vec<Expr>),
    /// With one operand or two.
    Operator(String, Vec<Expr>),
    Cast(Box<Expr>, String),
    Array(Vec<Expr>),
}

/// Nesting past this is no default that anyone writes, and the parser is recursive.
const MAX_DEPTH: usize = 64;

pub(super) fn parse(tokens: &[Token]) -> Option<Expr> {
    let mut parser = Parser { tokens, depth: 0 };
    let expr = parser.expr(0)?;
    parser.tokens.is_empty().then_some(expr)
}

/// The words as the name of a type.
pub(super) fn type_name(tokens: &[Token]) -> Option<String> {
    let mut parser = Parser { tokens, depth: 0 };
    let name = parser.type_name()?;
    parser.tokens.is_empty().then_some(name)
}

/// How tightly the operators bind that are words, and those that are signs.
mod power {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const IS: u8 = 4;
    pub(super) const COMPARISON: u8 = 5;
    pub(super) const RANGE: u8 = 6;
    pub(super) const OTHER: u8 = 7;
    pub(super) const SUM: u8 = 8;
    pub(super) const PRODUCT: u8 = 9;
    pub(super) const EXPONENT: u8 = 10;
    pub(super) const ZONE: u8 = 11;
    pub(super) const SIGN: u8 = 12;
}

struct Parser<'a> {
    tokens: &'a [Token],
    depth: usize,
}

impl Parser<'_> {
    fn expr(&mut self, least: u8) -> Option<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut left = self.prefix()?;
        while let Some(next) = self.infix(left.clone(), least)? {
            left = next;
        }
        self.depth -= 1;
        Some(left)
    }

    /// The expression with the operator that follows, if one does that binds tightly enough.
    /// `None` outside is failure, inside the end.
    #[expect(clippy::option_option, reason = "failure and the end are not the same")]
    fn infix(&mut self, left: Expr, least: u8) -> Option<Option<Expr>> {
        match self.tokens.first() {
            Some(Token::Operator(operator)) => self.infix_sign(left, &operator.clone(), least),
            Some(Token::Word { text, quoted: false }) => {
                self.infix_word(left, &text.clone(), least)
            }
            _ => Some(None),
        }
    }

    #[expect(clippy::option_option, reason = "failure and the end are not the same")]
    fn infix_sign(&mut self, left: Expr, operator: &str, least: u8) -> Option<Option<Expr>> {
        if operator == "::" {
            self.advance();
            return Some(Some(Expr::Cast(Box::new(left), self.type_name()?)));
        }
        let power = match operator {
            "^" => power::EXPONENT,
            "*" | "/" | "%" => power::PRODUCT,
            "+" | "-" => power::SUM,
            "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => power::COMPARISON,
            _ => power::OTHER,
        };
        if power < least {
            return Some(None);
        }
        self.advance();
        let operator = if operator == "!=" { "<>" } else { operator };
        // `= ANY (…)` and `<> ALL (…)` take all of a list.
        for (word, sign) in [("any", "="), ("some", "="), ("all", "<>")] {
            if operator == sign && self.eat_word(word) {
                let list = self.parenthesized()?;
                return Some(Some(operator_of(&format!("{sign} {word}"), vec![left, list])));
            }
        }
        let right = self.expr(power + 1)?;
        Some(Some(operator_of(operator, vec![left, right])))
    }

    #[expect(clippy::option_option, reason = "failure and the end are not the same")]
    fn infix_word(&mut self, left: Expr, word: &str, least: u8) -> Option<Option<Expr>> {
        let is_not = word == "not";
        let word = match (is_not, self.tokens.get(1)) {
            (false, _) => word.to_owned(),
            (true, Some(Token::Word { text, quoted: false })) => text.clone(),
            (true, _) => return Some(None),
        };
        let power = match word.as_str() {
            "or" => power::OR,
            "and" => power::AND,
            "is" => power::IS,
            "in" | "like" | "ilike" | "between" => power::RANGE,
            "at" => power::ZONE,
            _ => return Some(None),
        };
        if power < least {
            return Some(None);
        }
        self.advance();
        if is_not {
            self.advance();
        }
        let expr = match word.as_str() {
            "or" | "and" => operator_of(&word, vec![left, self.expr(power + 1)?]),
            "at" => {
                if is_not || !(self.eat_word("time") && self.eat_word("zone")) {
                    return None;
                }
                let zone = self.expr(power + 1)?;
                Expr::Call(vec!["timezone".to_owned()], vec![zone, left])
            }
            "is" => {
                let not = if self.eat_word("not") { "is not" } else { "is" };
                operator_of(not, vec![left, self.expr(power + 1)?])
            }
            "in" => {
                let items = Expr::Array(self.list('(', ')')?);
                return Some(Some(operator_of(
                    if is_not { "<> all" } else { "= any" },
                    vec![left, items],
                )));
            }
            "like" | "ilike" => {
                let sign = if word == "like" { "~~" } else { "~~*" };
                let sign = if is_not { format!("!{sign}") } else { sign.to_owned() };
                return Some(Some(operator_of(&sign, vec![left, self.expr(power + 1)?])));
            }
            _ => {
                let low = self.expr(power + 1)?;
                if !self.eat_word("and") {
                    return None;
                }
                let high = self.expr(power + 1)?;
                let (least, most, join) =
                    if is_not { ("<", ">", "or") } else { (">=", "<=", "and") };
                let low = operator_of(least, vec![left.clone(), low]);
                return Some(Some(operator_of(
                    join,
                    vec![low, operator_of(most, vec![left, high])],
                )));
            }
        };
        // `a NOT AND b` is nothing.
        if is_not { None } else { Some(Some(expr)) }
    }

    fn prefix(&mut self) -> Option<Expr> {
        let (first, rest) = self.tokens.split_first()?;
        match first {
            Token::Constant(text) => {
                self.tokens = rest;
                Some(Expr::Constant(text.clone()))
            }
            Token::Operator(sign) if sign == "-" || sign == "+" => {
                self.tokens = rest;
                let operand = self.expr(power::SIGN)?;
                Some(match operand {
                    Expr::Constant(text) if sign == "-" => Expr::Constant(format!("-{text}")),
                    Expr::Constant(text) => Expr::Constant(text),
                    operand => operator_of(sign, vec![operand]),
                })
            }
            Token::Mark('(') => self.parenthesized(),
            Token::Word { text, quoted: false } => match text.as_str() {
                "not" => {
                    self.tokens = rest;
                    Some(operator_of("not", vec![self.expr(power::NOT)?]))
                }
                "array" => {
                    self.tokens = rest;
                    Some(Expr::Array(self.list('[', ']')?))
                }
                "cast" => {
                    self.tokens = rest;
                    self.cast()
                }
                "case" => {
                    self.tokens = rest;
                    self.case()
                }
                "extract" | "substring" | "overlay" | "position" | "trim"
                    if rest.first() == Some(&Token::Mark('(')) =>
                {
                    self.tokens = rest;
                    self.worded(text)
                }
                "select" | "exists" => None,
                _ => self.name(),
            },
            Token::Word { quoted: true, .. } => self.name(),
            Token::Operator(_) | Token::Mark(_) => None,
        }
    }

    /// A column, a keyword, a call, or a constant with its type before it.
    fn name(&mut self) -> Option<Expr> {
        let mut parts = vec![self.word()?];
        while self.eat('.') {
            parts.push(self.word()?);
        }
        if let ([ty], Some(Token::Constant(text))) = (parts.as_slice(), self.tokens.first()) {
            if !types::can_precede_constant(ty) {
                return None;
            }
            let constant = Expr::Constant(text.clone());
            let ty = types::canonical(ty).to_owned();
            self.advance();
            return Some(Expr::Cast(Box::new(constant), ty));
        }
        if self.tokens.first() == Some(&Token::Mark('(')) {
            return Some(Expr::Call(parts, self.list('(', ')')?));
        }
        if parts == ["current_timestamp"] {
            return Some(Expr::Call(vec!["now".to_owned()], Vec::new()));
        }
        Some(Expr::Name(parts))
    }

    fn cast(&mut self) -> Option<Expr> {
        if !self.eat('(') {
            return None;
        }
        let operand = self.expr(0)?;
        if !self.eat_word("as") {
            return None;
        }
        let ty = self.type_name()?;
        self.eat(')').then(|| Expr::Cast(Box::new(operand), ty))
    }

    fn parenthesized(&mut self) -> Option<Expr> {
        if !self.eat('(') {
            return None;
        }
        let expr = self.expr(0)?;
        self.eat(')').then_some(expr)
    }

    fn list(&mut self, open: char, close: char) -> Option<Vec<Expr>> {
        if !self.eat(open) {
            return None;
        }
        let mut items = Vec::new();
        if self.eat(close) {
            return Some(items);
        }
        loop {
            items.push(self.expr(0)?);
            if self.eat(close) {
                return Some(items);
            }
            if !self.eat(',') {
                return None;
            }
        }
    }

    /// `timestamp(3) with time zone`, `numeric(5,2)[]`, `"Status"`; the namespace is left out.
    fn type_name(&mut self) -> Option<String> {
        let mut name = self.word()?;
        while self.eat('.') {
            name = self.word()?;
        }
        let mut arguments = String::new();
        loop {
            match self.tokens.first() {
                Some(Token::Word { text, quoted: false }) if types::continues(&name, text) => {
                    name = format!("{name} {text}");
                    self.advance();
                }
                Some(Token::Mark('(')) if arguments.is_empty() => {
                    let digits = self.list('(', ')')?;
                    let digits: Option<Vec<_>> = digits
                        .into_iter()
                        .map(
                            |digit| {
                                if let Expr::Constant(text) = digit { Some(text) } else { None }
                            },
                        )
                        .collect();
                    arguments = format!("({})", digits?.join(","));
                }
                _ => break,
            }
        }
        let brackets = if self.eat('[') { self.eat(']').then_some("[]")? } else { "" };
        Some(format!("{}{arguments}{brackets}", types::canonical(&name)))
    }

    fn word(&mut self) -> Option<String> {
        let Some(Token::Word { text, .. }) = self.tokens.first() else { return None };
        let text = text.clone();
        self.advance();
        Some(text)
    }

    fn eat(&mut self, mark: char) -> bool {
        let found = self.tokens.first() == Some(&Token::Mark(mark));
        if found {
            self.advance();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.first(), Some(Token::Word { text, quoted: false }) if text == word);
        if found {
            self.advance();
        }
        found
    }

    fn advance(&mut self) {
        self.tokens = &self.tokens[1..];
    }
}

fn operator_of(operator: &str, operands: Vec<Expr>) -> Expr {
    Expr::Operator(operator.to_owned(), operands)
}
