//! Names of the schema as names of Rust.
//!
//! The rules are those of prisma-client-rust, so that its users' paths stay: words end where the case changes and
//! beside digits (`address1` is `address_1`), underscores at the edges stay, keywords become raw identifiers and the
//! few that cannot be raw get an underscore.

use proc_macro2::{Ident, Span};

/// A module, a field, a function.
pub(crate) fn snake(name: &str) -> Ident {
    identifier(&snake_text(name))
}

/// A type or a variant.
pub(crate) fn pascal(name: &str) -> Ident {
    let (before, core, after) = edges(name);
    let words = words(core).into_iter().map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    identifier(&format!("{before}{}{after}", words.collect::<String>()))
}

/// The name of a model's file, which cannot be raw.
pub(crate) fn file(name: &str) -> String {
    let ident = snake(name).to_string();
    ident.strip_prefix("r#").map_or(ident.clone(), str::to_owned)
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
    if matches!(text, "self" | "Self" | "super" | "crate" | "extern" | "_") {
        // `extern` could be raw, but upstream's users write it with the underscore of the others.
        return Ident::new(&format!("{text}_"), Span::call_site());
    }
    if is_keyword(text) {
        Ident::new_raw(text, Span::call_site())
    } else {
        Ident::new(text, Span::call_site())
    }
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
            assert_eq!(pascal(name).to_string(), wanted, "{name}");
        }
    }

    #[test]
    fn files_have_plain_names() {
        assert_eq!(file("Type"), "type");
        assert_eq!(file("UserOrg"), "user_org");
    }
}
