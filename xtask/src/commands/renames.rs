//! What was renamed, as the flags say, and otherwise the person in front of the command.

use migrate::renames::{Question, Questions, Wanted, spell};
use migrate::report::{self, Written};
use pg_schema::{Pair, PgSchema, Rename};

use crate::cli::Renames;
use crate::failure::Result;
use crate::terminal::{can_prompt, choose, decide};

/// The flags, read: mistakes in them are told before anything is done.
pub(super) fn parse(flags: &Renames) -> Result<Vec<Wanted>> {
    Ok(flags.wanted.iter().map(|text| Wanted::parse(text)).collect::<Result<Vec<_>, _>>()?)
}

/// What is known of names.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) renames: Vec<Rename>,
    /// What may have been renamed besides, where nobody could be asked.
    guesses: Vec<Rename>,
}

impl Settled {
    /// Without the guesses about fields that are named in what was said of values.
    pub(super) fn beside(&self, said: &[String], schemas: Pair<&PgSchema>) -> Self {
        let mut guesses = self.guesses.clone();
        guesses.retain(|guess| !is_named(&spell(*guess, schemas), said));
        Self { renames: self.renames.clone(), guesses }
    }

    /// What to do if the guesses are right: `command`, with all renames. Empty where there are none.
    pub(super) fn hint(
        &self,
        schemas: Pair<&PgSchema>,
        command: &str,
        written: Written<'_>,
    ) -> String {
        let said =
            self.renames.iter().map(|rename| format!(" --rename {}", spell(*rename, schemas)));
        let command = format!("{command}{}", said.collect::<String>());
        report::possible_renames(&self.guesses, schemas, &command, written)
    }
}

/// Whether values of the one become values of the other by something that was said, so that it is no rename.
fn is_named(spelled: &str, said: &[String]) -> bool {
    let names =
        spelled.split_once(':').map(|(old, new)| [old.rsplit('.').next().unwrap_or(old), new]);
    let is_in = |text: &String, name: &str| {
        text.split(|char: char| !char.is_alphanumeric() && char != '_').any(|word| word == name)
    };
    names.is_some_and(|names| names.iter().any(|name| said.iter().any(|text| is_in(text, name))))
}

/// Takes what was said, then asks about the rest.
pub(super) fn settle(said: Vec<Rename>, schemas: Pair<&PgSchema>) -> Result<Settled> {
    let mut questions = Questions::new(schemas, said);
    if !can_prompt() {
        let guesses = questions.guesses();
        return Ok(Settled { renames: questions.into_agreed(), guesses });
    }
    while let Some(question) = questions.next() {
        let answer = answer(&question, schemas)?;
        questions.answer(&question, answer);
    }
    Ok(Settled { renames: questions.into_agreed(), guesses: Vec::new() })
}

fn answer(question: &Question, schemas: Pair<&PgSchema>) -> Result<Option<Rename>> {
    let text = report::rename_question(question, schemas);
    if let [only] = question.choices[..] {
        return Ok(decide(&text)?.then_some(only));
    }
    let choices = question.choices.iter().map(|rename| report::rename_choice(*rename, schemas));
    let answers: Vec<String> = choices.chain([report::no_rename(question, schemas)]).collect();
    Ok(question.choices.get(choose(&text, &answers)?).copied())
}
