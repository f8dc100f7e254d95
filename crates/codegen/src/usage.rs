//! What the code of a project takes for granted about its client: how arguments that are texts are given, which variants of
//! parameters and which types it names, which relations it takes out of rows.
//!
//! Some of these cannot be had together, and some cost every client that has them. So old code says which client it was
//! written for, and new code too.

mod arguments;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use psl::{ModelWalker, ScalarFieldType, ScalarType, Schema};

use crate::{Arguments, Chosen, Variants, column, fields, names, types};

use arguments::Given;
use rows::Rows;

/// What some code takes for granted, as far as it tells something.
///
/// ```
/// use codegen::{Arguments, Usage};
/// let file = psl::SourceFile::new("schema.prisma", "model User {\n  id Int @id\n  email String @unique\n}\n");
/// let schema = psl::analyze(vec![file]).schema;
/// let mut usage = Usage::of(&schema);
/// assert_eq!(usage.arguments(), Arguments::Converted);
/// usage.read("fn one(address: &str) -> user::WhereParam { user::email::equals(address.into()) }");
/// assert_eq!(usage.arguments(), Arguments::Mixed);
/// ```
#[derive(Debug)]
pub struct Usage {
    /// By their modules.
    models: BTreeMap<String, Module>,
    given: Given,
    rows: Rows,
    /// Whether parameters are named that name a row.
    keys: bool,
    /// The variants of the other parameters.
    variants: Chosen<String>,
    types: BTreeSet<(String, String)>,
    /// What the file that is looked at calls parameters beside their names.
    renamed: BTreeSet<String>,
}

/// What is known of a model.
#[derive(Debug)]
struct Module {
    columns: BTreeSet<String>,
    /// Those that hold texts and documents.
    texts: BTreeSet<String>,
    /// Those whose arguments are texts like theirs.
    functions: BTreeSet<String>,
}

/// The parameters whose variants are asked for by their names.
const PARAMETERS: [&str; 5] =
    ["OrderByParam", "OrderByWithRelationParam", "SetParam", "UncheckedSetParam", "WhereParam"];

/// The one whose variants are keys.
const OF_KEYS: &str = "UniqueWhereParam";

impl Usage {
    /// Nothing seen yet.
    pub fn of(schema: &Schema) -> Self {
        let models: Vec<_> = schema.models().filter(|model| !model.is_ignored()).collect();
        let relations = models.iter().flat_map(|model| {
            fields::relations(*model)
                .into_iter()
                .map(|field| names::field(*model, field.name()).to_string())
        });
        Self {
            rows: Rows::of(relations.collect()),
            models: models
                .iter()
                .map(|model| (names::module(*model).to_string(), Module::of(*model)))
                .collect(),
            given: Given::default(),
            keys: false,
            variants: Chosen::default(),
            types: BTreeSet::new(),
            renamed: BTreeSet::new(),
        }
    }

    /// Looks at one more file. What is no Rust tells nothing.
    pub fn read(&mut self, code: &str) {
        // Most files have nothing to do with the client, and taking one apart is not free.
        let is_mentioned = |module: &String| {
            code.match_indices(module.as_str()).any(|(at, _)| {
                let after = code[at + module.len()..].trim_start();
                after.starts_with("::") || after.starts_with("()")
            })
        };
        let mentioned: Vec<_> =
            self.models.keys().filter(|module| is_mentioned(module)).cloned().collect();
        let names_variants = || PARAMETERS.iter().any(|name| code.contains(&format!("{name}::")));
        if (!mentioned.is_empty() || names_variants() || self.rows.may_be_in(code))
            && let Ok(tokens) = code.parse()
        {
            self.renamed.clear();
            self.walk(tokens, &mentioned);
        }
    }

    /// The arguments that all of it compiles with, if there are such: without a sign they are converted, and so they are
    /// where signs contradict.
    pub fn arguments(&self) -> Arguments {
        self.given.arguments()
    }

    /// Which variants of prisma-client-rust's parameters are named, beside those that every client has.
    pub fn variants(&self) -> Variants {
        match &self.variants {
            Chosen::Only(names) if names.is_empty() && self.keys => Variants::Keys,
            Chosen::Only(names) if names.is_empty() => Variants::None,
            chosen => Variants::Named(chosen.clone()),
        }
    }

    /// Which types are named that not every client has.
    pub fn types(&self) -> Chosen<(String, String)> {
        Chosen::Only(self.types.clone())
    }

    /// Which relations are taken out of rows as what they hold.
    pub fn plain(&self) -> Chosen<String> {
        Chosen::Only(self.rows.plain())
    }

    fn walk(&mut self, tokens: TokenStream, mentioned: &[String]) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => {
                    if group.delimiter() == Delimiter::Parenthesis {
                        self.given.call(&self.models, &tokens[..at], group);
                    }
                    self.walk(group.stream(), mentioned);
                }
                TokenTree::Ident(name) => {
                    let before = [segment(&tokens[..=at], 2), segment(&tokens[..=at], 1)];
                    self.named(before, name.to_string(), mentioned);
                    if let [word, TokenTree::Ident(other), ..] = &tokens[at + 1..]
                        && word.to_string() == "as"
                        && self.is_parameter(&name.to_string())
                    {
                        self.renamed.insert(other.to_string());
                    }
                    if let [first, second, what, ..] = &tokens[at + 1..]
                        && is(first, ':')
                        && is(second, ':')
                    {
                        self.several(&tokens[..=at], name, what, mentioned);
                    }
                }
                _ => {}
            }
        }
        self.rows.walk(&tokens);
    }

    /// A path, by its last segment and the two before it, each of which may be nothing.
    fn named(&mut self, [model, before]: [String; 2], last: String, mentioned: &[String]) {
        match last.as_str() {
            _ if before.is_empty() => {}
            "Type" | "RecursiveSafeType" => {
                let is_theirs = |module: &&String| self.models[*module].columns.contains(&before);
                // Without its model the field was imported, from one of those that the file mentions.
                let models: Vec<_> = if self.models.contains_key(&model) {
                    [&model].into_iter().filter(is_theirs).collect()
                } else {
                    mentioned.iter().filter(is_theirs).collect()
                };
                let named = models.into_iter().map(|module| (module.clone(), before.clone()));
                self.types.extend(named.collect::<Vec<_>>());
            }
            known if types::is_known(known) && self.models.contains_key(&before) => {
                self.types.insert((before, last));
            }
            "And" | "Or" | "Not" => {}
            _ => self.variant(&before, last),
        }
    }

    /// What is imported of something, or named by a macro: `user::{self, Types}`, `WhereParam::{Id, Name}`, `SetParam::*`,
    /// `SetParam::$name`.
    fn several(&mut self, path: &[TokenTree], of: &Ident, what: &TokenTree, mentioned: &[String]) {
        let of = of.to_string();
        match what {
            TokenTree::Group(group) => {
                for token in group.stream() {
                    let before = [segment(path, 1), of.clone()];
                    self.named(before, token.to_string(), mentioned);
                }
            }
            what if !is(what, '*') && !is(what, '$') => {}
            _ if self.is_parameter(&of) => self.variants = Chosen::All,
            _ => self.keys |= of == OF_KEYS,
        }
    }

    fn is_parameter(&self, name: &str) -> bool {
        PARAMETERS.contains(&name) || self.renamed.contains(name)
    }

    fn variant(&mut self, parameter: &str, name: String) {
        if !name.starts_with(char::is_uppercase) {
            return;
        }
        self.keys |= parameter == OF_KEYS;
        let is_parameter = self.is_parameter(parameter);
        if let Chosen::Only(names) = &mut self.variants
            && is_parameter
        {
            names.insert(name);
        }
    }
}

impl Module {
    fn of(model: ModelWalker<'_>) -> Self {
        let columns = column::all(model);
        let name =
            |field: &psl::ScalarFieldWalker<'_>| names::field(model, field.name()).to_string();
        let texts = columns.iter().filter(|field| {
            let ScalarFieldType::Scalar(ty) = field.ty() else { return false };
            matches!(ty, ScalarType::String | ScalarType::Json)
        });
        let keys = model.unique_criteria().filter(|index| index.columns().len() > 1);
        let keys = keys.map(|index| names::snake(&index.client_name()).to_string());
        Self {
            texts: texts.map(name).collect(),
            functions: keys.chain(arguments::OF_ROWS.map(str::to_owned)).collect(),
            columns: columns.iter().map(name).collect(),
        }
    }
}

/// The name that stands so many segments before the end of a path; nothing where the path is not that long.
fn segment(path: &[TokenTree], back: usize) -> String {
    match path.len().checked_sub(3 * back).map(|end| &path[..end]) {
        Some([.., TokenTree::Ident(name)])
            if path[path.len() - 3 * back..].iter().step_by(3).all(|colon| is(colon, ':')) =>
        {
            name.to_string()
        }
        _ => String::new(),
    }
}

fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}
