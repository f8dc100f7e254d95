//! A statement that refuses a transaction, read as far as it takes to know whether it has done its work.
//!
//! Pure: names are as the script has them, for the server to resolve as it resolves the statement itself.

use std::ops::Range;

use crate::script::{Token, placed_tokens};

/// What a statement does that the server refuses in a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Alone {
    BuildIndex(Build),
    /// `DROP INDEX CONCURRENTLY`: the names, as the script has them.
    DropIndexes(Vec<String>),
    /// `ALTER TABLE … DETACH PARTITION … CONCURRENTLY`.
    Detach {
        table: String,
        partition: String,
    },
    /// `REINDEX … CONCURRENTLY`, which may leave copies of indexes when it is cut off.
    Reindex,
    /// `CREATE DATABASE`, `TABLESPACE` or `SUBSCRIPTION`.
    Make(Object),
    /// `DROP` of one of them.
    Unmake(Object),
    /// What may be done twice: `VACUUM`, `ALTER SYSTEM`.
    Repeatable,
}

/// `CREATE INDEX CONCURRENTLY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Build {
    /// The index's name as the server has it; none where the server is to make one.
    pub(crate) index: Option<String>,
    /// The table, as the script has it.
    pub(crate) table: String,
    /// The same without its schema, and what makes the same index, under no name, on a table of that name.
    pub(crate) bare_table: String,
    pub(crate) like: String,
}

/// Something that is known to a catalog by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    /// The query that says whether it is there, its name being the parameter.
    pub(crate) find: &'static str,
    pub(crate) name: String,
}

/// How many bytes of a name the server keeps.
const NAME_BYTES: usize = 63;

/// Reads a statement. One that is not understood counts as one that may be done twice: the server has the last word.
pub(crate) fn read(text: &str) -> Alone {
    let tokens = Tokens { text, placed: placed_tokens(text) };
    tokens.build().or_else(|| tokens.other()).unwrap_or(Alone::Repeatable)
}

struct Tokens<'a> {
    text: &'a str,
    placed: Vec<(Token, Range<usize>)>,
}

impl Tokens<'_> {
    fn build(&self) -> Option<Alone> {
        let mut at = self.words(0, &["CREATE"])?;
        let unique = self.words(at, &["UNIQUE"]);
        at = self.words(unique.unwrap_or(at), &["INDEX", "CONCURRENTLY"])?;
        at = self.words(at, &["IF", "NOT", "EXISTS"]).unwrap_or(at);
        let mut index = None;
        if self.words(at, &["ON"]).is_none() || self.words(at + 1, &["ON"]).is_some() {
            index = Some(self.name_as_kept(at)?);
            at += 1;
        }
        at = self.words(at, &["ON"])?;
        at = self.words(at, &["ONLY"]).unwrap_or(at);
        let (table, after) = self.qualified(at)?;
        let bare = self.placed.get(after.checked_sub(1)?)?;
        let bare_table = self.text[bare.1.clone()].to_owned();
        let unique = if unique.is_some() { "UNIQUE " } else { "" };
        let rest = self.text[bare.1.end..].trim_end().trim_end_matches(';');
        let like = format!("CREATE {unique}INDEX ON {bare_table}{rest}");
        Some(Alone::BuildIndex(Build { index, table, bare_table, like }))
    }

    fn other(&self) -> Option<Alone> {
        if let Some(at) = self.words(0, &["DROP", "INDEX", "CONCURRENTLY"]) {
            return self.dropped(at);
        }
        if self.words(0, &["REINDEX"]).is_some() {
            let is_concurrent = self.placed.iter().any(|(token, _)| token.is("CONCURRENTLY"));
            return is_concurrent.then_some(Alone::Reindex);
        }
        if let Some(at) = self.words(0, &["ALTER", "TABLE"]) {
            let at = self.words(at, &["IF", "EXISTS"]).unwrap_or(at);
            let at = self.words(at, &["ONLY"]).unwrap_or(at);
            let (table, at) = self.qualified(at)?;
            let (partition, _) = self.qualified(self.words(at, &["DETACH", "PARTITION"])?)?;
            return Some(Alone::Detach { table, partition });
        }
        let object = |at| {
            let object = |find| Object { find, name: String::new() };
            let (found, at) = if let Some(at) = self.words(at, &["DATABASE"]) {
                (object("SELECT FROM pg_catalog.pg_database WHERE datname = $1"), at)
            } else if let Some(at) = self.words(at, &["TABLESPACE"]) {
                (object("SELECT FROM pg_catalog.pg_tablespace WHERE spcname = $1"), at)
            } else {
                let sql = "SELECT FROM pg_catalog.pg_subscription WHERE subname = $1 \
                           AND subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";
                (object(sql), self.words(at, &["SUBSCRIPTION"])?)
            };
            let at = self.words(at, &["IF", "EXISTS"]).unwrap_or(at);
            Some(Object { name: self.name_as_kept(at)?, ..found })
        };
        if let Some(at) = self.words(0, &["CREATE"]) {
            return Some(Alone::Make(object(at)?));
        }
        Some(Alone::Unmake(object(self.words(0, &["DROP"])?)?))
    }

    fn dropped(&self, at: usize) -> Option<Alone> {
        let mut at = self.words(at, &["IF", "EXISTS"]).unwrap_or(at);
        let mut names = Vec::new();
        loop {
            let (name, after) = self.qualified(at)?;
            names.push(name);
            match self.placed.get(after) {
                Some((token, _)) if token.is_mark(',') => at = after + 1,
                _ => return Some(Alone::DropIndexes(names)),
            }
        }
    }

    /// Where it goes on behind these words, if they are there.
    fn words(&self, at: usize, words: &[&str]) -> Option<usize> {
        let found = self.placed.get(at..at + words.len())?;
        let is_all = found.iter().zip(words).all(|((token, _), word)| token.is(word));
        is_all.then_some(at + words.len())
    }

    /// A name, perhaps with a schema before it, without what stands between its parts, and where it goes on.
    fn qualified(&self, at: usize) -> Option<(String, usize)> {
        let mut name = self.part(at)?.to_owned();
        let mut after = at + 1;
        while self.placed.get(after).is_some_and(|(token, _)| token.is_mark('.')) {
            name.push('.');
            name.push_str(self.part(after + 1)?);
            after += 2;
        }
        Some((name, after))
    }

    fn part(&self, at: usize) -> Option<&str> {
        match self.placed.get(at)? {
            (Token::Word(_) | Token::Name(_), range) => Some(&self.text[range.clone()]),
            (Token::Mark(_), _) => None,
        }
    }

    /// A single name as the server keeps it.
    fn name_as_kept(&self, at: usize) -> Option<String> {
        let name = match self.placed.get(at)? {
            (Token::Word(_), range) => self.text[range.clone()].to_ascii_lowercase(),
            (Token::Name(name), _) => name.clone(),
            (Token::Mark(_), _) => return None,
        };
        Some(name[..name.floor_char_boundary(NAME_BYTES)].to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(text: &str) -> Build {
        match read(text) {
            Alone::BuildIndex(build) => build,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn an_index_is_known_by_its_name_its_table_and_what_makes_it_again() {
        let text = "create /* ! */ unique index\nconcurrently if not exists \"T_a\" ON ONLY sales . \"T\" USING btree (a);\n";
        assert_eq!(
            build(text),
            Build {
                index: Some("T_a".to_owned()),
                table: "sales.\"T\"".to_owned(),
                bare_table: "\"T\"".to_owned(),
                like: "CREATE UNIQUE INDEX ON \"T\" USING btree (a)".to_owned(),
            }
        );
        let unnamed = build("CREATE INDEX CONCURRENTLY ON t(a) WHERE a > 1");
        assert_eq!((unnamed.index, &*unnamed.like), (None, "CREATE INDEX ON t(a) WHERE a > 1"));
        assert_eq!(build("CREATE INDEX CONCURRENTLY on ON T (a)").index.unwrap(), "on");
        assert_eq!(build("CREATE INDEX CONCURRENTLY T_Ab ON T (a)").index.unwrap(), "t_ab");
        let long = "ä".repeat(40);
        let kept = build(&format!("CREATE INDEX CONCURRENTLY \"{long}\" ON t (a)")).index.unwrap();
        assert_eq!(kept, "ä".repeat(31));
    }

    #[test]
    fn what_can_be_asked_for_afterwards_is_known() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(
            read("DROP INDEX CONCURRENTLY IF EXISTS a, b.\"C\" CASCADE;"),
            Alone::DropIndexes(names(&["a", "b.\"C\""]))
        );
        assert_eq!(
            read("ALTER TABLE IF EXISTS m.p DETACH PARTITION p1 CONCURRENTLY"),
            Alone::Detach { table: "m.p".to_owned(), partition: "p1".to_owned() }
        );
        for text in ["REINDEX INDEX CONCURRENTLY i", "REINDEX (VERBOSE, CONCURRENTLY) TABLE t"] {
            assert_eq!(read(text), Alone::Reindex, "{text}");
        }
        for text in ["VACUUM t", "REINDEX DATABASE d", "ALTER SYSTEM SET work_mem = '1MB'"] {
            assert_eq!(read(text), Alone::Repeatable, "{text}");
        }
        let Alone::Make(made) = read("CREATE DATABASE Shop OWNER x") else { panic!() };
        assert_eq!(made.name, "shop");
        let Alone::Unmake(gone) = read("DROP SUBSCRIPTION IF EXISTS \"S\"") else { panic!() };
        assert_eq!(gone.name, "S");
    }
}
