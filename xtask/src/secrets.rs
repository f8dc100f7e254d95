//! No password in any output: the last thing that a text passes through on its way to a person.
//!
//! Our own messages are made without secrets. Texts that quote what a person wrote (a line of the schema, an argument,
//! a statement of a migration) may hold one. Stars stand for as many characters, so that marks under a line still fit.

use std::ops::Range;

/// The text with the passwords of URLs and of `PASSWORD '…'` clauses hidden.
pub(crate) fn hide(text: &str) -> String {
    with_stars(text, |_| 1)
}

/// As [`hide`], every byte where it was: for a text that others have positions in.
pub(crate) fn hide_in_place(text: &str) -> String {
    with_stars(text, char::len_utf8)
}

fn with_stars(text: &str, stars_for: impl Fn(char) -> usize) -> String {
    let mut secrets = url_secrets(text);
    secrets.extend(sql_passwords(text));
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

/// In `scheme://user:password@host`: from the first colon to the last at sign before the URL ends; and what parameters
/// that end in `password` are set to.
fn url_secrets(text: &str) -> Vec<Range<usize>> {
    let mut secrets = Vec::new();
    for (at, mark) in text.match_indices("://") {
        let start = at + mark.len();
        let url = &text[start..start + length_of_url(&text[..at], &text[start..])];
        if let Some((user_info, _)) = url.rsplit_once('@')
            && let Some((user, _)) = user_info.split_once(':')
        {
            secrets.push(start + user.len() + 1..start + user_info.len());
        }
        // ASCII only, so that positions stay the same.
        for (parameter, name) in url.to_ascii_lowercase().match_indices("password=") {
            let value = parameter + name.len();
            let length = url[value..].find('&').unwrap_or(url.len() - value);
            secrets.push(start + value..start + value + length);
        }
    }
    secrets
}

/// A URL in quotes ends with them, whatever a password in it looks like; any other where white space or a quote is.
fn length_of_url(before: &str, rest: &str) -> usize {
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let before = before.trim_end_matches(is_scheme);
    let quote = before.chars().next_back().filter(|c| matches!(c, '"' | '\'' | '`'));
    // JSON escapes the quotes themselves.
    let is_escaped =
        quote.is_some_and(|quote| before[..before.len() - quote.len_utf8()].ends_with('\\'));
    let mut after_backslash = false;
    for (at, c) in rest.char_indices() {
        let ends = match quote {
            Some(quote) => c == '\n' || (c == quote && after_backslash == is_escaped),
            None => c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>'),
        };
        if ends {
            return at;
        }
        after_backslash = c == '\\' && !after_backslash;
    }
    rest.len()
}

/// In `PASSWORD 'secret'`, whatever the case: what is between the quotes.
fn sql_passwords(text: &str) -> Vec<Range<usize>> {
    const KEYWORD: &str = "password";
    // ASCII only, so that positions stay the same.
    let lower = text.to_ascii_lowercase();
    let after_keyword = lower.match_indices(KEYWORD).map(|(at, _)| at + KEYWORD.len());
    let secret = |after: usize| {
        let rest = text[after..].trim_start();
        let quote = rest.bytes().take(2).position(|byte| byte == b'\'')?;
        let start = text.len() - rest.len() + quote + 1;
        let length = text[start..].find('\'').unwrap_or(text.len() - start);
        Some(start..start + length)
    };
    after_keyword.filter_map(secret).collect()
}

#[cfg(test)]
mod tests {
    use super::{hide, hide_in_place};

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
            "the password=? of postgresql://u@h/db",
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
}
