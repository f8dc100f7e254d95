//! Names and constants in SQL text that is not the diff's.

/// A quoted identifier.
pub(crate) fn identifier(name: &str) -> String {
    pg_schema::quote::ident(name).to_string()
}

/// A string constant that means the same whatever `standard_conforming_strings` says, because scripts may
/// have changed it.
pub(crate) fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn constants_are_escaped() {
        assert_eq!(literal(r"it's \ so"), r"E'it''s \\ so'");
    }
}
