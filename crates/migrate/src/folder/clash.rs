//! Two migrations that make the same thing: the later one fails, and the earlier one is as much the reason. Branches that
//! were merged come to it easily.

use std::path::Path;

use super::{Folder, Migration, script_path};
use crate::script::Script;

/// What made a thing before, where the server says that it is there already (`message` is what it said of `failed`), and
/// how to go on.
pub(crate) fn explain(folder: &Folder, failed: &Migration, message: &str) -> Option<String> {
    let things = already_there(message)?;
    let earlier = folder.migrations().iter().take_while(|migration| migration.name != failed.name);
    // The first one: what comes later may only use it.
    let mut makers = earlier.filter_map(|migration| Some((migration, maker(migration, &things)?)));
    let (first, line) = makers.next()?;
    let shown = |migration: &Migration| script_path(folder.path(), &migration.name);
    let (first_file, failed_file) = (shown(first), shown(failed));
    let (first_file, failed_file): (&Path, &Path) = (&first_file, &failed_file);
    Some(format!(
        "`{}` makes it before, in {}:{line}. Where two branches have made the same thing, take it out of the migration that \
         no other database has yet, {} most likely, and replay: cargo xtask migrate dev",
        first.name,
        first_file.display(),
        failed_file.display()
    ))
}

/// The names in `column "x" of relation "T" already exists` and its like.
fn already_there(message: &str) -> Option<Vec<&str>> {
    let named = message.strip_suffix("already exists")?;
    let things: Vec<&str> = named.split('"').skip(1).step_by(2).collect();
    (!things.is_empty()).then_some(things)
}

/// The line, from 1, of the first statement that makes something of all these names.
fn maker(migration: &Migration, things: &[&str]) -> Option<usize> {
    let script = Script::new(&migration.script);
    let text = script.text();
    let makes = |statement: &str| {
        let is_word =
            |word: &str| statement.split(is_boundary).any(|part| part.eq_ignore_ascii_case(word));
        let is_made = ["CREATE", "ADD", "RENAME"].iter().any(|word| is_word(word));
        is_made
            && things.iter().all(|thing| statement.split(is_boundary).any(|part| part == *thing))
    };
    let made = script.statements().iter().find(|one| makes(&text[one.start..one.range.end]))?;
    Some(text[..made.start].matches('\n').count() + 1)
}

fn is_boundary(char: char) -> bool {
    !(char.is_alphanumeric() || char == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> Folder {
        let migration = |name: &str, script: &str| Migration {
            name: name.to_owned(),
            script: script.to_owned(),
        };
        let migrations = vec![
            migration(
                "1_a",
                "CREATE TABLE \"T\" (id int);\n-- more\nALTER TABLE \"T\" ADD COLUMN x int;\n",
            ),
            migration("2_b", "CREATE INDEX other ON \"T\" (id);"),
            migration("3_c", "ALTER TABLE \"T\" ADD COLUMN x int;"),
        ];
        Folder::of("prisma/migrations", migrations)
    }

    #[test]
    fn the_earlier_maker_is_named_with_its_line() {
        let folder = folder();
        let failed = &folder.migrations()[2];
        let told =
            explain(&folder, failed, "column \"x\" of relation \"T\" already exists").unwrap();
        assert!(
            told.starts_with("`1_a` makes it before, in prisma/migrations/1_a/migration.sql:3."),
            "{told}"
        );
        let told = explain(&folder, failed, "relation \"T\" already exists").unwrap();
        assert!(told.contains("1_a/migration.sql"), "{told}");
    }

    #[test]
    fn what_no_migration_made_or_what_is_no_clash_is_not_explained() {
        let folder = folder();
        let failed = &folder.migrations()[2];
        for message in
            ["relation \"U\" already exists", "relation \"T\" does not exist", "already exists"]
        {
            assert_eq!(explain(&folder, failed, message), None);
        }
        assert_eq!(
            explain(&folder, &folder.migrations()[0], "relation \"T\" already exists"),
            None
        );
    }
}
