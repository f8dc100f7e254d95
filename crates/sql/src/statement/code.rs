//! What stands in code that a migration runs at once.

use std::ops::Range;

use super::Statement;

/// The body of a `DO`, as far as it can be read: PL/pgSQL, in which SQL stands as it is, or as the constant that `EXECUTE` is
/// given. Of a `CALL` nothing can be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Code {
    /// The statements that stand in it literally, in order, each with its place in the file (of one in a string, that of the
    /// whole string); queries are left out. Whether,
    /// and how often, each runs is not known.
    pub statements: Vec<Statement>,
    /// What makes its statements only when it runs: `EXECUTE` of anything else.
    pub dynamic: Vec<Range<usize>>,
    /// Whether nothing else is in it that could not be read.
    pub is_read: bool,
}

impl Code {
    /// Whether all that it may do to tables is known, but for the functions that it calls.
    pub fn is_whole(&self) -> bool {
        self.is_read && self.dynamic.is_empty()
    }
}
