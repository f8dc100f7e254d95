//! What a person is asked, as values: which things may be one, until it is known of all of them.

use pg_schema::{Pair, PgSchema, Rename, Renamed, candidates};

/// About what goes: has it become one of those that come?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The likeliest first; one at least. All of them are renames of the same thing.
    pub choices: Vec<Rename>,
}

/// What is known so far.
#[derive(Debug, Clone)]
pub struct Questions<'a> {
    schemas: Pair<&'a PgSchema>,
    agreed: Vec<Rename>,
    /// One rename of each that has become nothing else.
    refused: Vec<Rename>,
}

impl<'a> Questions<'a> {
    /// `agreed` is known without asking.
    pub fn new(schemas: Pair<&'a PgSchema>, agreed: Vec<Rename>) -> Self {
        Self { schemas, agreed, refused: Vec::new() }
    }

    /// What to ask next; each answer may lead to others, as a renamed table to its columns.
    pub fn next(&self) -> Option<Question> {
        let renamed = Renamed::new(self.schemas, &self.agreed);
        let mut open: Vec<Rename> = candidates(Pair::new(&renamed.previous, self.schemas.next))
            .into_iter()
            .map(|candidate| candidate.rename)
            .filter(|rename| !self.refused.iter().any(|refused| is_about_one(*refused, *rename)))
            .collect();
        let first = *open.first()?;
        open.retain(|rename| is_about_one(first, *rename));
        Some(Question { choices: open })
    }

    /// The answer to [`Questions::next`]: one of its choices, or none.
    pub fn answer(&mut self, question: &Question, choice: Option<Rename>) {
        match choice {
            Some(rename) => self.agreed.push(rename),
            None => self.refused.extend(question.choices.first()),
        }
    }

    /// The likeliest answers, for where nobody can be asked.
    pub fn guesses(&self) -> Vec<Rename> {
        let mut guessing = self.clone();
        while let Some(question) = guessing.next() {
            guessing.answer(&question, question.choices.first().copied());
        }
        guessing.agreed.split_off(self.agreed.len())
    }

    pub fn into_agreed(self) -> Vec<Rename> {
        self.agreed
    }
}

/// Whether the same thing is renamed.
fn is_about_one(a: Rename, b: Rename) -> bool {
    match (a, b) {
        (Rename::Table(a), Rename::Table(b)) => a.previous == b.previous,
        (Rename::Enum(a), Rename::Enum(b)) => a.previous == b.previous,
        (Rename::EnumValue(a), Rename::EnumValue(b)) => a.previous == b.previous,
        (Rename::Column(a), Rename::Column(b)) => a.previous == b.previous,
        _ => false,
    }
}
