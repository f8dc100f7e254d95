//! Names of the schema as names of Rust.
//!
//! The rules are those of prisma-client-rust, so that its users' paths stay: words end where the case changes and
//! beside digits (`address1` is `address_1`), underscores at the edges stay, keywords become raw identifiers and the
//! few that cannot be raw get an underscore. So do models, fields and values whose names would be the same in Rust: none
//! is lost, and the first in the schema keeps its name.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};
use psl::{EnumWalker, IndexWalker, ModelWalker};

/// A module or a function.
pub(crate) fn snake(name: &str) -> Ident {
    identifier(&snake_text(name))
}

/// A module that the user named: as it is.
pub(crate) fn segment(name: &str) -> Ident {
    identifier(name.strip_prefix("r#").unwrap_or(name))
}

/// A type or a variant.
fn pascal_text(name: &str) -> String {
    let (before, core, after) = edges(name);
    let words = words(core).into_iter().map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    format!("{before}{}{after}", words.collect::<String>())
}

/// A field of a model, under a name that no field before it has.
pub(crate) fn field(model: ModelWalker<'_>, name: &str) -> Ident {
    let names = model.fields().map(psl::FieldWalker::name);
    identifier(&own(&[], names, name, |name| cooked(&snake_text(name))))
}

/// The variant of prisma-client-rust's `UniqueWhereParam` for a key: `IdEquals`.
pub(crate) fn unique(index: IndexWalker<'_>) -> Ident {
    let fields = index.fields().map(|field| pascal_text(field.name()));
    identifier(&format!("{}Equals", fields.collect::<String>()))
}

/// A variant of prisma-client-rust's parameters, or a filter: `SetName`, `AuthorIsNull`.
pub(crate) fn parameter(before: &str, name: &str, after: &str) -> Ident {
    identifier(&format!("{before}{}{after}", pascal_text(name)))
}

/// An enum, under a name that neither the client nor an enum before it has.
pub(crate) fn enumeration(walker: EnumWalker<'_>) -> Ident {
    let names = walker.schema().enums().map(EnumWalker::name);
    identifier(&own(&["PrismaClient", "PrismaClientBuilder"], names, walker.name(), |name| {
        cooked(&pascal_text(name))
    }))
}

/// A value of an enum, under a name that no value before it has.
pub(crate) fn variant(walker: EnumWalker<'_>, name: &str) -> Ident {
    let names = walker.values().iter().map(psl::EnumValue::name);
    identifier(&own(&[], names, name, |name| cooked(&pascal_text(name))))
}

/// What is made of a name, with underscores where the same was made of a name before it.
fn own<'n>(
    reserved: &[&str],
    names: impl Iterator<Item = &'n str>,
    name: &str,
    make: impl Fn(&str) -> String,
) -> String {
    let mut taken: BTreeSet<String> = reserved.iter().map(|name| (*name).to_owned()).collect();
    let free = |name: &str, taken: &BTreeSet<String>| {
        let mut made = make(name);
        while taken.contains(&made) {
            made.push('_');
        }
        made
    };
    for other in names.take_while(|other| *other != name) {
        let made = free(other, &taken);
        taken.insert(made);
    }
    free(name, &taken)
}

/// The module of a model, which is the name of the client's method too: of no other model.
pub(crate) fn module(model: ModelWalker<'_>) -> Ident {
    // Found anew at each mention: the models before this one are few, and their names short.
    let mut taken = BTreeSet::from(RESERVED.map(str::to_owned));
    let clients = model.schema().models().filter(|other| !other.is_ignored());
    let before = clients.take_while(|other| other.id() != model.id());
    for other in before {
        let name = free(other, &taken);
        taken.insert(name);
    }
    identifier(&free(model, &taken))
}

/// The name of a model's file, which cannot be raw.
pub(crate) fn file(model: ModelWalker<'_>) -> String {
    let ident = module(model).to_string();
    ident.strip_prefix("r#").map_or(ident.clone(), str::to_owned)
}

/// What modules cannot be called: `mod.rs` is the client's own file, and `enumeration` comes with its macro.
const RESERVED: [&str; 2] = ["enumeration", "mod"];

fn free(model: ModelWalker<'_>, taken: &BTreeSet<String>) -> String {
    let mut name = cooked(&snake_text(model.name()));
    while taken.contains(&name) {
        name.push('_');
    }
    name
}

fn snake_text(name: &str) -> String {
    let (before, core, after) = edges(name);
    format!("{before}{}{after}", words(core).join("_"))
}

fn edges(name: &str) -> (&str, &str, &str) {
    let core = name.trim_matches('_');
    if core.is_empty() {
        return (name, "", "");
    }
    let start = name.len() - name.trim_start_matches('_').len();
    let end = name.trim_end_matches('_').len();
    (&name[..start], core, &name[end..])
}

/// The words of a name in lower case.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (index, letter) in letters.iter().enumerate() {
        if *letter == '_' {
            words.push(String::new());
            continue;
        }
        let before = index.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(index + 1);
        let starts = before.is_some_and(|before| {
            let lower_then_upper = before.is_lowercase() && letter.is_uppercase();
            let digit = before != '_' && before.is_ascii_digit() != letter.is_ascii_digit();
            // The last capital of an acronym begins the next word: `HTTPServer`.
            let acronym = before.is_uppercase()
                && letter.is_uppercase()
                && after.is_some_and(|next| next.is_lowercase());
            lower_then_upper || digit || acronym
        });
        if starts {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn identifier(text: &str) -> Ident {
    let text = cooked(text);
    if is_keyword(&text) {
        Ident::new_raw(&text, Span::call_site())
    } else {
        Ident::new(&text, Span::call_site())
    }
}

/// With an underscore where even a raw identifier cannot have this name.
fn cooked(text: &str) -> String {
    // `extern` could be raw, but upstream's users write it with the underscore of the others.
    let underscored = matches!(text, "self" | "Self" | "super" | "crate" | "extern" | "_");
    if underscored { format!("{text}_") } else { text.to_owned() }
}

fn is_keyword(text: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do",
        "dyn", "else", "enum", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
        "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
        "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
        "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_snake_case() {
        let cases = [
            ("orgId", "org_id"),
            ("UserOrg", "user_org"),
            ("HTTPServer", "http_server"),
            ("address1", "address_1"),
            ("line2Text", "line_2_text"),
            ("already_snake", "already_snake"),
            ("_edge_", "_edge_"),
            ("SCREAMING_NAME", "screaming_name"),
            ("type", "r#type"),
            ("Match", "r#match"),
            ("self", "self_"),
            ("Crate", "crate_"),
        ];
        for (name, wanted) in cases {
            assert_eq!(snake(name).to_string(), wanted, "{name}");
        }
    }

    #[test]
    fn types_are_pascal_case() {
        let cases = [
            ("OrgRole", "OrgRole"),
            ("in_progress", "InProgress"),
            ("ADMIN", "Admin"),
            ("http2Only", "Http2Only"),
            ("Self", "Self_"),
            ("_hidden", "_Hidden"),
        ];
        for (name, wanted) in cases {
            assert_eq!(identifier(&pascal_text(name)).to_string(), wanted, "{name}");
        }
    }

    #[test]
    fn nothing_is_lost_to_anothers_name() {
        let text = "enum FooBar {\n  self\n  Self\n  a_b\n  aB\n}\nenum Foo_Bar {\n  x\n}\nenum PrismaClient {\n  x\n}\n\
                    model M {\n  id2 Int @id\n  Id2 Int\n  self Int\n  Self Int\n}\n";
        let schema = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]).schema;
        let enums: Vec<_> = schema.enums().map(|one| enumeration(one).to_string()).collect();
        assert_eq!(enums, ["FooBar", "FooBar_", "PrismaClient_"]);
        let one = schema.enums().next().unwrap();
        let values = one.values().iter().map(|value| variant(one, value.name()).to_string());
        assert_eq!(values.collect::<Vec<_>>(), ["Self_", "Self__", "AB", "AB_"]);
        let model = schema.models().next().unwrap();
        let fields = model.fields().map(|one| field(model, one.name()).to_string());
        assert_eq!(fields.collect::<Vec<_>>(), ["id_2", "id_2_", "self_", "self__"]);
    }

    #[test]
    fn modules_and_files_are_each_models_own() {
        let models = [
            ("Type", "r#type", "type"),
            ("UserOrg", "user_org", "user_org"),
            ("Mod", "mod_", "mod_"),
            ("mod", "mod__", "mod__"),
            ("FooBar", "foo_bar", "foo_bar"),
            ("Foo_Bar", "foo_bar_", "foo_bar_"),
            ("FooBar_", "foo_bar__", "foo_bar__"),
            ("Self", "self_", "self_"),
            ("Self_", "self__", "self__"),
            ("Enumeration", "enumeration_", "enumeration_"),
        ];
        let text: String =
            models.map(|(name, ..)| format!("model {name} {{\n  id Int @id\n}}\n")).concat();
        let schema = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]).schema;
        let found: Vec<_> = schema
            .models()
            .map(|model| (model.name().to_owned(), module(model).to_string(), file(model)))
            .collect();
        assert_eq!(
            found,
            models.map(|(name, module, file)| (
                name.to_owned(),
                module.to_owned(),
                file.to_owned()
            ))
        );
    }
}
