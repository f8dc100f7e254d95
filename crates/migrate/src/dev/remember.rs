//! After the new migration has run: what all migrations now make, known without replaying them.
//!
//! Where a database is exactly what the migrations make, running one more makes of it what a replay of all would, as
//! long as that migration asks nothing of what a description does not show: a function that somebody made by hand, a
//! type, an operator class. So only a migration that we wrote and nobody touched counts, and only if everything it made
//! is of words that mean the same in every database. Otherwise the next run finds out by replaying.

use pg_schema::{
    Column, ColumnDefault, ColumnType, Index, IndexAlgorithm, Pair, PgSchema, Table, diff,
};
use postgres::introspect;

use super::{Databases, Ready};
use crate::Error;
use crate::folder::{Folder, Migration};
use crate::replay::Replay;

/// Keeps what the folder's migrations make, once the one of [`Ready::next`] was applied as it was written.
///
/// `before` is the folder that was prepared, `after` the one with the new migration. It is only ever a courtesy to the
/// next run: where it cannot be known, or something fails, nothing is kept.
pub async fn remember(
    before: &Folder,
    after: &Folder,
    schema: &psl::Schema,
    databases: Databases<'_>,
    ready: &Ready,
) {
    if !ready.is_exact || databases.cache.is_none() {
        return;
    }
    let known = ready.schemas().previous;
    if is_ours(before.migrations(), after.migrations(), &ready.next.script) {
        let _ = Box::pin(look(after, schema, databases, known)).await;
    }
}

async fn look(
    folder: &Folder,
    schema: &psl::Schema,
    databases: Databases<'_>,
    known: &PgSchema,
) -> Result<(), Error> {
    let desired = mapping::desired_schema_in(schema, databases.main.schema());
    let namespaces = &desired.namespaces;
    let connection = postgres::connect(databases.main).await?;
    let made = introspect(&connection, namespaces).await?;
    if diff(Pair::new(&made, &desired)).is_empty() && is_plain(known, &made) {
        let all: Vec<&Migration> = folder.migrations().iter().collect();
        Replay::new(&connection, folder, databases, namespaces).await.remember(&all, &made);
    }
    connection.close().await;
    Ok(())
}

/// Whether one migration came, at the end, with this script.
fn is_ours(before: &[Migration], after: &[Migration], script: &str) -> bool {
    after.split_last().is_some_and(|(last, others)| others == before && last.script == script)
}

/// Whether what is new in `after` is of words that need nothing beyond `after` itself.
fn is_plain(before: &PgSchema, after: &PgSchema) -> bool {
    before.views == after.views
        && before.extensions == after.extensions
        && after.tables.iter().all(|table| match before.table(&table.name) {
            Some(was) if was == table => true,
            was => is_plain_table(was, table, after),
        })
}

fn is_plain_table(was: Option<&Table>, table: &Table, after: &PgSchema) -> bool {
    let had_column =
        |column: &Column| was.is_some_and(|was| was.column(&column.name) == Some(column));
    let had_index = |index: &Index| was.is_some_and(|was| was.indexes.contains(index));
    table.columns.iter().all(|column| had_column(column) || is_plain_column(column, after))
        && table.indexes.iter().all(|index| had_index(index) || is_plain_index(index))
        && table.foreign_keys.iter().all(|key| after.table(&key.referenced_table).is_some())
        && was.map_or(&[][..], |was| &was.checks) == table.checks
}

fn is_plain_column(column: &Column, after: &PgSchema) -> bool {
    let has_plain_type = match &column.ty {
        ColumnType::Unsupported(_) | ColumnType::Citext => false,
        ColumnType::Enum(name) => after.enumeration(name).is_some(),
        _ => true,
    };
    let has_plain_default = !matches!(column.default, Some(ColumnDefault::Expression(_)));
    has_plain_type && has_plain_default && column.generated.is_none() && column.collation.is_none()
}

fn is_plain_index(index: &Index) -> bool {
    let is_plain_key = |key: &pg_schema::IndexKey| {
        key.collation.is_none() && key.ops.as_ref().is_none_or(|ops| ops.is_default)
    };
    index.predicate.is_none()
        && !index.has_expression()
        && !matches!(index.algorithm, IndexAlgorithm::Other(_))
        && index.keys.iter().all(is_plain_key)
}
