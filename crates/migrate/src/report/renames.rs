//! What is asked and told of things that may be one under two names. Prisma has no such texts.

use pg_schema::{ObjectName, Pair, PgSchema, Rename};

use crate::renames::{Question, spell};

/// Of the only choice, to be answered with yes or no; of several, to be answered by one of them.
pub fn rename_question(question: &Question, schemas: Pair<&PgSchema>) -> String {
    match question.choices[..] {
        [only] => {
            let (what, old) = old(only, schemas);
            format!("Did you rename the {what} `{old}` to `{}`?", new(only, schemas))
        }
        _ => format!("What has become of {}?", lost(question, schemas)),
    }
}

/// One of several choices.
pub fn rename_choice(rename: Rename, schemas: Pair<&PgSchema>) -> String {
    format!("It is `{}` now", new(rename, schemas))
}

/// The last choice.
pub fn no_rename(question: &Question, schemas: Pair<&PgSchema>) -> String {
    format!("None of these: drop {}", lost(question, schemas))
}

/// How far a migration has come that drops and adds what may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written<'a> {
    /// Nothing was done.
    No,
    /// The migration is in the folder, named by its path as people know it.
    Only(&'a str),
    /// It has been applied too.
    Applied(&'a str),
    /// It has been applied, and is the first phase of the rollout of this name, which nothing is lost by yet.
    Begun { name: &'a str, path: &'a str },
}

/// What to do if they are one, where nobody could be asked; nothing where nothing may be. `command` is the one to be
/// run instead, with the renames that were said.
pub fn possible_renames(
    guesses: &[Rename],
    schemas: Pair<&PgSchema>,
    command: &str,
    written: Written<'_>,
) -> String {
    if guesses.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = guesses
        .iter()
        .map(|rename| {
            let (what, old) = old(*rename, schemas);
            format!("  • the {what} `{old}` to `{}`", new(*rename, schemas))
        })
        .collect();
    let flags: Vec<String> =
        guesses.iter().map(|rename| format!(" --rename {}", spell(*rename, schemas))).collect();
    let first = match written {
        Written::No => "say so, and nothing of it is lost:".to_owned(),
        Written::Only(path) => {
            format!("say so, and nothing of it is lost:\n  rm -r {path}")
        }
        Written::Applied(path) => format!(
            "say so, lest it be lost in every database that this migration gets to:\n  rm -r {path}\n  \
             cargo xtask migrate reset"
        ),
        Written::Begun { name, path } => format!(
            "give the rollout up, of which nothing is lost, and say so:\n  \
             cargo xtask migrate abort \"{name}\" --force\n  rm -r {path}"
        ),
    };
    format!(
        "What is dropped and what is added may be one. If you renamed\n\n{}\n\n{first}\n  {command}{}",
        lines.join("\n"),
        flags.concat()
    )
}

/// What to do if `db push` drops what was renamed, before it does or where it is done; nothing where there are no
/// renames, as `--rename` takes them.
pub fn push_renames(renames: &[String], is_done: bool) -> String {
    if renames.is_empty() {
        return String::new();
    }
    let flags: Vec<String> = renames.iter().map(|rename| format!(" --rename {rename}")).collect();
    let what = if is_done {
        "If what was dropped was renamed, its data are gone here. Say so before the next database loses them:"
    } else {
        "If what is dropped was renamed, say so, and nothing of it is lost:"
    };
    format!("{what}\n  cargo xtask db push{}", flags.concat())
}

fn lost(question: &Question, schemas: Pair<&PgSchema>) -> String {
    let (what, old) =
        question.choices.first().map(|rename| old(*rename, schemas)).unwrap_or_default();
    format!("the {what} `{old}`")
}

/// What it is, and its name with that of what it is in.
fn old(rename: Rename, schemas: Pair<&PgSchema>) -> (&'static str, String) {
    let previous = schemas.previous;
    match rename {
        Rename::Table(ids) => {
            ("table", full(&previous.table_at(ids.previous).name, &previous.default_namespace))
        }
        Rename::Enum(ids) => {
            ("enum", full(&previous.enum_at(ids.previous).name, &previous.default_namespace))
        }
        Rename::EnumValue(ids) => {
            let of = &previous.enum_at(ids.previous.enumeration).name;
            let value = previous.value_at(ids.previous);
            ("value", format!("{}.{value}", full(of, &previous.default_namespace)))
        }
        Rename::Column(ids) => {
            let table = &previous.table_at(ids.previous.table).name;
            let column = &previous.column_at(ids.previous).name;
            ("column", format!("{}.{column}", full(table, &previous.default_namespace)))
        }
    }
}

fn new(rename: Rename, schemas: Pair<&PgSchema>) -> &str {
    let next = schemas.next;
    match rename {
        Rename::Table(ids) => &next.table_at(ids.next).name.name,
        Rename::Enum(ids) => &next.enum_at(ids.next).name.name,
        Rename::EnumValue(ids) => next.value_at(ids.next),
        Rename::Column(ids) => &next.column_at(ids.next).name,
    }
}

fn full(name: &ObjectName, default_namespace: &str) -> String {
    match name.namespace.as_deref() {
        Some(namespace) if namespace != default_namespace => format!("{namespace}.{}", name.name),
        _ => name.name.clone(),
    }
}
