//! Names in the scripts of a rollout: quoted, with their schemas, and new ones that nothing has.

use pg_schema::{ObjectName, PgSchema, quote};

use crate::TableName;

/// The schema of our own state.
pub(super) const OWN: &str = "\"_driveflow\"";

/// A name with its schema, quoted.
pub(super) fn full(name: &ObjectName, schema: &PgSchema) -> String {
    let namespace = name.namespace_or(&schema.default_namespace);
    quote::explicit(&ObjectName::qualified(namespace, &name.name))
}

/// The same for a document.
pub(super) fn table_name(name: &ObjectName, schema: &PgSchema) -> TableName {
    TableName {
        schema: name.namespace_or(&schema.default_namespace).to_owned(),
        name: name.name.clone(),
    }
}

/// A name for what will have this one in the end: `name_next`, or the first such with a number. Cut to the server's
/// 63 bytes.
pub(super) fn next(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let suffixes =
        std::iter::once("_next".to_owned()).chain((2..).map(|n: u32| format!("_next{n}")));
    let mut names = suffixes.map(|suffix| {
        let end = name.floor_char_boundary(63 - suffix.len());
        format!("{}{suffix}", &name[..end])
    });
    // There are more numbers than names.
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

/// Identifiers, quoted, with commas between them.
pub(super) fn idents<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<String> =
        names.iter().map(|name| quote::ident(name.as_ref()).to_string()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_names_fit() {
        assert_eq!(next("a", |_| false), "a_next");
        assert_eq!(next("a", |name| name == "a_next"), "a_next2");
        assert_eq!(next(&"é".repeat(31), |_| false), format!("{}_next", "é".repeat(29)));
    }
}
