//! Scripts for whoever is on a connection of another kind: they say every namespace.

use crate::{
    Column, ColumnDefault, ColumnType, Enum, ForeignKey, Literal, ObjectName, Pair, PgSchema,
    Table, diff, render,
};

fn sample(values: &[&str]) -> PgSchema {
    let mut table = Table::new(ObjectName::bare("T"));
    table.columns = vec![
        Column::required("size", ColumnType::Enum(ObjectName::bare("Size")))
            .with_default(ColumnDefault::Literal(Literal::Enum("small".to_owned()))),
        Column::required("n", ColumnType::Integer)
            .with_default(ColumnDefault::Autoincrement(Some(ObjectName::bare("numbers")))),
    ];
    table.foreign_keys = vec![ForeignKey::new("k", &["n"], ObjectName::bare("T"), &["n"])];
    PgSchema {
        names_in_full: true,
        enums: vec![Enum::new(ObjectName::bare("Size"), values)],
        tables: vec![table, Table::new(ObjectName::qualified("other", "U"))],
        ..PgSchema::default()
    }
}

fn script(previous: &PgSchema, next: &PgSchema) -> String {
    let schemas = Pair::new(previous, next);
    render(&diff(schemas), schemas)
}

#[test]
fn scripts_name_everything_in_full() {
    let nothing = PgSchema { names_in_full: true, ..PgSchema::default() };
    let script = script(&nothing, &sample(&["small"]));
    for named in [
        "CREATE TYPE \"public\".\"Size\"",
        "CREATE TABLE \"public\".\"T\"",
        "\"size\" \"public\".\"Size\" NOT NULL",
        "CREATE TABLE \"other\".\"U\"",
        "ALTER TABLE \"public\".\"T\" ADD CONSTRAINT \"k\"",
        "REFERENCES \"public\".\"T\"(\"n\")",
    ] {
        assert!(script.contains(named), "{named}\n{script}");
    }
}

#[test]
fn what_is_dropped_from_a_schema_file_s_enum_is_named_as_the_file_does() {
    let previous = PgSchema { is_desired: true, ..sample(&["small", "large"]) };
    assert_eq!(
        script(&previous, &sample(&["small"])),
        r#"-- AlterEnum
BEGIN;
CREATE TYPE "public"."Size_new" AS ENUM ('small');
ALTER TABLE "T" ALTER COLUMN "size" DROP DEFAULT;
ALTER TABLE "public"."T" ALTER COLUMN "size" TYPE "public"."Size_new" USING ("size"::text::"public"."Size_new");
ALTER TYPE "public"."Size" RENAME TO "Size_old";
ALTER TYPE "public"."Size_new" RENAME TO "Size";
DROP TYPE "Size_old";
ALTER TABLE "public"."T" ALTER COLUMN "size" SET DEFAULT 'small';
COMMIT;
"#
    );
}
