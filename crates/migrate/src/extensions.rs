//! The extensions that migrations make, read from their scripts.

use std::collections::BTreeMap;

use crate::folder::Folder;
use crate::script::{Script, Token, tokens};

/// What `CREATE EXTENSION` of a folder's migrations names and no later one drops, each with the migration that makes it.
///
/// What a block or a function does is not seen.
pub fn made_by(folder: &Folder) -> BTreeMap<String, String> {
    let mut made = BTreeMap::new();
    for migration in folder.migrations() {
        let script = Script::new(&migration.script);
        for statement in script.statements() {
            // Few statements are read to their end.
            let [verb, kind, ..] = statement.words() else { continue };
            if kind != "EXTENSION" {
                continue;
            }
            let tokens = tokens(&script.text()[statement.start..statement.range.end]);
            match verb.as_str() {
                "CREATE" => {
                    if let Some(name) = names(&tokens).next() {
                        made.insert(name, migration.name.clone());
                    }
                }
                "DROP" => names(&tokens).for_each(|name| _ = made.remove(&name)),
                _ => {}
            }
        }
    }
    made
}

/// The names that follow `CREATE EXTENSION IF NOT EXISTS` or `DROP EXTENSION IF EXISTS`, and for the former the words that
/// come after its name.
fn names(tokens: &[Token]) -> impl Iterator<Item = String> {
    let is_filler = |token: &&Token| ["IF", "NOT", "EXISTS"].iter().any(|word| token.is(word));
    tokens.iter().skip(2).skip_while(is_filler).filter_map(|token| match token {
        Token::Word(word) => Some(word.to_lowercase()),
        Token::Name(name) => Some(name.clone()),
        Token::Mark(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::made_by;
    use crate::folder::{Folder, Migration};

    #[test]
    fn made_and_not_dropped_again() {
        let migration = |name: &str, script: &str| Migration {
            name: name.to_owned(),
            script: script.to_owned(),
        };
        let folder = Folder::of(
            "migrations",
            vec![
                migration(
                    "1_first",
                    "-- CREATE EXTENSION none;\nCREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public;\n\
                     create extension Citext; CREATE EXTENSION hstore; CREATE TABLE extension (a int);",
                ),
                migration(
                    "2_second",
                    "DROP EXTENSION IF EXISTS citext, hstore CASCADE; CREATE EXTENSION hstore",
                ),
            ],
        );
        let made: Vec<_> = made_by(&folder).into_iter().collect();
        let expected = [("hstore", "2_second"), ("uuid-ossp", "1_first")];
        assert_eq!(made, expected.map(|(name, of)| (name.to_owned(), of.to_owned())));
    }
}
