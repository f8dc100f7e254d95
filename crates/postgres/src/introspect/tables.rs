//! Tables, views and their columns, from the rows of `relations.sql`, `columns.sql` and `comments.sql`.

use std::collections::HashMap;

use pg_schema::{
    Arity, Column, ColumnDefault, Generated, GeneratedKind, Identity, Partitioning, Printed, Table,
    View, ViewKind,
};
use tokio_postgres::Row;

use super::column_type::{self, Catalog};
use super::{default, object_name};

/// The tables by name and the views as the catalog has them, columns in their order.
pub(super) fn read(
    relations: &[Row],
    columns: &[Row],
    comments: &[Row],
) -> (Vec<Table>, Vec<View>) {
    let comments: HashMap<(u32, i16), &str> =
        comments.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect();
    let comment = |relation, column| comments.get(&(relation, column)).map(|&text| text.to_owned());
    let columns: HashMap<u32, &[Row]> = columns
        .chunk_by(|a, b| relation(a) == relation(b))
        .map(|rows| (relation(&rows[0]), rows))
        .collect();
    let (mut tables, mut views): (Vec<Table>, Vec<View>) = (Vec::new(), Vec::new());
    for row in relations {
        let id = relation(row);
        let rows = columns.get(&id).copied().unwrap_or_default();
        let columns = rows
            .iter()
            .map(|row| Column { comment: comment(id, row.get(1)), ..column(row) })
            .collect();
        // The relation's own comment has the number that no column has.
        let comment = comment(id, 0);
        match view_kind(row.get(3)) {
            Some(kind) => {
                let (name, definition) = (object_name(row, 1), row.get(7));
                views.push(View { name, kind, columns, definition, comment });
            }
            None => tables.push(Table { columns, comment, ..table(row) }),
        }
    }
    (tables, views)
}

/// The relation's number in the catalog, which every row begins with.
fn relation(row: &Row) -> u32 {
    row.get(0)
}

fn view_kind(kind: &str) -> Option<ViewKind> {
    match kind {
        "v" => Some(ViewKind::Plain),
        "m" => Some(ViewKind::Materialized),
        _ => None,
    }
}

fn table(row: &Row) -> Table {
    let (kind, is_partition, has_children): (&str, bool, bool) =
        (row.get(3), row.get(4), row.get(5));
    let partitioning = match (kind, is_partition, has_children) {
        (_, true, _) => Partitioning::Partition,
        (_, false, false) => Partitioning::None,
        ("p", false, true) => Partitioning::Partitioned,
        (_, false, true) => Partitioning::Inherited,
    };
    Table { partitioning, row_security: row.get(6), ..Table::new(object_name(row, 1)) }
}

fn column(row: &Row) -> Column {
    let ty = column_type::of(&Catalog {
        name: row.get(4),
        namespace: row.get(5),
        kind: row.get(6),
        modifier: row.get(7),
        formatted: row.get(8),
    });
    let arity = match (row.get(3), row.get(9)) {
        (true, _) => Arity::List,
        (false, true) => Arity::Required,
        (false, false) => Arity::Nullable,
    };
    let mut column = Column::new(row.get::<_, String>(2), ty, arity);
    column.identity = match row.get(10) {
        "a" => Some(Identity::Always),
        "d" => Some(Identity::ByDefault),
        _ => None,
    };
    let generated = match row.get(11) {
        "s" => Some(GeneratedKind::Stored),
        "v" => Some(GeneratedKind::Virtual),
        _ => None,
    };
    let expression: Option<String> = row.get(12);
    column.printed = Some(Printed {
        type_name: row.get(16),
        is_added_base_type: row.get::<_, &str>(6) == "b" && row.get::<_, &str>(5) != "pg_catalog",
        formatted_type: row.get(17),
        default: expression.clone(),
    });
    match (generated, expression) {
        (Some(kind), Some(expression)) => column.generated = Some(Generated { expression, kind }),
        (None, Some(expression)) => column.default = read_default(row, &expression, &column),
        (_, None) => {}
    }
    column.collation = row.get(15);
    column
}

fn read_default(row: &Row, expression: &str, column: &Column) -> Option<ColumnDefault> {
    let sequence: Option<&str> = row.get(14);
    if sequence.is_some() && expression.starts_with("nextval(") {
        return Some(ColumnDefault::Autoincrement(Some(object_name(row, 13))));
    }
    default::parse(expression, &column.ty, column.arity)
}
