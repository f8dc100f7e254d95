//! A refused script that is no migration: what `db execute` and `db push` say of it.
//!
//! The first words are the reference's, which has codes of its own for some of the server's; the rest is what is said of
//! a migration too.

use std::path::Path;

use postgres::driver::{DbError, SqlState};

use super::Refusal;
use crate::Error;

impl Refusal<'_> {
    /// What ended the script, which is in `file` if it is in any.
    pub(crate) fn error(&self, file: Option<&Path>) -> Error {
        let (code, words) = (self.error.code().code(), self.server_words());
        let place = self.shown_place(file);
        match known(self.error) {
            Some((prisma_code, message)) => Error::new(
                prisma_code,
                format!(
                    "{message}\n\nDatabase error code: {code}\n\nDatabase error:\n{words}{place}"
                ),
            ),
            None => Error::plain(format!("{words}\n\nDatabase error code: {code}{place}")),
        }
    }
}

/// The server's errors that the reference has a code for.
fn known(error: &DbError) -> Option<(&'static str, String)> {
    let state = error.code();
    if *state == SqlState::UNDEFINED_TABLE {
        let table = error.message().split('"').nth(1)?;
        Some(("P1014", format!("The underlying table for model `{table}` does not exist.")))
    } else if *state == SqlState::UNIQUE_VIOLATION {
        let constraint = error.constraint()?;
        Some(("P2002", format!("Unique constraint failed on the constraint: `{constraint}`")))
    } else if *state == SqlState::FOREIGN_KEY_VIOLATION {
        let constraint = error.constraint()?;
        Some((
            "P2003",
            format!("Foreign key constraint violated on the constraint: `{constraint}`"),
        ))
    } else if *state == SqlState::STRING_DATA_RIGHT_TRUNCATION {
        let message = "The provided value for the column is too long for the column's type. Column: (not available)";
        Some(("P2000", message.to_owned()))
    } else {
        None
    }
}
