//! Which relations are taken out of rows as what they hold: a `Vec` of rows, or a row in a `Box`.
//!
//! They are those that are fetched somewhere and read as fields somewhere, or are there in a row that the code makes
//! itself. Fields of other structs that have their names may be taken for them, which does no harm. Code that knows
//! `Fetched`, or calls `into_inner` on what it took out of a row, was written for it.

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

    /// Whether code may read one of them of a row.
    pub(super) fn may_be_in(&self, code: &str) -> bool {
        let is_field = |after: &str| {
            !after.starts_with(|next: char| next.is_alphanumeric() || next == '_' || next == '(')
        };
        self.relations.iter().any(|name| {
            let mut found = code.match_indices(name.as_str());
            found.any(|(at, _)| code[..at].ends_with('.') && is_field(&code[at + name.len()..]))
        })
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
                        for (name, bound) in self.row(group.stream()) {
                            self.made.insert(name.clone());
                            self.unpacked.extend(is_unpacked(after, &bound).then_some(name));
                        }
                    }
                    // A row, or any other struct.
                    [.., TokenTree::Ident(row)] if row == "Self" => {
                        let row = self.row(group.stream());
                        self.read.extend(row.into_iter().map(|(name, _)| name));
                    }
                    _ => {}
                },
                TokenTree::Ident(name) if name == "let" => self.bound(before, after),
                TokenTree::Ident(name) => self.name(&name.to_string(), &tokens[..=at], after),
                _ => {}
            }
        }
    }

    /// A name with what is before it, itself included, and what is after it.
    fn name(&mut self, name: &str, path: &[TokenTree], after: &[TokenTree]) {
        let before = segment(path, 1);
        if name == "fetched" {
            // `fetched::Fetched`, `fetched::{Fetched, ..}`
            self.knows_fetched |= matches!(after, [first, second, what, ..]
                if is(first, ':') && is(second, ':') && holds(what, "Fetched"));
        } else if name == "fetch" && self.relations.contains(&before) {
            self.fetched.insert(before);
        } else if self.relations.contains(name) && is_field(path, after) {
            let calls = calls(after);
            let arms = arms(path, after.get(calls.len()));
            if calls.iter().any(|call| holds(call, UNPACKS)) || is_unpacked(after, &arms) {
                self.unpacked.insert(name.to_owned());
            } else {
                self.read.insert(name.to_owned());
            }
        }
    }

    /// What a `let` binds, by what is before it and after it: of relations in its value the content may be taken later.
    fn bound(&mut self, before: &[TokenTree], after: &[TokenTree]) {
        let is_condition =
            before.last().is_some_and(|word| is_word(word, "if") || is_word(word, "while"));
        let ends = |token: &TokenTree| is(token, ';') || (is_condition && is_block(token));
        let end = after.iter().position(ends).unwrap_or(after.len());
        let (statement, rest) = after.split_at(end);
        let is_over = |token: &TokenTree| is(token, '=') || is(token, ':');
        let Some(pattern) = statement.iter().position(is_over) else { return };
        let (pattern, value) = statement.split_at(pattern);
        let taken = self.fields(value);
        if !taken.is_empty() && is_unpacked(rest, &names(pattern)) {
            self.unpacked.extend(taken);
        }
    }

    /// The relations that are read as fields, at any depth, but for what goes into something else.
    fn fields(&self, tokens: &[TokenTree]) -> Vec<String> {
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group)
                    if group.delimiter() == Delimiter::Parenthesis
                        && is_given_away(&tokens[..at]) => {}
                TokenTree::Group(group) => {
                    found.extend(self.fields(&group.stream().into_iter().collect::<Vec<_>>()));
                }
                TokenTree::Ident(name) => {
                    let name = name.to_string();
                    let is_read = self.relations.contains(&name)
                        && is_field(&tokens[..=at], &tokens[at + 1..]);
                    found.extend(is_read.then_some(name));
                }
                _ => {}
            }
        }
        found
    }

    /// The relations of a row that is made or taken apart, all that are there, each with the names in its place.
    fn row(&self, fields: TokenStream) -> Vec<(String, BTreeSet<String>)> {
        let tokens: Vec<TokenTree> = fields.into_iter().collect();
        let fields = tokens.split(|token| is(token, ',')).filter_map(|field| {
            let [TokenTree::Ident(name), rest @ ..] = field else { return None };
            let is_missing = matches!(rest, [_, TokenTree::Ident(nothing)] if nothing == "None" || nothing == "_");
            let name = name.to_string();
            let bound = names(if rest.is_empty() { field } else { rest });
            (self.relations.contains(&name) && !is_missing).then_some((name, bound))
        });
        fields.collect()
    }
}

/// What takes the content out of a `Fetched`, and other things out of others.
const UNPACKS: &str = "into_inner";

/// Whether what a path ends with is a field of something: `user.posts`, and neither `user.posts()` nor `0..posts`.
fn is_field(path: &[TokenTree], after: &[TokenTree]) -> bool {
    let is_call = matches!(after.first(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
    let is_after_dot = match path {
        [.., first, second, _] => is(second, '.') && !is(first, '.'),
        _ => false,
    };
    is_after_dot && !is_call
}

/// What is called on something, one after the other: `.unwrap().into_inner()?`.
fn calls(after: &[TokenTree]) -> &[TokenTree] {
    let mut end = 0;
    loop {
        end += match &after[end..] {
            [dot, TokenTree::Ident(_), TokenTree::Group(group), ..]
                if is(dot, '.') && group.delimiter() == Delimiter::Parenthesis =>
            {
                3
            }
            [mark, ..] if is(mark, '?') => 1,
            _ => return &after[..end],
        };
    }
}

/// The names that something has in the arms of a `match` on it.
fn arms(path: &[TokenTree], after: Option<&TokenTree>) -> BTreeSet<String> {
    let statement = path.rsplit(|token| is(token, ';') || is_block(token)).next();
    let is_matched =
        statement.is_some_and(|statement| statement.iter().any(|token| is_word(token, "match")));
    let Some(TokenTree::Group(arms)) = after.filter(|_| is_matched) else { return BTreeSet::new() };
    let arms: Vec<TokenTree> = arms.stream().into_iter().collect();
    let patterns = arms.windows(3).filter(|next| is(&next[1], '=') && is(&next[2], '>'));
    patterns.flat_map(|next| names(&next[..1])).collect()
}

/// Whether what follows are the arguments of a function or a struct, which have an `into_inner` of their own or none:
/// `Json(user.posts)`, `Mutex::new(user.posts)`.
fn is_given_away(before: &[TokenTree]) -> bool {
    let [rest @ .., TokenTree::Ident(name)] = before else { return false };
    let name = name.to_string();
    !rest.last().is_some_and(|token| is(token, '.'))
        && !["Some", "Ok", "if", "in", "match", "return"].contains(&name.as_str())
}

fn is_block(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(name) if name == word)
}

/// The names in a pattern, without those of types.
fn names(tokens: &[TokenTree]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                found.extend(names(&group.stream().into_iter().collect::<Vec<_>>()));
            }
            TokenTree::Ident(name) => drop(found.insert(name.to_string())),
            _ => {}
        }
    }
    found.retain(|name| name.starts_with(char::is_lowercase) && name != "mut" && name != "ref");
    found
}

/// Whether the content of one of these names is taken out of it.
fn is_unpacked(tokens: &[TokenTree], bound: &BTreeSet<String>) -> bool {
    !bound.is_empty()
        && tokens.iter().enumerate().any(|(at, token)| match token {
            TokenTree::Group(group) => {
                is_unpacked(&group.stream().into_iter().collect::<Vec<_>>(), bound)
            }
            TokenTree::Ident(name) => {
                bound.contains(&name.to_string())
                    && calls(&tokens[at + 1..]).iter().any(|call| holds(call, UNPACKS))
            }
            _ => false,
        })
}

/// Whether a token is a name, or has it inside.
fn holds(token: &TokenTree, wanted: &str) -> bool {
    match token {
        TokenTree::Ident(name) => name == wanted,
        TokenTree::Group(group) => group.stream().into_iter().any(|token| holds(&token, wanted)),
        _ => false,
    }
}
