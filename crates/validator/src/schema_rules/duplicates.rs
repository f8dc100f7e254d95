//! No two rows have the same key. The database sees to it where a unique index of these columns is there and valid.

use client::prisma_client_rust::model::Descriptor;
use client::prisma_client_rust::quote;

use super::{class, kebab, literal, name};
use crate::reach::id_of;
use crate::rule::{Kind, Rule, Severity};

pub(super) fn rules(model: &'static Descriptor) -> impl Iterator<Item = Rule> {
    model.uniques.iter().map(move |key| rule(model, key))
}

fn rule(model: &'static Descriptor, key: &[u16]) -> Rule {
    let fields: Vec<&str> =
        key.iter().map(|column| model.columns[usize::from(*column)].field).collect();
    let list = |of: &dyn Fn(u16) -> String, separator: &str| {
        key.iter().map(|column| of(*column)).collect::<Vec<String>>().join(separator)
    };
    let of_child = |column| format!("child.{}", name(model, column));
    Rule {
        id: format!("duplicate-{}-{}", kebab(model.name), fields.iter().map(|field| kebab(field)).collect::<Vec<String>>().join("-"))
            .into(),
        kind: Kind::Duplicate,
        model: model.name,
        severity: Severity::Error,
        meaning: format!("No two rows of {} have the same {}.", model.name, fields.join(", ")).into(),
        fix: "Merge or delete the rows shown, all but the first of each, then bring the index back: cargo xtask migrate \
              status --drift shows it."
            .into(),
        query: format!(
            "SELECT id FROM (\n    \
             SELECT {id} AS id, row_number() OVER (PARTITION BY {columns} ORDER BY {id}) AS place\n    \
             FROM {table} AS child\n    \
             WHERE {present} AND NOT EXISTS (\n        \
             SELECT FROM pg_index WHERE indrelid = {class} AND indisunique AND indisvalid AND indpred IS NULL\n            \
             AND indexprs IS NULL AND (\n                \
             SELECT array_agg(attname::text ORDER BY attname::text) FROM pg_attribute\n                \
             WHERE attrelid = indrelid AND attnum = ANY ((indkey::int2[])[0:indnkeyatts - 1])\n            \
             ) = (SELECT array_agg(key ORDER BY key) FROM unnest(ARRAY[{names}]) AS key)\n    \
             )\n) AS rows_of_a_key WHERE place > 1",
            id = id_of(model, "child"),
            columns = list(&of_child, ", "),
            table = quote::table(model),
            // NULL is equal to nothing.
            present = list(&|column| format!("{} IS NOT NULL", of_child(column)), " AND "),
            class = class(model),
            names = list(&|column| literal(model, column), ", "),
        )
        .into(),
    }
}
