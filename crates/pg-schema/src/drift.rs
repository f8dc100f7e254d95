//! Steps in words: what is there that should not be, and the other way around.
//!
//! The grammar is the reference's, `[+] Added tables` and so on, since people and scripts read
//! it: enums and tables that came, that went, then each that changed with a line per step.

mod describe;

use std::fmt::Write;

use crate::{ColumnId, Index, NameChange, Pair, PgSchema, Step, Table, TableChange, TableId};

/// What the steps change, by enum and table.
pub fn drift_summary(steps: &[Step], schemas: Pair<&PgSchema>) -> String {
    if steps.is_empty() {
        return "No difference detected.".to_owned();
    }
    let mut items: Vec<(Section, &str, String)> = steps
        .iter()
        .map(|step| {
            let (section, name) = item(step, schemas);
            (section, name, lines(step, schemas))
        })
        .collect();
    // Steps are in their order already; sorting is stable.
    items.sort_by_key(|(section, name, _)| (*section, *name));

    let mut out = String::new();
    let mut current = None;
    for (section, name, lines) in items {
        if current != Some((section, name)) {
            current = Some((section, name));
            out.push('\n');
            out.push_str(&section.title(name));
            out.push('\n');
        }
        out.push_str(&lines);
    }
    out
}

/// The parts of a summary, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    RenamedEnum,
    RenamedTable,
    ChangedExtension,
    RemovedExtensions,
    AddedExtensions,
    AddedSchemas,
    AddedEnums,
    AddedTables,
    RemovedEnums,
    RemovedTables,
    ChangedEnum,
    ChangedTable,
}

impl Section {
    fn title(self, name: &str) -> String {
        match self {
            Self::RenamedEnum => format!("[*] Renamed the `{name}` enum"),
            Self::RenamedTable => format!("[*] Renamed the `{name}` table"),
            Self::ChangedExtension => format!("[*] Changed the `{name}` extension"),
            Self::RemovedExtensions => "[-] Removed extensions".to_owned(),
            Self::AddedExtensions => "[+] Added extensions".to_owned(),
            Self::AddedSchemas => "[+] Added Schemas".to_owned(),
            Self::AddedEnums => "[+] Added enums".to_owned(),
            Self::AddedTables => "[+] Added tables".to_owned(),
            Self::RemovedEnums => "[-] Removed enums".to_owned(),
            Self::RemovedTables => "[-] Removed tables".to_owned(),
            Self::ChangedEnum => format!("[*] Changed the `{name}` enum"),
            Self::ChangedTable => format!("[*] Changed the `{name}` table"),
        }
    }
}

/// Where a step is told of. Extensions stand each under a title of its own.
fn item<'a>(step: &'a Step, schemas: Pair<&'a PgSchema>) -> (Section, &'a str) {
    let Pair { previous, next } = schemas;
    let changed = |schema: &'a PgSchema, id: TableId| {
        (Section::ChangedTable, schema.table_at(id).name.name.as_str())
    };
    match step {
        Step::Rename(change) => renamed(change),
        Step::CreateSchema(_) => (Section::AddedSchemas, ""),
        Step::DropExtension(id) => {
            (Section::RemovedExtensions, previous.extension_at(*id).name.as_str())
        }
        Step::CreateExtension(id) => {
            (Section::AddedExtensions, next.extension_at(*id).name.as_str())
        }
        Step::AlterExtension(alter) => (
            Section::ChangedExtension,
            previous.extension_at(alter.extensions.previous).name.as_str(),
        ),
        Step::CreateEnum(_) => (Section::AddedEnums, ""),
        Step::CreateTable(_) => (Section::AddedTables, ""),
        Step::DropEnum(_) => (Section::RemovedEnums, ""),
        Step::DropTable(_) => (Section::RemovedTables, ""),
        Step::AlterEnum(alter) => {
            (Section::ChangedEnum, previous.enum_at(alter.enums.previous).name.name.as_str())
        }
        Step::DropForeignKey(id) => changed(previous, id.table),
        Step::DropIndex(id) => changed(previous, id.table),
        Step::AlterTable(alter) => changed(previous, alter.tables.previous),
        Step::CreateIndex(create) => changed(next, create.index.table),
        Step::AddForeignKey(id) => changed(next, id.table),
        Step::RenameForeignKey(ids) => changed(next, ids.next.table),
        Step::RenameIndex(ids) => changed(previous, ids.previous.table),
    }
}

fn lines(step: &Step, schemas: Pair<&PgSchema>) -> String {
    let Pair { previous, next } = schemas;
    let item_line = |name: &str| format!("  - {name}\n");
    match step {
        Step::Rename(change) => name_change(change),
        Step::AlterExtension(_) => String::new(),
        Step::CreateSchema(id) => item_line(next.namespace_at(*id)),
        Step::DropExtension(id) => item_line(&previous.extension_at(*id).name),
        Step::CreateExtension(id) => item_line(&next.extension_at(*id).name),
        Step::CreateEnum(id) => item_line(&next.enum_at(*id).name.name),
        Step::CreateTable(id) => item_line(&next.table_at(*id).name.name),
        Step::DropEnum(id) => item_line(&previous.enum_at(*id).name.name),
        Step::DropTable(id) => item_line(&previous.table_at(*id).name.name),
        Step::AlterEnum(alter) => {
            let added = alter.added.iter().map(|value| format!("  [+] Added variant `{value}`\n"));
            added
                .chain(
                    alter.removed.iter().map(|value| format!("  [-] Removed variant `{value}`\n")),
                )
                .collect()
        }
        Step::DropForeignKey(id) => {
            let columns = previous.foreign_key_at(*id).columns.join(", ");
            format!("  [-] Removed foreign key on columns ({columns})\n")
        }
        Step::AddForeignKey(id) => {
            format!(
                "  [+] Added foreign key on columns ({})\n",
                next.foreign_key_at(*id).columns.join(", ")
            )
        }
        Step::RenameForeignKey(ids) => format!(
            "  [*] Renamed the foreign key \"{}\" to \"{}\"\n",
            previous.foreign_key_at(ids.previous).name,
            next.foreign_key_at(ids.next).name
        ),
        Step::DropIndex(id) => format!("  [-] Removed {}\n", index_on(previous.index_at(*id))),
        Step::CreateIndex(create) => {
            format!("  [+] Added {}\n", index_on(next.index_at(create.index)))
        }
        Step::RenameIndex(ids) => format!(
            "  [*] Renamed index `{}` to `{}`\n",
            previous.index_at(ids.previous).name,
            next.index_at(ids.next).name
        ),
        Step::AlterTable(alter) => {
            let tables = Pair::new(
                previous.table_at(alter.tables.previous),
                next.table_at(alter.tables.next),
            );
            alter.changes.iter().map(|change| table_change(change, tables, schemas)).collect()
        }
    }
}

/// Names as they are at that moment. The reference knows no renames of this kind.
fn renamed(change: &NameChange) -> (Section, &str) {
    match change {
        NameChange::Table { from, .. } => (Section::RenamedTable, &from.name),
        NameChange::Enum { from, .. } => (Section::RenamedEnum, &from.name),
        NameChange::EnumValue { of, .. } => (Section::ChangedEnum, &of.name),
        NameChange::Column { table, .. }
        | NameChange::Index { table, .. }
        | NameChange::ForeignKey { table, .. } => (Section::ChangedTable, &table.name),
    }
}

fn name_change(change: &NameChange) -> String {
    match change {
        NameChange::Table { to, .. } | NameChange::Enum { to, .. } => {
            format!("  [*] It is now `{to}`\n")
        }
        NameChange::EnumValue { from, to, .. } => {
            format!("  [*] Renamed variant `{from}` to `{to}`\n")
        }
        NameChange::Column { from, to, .. } => format!("  [*] Renamed column `{from}` to `{to}`\n"),
        NameChange::Index { from, to, .. } => format!("  [*] Renamed index `{from}` to `{to}`\n"),
        NameChange::ForeignKey { from, to, .. } => {
            format!("  [*] Renamed the foreign key \"{from}\" to \"{to}\"\n")
        }
    }
}

fn index_on(index: &Index) -> String {
    let unique = if index.unique { "unique " } else { "" };
    format!("{unique}index on columns ({})", index.columns().unwrap_or_default().join(", "))
}

fn table_change(change: &TableChange, tables: Pair<&Table>, schemas: Pair<&PgSchema>) -> String {
    let key = |table: &Table| {
        table.primary_key.as_ref().map(|key| key.columns.join(", ")).unwrap_or_default()
    };
    let columns = |ids: Pair<ColumnId>| {
        Pair::new(schemas.previous.column_at(ids.previous), schemas.next.column_at(ids.next))
    };
    let renamed_key =
        || format!("  [*] Renamed the primary key on columns ({})\n", key(tables.previous));
    let mut out = String::new();
    let _ = match change {
        TableChange::DropPrimaryKey => {
            let _ = writeln!(
                out,
                "  [-] Dropped the primary key on columns ({})",
                key(tables.previous)
            );
            // To the reference, a key that comes back under another name is renamed as well.
            if is_key_renamed(tables) {
                out.push_str(&renamed_key());
            }
            Ok(())
        }
        TableChange::RenamePrimaryKey => {
            out.push_str(&renamed_key());
            Ok(())
        }
        // The reference closes a parenthesis too many, on a line of its own.
        TableChange::AddPrimaryKey => {
            writeln!(out, "  [+] Added primary key on columns ({})\n)", key(tables.next))
        }
        TableChange::DropColumn(id) => {
            writeln!(out, "  [-] Removed column `{}`", schemas.previous.column_at(*id).name)
        }
        TableChange::AddColumn(id) => {
            writeln!(out, "  [+] Added column `{}`", schemas.next.column_at(*id).name)
        }
        TableChange::AlterColumn(ids, changes) => {
            let columns = columns(*ids);
            writeln!(
                out,
                "  [*] Altered column `{}` ({})",
                columns.next.name,
                describe::changes(*changes, columns, schemas)
            )
        }
        TableChange::RecreateColumn(ids, changes) => {
            let columns = columns(*ids);
            writeln!(
                out,
                "  [*] Column `{}` would be dropped and recreated ({})",
                columns.next.name,
                describe::changes(*changes, columns, schemas)
            )
        }
    };
    out
}

fn is_key_renamed(tables: Pair<&Table>) -> bool {
    match (&tables.previous.primary_key, &tables.next.primary_key) {
        (Some(previous), Some(next)) => previous.name != next.name,
        _ => false,
    }
}
