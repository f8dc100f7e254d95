//! `ALTER COLUMN`: NOT NULL, default, sequence, type, in this order.

use super::{column, object, table_name};
use crate::name::kept;
use crate::{Arity, ColumnChanges, ColumnDefault, ColumnId, ObjectName, Pair, PgSchema, quote};

/// Clauses of `ALTER TABLE`, and whole statements before and after it.
#[derive(Debug, Default)]
pub(super) struct Altered {
    pub(super) before: Vec<String>,
    pub(super) clauses: Vec<String>,
    pub(super) after: Vec<String>,
}

pub(super) fn alter(
    ids: Pair<ColumnId>,
    changes: ColumnChanges,
    drops_sequence: bool,
    schemas: Pair<&PgSchema>,
) -> Altered {
    let columns =
        Pair::new(schemas.previous.column_at(ids.previous), schemas.next.column_at(ids.next));
    let mut out = Altered::default();
    let prefix = format!("ALTER COLUMN {}", quote::ident(&columns.previous.name));
    let mut push = |clause: &str| out.clauses.push(format!("{prefix} {clause}"));

    match (columns.previous.arity, columns.next.arity) {
        _ if !changes.arity => {}
        (Arity::Required | Arity::List, Arity::Nullable) => push("DROP NOT NULL"),
        (Arity::Nullable | Arity::List, Arity::Required) => push("SET NOT NULL"),
        _ => {}
    }

    let becomes_plain = changes.autoincrement && columns.previous.is_autoincrement();
    if becomes_plain && columns.previous.identity.is_some() {
        push("DROP IDENTITY");
    }
    let default = columns.next.default.as_ref().filter(|_| changes.default);
    match default.and_then(|default| column::expression(default, columns.next, schemas.next)) {
        Some(default) => push(&format!("SET DEFAULT {default}")),
        None if becomes_plain && columns.previous.identity.is_some() => {}
        None if changes.default || becomes_plain => push("DROP DEFAULT"),
        None => {}
    }
    if drops_sequence {
        out.after.push(drop_sequence(ids.previous, schemas.previous));
    } else if changes.autoincrement && !becomes_plain {
        add_sequence(ids.next, schemas.next, &prefix, &mut out);
    }

    if changes.ty.is_some()
        || (changes.arity && Pair::new(columns.previous, columns.next).map(is_list).differs())
    {
        let data_type = column::data_type(columns.next, schemas.next);
        out.clauses.push(format!("{prefix} SET DATA TYPE {data_type}"));
    }
    out
}

fn is_list(column: &crate::Column) -> bool {
    column.arity == Arity::List
}

/// A sequence that no server has named yet has the name that the server would give it.
fn drop_sequence(id: ColumnId, previous: &PgSchema) -> String {
    let column = previous.column_at(id);
    let known = match &column.default {
        Some(ColumnDefault::Autoincrement(sequence)) => sequence.clone(),
        _ => None,
    };
    let name = known.unwrap_or_else(|| serial(&previous.table_at(id.table).name, &column.name));
    format!("DROP SEQUENCE {}", object(&name, previous))
}

/// Does by hand what `SERIAL` does.
fn add_sequence(id: ColumnId, schema: &PgSchema, prefix: &str, out: &mut Altered) {
    let table = schema.table_at(id.table);
    let column = &schema.column_at(id).name;
    let name = added_sequence(id, schema).name;
    let in_namespace = |name: &str| match table.name.namespace.as_deref() {
        _ if schema.names_in_full => {
            let namespace = table.name.namespace_or(&schema.default_namespace);
            format!("{}.{name}", quote::ident(namespace))
        }
        Some(namespace) if namespace != schema.default_namespace => {
            format!("{}.{name}", quote::ident(namespace))
        }
        _ => name.to_owned(),
    };
    let sequence =
        in_namespace(&if is_plain(&name) { name.clone() } else { quote::ident(&name).to_string() });
    out.before.push(format!("CREATE SEQUENCE {sequence}"));
    out.clauses.push(format!("{prefix} SET DEFAULT nextval({})", quote::literal(&sequence)));
    out.after.push(format!(
        "ALTER SEQUENCE {sequence} OWNED BY {}.{}",
        table_name(table, schema),
        quote::ident(column)
    ));
}

/// The sequence that is made for a column that did without one, in the reference's spelling: its name folded to
/// lower case, and left for the server to cut unless it would cut it to the name of the table.
pub(super) fn added_sequence(id: ColumnId, schema: &PgSchema) -> ObjectName {
    let table = &schema.table_at(id.table).name;
    let column = &schema.column_at(id).name;
    let whole = format!("{}_{column}_seq", table.name).to_lowercase();
    let name = if kept(&whole) == table.name {
        serial_name(&table.name, column).to_lowercase()
    } else {
        whole
    };
    table.sibling(name)
}

/// Whether a lower-case name needs no quotes. To the server, all beyond ASCII are letters.
fn is_plain(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || !c.is_ascii() || c == '_';
    name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit())
}

/// The sequence that the server makes for a serial column.
pub(crate) fn serial(table: &ObjectName, column: &str) -> ObjectName {
    table.sibling(serial_name(&table.name, column))
}

/// The name that the server gives to the sequence of a serial column: of table and column, the
/// longer one is cut until both fit into 63 bytes.
fn serial_name(table: &str, column: &str) -> String {
    const ROOM: usize = 63 - "__seq".len();

    let (mut table_end, mut column_end) = (table.len(), column.len());
    while table_end + column_end > ROOM {
        if table_end > column_end {
            table_end -= 1;
        } else {
            column_end -= 1;
        }
    }
    let cut = |name: &str, end: usize| name[..name.floor_char_boundary(end)].to_owned();
    format!("{}_{}_seq", cut(table, table_end), cut(column, column_end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_serials_are_the_servers() {
        assert_eq!(serial_name("A", "id"), "A_id_seq");
        let long = serial_name(&"t".repeat(60), &"c".repeat(40));
        assert_eq!(long, format!("{}_{}_seq", "t".repeat(29), "c".repeat(29)));
        assert_eq!(serial_name(&"t".repeat(60), "id").len(), 63);
    }
}
