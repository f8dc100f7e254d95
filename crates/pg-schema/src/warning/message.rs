//! The texts of warnings. They are the reference's: people search for them.

use super::{RowCounts, WarningKind};
use crate::Pair;

impl WarningKind {
    /// The text, with the numbers that are known; `None` where they show that there is nothing
    /// to warn of.
    pub fn message(&self, counts: &RowCounts) -> Option<String> {
        let rows = self.counted_table().and_then(|table| counts.of_table(table));
        let values =
            self.counted_column().and_then(|(table, column)| counts.of_column(table, column));
        match self {
            Self::TableDropped { table } => unless_empty(rows, || {
                let table = &table.name;
                match rows {
                    Some(rows) => format!("You are about to drop the `{table}` table, which is not empty ({rows} rows)."),
                    None => format!(
                        "You are about to drop the `{table}` table. If the table is not empty, all the data it contains will be lost."
                    ),
                }
            }),
            Self::ColumnDropped { table, column } => unless_empty(values, || {
                let table = &table.name;
                match values {
                    Some(values) => format!(
                        "You are about to drop the column `{column}` on the `{table}` table, which still contains {values} non-null values."
                    ),
                    None => format!(
                        "You are about to drop the column `{column}` on the `{table}` table. All the data in the column will be lost."
                    ),
                }
            }),
            Self::ColumnRecreated { table, column } => unless_empty(rows, || ())
                .and_then(|()| unless_empty(values, || ()))
                .map(|()| {
                    format!(
                        "The `{column}` column on the `{}` table would be dropped and recreated. This will lead to data loss{}.",
                        table.name,
                        if values.is_some() { "" } else { " if there is data in the column" }
                    )
                }),
            Self::RiskyCast { table, column, types: Pair { previous, next } } => unless_empty(values, || {
                let known = match values {
                    Some(values) => format!(", which contains {values} non-null values."),
                    None => ". The data in that column could be lost.".to_owned(),
                };
                format!(
                    "You are about to alter the column `{column}` on the `{}` table{known} The data in that column will be cast from `{previous}` to `{next}`.",
                    table.name
                )
            }),
            Self::PrimaryKeyChanged { table } => unless_empty(rows, || {
                format!(
                    "The primary key for the `{}` table will be changed. If it partially fails, the table could be left without primary key constraint.",
                    table.name
                )
            }),
            Self::UniqueAdded { table, columns } => Some(format!(
                "A unique constraint covering the columns `[{}]` on the table `{}` will be added. If there are existing duplicate values, this will fail.",
                columns.join(","),
                table.name
            )),
            Self::EnumValuesRemoved { name, values } => Some(format!(
                "The values [{}] on the enum `{}` will be removed. If these variants are still used in the database, this will fail.",
                values.join(","),
                name.name
            )),
            Self::RequiredColumnAdded { table, column } => unless_empty(rows, || {
                format!(
                    "Added the required column `{column}` to the `{}` table without a default value. {}",
                    table.name,
                    impossible(rows)
                )
            }),
            Self::RequiredColumnWithClientDefaultAdded { table, column } => unless_empty(rows, || {
                format!(
                    "The required column `{column}` was added to the `{}` table with a prisma-level default value. {} Please add this column as optional, then populate it before making it required.",
                    table.name,
                    impossible(rows)
                )
            }),
            Self::MadeRequired { table, column } => made_required(&table.name, column, rows, values),
            Self::MadeList { table, column } => unless_empty(values, || {
                let known = match values {
                    Some(values) => format!("There are {values} existing non-null values in that column, this step cannot be executed."),
                    None => "If there are non-null values in that column, this step will fail.".to_owned(),
                };
                format!(
                    "Changed the column `{column}` on the `{}` table from a scalar field to a list field. {known}",
                    table.name
                )
            }),
            Self::RequiredColumnRecreated { table, column } => unless_empty(rows, || {
                format!(
                    "Changed the type of `{column}` on the `{}` table. No cast exists, the column would be dropped and recreated, which cannot be done {}.",
                    table.name,
                    match rows {
                        Some(_) => "since the column is required and there is data in the table",
                        None => "if there is data, since the column is required",
                    }
                )
            }),
        }
    }
}

/// Where a count is known to be zero there is nothing to say.
fn unless_empty<T>(count: Option<u64>, message: impl FnOnce() -> T) -> Option<T> {
    (count != Some(0)).then(message)
}

fn impossible(rows: Option<u64>) -> String {
    match rows {
        Some(rows) => {
            format!("There are {rows} rows in this table, it is not possible to execute this step.")
        }
        None => "This is not possible if the table is not empty.".to_owned(),
    }
}

fn made_required(
    table: &str,
    column: &str,
    rows: Option<u64>,
    values: Option<u64>,
) -> Option<String> {
    match (rows, values) {
        (Some(rows), Some(values)) if rows <= values => None,
        (Some(0), _) => None,
        (Some(rows), Some(values)) => Some(format!(
            "Made the column `{column}` on table `{table}` required, but there are {} existing NULL values.",
            rows - values
        )),
        _ => Some(format!(
            "Made the column `{column}` on table `{table}` required. This step will fail if there are existing NULL values in that column."
        )),
    }
}
