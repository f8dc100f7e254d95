//! What the code of a project takes for granted about its client: how arguments that are texts are given, which variants of
//! parameters and which types it names, which relations it takes out of rows.
//!
//! Some of these cannot be had together, and some cost every client that has them. So old code says which client it was
//! written for, and new code too.

mod arguments;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use psl::{ModelWalker, ScalarFieldType, ScalarType, Schema};

use crate::{Arguments, Chosen, Variants, column, model, names, types};

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
            model::relations(*model)
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
                    self.path(&tokens[..=at], name, mentioned);
                    if let [first, second, what, ..] = &tokens[at + 1..]
                        && is(first, ':')
                        && is(second, ':')
                    {
                        self.several(&name.to_string(), what);
                    }
                }
                _ => {}
            }
        }
        self.rows.walk(&tokens);
    }

    /// A path, by its last segment and what is before it.
    fn path(&mut self, path: &[TokenTree], last: &Ident, mentioned: &[String]) {
        let (last, before) = (last.to_string(), segment(path, 1));
        match last.as_str() {
            _ if before.is_empty() => {}
            "Type" | "RecursiveSafeType" => {
                let model = segment(path, 2);
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

    /// What is imported of a parameter, or named by a macro: `WhereParam::{Id, Name}`, `SetParam::*`, `SetParam::$name`.
    fn several(&mut self, parameter: &str, what: &TokenTree) {
        match what {
            TokenTree::Group(group) => {
                for token in group.stream() {
                    self.variant(parameter, token.to_string());
                }
            }
            what if !is(what, '*') && !is(what, '$') => {}
            _ if PARAMETERS.contains(&parameter) => self.variants = Chosen::All,
            _ => self.keys |= parameter == OF_KEYS,
        }
    }

    fn variant(&mut self, parameter: &str, name: String) {
        if !name.starts_with(char::is_uppercase) {
            return;
        }
        self.keys |= parameter == OF_KEYS;
        if let Chosen::Only(names) = &mut self.variants
            && PARAMETERS.contains(&parameter)
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

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "model User {\n  id Int @id\n  email String?\n  at DateTime\n}\n\
                          model Type {\n  a String\n  b String\n  @@id([a, b])\n}\n";

    fn arguments(code: &str) -> Arguments {
        let schema = psl::analyze(vec![psl::SourceFile::new("schema.prisma", SCHEMA)]).schema;
        let mut usage = Usage::of(&schema);
        usage.read(&format!("fn code() {{ {code} }}"));
        usage.arguments()
    }

    #[test]
    fn what_is_made_by_into_needs_a_type() {
        for code in [
            "vec![prisma::user::email::equals(id.into())]",
            "user::email::set(Some(name.clone().into()))",
            "r#type::a::contains(\"x\".into(),)",
            "r#type::a_b(a.into(), b)",
            "user::create(at, vec![user::email::set(\"x\".into())])",
        ] {
            assert_eq!(arguments(code), Arguments::Mixed, "{code}");
        }
    }

    #[test]
    fn new_rows_are_converted_unless_they_are_made_by_into() {
        let into = "user::email::set(x.into());";
        for (code, wanted) in [
            ("client.r#type().create(a.into(), b, vec![])", Arguments::Exact),
            ("client.r#type().create(\"a\", b, vec![])", Arguments::Mixed),
            ("client.r#type().create(\"a\", b.into(), vec![])", Arguments::Mixed),
        ] {
            assert_eq!(arguments(&format!("{into} {code}")), wanted, "{code}");
        }
        assert_eq!(arguments("client.user().create(now.into(), vec![])"), Arguments::Exact);
    }

    #[test]
    fn what_only_converts_says_so_and_what_does_not_matter_says_nothing() {
        let into = "user::email::set(x.into());";
        for code in [
            "user::email::equals(\"a@x\")",
            "user::email::equals(&address)",
            "user::email::equals(row.email.as_str())",
            "r#type::a_b(\"a\", b)",
        ] {
            assert_eq!(arguments(code), Arguments::Converted, "{code}");
            assert_eq!(arguments(&format!("{into} {code}")), Arguments::Converted, "{code}");
        }
        for code in [
            "user::at::set(Utc::now().into())",
            "other::email::set(x.into())",
            "user::email::set(x.into_inner())",
            "email::set(x.into())",
            "client.other().create(x.into())",
            "client.user().find_many(x.into())",
            "not Rust: '",
        ] {
            assert_eq!(arguments(code), Arguments::Converted, "{code}");
        }
    }

    #[test]
    fn variants_are_there_for_those_who_name_them() {
        let named = |code: &str| {
            let schema = psl::analyze(vec![psl::SourceFile::new("schema.prisma", SCHEMA)]).schema;
            let mut usage = Usage::of(&schema);
            usage.read(&format!("use prisma::user::{{self, SetParam}}; fn code() {{ {code} }}"));
            usage.variants()
        };
        let key = "user::UniqueWhereParam::IdEquals(1)";
        let these = |names: &[&str]| {
            Variants::Named(Chosen::Only(names.iter().map(ToString::to_string).collect()))
        };
        assert_eq!(named("vec![SetParam::SetEmail(None)]"), these(&["SetEmail"]));
        assert_eq!(named("user::WhereParam::Id(IntFilter::Equals(1))"), these(&["Id"]));
        assert_eq!(named(&format!("user::WhereParam::Id(x); {key}")), these(&["Id"]));
        assert_eq!(named(key), Variants::Keys);
        assert_eq!(named("use prisma::user::WhereParam::Email;"), these(&["Email"]));
        let imported = "use user::SetParam::{SetEmail, SetAt}; use user::OrderByParam as By;";
        assert_eq!(named(imported), these(&["SetAt", "SetEmail"]));
        for all in
            ["use user::SetParam::*;", "macro_rules! a { ($v:ident) => { WhereParam::$v(1) } }"]
        {
            assert_eq!(named(all), Variants::Named(Chosen::All), "{all}");
        }
        assert_eq!(named("use user::UniqueWhereParam::*;"), Variants::Keys);
        let none = "user::WhereParam::And(vec![]); SetParam::from(x); Other::SetParam; UniqueWhereParam::from(x)";
        assert_eq!(named(none), Variants::None);
    }

    /// What one file says of a schema with relations.
    fn read(code: &str) -> Usage {
        let schema = "model User {\n  id Int @id\n  email String?\n  posts Post[]\n}\n\
                      model Post {\n  id Int @id\n  authorId Int\n  author User @relation(fields: [authorId], references: [id])\n}\n";
        let schema = psl::analyze(vec![psl::SourceFile::new("schema.prisma", schema)]).schema;
        let mut usage = Usage::of(&schema);
        usage.read(&format!("use prisma::{{post, user::{{self, email}}}}; {code}"));
        usage
    }

    #[test]
    fn types_are_there_for_those_who_name_them() {
        let named = |code: &str| match read(code).types() {
            Chosen::Only(types) => {
                types.into_iter().map(|(model, name)| format!("{model}::{name}")).collect()
            }
            Chosen::All => Vec::new(),
        };
        assert_eq!(named("struct A { id: prisma::user::id::Type }"), ["user::id"]);
        assert_eq!(
            named("fn a(id: Vec<post::author_id::RecursiveSafeType>) {}"),
            ["post::author_id"]
        );
        assert_eq!(named("fn a(email: email::Type) { user::id::equals(1); }"), ["user::email"]);
        assert_eq!(named("fn a() -> user::FindManyQuery<'static> {}"), ["user::FindManyQuery"]);
        assert_eq!(
            named("fn a(a: <user::Types as prisma_client_rust::ModelTypes>::Where) {}"),
            ["user::Types"]
        );
        let none = "use specta::Type; fn a(a: post::email::Type, b: other::FindManyQuery, c: user::Type) {}";
        assert_eq!(named(none), [""; 0]);
    }

    #[test]
    fn relations_that_are_taken_out_of_rows_are_there_as_they_are() {
        let taken = |code: &str| match read(&format!("fn code() {{ {code} }}")).plain() {
            Chosen::Only(names) => Vec::from_iter(names),
            Chosen::All => Vec::new(),
        };
        let fetched = "user.with(user::posts::fetch(vec![])); post.with(post::author::fetch());";
        for (code, wanted) in [
            ("let posts = user.posts.unwrap();", vec!["posts"]),
            (
                "match post.author { Some(author) => *author, None => user.posts?.pop() }",
                vec!["author", "posts"],
            ),
            ("Self { posts: Some(posts), author: None }", vec!["posts"]),
            ("for post in user.posts()? { post.author()?; }", vec![]),
            ("let posts = user.posts.unwrap().into_inner();", vec![]),
            ("let posts = user.posts.unwrap(); let posts: Vec<_> = posts.into_inner();", vec![]),
            ("let Some(posts) = user.posts else { return }; { take(posts.into_inner()) }", vec![]),
            ("if let Some(Some(author)) = post.author { author.into_inner(); }", vec![]),
            ("match user.posts { Some(posts) => posts.into_inner(), None => vec![] }", vec![]),
            (
                "let author = post.and_then(|post| post.author).flatten(); author.map(|it| it.into_inner())",
                vec![],
            ),
            ("let mut held = user.posts; held.take().unwrap().into_inner();", vec![]),
            ("let user::Data { posts, .. } = user; posts.unwrap().into_inner()", vec![]),
            // What is taken out of others, here of an extractor and a lock.
            (
                "if let Some(posts) = user.posts { json.into_inner(); } let id = path.into_inner();",
                vec!["posts"],
            ),
            (
                "let posts = user.posts.unwrap(); let all = counts.into_inner().get(&posts);",
                vec!["posts"],
            ),
            ("for post in user.posts.unwrap() {} let id = path.into_inner();", vec!["posts"]),
            ("take(user.posts.map(|posts| posts.into_inner()), post.author)", vec!["author"]),
            ("user.posts.unwrap(); let f = prisma_client_rust::fetched::Fetched::new;", vec![]),
            ("use prisma_client_rust::fetched::{self, Fetched}; user.posts.unwrap();", vec![]),
        ] {
            assert_eq!(taken(&format!("{fetched} {code}")), wanted, "{code}");
        }
        // A file that names no model may have a row of another one.
        let mut usage = read(&format!("fn code() {{ {fetched} }}"));
        usage
            .read("fn titles(row: Row) -> Vec<Title> { row.posts.unwrap().into_iter().collect() }");
        assert_eq!(usage.plain(), Chosen::Only(["posts".to_owned()].into()));
        // Nobody fetches them, so that they are what was selected.
        assert_eq!(taken("let posts = user.posts.len();"), [""; 0]);
        let rows = "user::Data { id: 1, posts: Some(vec![]) }; post::Data { id, author: None }";
        assert_eq!(taken(rows), ["posts"]);
        assert_eq!(
            taken("let user::Data { posts, .. } = user; Other { author: Some(user) }"),
            ["posts"]
        );
    }
}
