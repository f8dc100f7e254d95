//! An attempt at a migration, before the history knows of it.

use uuid::Uuid;

use crate::folder::Migration;
use crate::script::Script;
use crate::steps::cut::{Step, cut};
use crate::steps::entry::Entry;

/// A migration that is about to run, under the id that the history will know it by.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) migration: &'a Migration,
    pub(crate) script: Script<'a>,
    pub(crate) id: String,
    /// The steps of a script that is not simply one transaction.
    pub(crate) steps: Vec<Step>,
    /// What the ledger has of them; none where none is kept.
    pub(crate) entries: Option<Vec<Entry>>,
    /// What is to be run when it begins.
    pub(crate) beginning: String,
    /// Whether nothing is noted before its end: script and note are one transaction, and whatever cuts it off leaves
    /// neither. Of all others a note says that they have begun.
    pub(crate) is_noted_at_its_end: bool,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(migration: &'a Migration) -> Self {
        let script = Script::new(&migration.script);
        let (steps, id) = (cut(&script), Uuid::new_v4().to_string());
        let is_noted_at_its_end = steps.is_empty() && script.takes_a_note();
        let (entries, beginning) = (None, String::new());
        Self { migration, script, id, steps, entries, beginning, is_noted_at_its_end }
    }
}
