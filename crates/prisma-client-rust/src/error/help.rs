//! What to do about an error, where a command of the project's tool does it.

use std::fmt;

use postgres::driver::SqlState;

use super::{NewClientError, NewClientReason, QueryError};

/// Where a connection is not to be had, or was lost.
const CONNECTION: &str =
    "where the URL is from, and which step to the database fails: cargo xtask doctor";

/// Where the database is not there.
const DATABASE: &str =
    "to make it: cargo xtask db create\nwhere the URL is from: cargo xtask doctor";

/// Where a table or a column is not there.
const MIGRATIONS: &str = "the migrations come first: cargo xtask migrate deploy\nif they are applied already, the \
                          database has drifted: cargo xtask doctor";

/// Where a right is missing.
const RIGHTS: &str = "let the owner of the tables GRANT this user what it needs; which rights it has: cargo xtask doctor";

impl QueryError {
    /// What to do next, where there is a command for it.
    pub fn help(&self) -> Option<&'static str> {
        match self.code() {
            "P2021" | "P2022" => Some(MIGRATIONS),
            _ if self.is_forbidden() => Some(RIGHTS),
            code => help_of_connecting(code),
        }
    }

    /// Whether the user lacks a right.
    pub fn is_forbidden(&self) -> bool {
        self.db().is_some_and(|said| *said.code() == SqlState::INSUFFICIENT_PRIVILEGE)
    }
}

impl NewClientError {
    /// What to do next, where there is a command for it.
    pub fn help(&self) -> Option<&'static str> {
        match &self.reason {
            NewClientReason::NoUrl { .. } => Some(CONNECTION),
            NewClientReason::Connection(error) => help_of_connecting(error.code()),
        }
    }
}

fn help_of_connecting(code: &str) -> Option<&'static str> {
    match code {
        "P1003" => Some(DATABASE),
        "P1000" | "P1001" | "P1002" | "P1010" | "P1011" | "P1013" | "P1017" => Some(CONNECTION),
        _ => None,
    }
}

/// Ends the `Debug` of an error, which is what a program ends with that gives it back from `main`.
pub(super) fn write(f: &mut fmt::Formatter<'_>, help: Option<&str>) -> fmt::Result {
    help.map_or(Ok(()), |help| write!(f, "\n\n{help}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_command_names_it() {
        let help = |code| QueryError::new(code, "").help().unwrap_or_default();
        assert!(help("P2021").contains("cargo xtask migrate deploy"));
        assert!(help("P1001").contains("cargo xtask doctor"));
        assert!(help("P1003").contains("cargo xtask db create"));
        assert_eq!(help("P2002"), "");
    }
    #[test]
    fn a_program_that_ends_with_an_error_says_what_to_do() {
        let missing = QueryError::new("P2021", "The table `a` does not exist.").of("A");
        let shown = format!("{missing:?}");
        assert!(shown.starts_with("P2021: The table `a` does not exist.\nmodel: A\n\n"), "{shown}");
        assert!(shown.ends_with(MIGRATIONS), "{shown}");
        let no_url = format!("{:?}", NewClientError::no_url("DATABASE_URL"));
        assert!(
            no_url.starts_with("P1012: Environment variable not found: DATABASE_URL."),
            "{no_url}"
        );
        assert!(no_url.contains("cargo xtask"), "{no_url}");
    }
}
