//! Indexes, primary keys, foreign keys and checks, put to the tables they belong to.

use std::collections::HashMap;

use pg_schema::{
    Check, Deferrable, ForeignKey, ForeignKeyAction, Index, IndexAlgorithm, IndexConstraint,
    IndexKey, IndexKeyPart, NullsOrder, ObjectName, OpClass, PrimaryKey, SortOrder, Table,
};
use tokio_postgres::Row;

use super::object_name;

/// Puts the rows of `indexes.sql` to their tables, primary keys among them.
pub(super) fn attach_indexes(tables: &mut [Table], rows: &[Row]) {
    let places = places(tables);
    for parts in rows.chunk_by(same_object) {
        let row = &parts[0];
        let Some(&place) = places.get(&object_name(row, 0)) else { continue };
        let table = &mut tables[place];
        let deferrable = deferrable(row.get(10), row.get(11));
        if row.get(4) {
            let columns = key_rows(parts).filter_map(|row| row.get(13)).collect();
            table.primary_key = Some(PrimaryKey { name: row.get(2), columns, deferrable });
            continue;
        }
        table.indexes.push(Index {
            name: row.get(2),
            unique: row.get(3),
            algorithm: algorithm(row.get(6)),
            keys: key_rows(parts).map(index_key).collect(),
            include: parts.iter().filter(|row| row.get(12)).filter_map(|row| row.get(13)).collect(),
            predicate: row.get(7),
            nulls_not_distinct: row.get(8),
            valid: row.get(5),
            constraint: match row.get(9) {
                Some("u") => Some(IndexConstraint::Unique(deferrable)),
                Some("x") => Some(IndexConstraint::Exclusion),
                _ => None,
            },
        });
    }
}

/// Puts the rows of `foreign_keys.sql` to their tables.
pub(super) fn attach_foreign_keys(tables: &mut [Table], rows: &[Row]) {
    let places = places(tables);
    for columns in rows.chunk_by(same_object) {
        let row = &columns[0];
        let Some(&place) = places.get(&object_name(row, 0)) else { continue };
        tables[place].foreign_keys.push(ForeignKey {
            name: row.get(2),
            columns: columns.iter().map(|row| row.get(10)).collect(),
            referenced_table: object_name(row, 3),
            referenced_columns: columns.iter().map(|row| row.get(11)).collect(),
            on_delete: action(row.get(5)),
            on_update: action(row.get(6)),
            deferrable: deferrable(row.get(7), row.get(8)),
            validated: row.get(9),
        });
    }
}

/// Puts the rows of `checks.sql` to their tables.
pub(super) fn attach_checks(tables: &mut [Table], rows: &[Row]) {
    let places = places(tables);
    for row in rows {
        let Some(&place) = places.get(&object_name(row, 0)) else { continue };
        tables[place].checks.push(Check {
            name: row.get(2),
            definition: row.get(3),
            validated: row.get(4),
        });
    }
}

fn places(tables: &[Table]) -> HashMap<ObjectName, usize> {
    tables.iter().enumerate().map(|(at, table)| (table.name.clone(), at)).collect()
}

/// Whether two rows are parts of one index or key: namespace, table and name are the first three.
fn same_object(a: &Row, b: &Row) -> bool {
    (0..3).all(|at| a.get::<_, &str>(at) == b.get::<_, &str>(at))
}

fn key_rows(parts: &[Row]) -> impl Iterator<Item = &Row> {
    parts.iter().filter(|row| !row.get::<_, bool>(12))
}

fn index_key(row: &Row) -> IndexKey {
    let column: Option<String> = row.get(13);
    let expression: Option<String> = row.get(14);
    let part = match (column, expression) {
        (Some(column), _) => IndexKeyPart::Column(column),
        (None, expression) => IndexKeyPart::Expression(expression.unwrap_or_default()),
    };
    let (descending, nulls_first, can_order): (bool, bool, bool) =
        (row.get(17), row.get(18), row.get(19));
    let order = if descending { SortOrder::Desc } else { SortOrder::Asc };
    let ops: Option<String> = row.get(15);
    let is_default: Option<bool> = row.get(16);
    IndexKey {
        part,
        order: can_order.then_some(order),
        nulls: match (descending, nulls_first) {
            (false, true) => Some(NullsOrder::First),
            (true, false) => Some(NullsOrder::Last),
            _ => None,
        },
        ops: ops.map(|name| OpClass { name, is_default: is_default.unwrap_or_default() }),
        collation: row.get(20),
    }
}

fn algorithm(name: &str) -> IndexAlgorithm {
    match name {
        "btree" => IndexAlgorithm::BTree,
        "hash" => IndexAlgorithm::Hash,
        "gist" => IndexAlgorithm::Gist,
        "gin" => IndexAlgorithm::Gin,
        "spgist" => IndexAlgorithm::SpGist,
        "brin" => IndexAlgorithm::Brin,
        other => IndexAlgorithm::Other(other.to_owned()),
    }
}

fn action(letter: &str) -> ForeignKeyAction {
    match letter {
        "r" => ForeignKeyAction::Restrict,
        "c" => ForeignKeyAction::Cascade,
        "n" => ForeignKeyAction::SetNull,
        "d" => ForeignKeyAction::SetDefault,
        _ => ForeignKeyAction::NoAction,
    }
}

fn deferrable(deferrable: bool, deferred: bool) -> Deferrable {
    match (deferrable, deferred) {
        (false, _) => Deferrable::No,
        (true, false) => Deferrable::InitiallyImmediate,
        (true, true) => Deferrable::InitiallyDeferred,
    }
}
