//! What the code of a project takes for granted about its client: whether an argument that is a text may be given as
//! whatever becomes one, or has the schema's own type.
//!
//! Both cannot be: `email::equals("a@x")` needs a function that converts, and `email::equals(id.into())`, as
//! prisma-client-rust's users write it, needs one that does not, or `into` would not know what to make. So old code
//! says which client it was written for, and new code too.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use psl::{ScalarFieldType, ScalarType, Schema};

use crate::{Arguments, Variants, column, names};

/// The arguments that some code gives, as far as they tell something.
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
    /// The modules of the models, each with its fields that hold texts and documents, and its functions.
    models: BTreeMap<String, Module>,
    fields: Tally,
    rows: Tally,
    variants: Variants,
}

#[derive(Debug, Default)]
struct Module {
    fields: BTreeSet<String>,
    functions: BTreeSet<String>,
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

/// The parameters whose variants are asked for by their names.
const PARAMETERS: [&str; 5] =
    ["OrderByParam", "OrderByWithRelationParam", "SetParam", "UncheckedSetParam", "WhereParam"];

/// The functions that make rows.
const OF_ROWS: [&str; 2] = ["create", "create_unchecked"];

impl Usage {
    /// Nothing seen yet.
    pub fn of(schema: &Schema) -> Self {
        let module = |model| {
            let texts = column::all(model).into_iter().filter(|field| {
                let ScalarFieldType::Scalar(ty) = field.ty() else { return false };
                matches!(ty, ScalarType::String | ScalarType::Json)
            });
            let keys = model.unique_criteria().filter(|index| index.columns().len() > 1);
            let keys = keys.map(|index| names::snake(&index.client_name()).to_string());
            Module {
                fields: texts.map(|field| names::field(model, field.name()).to_string()).collect(),
                functions: keys.chain(OF_ROWS.map(str::to_owned)).collect(),
            }
        };
        let models = schema.models().filter(|model| !model.is_ignored());
        let models = models.map(|model| (names::module(model).to_string(), module(model)));
        Self {
            models: models.collect(),
            fields: Tally::default(),
            rows: Tally::default(),
            variants: Variants::default(),
        }
    }

    /// Looks at one more file. What is no Rust tells nothing.
    pub fn read(&mut self, code: &str) {
        // Most files have nothing to do with the client, and taking one apart is not free.
        let mentions = |module: &String| {
            code.match_indices(module.as_str()).any(|(at, _)| {
                let after = code[at + module.len()..].trim_start();
                after.starts_with("::") || after.starts_with("()")
            })
        };
        if self.models.keys().any(mentions)
            && let Ok(tokens) = code.parse()
        {
            self.walk(tokens);
        }
    }

    /// The arguments that all of it compiles with, if there are such: without a sign they are converted, and so they are
    /// where signs contradict.
    pub fn arguments(&self) -> Arguments {
        let Self { fields, rows, .. } = self;
        if fields.converted > 0 || fields.exact + rows.exact == 0 {
            Arguments::Converted
        } else if rows.exact > 0 && rows.converted == 0 {
            Arguments::Exact
        } else {
            Arguments::Mixed
        }
    }

    /// Which variants of prisma-client-rust's parameters are named, beside those that every client has.
    pub fn variants(&self) -> Variants {
        self.variants
    }

    fn walk(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for tokens in tokens.windows(4) {
            let [TokenTree::Ident(parameter), first, second, TokenTree::Ident(variant)] = tokens
            else {
                continue;
            };
            let (parameter, variant) = (parameter.to_string(), variant.to_string());
            let is_variant = is(first, ':')
                && is(second, ':')
                && variant.starts_with(char::is_uppercase)
                && !["And", "Or", "Not"].contains(&variant.as_str());
            let named = match parameter.as_str() {
                "UniqueWhereParam" => Variants::Keys,
                parameter if PARAMETERS.contains(&parameter) => Variants::All,
                _ => Variants::None,
            };
            if is_variant {
                self.variants = self.variants.max(named);
            }
        }
        for (at, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else { continue };
            if group.delimiter() == Delimiter::Parenthesis {
                self.call(&tokens[..at], group);
            }
            self.walk(group.stream());
        }
    }

    /// A call, by what stands before its arguments.
    fn call(&mut self, before: &[TokenTree], arguments: &Group) {
        let is_of =
            |model: &str, has: &dyn Fn(&Module) -> bool| self.models.get(model).is_some_and(has);
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
                    && is_of(&model, &|module| module.fields.contains(&field));
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
                [TokenTree::Literal(literal)] if literal.to_string().ends_with('"') => {
                    self.converted += 1;
                }
                [reference, ..] if is(reference, '&') => self.converted += 1,
                _ => {}
            }
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
        assert_eq!(named("vec![SetParam::SetEmail(None)]"), Variants::All);
        assert_eq!(named("user::WhereParam::Id(IntFilter::Equals(1))"), Variants::All);
        assert_eq!(named(&format!("user::WhereParam::Id(x); {key}")), Variants::All);
        assert_eq!(named(key), Variants::Keys);
        let none = "user::WhereParam::And(vec![]); SetParam::from(x); Other::SetParam";
        assert_eq!(named(none), Variants::None);
    }
}
