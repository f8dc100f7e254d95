//! The words of a script that name what is outside its schema, or may lead there, wherever they stand.
//!
//! Nothing is parsed: comments, strings and code are all the same text. What it takes to tell a name of a schema, or the
//! plain name of a sequence, is looked for right after a word.

use std::ops::Range;

use super::Unconfined;

/// Words that lead out of the schema, or may, and what such words begin with or have in them.
const EXITS: [&str; 7] = [
    "search_path",
    "set_config",
    "session_replication_role",
    "ts_stat",
    "ts_rewrite",
    "loread",
    "lowrite",
];
const EXITS_BEGIN: [&str; 6] = ["dblink", "lo_", "brin_", "gin_", "txid_", "binary_upgrade_"];
const EXITS_CONTAIN: &str = "_to_xml";
/// The words of the server's own that tell of nothing outside and do nothing there.
const HARMLESS: [&str; 4] = ["pg_catalog", "pg_lsn", "pg_typeof", "pg_get_serial_sequence"];
/// What PostgreSQL keeps of a name, in bytes: more is cut off, and is then another name than it looks.
const LONGEST_NAME: usize = 63;

/// Refuses names that say a schema, and words that lead out of one.
pub(super) fn find_names(text: &str, schemas: &[String]) -> Result<(), Unconfined> {
    // A name of several words would not be found among the words.
    let odd = schemas.iter().filter(|name| words(name).next() != Some(0..name.len()));
    for name in odd {
        let found = text.find(name).or_else(|| text.find(&name.replace('"', "\"\"")));
        if let Some(at) = found {
            return Err(Unconfined { at, why: format!("a name says its schema, {name}") });
        }
    }
    let words: Vec<Range<usize>> = words(text).collect();
    for (number, range) in words.iter().enumerate() {
        let (at, word) = (range.start, &text[range.clone()]);
        let refused = |why: String| Err(Unconfined { at, why });
        let lower = word.to_lowercase();
        if is_exit(&lower) {
            return refused(format!("`{word}` may lead to other schemas"));
        }
        let next = words.get(number + 1).map(|next| text[next.clone()].to_uppercase());
        let is_trigger = matches!(next.as_deref(), Some("FUNCTION" | "PROCEDURE"));
        if lower == "execute" && !is_trigger && !is_grant(text, &words, number) {
            return refused("EXECUTE runs statements that are put together on the way".to_owned());
        }
        if is_servers(&lower) {
            return refused(format!("{word} tells of what is outside, or acts on it"));
        }
        if ["setval", "nextval"].contains(&lower.as_str()) && !names_sequence(&text[range.end..]) {
            return refused(format!(
                "no rollback undoes `{word}`, and which sequence it changes is not plain to see"
            ));
        }
        if lower == "u" && text[range.end..].starts_with('&') {
            return refused("names in Unicode escapes cannot be read here".to_owned());
        }
        let is_schema = word.len() > LONGEST_NAME
            || schemas.iter().any(|schema| *schema == word || *schema == lower);
        if is_schema && is_qualifier(&text[range.end..]) {
            return refused(format!("a name says its schema, {word}"));
        }
    }
    Ok(())
}

fn is_exit(word: &str) -> bool {
    EXITS.contains(&word)
        || EXITS_BEGIN.iter().any(|begin| word.starts_with(begin))
        || word.contains(EXITS_CONTAIN)
}

/// Whether the word is the server's own: what its tables tell depends on what is in other schemas, and its functions
/// change more than a rollback undoes.
fn is_servers(word: &str) -> bool {
    word == "information_schema" || word.starts_with("pg_") && !HARMLESS.contains(&word)
}

/// Whether what follows `setval` or `nextval` is a sequence by its bare name, `('s'` or `('s'::regclass`, or the one of
/// a table's column, `(pg_get_serial_sequence('t', 'c')`.
fn names_sequence(rest: &str) -> bool {
    let Some(rest) = after(rest, "(") else { return false };
    let rest = match after(rest, "pg_get_serial_sequence") {
        Some(rest) => after(rest, "(")
            .and_then(after_bare_name)
            .and_then(|rest| after(rest, ","))
            .and_then(after_bare_name)
            .and_then(|rest| after(rest, ")")),
        None => after_bare_name(rest),
    };
    let Some(rest) = rest else { return false };
    let rest = after(rest, "::").and_then(|rest| after(rest, "regclass")).unwrap_or(rest);
    after(rest, ",").is_some() || after(rest, ")").is_some()
}

/// What follows `what`, which may have blanks before it.
fn after<'a>(text: &'a str, what: &str) -> Option<&'a str> {
    text.trim_start().strip_prefix(what)
}

/// What follows a string that is one name without a schema.
fn after_bare_name(text: &str) -> Option<&str> {
    let (name, rest) = after(text, "'")?.split_once('\'')?;
    let is_bare = !name.contains(['.', '\\']) && !rest.starts_with('\'');
    is_bare.then_some(rest)
}

/// Whether a dot follows, perhaps after the quote that ends the word, blanks and comments.
fn is_qualifier(rest: &str) -> bool {
    let rest = rest.trim_start().trim_start_matches(['"', '\\']);
    after_comments(rest).is_none_or(|rest| rest.starts_with('.'))
}

/// What follows blanks and comments; none where a comment is not closed.
fn after_comments(mut text: &str) -> Option<&str> {
    loop {
        text = text.trim_start();
        if let Some(comment) = text.strip_prefix("--") {
            text = comment.split_once(['\n', '\r']).map_or("", |(_, rest)| rest);
        } else if text.starts_with("/*") {
            text = after_block(text)?;
        } else {
            return Some(text);
        }
    }
}

/// What follows a comment in `/* */`, in which others may be.
fn after_block(mut text: &str) -> Option<&str> {
    let mut depth = 0usize;
    loop {
        text = &text[text.find(['/', '*'])?..];
        if text.starts_with("/*") {
            depth += 1;
            text = &text[2..];
        } else if text.starts_with("*/") {
            depth -= 1;
            text = &text[2..];
            if depth == 0 {
                return Some(text);
            }
        } else {
            text = &text[1..];
        }
    }
}

/// `GRANT EXECUTE ON …` runs nothing.
fn is_grant(text: &str, words: &[Range<usize>], number: usize) -> bool {
    let before = number.checked_sub(1).map(|before| text[words[before].clone()].to_uppercase());
    let after = words.get(number + 1).map(|after| text[after.clone()].to_uppercase());
    matches!(before.as_deref(), Some("GRANT" | "REVOKE")) && after.as_deref() == Some("ON")
}

/// The runs of letters, digits, `_` and `$`, wherever they stand.
pub(super) fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_part)?;
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |length| start + length);
        at = end;
        Some(start..end)
    })
}
