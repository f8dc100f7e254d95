//! Warnings, without a database and with one's numbers.

use super::sample::{blog, schema, table};
use crate::{
    Column, ColumnType, Index, ObjectName, Pair, PgSchema, PrimaryKey, RowCounts, diff, warnings,
    warnings_block,
};

fn block(previous: &PgSchema, next: &PgSchema, counts: &RowCounts) -> String {
    let schemas = Pair::new(previous, next);
    warnings_block(&warnings(&diff(schemas), schemas), counts)
}

fn of(columns: Vec<Column>) -> PgSchema {
    schema(vec![table("T", columns)])
}

fn counts(rows: u64, values: u64) -> RowCounts {
    let table = ObjectName::bare("T");
    RowCounts {
        rows: [(table.clone(), rows)].into(),
        values: [((table, "a".to_owned()), values)].into(),
    }
}

#[test]
fn nothing_to_warn_of() {
    assert_eq!(block(&PgSchema::default(), &blog(), &RowCounts::default()), "");
}

#[test]
fn losses_come_first() {
    let previous = of(vec![
        Column::nullable("a", ColumnType::Text),
        Column::required("b", ColumnType::Text),
        Column::required("c", ColumnType::Text),
        Column::nullable("d", ColumnType::Text),
    ]);
    let mut next = of(vec![
        Column::required("a", ColumnType::Text),
        Column::required("c", ColumnType::VarChar(Some(3))),
        Column::nullable("d", ColumnType::Integer),
        Column::required("e", ColumnType::Text),
        Column { client_default: true, ..Column::required("f", ColumnType::Text) },
    ]);
    next.tables[0].indexes.push(Index::unique("T_a_c_key", &["a", "c"]));
    next.tables.push(table("New", Vec::new()));
    let expected = "\
/*
  Warnings:

  - You are about to drop the column `b` on the `T` table. All the data in the column will be lost.
  - You are about to alter the column `c` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Text` to `VarChar(3)`.
  - The `d` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - A unique constraint covering the columns `[a,c]` on the table `T` will be added. If there are existing duplicate values, this will fail.
  - Added the required column `e` to the `T` table without a default value. This is not possible if the table is not empty.
  - The required column `f` was added to the `T` table with a prisma-level default value. This is not possible if the table is not empty. Please add this column as optional, then populate it before making it required.
  - Made the column `a` on table `T` required. This step will fail if there are existing NULL values in that column.

*/
";
    assert_eq!(block(&previous, &next, &RowCounts::default()), expected);
}

#[test]
fn keys_tables_and_enums_are_warned_of() {
    let mut next = blog();
    next.tables.remove(1);
    next.enums[0].values.clear();
    next.tables[0].primary_key = Some(PrimaryKey::new("User_pkey", &["email"]));
    let expected = "\
/*
  Warnings:

  - The values [good,bad] on the enum `Mood` will be removed. If these variants are still used in the database, this will fail.
  - The primary key for the `User` table will be changed. If it partially fails, the table could be left without primary key constraint.
  - You are about to drop the `Post` table. If the table is not empty, all the data it contains will be lost.

*/
";
    assert_eq!(block(&blog(), &next, &RowCounts::default()), expected);
}

#[test]
fn numbers_go_into_the_texts() {
    let nullable = of(vec![Column::nullable("a", ColumnType::Text)]);
    let required = of(vec![Column::required("a", ColumnType::Text)]);
    let none = of(Vec::new());
    let gone = schema(Vec::new());
    let number = of(vec![Column::required("a", ColumnType::Integer)]);
    for (previous, next, text) in [
        (&nullable, &gone, "You are about to drop the `T` table, which is not empty (5 rows)."),
        (
            &nullable,
            &none,
            "You are about to drop the column `a` on the `T` table, which still contains 3 non-null values.",
        ),
        (
            &nullable,
            &required,
            "Made the column `a` on table `T` required, but there are 2 existing NULL values.",
        ),
        (
            &none,
            &required,
            "Added the required column `a` to the `T` table without a default value. There are 5 rows in this table, it is not possible to execute this step.",
        ),
        (
            &required,
            &number,
            "Changed the type of `a` on the `T` table. No cast exists, the column would be dropped and recreated, which cannot be done since the column is required and there is data in the table.",
        ),
    ] {
        assert_eq!(
            block(previous, next, &counts(5, 3)),
            format!("/*\n  Warnings:\n\n  - {text}\n\n*/\n")
        );
        assert_eq!(block(previous, next, &counts(0, 0)), "", "an empty table: {text}");
    }
    assert_eq!(block(&nullable, &required, &counts(5, 5)), "");
}
