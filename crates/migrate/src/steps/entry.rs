//! What the ledger says of a step.

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) checksum: String,
    pub(crate) steps: usize,
    pub(crate) summary: String,
    pub(crate) is_begun: bool,
    pub(crate) is_done: bool,
    pub(crate) before: Vec<String>,
}
