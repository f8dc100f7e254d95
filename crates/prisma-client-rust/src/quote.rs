//! Names and texts as SQL writes them, for those who write SQL by hand: what comes from elsewhere ends where it should.
//!
//! Values belong into the `{}` of [`raw!`](crate::raw); names cannot go there.
//!
//! ```
//! use prisma_client_rust::quote;
//!
//! assert_eq!(quote::identifier("Org"), r#""Org""#);
//! assert_eq!(quote::literal("O'Hara"), "'O''Hara'");
//! ```

use crate::model::Descriptor;

/// The name of a table, a column, a type.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text, where the server has `standard_conforming_strings`, as it does unless told otherwise.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The table behind a model, in the schema it names, else in that of the connection.
pub fn table(model: &Descriptor) -> String {
    let table = identifier(model.table);
    model.schema.map_or_else(|| table.clone(), |schema| format!("{}.{table}", identifier(schema)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal("a'b\""), "'a''b\"'");
    }

    #[test]
    fn a_table_has_the_schema_that_its_model_names() {
        let model = |schema| Descriptor {
            name: "A",
            table: "a.b",
            schema,
            columns: &[],
            relations: &[],
            id: &[],
            uniques: &[],
            fetched: |_| Ok(None),
        };
        assert_eq!(table(&model(None)), "\"a.b\"");
        assert_eq!(table(&model(Some("s"))), "\"s\".\"a.b\"");
    }
}
