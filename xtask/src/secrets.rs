//! No password in any output: the last thing that a text passes through on its way to a person.
//!
//! Our own messages are made without secrets. Texts that quote what a person wrote (a line of the schema, an argument,
//! a statement of a migration) may hold one. Stars stand for as many characters, so that marks under a line still fit.

/// The text with the passwords of URLs and of `PASSWORD '…'` clauses hidden.
pub(crate) fn hide(text: &str) -> String {
    let mut secrets = url_passwords(text);
    secrets.extend(sql_passwords(text));
    let mut shown = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let is_secret = secrets.iter().any(|range| range.contains(&at));
        shown.push(if is_secret { '*' } else { character });
    }
    shown
}

/// In `scheme://user:password@host`: from the first colon to the last at sign before the URL ends.
fn url_passwords(text: &str) -> Vec<std::ops::Range<usize>> {
    let ends = |character: char| {
        character.is_whitespace() || matches!(character, '"' | '\'' | '`' | '<' | '>')
    };
    let starts = text.match_indices("://").map(|(at, mark)| at + mark.len());
    let password = |start: usize| {
        let url = &text[start..];
        let url = &url[..url.find(ends).unwrap_or(url.len())];
        let (user_info, _) = url.rsplit_once('@')?;
        let (user, _) = user_info.split_once(':')?;
        Some(start + user.len() + 1..start + user_info.len())
    };
    starts.filter_map(password).collect()
}

/// In `PASSWORD 'secret'`, whatever the case: what is between the quotes.
fn sql_passwords(text: &str) -> Vec<std::ops::Range<usize>> {
    const KEYWORD: &str = "password";
    // ASCII only, so that positions stay the same.
    let lower = text.to_ascii_lowercase();
    let after_keyword = lower.match_indices(KEYWORD).map(|(at, _)| at + KEYWORD.len());
    let secret = |after: usize| {
        let rest = text[after..].trim_start();
        let quote = rest.find('\'').filter(|at| *at <= 1)?;
        let start = text.len() - rest.len() + quote + 1;
        let length = text[start..].find('\'').unwrap_or(text.len() - start);
        Some(start..start + length)
    };
    after_keyword.filter_map(secret).collect()
}

#[cfg(test)]
mod tests {
    use super::hide;

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
        ] {
            assert_eq!(hide(harmless), harmless);
        }
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
