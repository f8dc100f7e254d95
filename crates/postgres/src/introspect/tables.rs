//! Tables, views and their columns, from the rows of `tables.sql`.

use pg_schema::{
    Arity, Column, ColumnDefault, Generated, GeneratedKind, Identity, ObjectName, Partitioning,
    Printed, Table, View, ViewKind,
};
use tokio_postgres::Row;

use super::column_type::{self, Catalog};
use super::{default, object_name};

/// The tables by name and the views as the catalog has them, columns in their order.
pub(super) fn read(rows: &[Row]) -> (Vec<Table>, Vec<View>) {
    let (mut tables, mut views): (Vec<Table>, Vec<View>) = (Vec::new(), Vec::new());
    let mut places: Vec<i64> = Vec::new();
    for row in rows {
        let name = object_name(row, 0);
        let kind: &str = row.get(2);
        let columns = if let Some(kind) = view_kind(kind) {
            if views.last().is_none_or(|view| view.name != name) {
                views.push(view(row, name, kind));
                places.push(row.get(24));
            }
            views.last_mut().map(|view| &mut view.columns)
        } else {
            if tables.last().is_none_or(|table| table.name != name) {
                tables.push(table(row, name, kind));
            }
            tables.last_mut().map(|table| &mut table.columns)
        };
        if let (Some(columns), Some(column)) = (columns, column(row)) {
            columns.push(column);
        }
    }
    let mut views: Vec<(i64, View)> = places.into_iter().zip(views).collect();
    views.sort_by_key(|(place, _)| *place);
    (tables, views.into_iter().map(|(_, view)| view).collect())
}

fn view_kind(kind: &str) -> Option<ViewKind> {
    match kind {
        "v" => Some(ViewKind::Plain),
        "m" => Some(ViewKind::Materialized),
        _ => None,
    }
}

fn view(row: &Row, name: ObjectName, kind: ViewKind) -> View {
    View { name, kind, columns: Vec::new(), definition: row.get(7), comment: row.get(6) }
}

fn table(row: &Row, name: ObjectName, kind: &str) -> Table {
    let mut table = Table::new(name);
    table.partitioning = if row.get(3) {
        Partitioning::Partition
    } else if kind == "p" {
        Partitioning::Partitioned
    } else if row.get(4) {
        Partitioning::Inherited
    } else {
        Partitioning::None
    };
    table.row_security = row.get(5);
    table.comment = row.get(6);
    table
}

/// The row's column; none for a table that has none.
fn column(row: &Row) -> Option<Column> {
    let name: String = row.get::<_, Option<String>>(8)?;
    let ty = column_type::of(&Catalog {
        name: row.get(10),
        namespace: row.get(11),
        kind: row.get(12),
        modifier: row.get(13),
        formatted: row.get(14),
    });
    let arity = match (row.get(9), row.get(15)) {
        (true, _) => Arity::List,
        (false, true) => Arity::Required,
        (false, false) => Arity::Nullable,
    };
    let mut column = Column::new(name, ty, arity);
    column.identity = match row.get(16) {
        "a" => Some(Identity::Always),
        "d" => Some(Identity::ByDefault),
        _ => None,
    };
    let expression: Option<String> = row.get(18);
    let stored = match row.get(17) {
        "s" => Some(GeneratedKind::Stored),
        "v" => Some(GeneratedKind::Virtual),
        _ => None,
    };
    column.printed = Some(Printed { type_name: row.get(23), default: expression.clone() });
    match (stored, expression) {
        (Some(kind), Some(expression)) => column.generated = Some(Generated { expression, kind }),
        (None, Some(expression)) => column.default = read_default(row, &expression, &column),
        (_, None) => {}
    }
    column.collation = row.get(21);
    column.comment = row.get(22);
    Some(column)
}

fn read_default(row: &Row, expression: &str, column: &Column) -> Option<ColumnDefault> {
    let sequence: Option<&str> = row.get(20);
    if sequence.is_some() && expression.starts_with("nextval(") {
        return Some(ColumnDefault::Autoincrement(Some(object_name(row, 19))));
    }
    default::parse(expression, &column.ty, column.arity)
}
