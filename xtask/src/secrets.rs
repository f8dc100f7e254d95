//! No password in any output: the last thing that a text passes through on its way to a person.
//!
//! Our own messages are made without secrets. Texts that quote what a person wrote (a line of the schema, an argument,
//! a statement of a migration) may hold one. Stars stand for as many characters, so that marks under a line still fit;
//! none stands for a line break. Time grows with the text, whatever it holds.

use std::ops::Range;

/// What a datasource calls its URLs.
const URL_KEYS: [&str; 3] = ["url", "directUrl", "shadowDatabaseUrl"];

const PASSWORD: &str = "password";

/// The text with its passwords hidden: those of URLs, of `password=…` and `PASSWORD '…'`, and what a datasource has for
/// a URL that is none.
pub(crate) fn hide(text: &str) -> String {
    with_stars(text, |_| 1)
}

/// As [`hide`], every byte where it was: for a text that others have positions in.
pub(crate) fn hide_in_place(text: &str) -> String {
    with_stars(text, char::len_utf8)
}

/// As [`hide`], each text of a JSON document on its own, so that it stays one. A text whose key ends in `password` is
/// hidden whole.
pub(crate) fn hide_in_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    let mut rest = json;
    let mut last = String::new();
    while let Some(start) = rest.find('"') {
        let (between, quoted) = rest.split_at(start);
        let (literal, after) =
            quoted.split_at((length_in_quotes(&quoted[1..], '"', false) + 2).min(quoted.len()));
        shown.push_str(between);
        let text: String = serde_json::from_str(literal).unwrap_or_default();
        let is_password = between.trim() == ":" && last.to_ascii_lowercase().ends_with(PASSWORD);
        let hidden = if is_password { "*".repeat(text.chars().count()) } else { hide(&text) };
        if hidden == text {
            shown.push_str(literal);
        } else {
            shown.push_str(&serde_json::Value::String(hidden).to_string());
        }
        (last, rest) = (text, after);
    }
    shown.push_str(rest);
    shown
}

fn with_stars(text: &str, stars_for: impl Fn(char) -> usize) -> String {
    // ASCII only, so that positions stay the same.
    let lower = text.to_ascii_lowercase();
    let mut secrets = url_secrets(text, &lower);
    secrets.extend(set_passwords(text, &lower));
    secrets.extend(datasource_urls(text));
    secrets.sort_unstable_by_key(|secret| secret.start);
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let start = secret.start.max(done);
        if start < secret.end {
            shown.push_str(&text[done..start]);
            let stars = text[start..secret.end].chars().map(&stars_for).sum();
            shown.push_str(&"*".repeat(stars));
            done = secret.end;
        }
    }
    shown.push_str(&text[done..]);
    shown
}

/// The passwords of URLs, and what parameters that end in `password` are set to.
fn url_secrets(text: &str, lower: &str) -> Vec<Range<usize>> {
    let mut secrets = Vec::new();
    let mut from = 0;
    while let Some(mark) = url_mark(&text[from..]) {
        let (before, start) = (&text[..from + mark.start], from + mark.end);
        let end = start + length_of_url(before, &text[start..]);
        secrets.extend(password_in(&text[start..end]).map(|range| shifted(&range, start)));
        for (parameter, name) in lower[start..end].match_indices("password=") {
            let value = start + parameter + name.len();
            let length = text[value..end].find('&').unwrap_or(end - value);
            secrets.push(value..value + length);
        }
        // A URL within a URL has its secrets hidden with those of the outer one, and is not looked through again.
        from = end;
    }
    secrets
}

/// The first `://`, its slashes escaped or not.
fn url_mark(text: &str) -> Option<Range<usize>> {
    text.match_indices(':').find_map(|(start, _)| {
        let rest = text[start + 1..].trim_start_matches('\\').strip_prefix('/')?;
        let rest = rest.trim_start_matches('\\').strip_prefix('/')?;
        Some(start..text.len() - rest.len())
    })
}

/// A URL in quotes ends with them, whatever a password in it looks like; any other where white space or a quote is,
/// unless only a password with blanks explains what is before them.
fn length_of_url(before: &str, rest: &str) -> usize {
    let before = before.trim_end_matches(is_scheme);
    if let Some(quote) = before.chars().next_back().filter(|c| is_quote(*c)) {
        let is_escaped = before[..before.len() - quote.len_utf8()].ends_with('\\');
        return length_in_quotes(rest, quote, is_escaped);
    }
    let ends = |c: char| c.is_whitespace() || is_quote(c) || matches!(c, '<' | '>');
    let length = rest.find(ends).unwrap_or(rest.len());
    let url = &rest[..length];
    // Where it begins a text, all of the text may be the URL.
    let may_go_on = before.is_empty() || rest[length..].starts_with([' ', '\t']);
    if !may_go_on || url.contains('@') || password_in(url).is_none() {
        return length;
    }
    let line = rest[length..].split('\n').next().unwrap_or_default();
    let others = url_mark(line).map_or(line.len(), |mark| mark.start);
    line[..others].find('@').map_or(length, |at| length + at + 1)
}

/// Where the password is in what follows `scheme://`: from the first colon to the last at sign. Without an at sign, what
/// stands where a port should and is none may be one that was cut off.
fn password_in(url: &str) -> Option<Range<usize>> {
    if let Some((user_info, _)) = url.rsplit_once('@') {
        return user_info.find(':').map(|colon| colon + 1..user_info.len());
    }
    let authority = url.split(['/', '?', '#']).next().unwrap_or(url);
    let (_, port) = authority.rsplit_once(':')?;
    let is_host = authority.starts_with('[') || port.bytes().all(|byte| byte.is_ascii_digit());
    authority.find(':').filter(|_| !is_host).map(|colon| colon + 1..url.len())
}

/// What `password` is set to: `=` and a word or a text, or a text of SQL alone, as in `PASSWORD E'…'`.
fn set_passwords(text: &str, lower: &str) -> Vec<Range<usize>> {
    let mut secrets: Vec<Range<usize>> = Vec::new();
    for (at, keyword) in lower.match_indices(PASSWORD) {
        let after = &text[at + keyword.len()..];
        let value = after.trim_start();
        let (value, is_sql) = match value.strip_prefix('=') {
            Some(value) => (value.trim_start_matches([' ', '\t']), false),
            None => (value.strip_prefix(['e', 'E']).unwrap_or(value), true),
        };
        let unescaped = value.trim_start_matches('\\');
        let quote = unescaped.chars().next().filter(|c| is_quote(*c));
        // The apostrophe of a password's owner begins no text.
        if is_sql && (quote != Some('\'') || after.len() == value.len()) {
            continue;
        }
        let value_start = text.len() - unescaped.len() + quote.map_or(0, char::len_utf8);
        // What is within the one before is hidden with it, and is not looked through again.
        if secrets.last().is_some_and(|last| value_start < last.end) {
            continue;
        }
        let ends = |c: char| c.is_whitespace() || is_quote(c) || matches!(c, '&' | ';');
        let value_and_rest = &text[value_start..];
        let length = match quote {
            Some(quote) => {
                length_with_apostrophes(value_and_rest, quote, unescaped.len() < value.len())
            }
            None => value_and_rest.find(ends).unwrap_or(value_and_rest.len()),
        };
        secrets.push(value_start..value_start + length);
    }
    secrets
}

/// What a datasource has for a URL, in comments too: its password where it is a URL, else all of it.
fn datasource_urls(text: &str) -> Vec<Range<usize>> {
    let mut secrets = Vec::new();
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next();
        if key.is_some_and(|key| URL_KEYS.contains(&key)) {
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| is_quote(*c)).map_or(0, char::len_utf8);
            let start = end - value.len() + quote;
            secrets.extend(secret_of_literal(value).map(|range| shifted(&range, start)));
        }
    }
    secrets
}

/// Within the quotes, or in all of an unquoted value, which may hold blanks.
fn secret_of_literal(value: &str) -> Option<Range<usize>> {
    let literal = match value.chars().next().filter(|c| is_quote(*c)) {
        Some(quote) => {
            let quoted = &value[quote.len_utf8()..];
            &quoted[..length_in_quotes(quoted, quote, false)]
        }
        None if value.starts_with("env(") => return None,
        None => value.trim_end(),
    };
    match literal.split_once("://") {
        Some((scheme, url)) if scheme.chars().all(is_scheme) => {
            password_in(url).map(|range| shifted(&range, literal.len() - url.len()))
        }
        // The name of a variable, perhaps: nothing in it sets a password off.
        _ => literal.contains([':', '@', '=']).then_some(0..literal.len()),
    }
}

fn shifted(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

fn is_scheme(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`')
}

/// Up to the quote that ends a text, or the end of the line. Where quotes are escaped themselves, as in a text within a
/// text, so is the last one.
fn length_in_quotes(text: &str, quote: char, is_escaped: bool) -> usize {
    let mut after_backslash = false;
    for (at, c) in text.char_indices() {
        if c == '\n' || (c == quote && after_backslash == is_escaped) {
            return at;
        }
        after_backslash = c == '\\' && !after_backslash;
    }
    text.len()
}

/// As [`length_in_quotes`]; two apostrophes stand for one, as SQL has it.
fn length_with_apostrophes(text: &str, quote: char, is_escaped: bool) -> usize {
    let mut length = length_in_quotes(text, quote, is_escaped);
    while quote == '\'' && text[length..].starts_with("''") {
        length += 2;
        length += length_in_quotes(&text[length..], quote, is_escaped);
    }
    length
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{hide, hide_in_json, hide_in_place};

    #[test]
    fn passwords_of_urls_are_hidden_and_nothing_else() {
        assert_eq!(
            hide("url = \"postgresql://u:se@cret@h/db\" // x"),
            "url = \"postgresql://u:*******@h/db\" // x"
        );
        assert_eq!(hide("two: a://b:c@d e://f:gh@i"), "two: a://b:*@d e://f:**@i");
        for harmless in [
            "postgresql://u@h:5432/db",
            "https://pris.ly/d/x",
            "model User { id Int @id }",
            "://",
            "a://é",
            "the password of postgresql://u@h/db",
            "// the password's hash\n// isn't shown",
            "  url = env(\"DATABASE_URL\") // or a:b@c",
            "  url = \"DATABASE_URL\"",
            "  url = \"postgresql://[::1]:5432/db\"",
            "http://localhost:8080 mail y@z",
        ] {
            assert_eq!(hide(harmless), harmless);
        }
    }

    #[test]
    fn quotes_and_spaces_in_a_password_do_not_end_it() {
        assert_eq!(hide(r#""a://u:p w\"x@h/d" y@z"#), r#""a://u:******@h/d" y@z"#);
        // The same inside of a JSON string, and one that was cut off.
        assert_eq!(hide(r#""bad \"a://u:p w@h\" y@z""#), r#""bad \"a://u:***@h\" y@z""#);
        assert_eq!(hide("\"a://u:p w@h\nmail y@z"), "\"a://u:***@h\nmail y@z");
    }

    #[test]
    fn passwords_in_parameters_are_hidden() {
        assert_eq!(
            hide("a://h/d?user=u&password=abc&sslPassword=de x"),
            "a://h/d?user=u&password=***&sslPassword=** x"
        );
    }

    #[test]
    fn bytes_stay_where_they_are_when_asked_to() {
        assert_eq!(hide("a://u:éß@h"), "a://u:**@h");
        assert_eq!(hide_in_place("a://u:éß@h"), "a://u:****@h");
    }

    #[test]
    fn passwords_of_roles_are_hidden() {
        assert_eq!(
            hide("CREATE ROLE bob PASSWORD 'hunter2';"),
            "CREATE ROLE bob PASSWORD '*******';"
        );
        assert_eq!(hide("alter role b password E'x"), "alter role b password E'*");
        assert_eq!(hide("the password is wrong, isn't it"), "the password is wrong, isn't it");
    }

    #[test]
    fn escapes_hide_no_url() {
        assert_eq!(hide(r"postgresql:\/\/u:abc@h/db"), r"postgresql:\/\/u:***@h/db");
        assert_eq!(hide(r"postgresql:\\/\\/u:abc@h/db"), r"postgresql:\\/\\/u:***@h/db");
    }

    #[test]
    fn blanks_in_a_password_without_quotes_do_not_end_it() {
        assert_eq!(hide("// a://u:p w x@h/d y@z"), "// a://u:*****@h/d y@z");
        assert_eq!(hide("  url = a://u:p w@h/d"), "  url = a://u:***@h/d");
        // The host is missing altogether.
        assert_eq!(hide("a://u:p w"), "a://u:* w");
        assert_eq!(hide("  url = a://u:p w\n"), "  url = a://u:***\n");
    }

    #[test]
    fn passwords_that_something_is_set_to_are_hidden() {
        assert_eq!(hide("\"host=h password=abc\" x"), "\"host=h password=***\" x");
        assert_eq!(hide("host=h password = 'a b' x"), "host=h password = '***' x");
        assert_eq!(hide(r#"  password = "a \"b" x"#), r#"  password = "*****" x"#);
        assert_eq!(hide("password=password=\"a b\""), "password=*********\"***\"");
    }

    #[test]
    fn what_a_datasource_has_for_a_url_is_hidden_where_it_is_none() {
        assert_eq!(hide("  url = \"u:abc@h\" // x"), "  url = \"*******\" // x");
        assert_eq!(hide("  // directUrl=\"h;pw=abc\""), "  // directUrl=\"********\"");
        assert_eq!(hide("shadowDatabaseUrl = a:/b c\r\n"), "shadowDatabaseUrl = ******\r\n");
    }

    #[test]
    fn each_text_of_json_is_hidden_on_its_own() {
        assert_eq!(
            hide_in_json(
                r#"{ "a": "password 'é\n", "userPassword": "ab", "c": ["a:\\/\\/u:a\"b@h"], "d": "'" }"#
            ),
            r#"{ "a": "password '*\n", "userPassword": "**", "c": ["a:\\/\\/u:***@h"], "d": "'" }"#
        );
        assert_eq!(hide_in_json("{\"a\": \"b"), "{\"a\": \"b");
    }

    /// Minutes, where what follows is looked through for each of them.
    #[test]
    fn time_grows_with_the_text() {
        let begun = Instant::now();
        for part in [
            "://",
            "a://b:",
            "a://b:c ",
            "a://b@",
            "\"a://",
            "'\"`a://b:c@",
            "password=",
            "password=\"'",
            "password '''",
            "password=\\\"",
            "url = ",
            ":\\/",
        ] {
            for (before, after) in [("", ""), ("\"", "@"), ("url = \"", "\n@")] {
                hide(&format!("{before}{}{after}", part.repeat(50_000)));
            }
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "it took {:?}", begun.elapsed());
    }
}
