//! Whether an argument that is a text may be given as whatever becomes one, or has the schema's own type.
//!
//! Both cannot be: `email::equals("a@x")` needs a function that converts, and `email::equals(id.into())`, as
//! prisma-client-rust's users write it, needs one that does not, or `into` would not know what to make.

use std::collections::BTreeMap;

use proc_macro2::{Group, TokenTree};

use super::{Module, is, segment};
use crate::Arguments;

/// The arguments that some code gives.
#[derive(Debug, Default)]
pub(super) struct Given {
    fields: Tally,
    rows: Tally,
}

/// How many arguments take exact types, and how many take others.
#[derive(Debug, Default)]
struct Tally {
    exact: usize,
    converted: usize,
}

/// The functions of a field whose arguments are converted, or are not.
const OF_FIELDS: [&str; 11] = [
    "contains",
    "ends_with",
    "equals",
    "gt",
    "gte",
    "has",
    "lt",
    "lte",
    "not",
    "set",
    "starts_with",
];

/// The functions that make rows.
pub(super) const OF_ROWS: [&str; 2] = ["create", "create_unchecked"];

impl Given {
    pub(super) fn arguments(&self) -> Arguments {
        let Self { fields, rows } = self;
        if fields.converted > 0 || fields.exact + rows.exact == 0 {
            Arguments::Converted
        } else if rows.exact > 0 && rows.converted == 0 {
            Arguments::Exact
        } else {
            Arguments::Mixed
        }
    }

    /// A call, by what stands before its arguments.
    pub(super) fn call(
        &mut self,
        models: &BTreeMap<String, Module>,
        before: &[TokenTree],
        arguments: &Group,
    ) {
        let is_of = |model: &str, has: &dyn Fn(&Module) -> bool| models.get(model).is_some_and(has);
        match before {
            // client.user().create(..)
            [
                ..,
                TokenTree::Ident(model),
                TokenTree::Group(empty),
                dot,
                TokenTree::Ident(function),
            ] if is(dot, '.')
                && empty.stream().is_empty()
                && OF_ROWS.contains(&function.to_string().as_str())
                && is_of(&model.to_string(), &|_| true) =>
            {
                self.rows.count(arguments);
            }
            // user::email::equals(..), user::create(..)
            [.., TokenTree::Ident(function)] => {
                let [function, field, model] =
                    [function.to_string(), segment(before, 1), segment(before, 2)];
                let of_field = OF_FIELDS.contains(&function.as_str())
                    && is_of(&model, &|module| module.texts.contains(&field));
                if of_field || is_of(&field, &|module| module.functions.contains(&function)) {
                    self.fields.count(arguments);
                }
            }
            _ => {}
        }
    }
}

impl Tally {
    fn count(&mut self, arguments: &Group) {
        let tokens: Vec<TokenTree> = arguments.stream().into_iter().collect();
        for argument in tokens.split(|token| is(token, ',')) {
            match argument {
                [TokenTree::Ident(some), TokenTree::Group(inner)] if some == "Some" => {
                    self.count(inner);
                }
                [.., dot, TokenTree::Ident(function), TokenTree::Group(empty)]
                    if is(dot, '.') && empty.stream().is_empty() =>
                {
                    self.exact += usize::from(function == "into");
                    self.converted += usize::from(function == "as_str");
                }
                // `.map(Into::into)`
                [.., dot, TokenTree::Ident(function), TokenTree::Group(inner)]
                    if is(dot, '.') && function == "map" =>
                {
                    let converts = |token: TokenTree| token.to_string() == "into";
                    self.exact += usize::from(inner.stream().into_iter().any(converts));
                }
                [TokenTree::Literal(literal)] if literal.to_string().ends_with('"') => {
                    self.converted += 1;
                }
                [reference, ..] if is(reference, '&') => self.converted += 1,
                _ => {}
            }
        }
    }
}
