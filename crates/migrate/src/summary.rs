//! Statements in one line.

use sql::placed_tokens;

/// A statement in one short line, for people. Strings are left out: they may be secret.
pub(crate) fn summary(text: &str) -> String {
    const LONGEST: usize = 72;
    let mut summary = String::new();
    let mut end = None;
    for (token, range) in placed_tokens(text) {
        if token.is_mark(';') {
            continue;
        }
        if let Some(end) = end {
            let between = &text[end..range.start];
            summary.push_str(match (is_left_out(between), between.is_empty()) {
                (true, _) => " … ",
                (false, false) => " ",
                (false, true) => "",
            });
        }
        if summary.chars().count() > LONGEST {
            return format!("{}…", summary.chars().take(LONGEST).collect::<String>().trim_end());
        }
        summary.push_str(&text[range.clone()]);
        end = Some(range.end);
    }
    if end.is_some_and(|end| is_left_out(&text[end..])) {
        summary.push_str(" …");
    }
    summary
}

/// Whether what is between two tokens is more than blanks and comments: a number or a string.
fn is_left_out(between: &str) -> bool {
    between.contains(|char: char| char.is_ascii_digit() || "'$".contains(char))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_one_short_line_without_strings() {
        for (text, line) in [
            (
                "-- a\nCREATE  INDEX\n CONCURRENTLY i /* b */ ON t (a);",
                "CREATE INDEX CONCURRENTLY i ON t (a)",
            ),
            (
                "CREATE SUBSCRIPTION s CONNECTION 'password=secret' PUBLICATION p",
                "CREATE SUBSCRIPTION s CONNECTION … PUBLICATION p",
            ),
            ("INSERT INTO t VALUES (1, 'x')", "INSERT INTO t VALUES ( … , … )"),
        ] {
            assert_eq!(summary(text), line);
        }
        let long = format!("SELECT {}", "abcdef, ".repeat(20));
        assert!(summary(&long).chars().count() <= 74, "{}", summary(&long));
    }
}
