//! What neither the new schema nor Prisma's warnings say of the database, or keep of the schema before.

use std::collections::HashSet;

use pg_schema::{Column, Identity, Index, IndexAlgorithm, IndexConstraint, ViewKind};

use super::ctx::Ctx;
use super::keys::KeyKind;
use super::pairs::TablePair;

/// A sentence for each thing, in the order of the database.
pub(super) fn of(ctx: &Ctx<'_>) -> Vec<String> {
    let mut unsaid = Vec::new();
    for pair in ctx.tables.iter().filter(|pair| !pair.is_join_table) {
        let table = &pair.table.name.name;
        unsaid.extend(pair.table.columns.iter().flat_map(|column| of_column(column, table)));
        unsaid.extend(pair.table.indexes.iter().flat_map(|index| of_index(ctx, pair, index)));
        unsaid.extend(hidden_uniques(pair));
        for key in &pair.table.foreign_keys {
            if !key.validated {
                let name = &key.name;
                unsaid.push(format!("The foreign key \"{name}\" of \"{table}\" is NOT VALID."));
            }
        }
        for key in pair.foreign_keys.iter().filter(|key| key.names.is_none()) {
            let name = &key.key.name;
            unsaid.push(format!(
                "The foreign key \"{name}\" of \"{table}\" says what another one says, and is left out."
            ));
        }
    }
    for view in &ctx.database.views {
        let name = &view.name.name;
        match view.kind {
            ViewKind::Materialized => {
                unsaid.push(format!("The materialized view \"{name}\" is left out."));
            }
            ViewKind::Plain if !ctx.has_preview_feature("views") => unsaid.push(format!(
                "The view \"{name}\" is left out: views need the preview feature \"views\"."
            )),
            ViewKind::Plain => {}
        }
    }
    for (pair, [a, b]) in ctx.parted() {
        let (model, table) = (&pair.named.name, &pair.table.name.name);
        let (a, b) = (&a.named.name, &b.named.name);
        unsaid.push(format!(
            "The table \"{table}\" is the model \"{model}\", for lists of \"{a}\" (its column A) and \"{b}\" (B) alone would make another table: in that, A is the model whose name comes first, and the namespace is A's."
        ));
    }
    unsaid.extend(of_schema(ctx));
    unsaid
}

fn of_column(column: &Column, table: &str) -> Vec<String> {
    let name = format!("The column \"{}\" of \"{table}\"", column.name);
    let mut unsaid = Vec::new();
    if let Some(generated) = &column.generated {
        let expression = &generated.expression;
        unsaid.push(format!("{name} is generated from {expression}, which stands as its default."));
    }
    if column.identity == Some(Identity::Always) {
        unsaid.push(format!("{name} is GENERATED ALWAYS: nobody else may number its rows."));
    }
    if let Some(collation) = &column.collation {
        unsaid.push(format!("{name} has the collation \"{collation}\"."));
    }
    unsaid
}

fn of_index(ctx: &Ctx<'_>, pair: &TablePair<'_>, index: &Index) -> Vec<String> {
    // Of these, Prisma warns.
    if index.constraint == Some(IndexConstraint::Exclusion) || index.has_expression() {
        return Vec::new();
    }
    let name = format!("The index \"{}\" on \"{}\"", index.name, pair.table.name.name);
    if let Some(predicate) = &index.predicate
        && !ctx.has_preview_feature("partialIndexes")
    {
        return vec![format!(
            "{name} is left out, for it is partial, WHERE {predicate}: those need the preview feature \"partialIndexes\"."
        )];
    }
    let mut unsaid = Vec::new();
    if !index.include.is_empty() {
        let columns = index.include.join("\", \"");
        unsaid.push(format!(
            "{name} INCLUDEs \"{columns}\", which the schema has among its columns."
        ));
    }
    if index.nulls_not_distinct {
        unsaid.push(format!("{name} takes NULLs for equal (NULLS NOT DISTINCT)."));
    }
    if !index.valid {
        unsaid.push(format!("{name} is not valid: its making was interrupted."));
    }
    if let IndexAlgorithm::Other(algorithm) = &index.algorithm {
        unsaid.push(format!("{name} is of the type {algorithm}."));
    }
    let has_classes = matches!(index.algorithm, IndexAlgorithm::BTree | IndexAlgorithm::Hash);
    for class in index.keys.iter().filter_map(|key| key.ops.as_ref()) {
        if has_classes && !class.is_default {
            unsaid.push(format!("{name} has the operator class {}.", class.name));
        }
    }
    for collation in index.keys.iter().filter_map(|key| key.collation.as_ref()) {
        unsaid.push(format!("{name} has the collation \"{collation}\"."));
    }
    unsaid
}

/// A field has one `@unique`: other unique indexes on its column are not seen.
fn hidden_uniques(pair: &TablePair<'_>) -> Vec<String> {
    let mut seen = HashSet::new();
    let uniques = pair.keys.iter().filter(|key| key.kind == KeyKind::Unique);
    let hidden = uniques
        .filter(|key| key.columns.len() == 1)
        .filter(|key| !seen.insert(key.columns[0].column));
    let table = &pair.table.name.name;
    hidden
        .map(|key| {
            format!(
                "The index \"{}\" on \"{table}\" is left out: another one makes its column unique.",
                key.name
            )
        })
        .collect()
}

/// What was in the schema and is not any more, though the database has nothing against it.
fn of_schema(ctx: &Ctx<'_>) -> Vec<String> {
    let mut unsaid = Vec::new();
    if ctx.previous.datasource().is_some_and(|datasource| !datasource.extensions.is_empty()) {
        unsaid.push("The extensions of the datasource are not kept.".to_owned());
    }
    unsaid
}
