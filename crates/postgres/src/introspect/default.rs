//! What a default is, from the text that the server prints for it.
//!
//! The server prints constants with casts, `'a'::text` and `ARRAY['a'::text]`, in a form of its
//! own that does not vary. What is not a constant of the column's type stays an expression.

use pg_schema::{Arity, ColumnDefault, ColumnType, Literal};

/// The default that `expression` stands for; none for `NULL`.
pub(super) fn parse(expression: &str, ty: &ColumnType, arity: Arity) -> Option<ColumnDefault> {
    let other = || Some(ColumnDefault::Expression(expression.to_owned()));
    if is_temporal(ty) && is_now(expression) {
        return Some(ColumnDefault::Now);
    }
    match constant(expression) {
        Some(Constant::Null) => None,
        Some(Constant::List(values)) if arity == Arity::List => {
            let values: Option<Vec<Literal>> =
                values.into_iter().map(|value| literal(value, ty)).collect();
            values.map_or_else(other, |values| Some(ColumnDefault::List(values)))
        }
        Some(Constant::Text(text)) if arity == Arity::List => {
            let values = array_elements(&text).and_then(|values| {
                values
                    .into_iter()
                    .map(|value| literal(Constant::Text(value), ty))
                    .collect::<Option<Vec<_>>>()
            });
            values.map_or_else(other, |values| Some(ColumnDefault::List(values)))
        }
        Some(value) if arity != Arity::List => {
            literal(value, ty).map_or_else(other, |value| Some(ColumnDefault::Literal(value)))
        }
        _ => other(),
    }
}

/// A constant as SQL writes it, casts taken off.
enum Constant {
    Null,
    /// A number, or `true` and `false`.
    Bare(String),
    /// Between quotes.
    Text(String),
    List(Vec<Constant>),
}

fn literal(value: Constant, ty: &ColumnType) -> Option<Literal> {
    let (text, quoted) = match value {
        Constant::Bare(text) => (text, false),
        Constant::Text(text) => (text, true),
        Constant::Null | Constant::List(_) => return None,
    };
    match ty {
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Oid
        | ColumnType::Decimal(_)
        | ColumnType::Money
        | ColumnType::Real
        | ColumnType::DoublePrecision => Literal::number(&text),
        ColumnType::Boolean => match text.as_str() {
            "true" | "t" => Some(Literal::Bool(true)),
            "false" | "f" => Some(Literal::Bool(false)),
            _ => None,
        },
        _ if !quoted => None,
        ColumnType::VarChar(_)
        | ColumnType::Char(_)
        | ColumnType::Text
        | ColumnType::Citext
        | ColumnType::Bit(_)
        | ColumnType::VarBit(_)
        | ColumnType::Uuid
        | ColumnType::Xml
        | ColumnType::Inet => Some(Literal::String(text)),
        ColumnType::Enum(_) => Some(Literal::Enum(text)),
        ColumnType::ByteA => bytes(&text).map(Literal::Bytes),
        ColumnType::Json | ColumnType::JsonB => Some(Literal::Json(text)),
        // A moment is written in many ways; what the server prints is compared as an expression.
        _ => None,
    }
}

fn is_temporal(ty: &ColumnType) -> bool {
    matches!(
        ty,
        ColumnType::Timestamp(_)
            | ColumnType::Timestamptz(_)
            | ColumnType::Time(_)
            | ColumnType::Timetz(_)
            | ColumnType::Date
    )
}

fn is_now(expression: &str) -> bool {
    let expression = expression.trim().to_ascii_lowercase();
    let inner = expression.strip_prefix('(').map_or(expression.as_str(), |inner| {
        // A cast to the column's own type: `(now())::date`.
        inner.split_once(")::").map_or(inner, |(inner, _)| inner)
    });
    matches!(inner, "now()" | "current_timestamp" | "transaction_timestamp()")
        || inner
            .strip_prefix("current_timestamp(")
            .is_some_and(|rest| rest.len() == 2 && rest.ends_with(')'))
}

/// The whole of `expression` as a constant.
fn constant(expression: &str) -> Option<Constant> {
    let (constant, rest) = term(expression.trim())?;
    rest.trim().is_empty().then_some(constant)
}

/// A constant at the start of `text` with its casts, and what follows.
fn term(text: &str) -> Option<(Constant, &str)> {
    let (constant, mut rest) = if let Some(inner) = text.strip_prefix('(') {
        let (constant, rest) = term(inner)?;
        (constant, rest.strip_prefix(')')?)
    } else if let Some(inner) = text.strip_prefix("ARRAY[") {
        list(inner)?
    } else if text.starts_with('\'') || text.starts_with("E'") {
        string(text)?
    } else {
        bare(text)?
    };
    while let Some(after) = rest.strip_prefix("::") {
        rest = after_type(after);
    }
    Some((constant, rest))
}

fn list(mut text: &str) -> Option<(Constant, &str)> {
    let mut values = Vec::new();
    if let Some(rest) = text.strip_prefix(']') {
        return Some((Constant::List(values), rest));
    }
    loop {
        let (value, rest) = term(text)?;
        values.push(value);
        match rest.strip_prefix(", ") {
            Some(rest) => text = rest,
            None => return Some((Constant::List(values), rest.strip_prefix(']')?)),
        }
    }
}

/// `'a''b'`, or `E'a\\b'` where there are backslashes.
fn string(text: &str) -> Option<(Constant, &str)> {
    let (inner, escapes) = match text.strip_prefix("E'") {
        Some(inner) => (inner, true),
        None => (text.strip_prefix('\'')?, false),
    };
    let mut value = String::new();
    let mut characters = inner.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '\'' if characters.peek().is_some_and(|&(_, next)| next == '\'') => {
                characters.next();
                value.push('\'');
            }
            '\'' => return Some((Constant::Text(value), &inner[at + 1..])),
            // The server doubles backslashes and escapes nothing else.
            '\\' if escapes => value.push(characters.next()?.1),
            c => value.push(c),
        }
    }
    None
}

fn bare(text: &str) -> Option<(Constant, &str)> {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if word.eq_ignore_ascii_case("null") {
        return Some((Constant::Null, rest));
    }
    let known = matches!(word, "true" | "false") || Literal::number(word).is_some();
    known.then(|| (Constant::Bare(word.to_owned()), rest))
}

/// What follows the name of a type: `character varying(3)[]`, `"Kind"`, `sales."Kind"`.
fn after_type(text: &str) -> &str {
    let mut quoted = false;
    let mut depth = 0;
    let end = text.find(|c: char| {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' => depth += 1,
            ')' | ']' if depth > 0 => depth -= 1,
            ',' if depth > 0 => {}
            c => return !(c.is_alphanumeric() || "_ .$".contains(c)),
        }
        false
    });
    &text[end.unwrap_or(text.len())..]
}

/// The elements of `{a,"b c"}`. None for nested arrays and for NULLs, which no literal can say.
fn array_elements(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    let mut characters = inner.chars().peekable();
    while characters.peek().is_some() {
        let mut element = String::new();
        if characters.next_if_eq(&'"').is_some() {
            loop {
                match characters.next()? {
                    '"' => break,
                    '\\' => element.push(characters.next()?),
                    c => element.push(c),
                }
            }
        } else {
            while let Some(c) = characters.next_if(|&c| c != ',') {
                match c {
                    '{' | '}' | '"' => return None,
                    '\\' => element.push(characters.next()?),
                    c => element.push(c),
                }
            }
            if element.eq_ignore_ascii_case("null") {
                return None;
            }
        }
        elements.push(element);
        if characters.next().is_some_and(|c| c != ',') {
            return None;
        }
    }
    Some(elements)
}

/// `\x0aff`: the server's form of bytes.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("\\x")?;
    if digits.len() % 2 != 0 || !digits.is_ascii() {
        return None;
    }
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
        .collect()
}
