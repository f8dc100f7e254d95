//! Constants in the text that the server prints for a default.
//!
//! The server writes `5`, `'-5'::integer`, `'a''b'::text`, `ARRAY['a'::text]`, `'{1,2}'::integer[]`. Read is what Prisma
//! reads: anything else is an expression, `(1)::bigint` for one.

use psl::string_literal;

/// What a constant has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Whole,
    Fraction,
    Boolean,
    Text,
    Json,
    Bytes,
    Enum,
    /// A moment, of which no constant is read.
    Time,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// As a schema writes it.
    Bare(String),
    Text(String),
}

/// The whole text as a constant.
pub(crate) fn constant(text: &str, kind: Kind) -> Option<Value> {
    let mut rest = text.trim();
    let value = value(&mut rest, kind)?;
    rest.trim().is_empty().then_some(value)
}

/// The whole text as a list of constants.
pub(crate) fn list(text: &str, kind: Kind) -> Option<Vec<Value>> {
    let mut rest = text.trim();
    if rest.starts_with('\'') {
        return in_braces(&string(&mut rest)?, kind);
    }
    // What follows the closing bracket is a cast, and perhaps the other parenthesis.
    rest = rest.strip_prefix('(').unwrap_or(rest).strip_prefix("ARRAY[")?;
    let mut values = Vec::new();
    while !rest.starts_with(']') {
        values.push(value(&mut rest, kind)?);
        rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None if rest.starts_with(']') => {}
            None => return None,
        }
    }
    Some(values)
}

/// `now()` or `CURRENT_TIMESTAMP`, in any case, with a cast or without.
pub(crate) fn is_now(text: &str) -> bool {
    let mut rest = text.trim();
    let name = word(&mut rest);
    if !(name.eq_ignore_ascii_case("now") || name.eq_ignore_ascii_case("current_timestamp")) {
        return false;
    }
    rest = rest.strip_prefix("()").unwrap_or(rest);
    cast(&mut rest);
    rest.trim().is_empty()
}

/// Whether Prisma sees the next number of a sequence: not where a part of its name begins with an underscore and the
/// server, who needs none, prints no quotes.
pub(crate) fn is_sequence(text: &str) -> bool {
    let Some(mut rest) = text.trim_start().strip_prefix("nextval('") else { return true };
    loop {
        let part = rest.strip_prefix('"').and_then(|quoted| quoted.split_once('"'));
        let after = match part {
            Some((_, after)) => after,
            None if rest.starts_with('_') => return false,
            None => rest.trim_start_matches(|c| c != '.' && c != '\''),
        };
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None => return true,
        }
    }
}

/// A constant at the beginning of `rest`, which then is what follows.
fn value(rest: &mut &str, kind: Kind) -> Option<Value> {
    match kind {
        Kind::Whole => whole(rest),
        Kind::Fraction => fraction(rest),
        Kind::Boolean => boolean(word(rest)),
        Kind::Text | Kind::Json | Kind::Enum => string(rest).map(Value::Text),
        Kind::Bytes => bytes(&string(rest)?),
        Kind::Time => None,
    }
}

fn whole(rest: &mut &str) -> Option<Value> {
    let text = if rest.starts_with('\'') { string(rest)? } else { number(rest, false)?.to_owned() };
    let value: i64 = text.parse().ok()?;
    Some(Value::Bare(value.to_string()))
}

fn fraction(rest: &mut &str) -> Option<Value> {
    let text = if rest.starts_with('\'') {
        let text = string(rest)?;
        let mut inner = text.as_str();
        let number = number(&mut inner, true)?;
        if !inner.is_empty() {
            // `1e+20`: Prisma takes it for 1.
            return None;
        }
        number.to_owned()
    } else if let Some(inner) = rest.strip_prefix('(') {
        *rest = inner;
        let text = number(rest, true)?.to_owned();
        *rest = rest.strip_prefix(')')?;
        text
    } else {
        number(rest, true)?.to_owned()
    };
    cast(rest);
    Some(Value::Bare(text))
}

/// Digits with a sign, perhaps, and perhaps with a point among them.
fn number<'t>(rest: &mut &'t str, has_fraction: bool) -> Option<&'t str> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let sign = usize::from(rest.starts_with('-'));
    let mut end = sign + digits(&rest[sign..]);
    if end == sign {
        return None;
    }
    if has_fraction && rest[end..].starts_with('.') {
        let fraction = digits(&rest[end + 1..]);
        if fraction == 0 {
            return None;
        }
        end += 1 + fraction;
    }
    let (number, after) = rest.split_at(end);
    *rest = after;
    Some(number)
}

fn boolean(word: &str) -> Option<Value> {
    let is = |wanted: [&str; 2]| wanted.iter().any(|wanted| word.eq_ignore_ascii_case(wanted));
    if is(["t", "true"]) {
        Some(Value::Bare("true".to_owned()))
    } else if is(["f", "false"]) {
        Some(Value::Bare("false".to_owned()))
    } else {
        None
    }
}

/// `\x0aff` as base64.
fn bytes(text: &str) -> Option<Value> {
    let digits = text.strip_prefix("\\x")?;
    if digits.len() % 2 != 0 || !digits.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
        .collect();
    Some(Value::Bare(string_literal(&base64(&bytes?)).to_string()))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte));
        let group = group << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place <= chunk.len() {
                let index = group >> (18 - 6 * place) & 63;
                out.push(char::from(ALPHABET[index as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// `'a''b'` with its cast.
fn string(rest: &mut &str) -> Option<String> {
    let inner = rest.strip_prefix('\'')?;
    let mut value = String::new();
    let mut characters = inner.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if c != '\'' {
            value.push(c);
        } else if characters.next_if(|&(_, next)| next == '\'').is_some() {
            value.push('\'');
        } else {
            *rest = &inner[at + 1..];
            cast(rest);
            return Some(value);
        }
    }
    None
}

/// `::timestamp(3) without time zone[]`, `::sales."Kind"`, if one follows.
fn cast(rest: &mut &str) {
    let Some(mut after) = rest.strip_prefix("::") else { return };
    loop {
        after = after.trim_start();
        if let Some(quoted) = after.strip_prefix('"') {
            after = quoted.find('"').map_or("", |end| &quoted[end + 1..]);
        } else if let Some(dot) = after.strip_prefix('.') {
            after = dot;
        } else if word(&mut after).is_empty() {
            break;
        }
    }
    if after.starts_with('(') {
        after = after.find(')').map_or("", |end| &after[end + 1..]);
        // `timestamp(3) without time zone` has its precision in the middle.
        while !word(&mut after).is_empty() {}
    }
    *rest = after.strip_prefix("[]").unwrap_or(after);
}

/// A word at the beginning, behind blanks; empty where there is none.
fn word<'t>(rest: &mut &'t str) -> &'t str {
    let trimmed = rest.trim_start();
    if !trimmed.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return "";
    }
    let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let end = trimmed.find(|c| !is_inside(c)).unwrap_or(trimmed.len());
    let (word, after) = trimmed.split_at(end);
    *rest = after;
    word
}

/// The elements of `{a,"b c"}`.
fn in_braces(text: &str, kind: Kind) -> Option<Vec<Value>> {
    let mut rest = text.trim_start().strip_prefix('{')?;
    let mut values = Vec::new();
    loop {
        rest = rest.trim_start();
        if values.is_empty() && rest.starts_with('}') {
            return Some(values);
        }
        values.push(element(&mut rest, kind)?);
        rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None => return rest.starts_with('}').then_some(values),
        }
    }
}

fn element(rest: &mut &str, kind: Kind) -> Option<Value> {
    if rest.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return match kind {
            Kind::Whole => whole(rest),
            Kind::Fraction => fraction(rest),
            _ => None,
        };
    }
    let text = if let Some(inner) = rest.strip_prefix('"') {
        let mut text = String::new();
        let mut characters = inner.char_indices();
        loop {
            match characters.next()? {
                (at, '"') => {
                    *rest = &inner[at + 1..];
                    break text;
                }
                (_, '\\') => text.push(characters.next()?.1),
                (_, c) => text.push(c),
            }
        }
    } else {
        Some(word(rest)).filter(|word| !word.is_empty())?.to_owned()
    };
    match kind {
        Kind::Text | Kind::Json | Kind::Enum => Some(Value::Text(text)),
        Kind::Boolean => boolean(&text),
        Kind::Whole | Kind::Fraction | Kind::Bytes | Kind::Time => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(text: &str) -> Value {
        Value::Bare(text.to_owned())
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn numbers() {
        assert_eq!(constant("5", Kind::Whole), Some(bare("5")));
        assert_eq!(constant("'-5'::integer", Kind::Whole), Some(bare("-5")));
        assert_eq!(constant("'5000000000'::bigint", Kind::Whole), Some(bare("5000000000")));
        assert_eq!(constant("1.10", Kind::Fraction), Some(bare("1.10")));
        assert_eq!(constant("(1.5)::double precision", Kind::Fraction), Some(bare("1.5")));
        assert_eq!(constant("'-68.0'::numeric(65,30)", Kind::Fraction), Some(bare("-68.0")));
        for other in ["(5)::bigint", "5 + 1", "1.5", "'x'::integer", "five()"] {
            assert_eq!(constant(other, Kind::Whole), None, "{other}");
        }
        assert_eq!(constant("'1e+20'::double precision", Kind::Fraction), None);
        assert_eq!(constant("'NaN'::double precision", Kind::Fraction), None);
    }

    #[test]
    fn texts() {
        assert_eq!(constant("'it''s \\'::text", Kind::Text), Some(text("it's \\")));
        assert_eq!(constant("'a'::character varying(3)", Kind::Text), Some(text("a")));
        assert_eq!(constant("'x'::sales.\"Odd kind\"", Kind::Enum), Some(text("x")));
        assert_eq!(constant("('a'::text || 'b'::text)", Kind::Text), None);
        assert_eq!(constant("'a'::text || 'b'::text", Kind::Text), None);
        assert_eq!(constant("true", Kind::Boolean), Some(bare("true")));
        assert_eq!(constant("(1 = 1)", Kind::Boolean), None);
        assert_eq!(constant("'\\x6162'::bytea", Kind::Bytes), Some(bare("\"YWI=\"")));
        assert_eq!(constant("'\\x'::bytea", Kind::Bytes), Some(bare("\"\"")));
    }

    #[test]
    fn lists() {
        let of = |values: &[&str]| Some(values.iter().map(|value| text(value)).collect::<Vec<_>>());
        assert_eq!(list("ARRAY['a'::text, 'b,c'::text]", Kind::Text), of(&["a", "b,c"]));
        assert_eq!(list("'{a,\"b \\\"c\"}'::text[]", Kind::Text), of(&["a", "b \"c"]));
        assert_eq!(
            list("(ARRAY[]::character varying[])::character varying(5)[]", Kind::Text),
            of(&[])
        );
        assert_eq!(list("'{}'::uuid[]", Kind::Text), of(&[]));
        assert_eq!(list("'{1,-2}'::integer[]", Kind::Whole).map(|values| values.len()), Some(2));
        assert_eq!(list("ARRAY[1, '-4'::integer]", Kind::Whole).map(|v| v.len()), Some(2));
        assert_eq!(list("'{t,f}'::boolean[]", Kind::Boolean).map(|v| v.len()), Some(2));
        assert_eq!(list("'{{1},{2}}'::integer[]", Kind::Whole), None);
        assert_eq!(list("'{1a}'::text[]", Kind::Text), None);
        assert_eq!(list("ARRAY[now()]", Kind::Time), None);
    }

    #[test]
    fn the_time() {
        for text in ["now()", "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP::date"] {
            assert!(is_now(text), "{text}");
        }
        for text in
            ["CURRENT_TIMESTAMP(3)", "(now())::date", "now() + '1 day'::interval", "CURRENT_DATE"]
        {
            assert!(!is_now(text), "{text}");
        }
    }

    #[test]
    fn bytes_are_padded() {
        assert_eq!(
            [base64(b""), base64(b"a"), base64(b"ab"), base64(b"abc")],
            ["", "YQ==", "YWI=", "YWJj"]
        );
    }

    #[test]
    fn sequences_are_seen_but_for_bare_underscores() {
        for seen in ["s", "public.s", "\"_s\"", "\"S\".\"_s\"", "s_1._", "\"a.b\""] {
            let is_seen = is_sequence(&format!("nextval('{seen}'::regclass)"));
            assert_eq!(is_seen, seen != "s_1._", "{seen}");
        }
        assert!(!is_sequence("nextval('_t.\"X\"'::regclass)"));
        assert!(!is_sequence("nextval('s._q'::regclass)"));
    }
}
