//! Which relations are taken out of rows as what they hold: a `Vec` of rows, or a row in a `Box`.
//!
//! They are those that are fetched somewhere and read as fields somewhere, or are there in a row that the code makes
//! itself. Fields of other structs that have their names may be taken for them, which does no harm. Code that knows
//! `Fetched`, or `into_inner` of one, was written for it.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{is, segment};

#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The names of all relations.
    relations: BTreeSet<String>,
    fetched: BTreeSet<String>,
    read: BTreeSet<String>,
    /// Those in a row that the code makes or takes apart.
    made: BTreeSet<String>,
    /// Those that are taken out of a `Fetched`.
    unpacked: BTreeSet<String>,
    knows_fetched: bool,
}

impl Rows {
    pub(super) fn of(relations: BTreeSet<String>) -> Self {
        Self { relations, ..Self::default() }
    }

    pub(super) fn plain(&self) -> BTreeSet<String> {
        if self.knows_fetched {
            return BTreeSet::new();
        }
        let read = self.read.intersection(&self.fetched);
        read.chain(&self.made).filter(|name| !self.unpacked.contains(*name)).cloned().collect()
    }

    pub(super) fn walk(&mut self, tokens: &[TokenTree]) {
        for (at, token) in tokens.iter().enumerate() {
            let (before, after) = (&tokens[..at], &tokens[at + 1..]);
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => match before {
                    [.., TokenTree::Ident(row)] if row == "Data" => {
                        self.made.extend(self.row(group.stream()));
                    }
                    // A row, or any other struct.
                    [.., TokenTree::Ident(row)] if row == "Self" => {
                        self.read.extend(self.row(group.stream()));
                    }
                    _ => {}
                },
                TokenTree::Ident(name) => self.name(&name.to_string(), &tokens[..=at], after),
                _ => {}
            }
        }
    }

    /// A name with what is before it, itself included, and what is after it.
    fn name(&mut self, name: &str, path: &[TokenTree], after: &[TokenTree]) {
        let before = segment(path, 1);
        if name == "Fetched" && before == "fetched" {
            self.knows_fetched = true;
        } else if name == "fetch" && self.relations.contains(&before) {
            self.fetched.insert(before);
        } else if self.relations.contains(name) && is_field(path, after) {
            let statement = after.split(|token| is(token, ';') || is(token, ',')).next();
            let is_unpacked = |token: &TokenTree| token.to_string().contains("into_inner");
            if statement.is_some_and(|statement| statement.iter().any(is_unpacked)) {
                self.unpacked.insert(name.to_owned());
            } else {
                self.read.insert(name.to_owned());
            }
        }
    }

    /// The relations of a row that is made or taken apart: all that are there.
    fn row(&self, fields: TokenStream) -> Vec<String> {
        let tokens: Vec<TokenTree> = fields.into_iter().collect();
        let fields = tokens.split(|token| is(token, ',')).filter_map(|field| {
            let [TokenTree::Ident(name), rest @ ..] = field else { return None };
            let is_missing = matches!(rest, [_, TokenTree::Ident(nothing)] if nothing == "None" || nothing == "_");
            let name = name.to_string();
            (self.relations.contains(&name) && !is_missing).then_some(name)
        });
        fields.collect()
    }
}

/// Whether what a path ends with is a field of something: `user.posts`, and neither `user.posts()` nor `0..posts`.
fn is_field(path: &[TokenTree], after: &[TokenTree]) -> bool {
    let is_call = matches!(after.first(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
    let is_after_dot = match path {
        [.., first, second, _] => is(second, '.') && !is(first, '.'),
        _ => false,
    };
    is_after_dot && !is_call
}
