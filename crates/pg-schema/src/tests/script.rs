//! Scripts for the changes that happen most.

use super::sample::{blog, schema, table};
use super::script;
use crate::{
    Arity, Column, ColumnDefault, ColumnType, EMPTY_SCRIPT, Enum, ForeignKey, Identity, Index,
    Literal, ObjectName, PgSchema, PrimaryKey,
};

#[test]
fn from_nothing() {
    let expected = r#"-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Mood" AS ENUM ('good', 'bad');

-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "mood" "Mood" DEFAULT 'good',
    "created" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Post" (
    "id" INTEGER NOT NULL,
    "author" INTEGER NOT NULL,
    "tags" TEXT[],
    "score" DECIMAL(5,2) NOT NULL,

    CONSTRAINT "Post_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE INDEX "Post_author_score_idx" ON "Post"("author", "score");

-- AddForeignKey
ALTER TABLE "Post" ADD CONSTRAINT "Post_author_fkey" FOREIGN KEY ("author") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
"#;
    assert_eq!(script(&PgSchema::default(), &blog()), expected);
}

#[test]
fn to_nothing() {
    let expected = r#"-- DropForeignKey
ALTER TABLE "Post" DROP CONSTRAINT "Post_author_fkey";

-- DropTable
DROP TABLE "User";

-- DropTable
DROP TABLE "Post";

-- DropEnum
DROP TYPE "Mood";
"#;
    assert_eq!(script(&blog(), &PgSchema::default()), expected);
}

#[test]
fn no_change() {
    assert_eq!(script(&blog(), &blog()), "-- This is an empty migration.");
}

#[test]
fn columns_are_altered_in_one_statement() {
    let previous = schema(vec![table(
        "T",
        vec![
            Column::required("gone", ColumnType::Text),
            Column::nullable("a", ColumnType::Integer),
            Column::required("b", ColumnType::Text),
        ],
    )]);
    let next = schema(vec![table(
        "T",
        vec![
            Column::required("a", ColumnType::BigInt)
                .with_default(ColumnDefault::Literal(Literal::Number(1.into()))),
            Column::required("b", ColumnType::Integer),
            Column::new("new", ColumnType::Text, Arity::List),
        ],
    )]);
    let expected = r#"-- AlterTable
ALTER TABLE "T" DROP COLUMN "gone",
ADD COLUMN     "new" TEXT[],
ALTER COLUMN "a" SET NOT NULL,
ALTER COLUMN "a" SET DEFAULT 1,
ALTER COLUMN "a" SET DATA TYPE BIGINT,
DROP COLUMN "b",
ADD COLUMN     "b" INTEGER NOT NULL;
"#;
    assert_eq!(script(&previous, &next), expected);
}

#[test]
fn an_index_over_a_column_that_is_made_anew_is_made_again() {
    let with = |ty| {
        let mut table = table("T", vec![Column::required("a", ty)]);
        table.indexes.push(Index::new("T_a_idx", &["a"]));
        schema(vec![table])
    };
    let expected = r#"-- AlterTable
ALTER TABLE "T" DROP COLUMN "a",
ADD COLUMN     "a" UUID NOT NULL;

-- CreateIndex
CREATE INDEX "T_a_idx" ON "T"("a");
"#;
    assert_eq!(script(&with(ColumnType::Text), &with(ColumnType::Uuid)), expected);
}

#[test]
fn renaming_a_key_is_a_statement_of_its_own() {
    let mut next = blog();
    next.tables[0].primary_key = Some(PrimaryKey::new("pk", &["id"]));
    next.tables[0].columns.pop();
    let expected = r#"-- AlterTable
ALTER TABLE "User" DROP COLUMN "created";
ALTER TABLE "User" RENAME CONSTRAINT "User_pkey" TO "pk";
"#;
    assert_eq!(script(&blog(), &next), expected);
}

#[test]
fn a_sequence_comes_and_goes() {
    let with = |default| {
        let mut column = Column::required("Id", ColumnType::Integer);
        column.default = default;
        schema(vec![table("T", vec![column])])
    };
    let plain = with(None);
    let counted =
        with(Some(ColumnDefault::Autoincrement(Some(ObjectName::qualified("public", "T_Id_seq")))));
    assert_eq!(
        script(&plain, &counted),
        r#"-- AlterTable
CREATE SEQUENCE t_id_seq;
ALTER TABLE "T" ALTER COLUMN "Id" SET DEFAULT nextval('t_id_seq');
ALTER SEQUENCE t_id_seq OWNED BY "T"."Id";
"#
    );
    assert_eq!(
        script(&counted, &plain),
        r#"-- AlterTable
ALTER TABLE "T" ALTER COLUMN "Id" DROP DEFAULT;
DROP SEQUENCE "T_Id_seq";
"#
    );
    let mut identity = with(None);
    identity.tables[0].columns[0].identity = Some(Identity::ByDefault);
    assert_eq!(
        script(&identity, &plain),
        "-- AlterTable\nALTER TABLE \"T\" ALTER COLUMN \"Id\" DROP IDENTITY;\n"
    );
}

#[test]
fn enum_values_are_added_one_by_one() {
    let mut next = blog();
    next.enums[0].values.push("so'so".to_owned());
    assert_eq!(script(&blog(), &next), "-- AlterEnum\nALTER TYPE \"Mood\" ADD VALUE 'so''so';\n");

    next.enums[0].values.push("none".to_owned());
    let script = script(&blog(), &next);
    assert!(
        script
            .starts_with("-- AlterEnum\n-- This migration adds more than one value to an enum.\n"),
        "{script}"
    );
    assert!(
        script.ends_with("ADD VALUE 'so''so';\nALTER TYPE \"Mood\" ADD VALUE 'none';\n"),
        "{script}"
    );
}

/// Names that say their namespace are the same as those that leave it to the default.
#[test]
fn an_enum_that_loses_a_value_is_rebuilt() {
    let mut previous = blog();
    let mood = ObjectName::qualified("public", "Mood");
    previous.enums[0].name = mood.clone();
    previous.tables[0].name = ObjectName::qualified("public", "User");
    previous.tables[0].columns[2].ty = ColumnType::Enum(mood);
    let mut next = blog();
    next.enums[0] = Enum::new(ObjectName::bare("Mood"), &["good"]);
    let expected = r#"-- AlterEnum
BEGIN;
CREATE TYPE "Mood_new" AS ENUM ('good');
ALTER TABLE "public"."User" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "User" ALTER COLUMN "mood" TYPE "Mood_new" USING ("mood"::text::"Mood_new");
ALTER TYPE "Mood" RENAME TO "Mood_old";
ALTER TYPE "Mood_new" RENAME TO "Mood";
DROP TYPE "public"."Mood_old";
ALTER TABLE "User" ALTER COLUMN "mood" SET DEFAULT 'good';
COMMIT;
"#;
    assert_eq!(script(&previous, &next), expected);
}

#[test]
fn names_of_keys_and_indexes_can_change() {
    let mut next = blog();
    next.tables[0].indexes[0].name = "unique_email".to_owned();
    next.tables[1].foreign_keys[0].name = "written_by".to_owned();
    let expected = r#"-- RenameForeignKey
ALTER TABLE "Post" RENAME CONSTRAINT "Post_author_fkey" TO "written_by";

-- RenameIndex
ALTER INDEX "User_email_key" RENAME TO "unique_email";
"#;
    assert_eq!(script(&blog(), &next), expected);
}

#[test]
fn names_are_quoted() {
    let odd = table(r#"a"b"#, vec![Column::required("c d", ColumnType::Text)]);
    assert_eq!(
        script(&schema(Vec::new()), &schema(vec![odd])),
        "-- CreateTable\nCREATE TABLE \"a\"\"b\" (\n    \"c d\" TEXT NOT NULL\n);\n"
    );
}

#[test]
fn other_namespaces_are_named() {
    let mut next = schema(vec![table("T", vec![Column::required("a", ColumnType::Text)])]);
    next.namespaces.extend(["billing".to_owned(), "unused".to_owned()]);
    next.tables[0].name = ObjectName::qualified("billing", "T");
    next.tables[0].indexes.push(Index::new("T_a_idx", &["a"]));
    let expected = r#"-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "billing";

-- CreateTable
CREATE TABLE "billing"."T" (
    "a" TEXT NOT NULL
);

-- CreateIndex
CREATE INDEX "T_a_idx" ON "billing"."T"("a");
"#;
    assert_eq!(script(&schema(Vec::new()), &next), expected);
}

#[test]
fn indexes_can_swap_their_names() {
    let with = |a: &str, b: &str| {
        let columns =
            vec![Column::required("a", ColumnType::Text), Column::required("b", ColumnType::Text)];
        let mut table = table("T", columns);
        table.indexes = vec![Index::new(a, &["a"]), Index::new(b, &["b"])];
        schema(vec![table])
    };
    let swapped = script(&with("one", "two"), &with("two", "one"));
    let expected = r#"-- DropIndex
DROP INDEX "one";

-- DropIndex
DROP INDEX "two";

-- CreateIndex
CREATE INDEX "two" ON "T"("a");

-- CreateIndex
CREATE INDEX "one" ON "T"("b");
"#;
    assert_eq!(swapped, expected);

    // A chain, too: the second has to go before its name is free.
    let shifted = script(&with("one", "two"), &with("two", "three"));
    assert!(!shifted.contains("RENAME"), "{shifted}");
    assert!(script(&with("one", "two"), &with("three", "two")).contains("RENAME"));
}

/// The old enum can only go when nothing is of it any more.
#[test]
fn columns_that_leave_a_rebuilt_enum_let_go_of_it_first() {
    let mut next = blog();
    next.enums[0].values.pop();
    next.tables[0].columns.remove(2);
    next.tables.push(table(
        "New",
        vec![Column::required("mood", ColumnType::Enum(ObjectName::bare("Mood")))],
    ));
    let script = script(&blog(), &next);
    assert!(
        script
            .contains(r#"ALTER TABLE "User" ALTER COLUMN "mood" TYPE TEXT USING ("mood"::text);"#),
        "{script}"
    );
    assert!(!script.contains(r#"ALTER TABLE "New""#), "{script}");
}

/// The server cuts names at 63 bytes: what it then has is what was asked for.
#[test]
fn a_name_is_what_the_server_keeps_of_it() {
    let with = |name: &str| {
        let mut long = table(name, vec![Column::required(name, ColumnType::Integer)]);
        long.primary_key = Some(PrimaryKey::new("pk", &[name]));
        long.indexes.push(Index::new("index", &[name]));
        long.foreign_keys.push(ForeignKey::new("key", &[name], ObjectName::bare(name), &[name]));
        schema(vec![long])
    };
    let asked = with(&format!("{}é{}", "x".repeat(62), "y"));
    assert_eq!(script(&with(&"x".repeat(62)), &asked), EMPTY_SCRIPT);
    assert_ne!(script(&with(&"x".repeat(61)), &asked), EMPTY_SCRIPT);
}
