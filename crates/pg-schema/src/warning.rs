//! What steps do to data that is there: loss, casts that may fail, steps that cannot be taken.
//!
//! Found without looking at a database; [`RowCounts`] then say which of them matter there. The
//! texts are the reference's, word for word.

mod message;
mod type_name;

use std::collections::BTreeMap;

use crate::{
    AlterTable, Arity, ColumnChanges, ColumnId, ObjectName, Pair, PgSchema, Step, TableChange,
    TableId, TypeChange,
};

/// One thing to be told before the steps are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Which of the steps, from 0.
    pub step: usize,
    pub kind: WarningKind,
}

/// What there is to tell. Tables and columns are named as they were before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WarningKind {
    TableDropped {
        table: ObjectName,
    },
    ColumnDropped {
        table: ObjectName,
        column: String,
    },
    /// There is no cast to the new type, but the column can be empty.
    ColumnRecreated {
        table: ObjectName,
        column: String,
    },
    RiskyCast {
        table: ObjectName,
        column: String,
        types: Pair<String>,
    },
    PrimaryKeyChanged {
        table: ObjectName,
    },
    UniqueAdded {
        table: ObjectName,
        columns: Vec<String>,
    },
    EnumValuesRemoved {
        name: ObjectName,
        values: Vec<String>,
    },
    RequiredColumnAdded {
        table: ObjectName,
        column: String,
    },
    /// As above, where the application has a default that the database does not know.
    RequiredColumnWithClientDefaultAdded {
        table: ObjectName,
        column: String,
    },
    MadeRequired {
        table: ObjectName,
        column: String,
    },
    /// One value becomes many of the same type.
    MadeList {
        table: ObjectName,
        column: String,
    },
    /// There is no cast to the new type, and the column cannot be empty.
    RequiredColumnRecreated {
        table: ObjectName,
        column: String,
    },
}

impl WarningKind {
    /// Whether the step fails where there is data, rather than losing it.
    pub fn is_unexecutable(&self) -> bool {
        matches!(
            self,
            Self::RequiredColumnAdded { .. }
                | Self::RequiredColumnWithClientDefaultAdded { .. }
                | Self::MadeRequired { .. }
                | Self::MadeList { .. }
                | Self::RequiredColumnRecreated { .. }
        )
    }

    /// The table whose rows are to be counted, if the number matters.
    pub fn counted_table(&self) -> Option<&ObjectName> {
        match self {
            Self::TableDropped { table }
            | Self::PrimaryKeyChanged { table }
            | Self::ColumnRecreated { table, .. }
            | Self::RequiredColumnAdded { table, .. }
            | Self::RequiredColumnWithClientDefaultAdded { table, .. }
            | Self::MadeRequired { table, .. }
            | Self::RequiredColumnRecreated { table, .. } => Some(table),
            Self::ColumnDropped { .. }
            | Self::RiskyCast { .. }
            | Self::MadeList { .. }
            | Self::UniqueAdded { .. }
            | Self::EnumValuesRemoved { .. } => None,
        }
    }

    /// The column whose values other than NULL are to be counted, if the number matters.
    pub fn counted_column(&self) -> Option<(&ObjectName, &str)> {
        match self {
            Self::ColumnDropped { table, column }
            | Self::RiskyCast { table, column, .. }
            | Self::ColumnRecreated { table, column }
            | Self::MadeRequired { table, column }
            | Self::MadeList { table, column } => Some((table, column)),
            _ => None,
        }
    }
}

/// What was counted in a database; what was not is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Rows of tables.
    pub rows: BTreeMap<ObjectName, u64>,
    /// Values other than NULL in columns.
    pub values: BTreeMap<(ObjectName, String), u64>,
}

impl RowCounts {
    fn of_table(&self, table: &ObjectName) -> Option<u64> {
        self.rows.get(table).copied()
    }

    fn of_column(&self, table: &ObjectName, column: &str) -> Option<u64> {
        self.values.get(&(table.clone(), column.to_owned())).copied()
    }
}

/// Everything that the steps put at risk: first what is lost, then what cannot be done, each in
/// the order of the steps.
pub fn warnings(steps: &[Step], schemas: Pair<&PgSchema>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (step, kinds) in steps.iter().map(|step| of_step(step, schemas)).enumerate() {
        warnings.extend(kinds.into_iter().map(|kind| Warning { step, kind }));
    }
    warnings.sort_by_key(|warning| warning.kind.is_unexecutable());
    warnings
}

/// The comment at the top of a migration file; nothing where there is nothing to warn of.
pub fn warnings_block(warnings: &[Warning], counts: &RowCounts) -> String {
    let lines: Vec<String> = warnings
        .iter()
        .filter_map(|warning| warning.kind.message(counts))
        .map(|message| format!("  - {message}\n"))
        .collect();
    if lines.is_empty() {
        String::new()
    } else {
        format!("/*\n  Warnings:\n\n{}\n*/\n", lines.concat())
    }
}

fn of_step(step: &Step, schemas: Pair<&PgSchema>) -> Vec<WarningKind> {
    match step {
        Step::AlterTable(alter) => of_table(alter, schemas),
        Step::DropTable(id) => {
            vec![WarningKind::TableDropped { table: table_name(*id, schemas.previous) }]
        }
        Step::CreateIndex(create) if create.previous_table.is_some() && !create.recreated => {
            let index = schemas.next.index_at(create.index);
            let columns =
                index.columns().unwrap_or_default().into_iter().map(str::to_owned).collect();
            let table = table_name(create.index.table, schemas.next);
            if index.unique {
                vec![WarningKind::UniqueAdded { table, columns }]
            } else {
                Vec::new()
            }
        }
        Step::AlterEnum(alter) if !alter.removed.is_empty() => {
            vec![WarningKind::EnumValuesRemoved {
                name: schemas.next.enum_at(alter.enums.next).name.clone(),
                values: alter.removed.clone(),
            }]
        }
        _ => Vec::new(),
    }
}

fn of_table(alter: &AlterTable, schemas: Pair<&PgSchema>) -> Vec<WarningKind> {
    let table = table_name(alter.tables.previous, schemas.previous);
    let mut kinds = Vec::new();
    for change in &alter.changes {
        let table = table.clone();
        match change {
            TableChange::DropPrimaryKey => kinds.push(WarningKind::PrimaryKeyChanged { table }),
            TableChange::DropColumn(id) => {
                let column = schemas.previous.column_at(*id).name.clone();
                kinds.push(WarningKind::ColumnDropped { table, column });
            }
            TableChange::AddColumn(id) => kinds.extend(of_added_column(*id, table, schemas.next)),
            TableChange::AlterColumn(ids, changes) => {
                of_altered_column(*ids, *changes, &table, schemas, &mut kinds);
            }
            TableChange::RecreateColumn(ids, changes) => {
                kinds.push(of_recreated_column(*ids, *changes, table, schemas));
            }
            TableChange::RenamePrimaryKey | TableChange::AddPrimaryKey => {}
        }
    }
    kinds
}

fn of_added_column(id: ColumnId, table: ObjectName, next: &PgSchema) -> Option<WarningKind> {
    let added = next.column_at(id);
    let fills_itself =
        added.default.is_some() || added.identity.is_some() || added.generated.is_some();
    if added.arity != Arity::Required || fills_itself {
        return None;
    }
    let column = added.name.clone();
    Some(if added.client_default {
        WarningKind::RequiredColumnWithClientDefaultAdded { table, column }
    } else {
        WarningKind::RequiredColumnAdded { table, column }
    })
}

fn of_altered_column(
    ids: Pair<ColumnId>,
    changes: ColumnChanges,
    table: &ObjectName,
    schemas: Pair<&PgSchema>,
    kinds: &mut Vec<WarningKind>,
) {
    let columns =
        Pair::new(schemas.previous.column_at(ids.previous), schemas.next.column_at(ids.next));
    let column = &columns.previous.name;
    if (columns.previous.arity, columns.next.arity) == (Arity::Nullable, Arity::Required) {
        kinds.push(WarningKind::MadeRequired { table: table.clone(), column: column.clone() });
    }
    if changes.arity && columns.next.arity == Arity::List {
        kinds.push(WarningKind::MadeList { table: table.clone(), column: column.clone() });
    }
    if changes.ty == Some(TypeChange::Risky) {
        let types = columns.map(|column| type_name::of(&column.ty));
        kinds.push(WarningKind::RiskyCast { table: table.clone(), column: column.clone(), types });
    }
}

fn of_recreated_column(
    ids: Pair<ColumnId>,
    changes: ColumnChanges,
    table: ObjectName,
    schemas: Pair<&PgSchema>,
) -> WarningKind {
    let columns =
        Pair::new(schemas.previous.column_at(ids.previous), schemas.next.column_at(ids.next));
    let column = columns.previous.name.clone();
    let must_be_filled = columns.next.arity == Arity::Required && columns.next.default.is_none();
    if must_be_filled && changes.arity && columns.previous.arity == Arity::Nullable {
        WarningKind::RequiredColumnAdded { table, column }
    } else if must_be_filled {
        WarningKind::RequiredColumnRecreated { table, column }
    } else {
        WarningKind::ColumnRecreated { table, column }
    }
}

fn table_name(id: TableId, schema: &PgSchema) -> ObjectName {
    schema.table_at(id).name.clone()
}
