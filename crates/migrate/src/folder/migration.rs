//! One migration of the folder.

use crate::checksum;

/// One migration of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// The name of its folder.
    pub name: String,
    /// The text of its `migration.sql`.
    pub script: String,
}

impl Migration {
    /// What the history records of the script.
    pub fn checksum(&self) -> String {
        checksum::of(&self.script)
    }
}
