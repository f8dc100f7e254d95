//! Renames: in which order names change, and what follows them.

use super::sample::{blog, schema, table};
use crate::{
    Check, Column, ColumnDefault, ColumnType, Enum, ForeignKey, Index, Literal, NameChange,
    ObjectName, Pair, PgSchema, PrimaryKey, Rename, Renamed, Table, column_before, drift_summary,
    render, table_before,
};

/// A rename as a test writes it: `User:Person`, `User.email:mail`, the table under its name before or after.
fn rename(schemas: Pair<&PgSchema>, text: &str) -> Rename {
    let (old, new) = text.split_once(':').unwrap();
    let Some((of, old)) = old.split_once('.') else {
        let names = Pair::new(ObjectName::bare(old), ObjectName::bare(new));
        return match (
            schemas.previous.table_id(&names.previous),
            schemas.next.table_id(&names.next),
        ) {
            (Some(previous), Some(next)) => Rename::Table(Pair::new(previous, next)),
            _ => Rename::Enum(Pair::new(
                schemas.previous.enum_id(&names.previous).unwrap(),
                schemas.next.enum_id(&names.next).unwrap(),
            )),
        };
    };
    let (of, of_next) = of.split_once('>').unwrap_or((of, of));
    let names = Pair::new(ObjectName::bare(of), ObjectName::bare(of_next));
    if let Some(previous) = schemas.previous.table_id(&names.previous) {
        return Rename::Column(Pair::new(
            schemas.previous.column_id(previous, old).unwrap(),
            schemas.next.column_id(schemas.next.table_id(&names.next).unwrap(), new).unwrap(),
        ));
    }
    Rename::EnumValue(Pair::new(
        schemas.previous.value_id(schemas.previous.enum_id(&names.previous).unwrap(), old).unwrap(),
        schemas.next.value_id(schemas.next.enum_id(&names.next).unwrap(), new).unwrap(),
    ))
}

fn script(previous: &PgSchema, next: &PgSchema, renames: &[&str]) -> String {
    let schemas = Pair::new(previous, next);
    let renames: Vec<Rename> = renames.iter().map(|text| rename(schemas, text)).collect();
    let renamed = Renamed::new(schemas, &renames);
    render(&renamed.steps(next), Pair::new(&renamed.previous, next))
}

pub(super) fn of_columns(columns: &[(&str, ColumnType)]) -> PgSchema {
    let columns = columns.iter().map(|(name, ty)| Column::nullable(*name, ty.clone())).collect();
    schema(vec![table("T", columns)])
}

/// A table with a key, an index and a reference to itself, all named after it.
fn node(name: &str, parent: &str) -> Table {
    let columns = vec![
        Column::required("id", ColumnType::Integer),
        Column::nullable(parent, ColumnType::Integer),
    ];
    let mut node = table(name, columns);
    node.primary_key = Some(PrimaryKey::new(format!("{name}_pkey"), &["id"]));
    node.indexes.push(Index::new(format!("{name}_{parent}_idx"), &[parent]));
    let key = format!("{name}_{parent}_fkey");
    node.foreign_keys.push(ForeignKey::new(key, &[parent], ObjectName::bare(name), &["id"]));
    node
}

/// Two tables and the one that joins them, as the reference names it.
pub(super) fn joined(a: &str, b: &str, join: &str) -> PgSchema {
    let side = |name: &str| {
        let mut side = table(name, vec![Column::required("id", ColumnType::Integer)]);
        side.primary_key = Some(PrimaryKey::new(format!("{name}_pkey"), &["id"]));
        side
    };
    let columns = ["A", "B"].map(|name| Column::required(name, ColumnType::Integer));
    let mut table = table(join, columns.into());
    table.primary_key = Some(PrimaryKey::new(format!("{join}_AB_pkey"), &["A", "B"]));
    table.indexes.push(Index::new(format!("{join}_B_index"), &["B"]));
    for (column, referenced) in [("A", a), ("B", b)] {
        table.foreign_keys.push(ForeignKey::new(
            format!("{join}_{column}_fkey"),
            &[column],
            ObjectName::bare(referenced),
            &["id"],
        ));
    }
    schema(vec![side(a), side(b), table])
}

#[test]
fn everything_follows_a_table_and_its_columns() {
    let mut next = blog();
    next.tables[0].name = ObjectName::bare("Person");
    next.tables[0].columns[1].name = "mail".to_owned();
    next.tables[0].primary_key.as_mut().unwrap().name = "Person_pkey".to_owned();
    next.tables[0].indexes[0] = Index::unique("Person_mail_key", &["mail"]);
    next.tables[1].columns[1].name = "writer".to_owned();
    next.tables[1].indexes[0] = Index::new("Post_writer_score_idx", &["writer", "score"]);
    let key = &mut next.tables[1].foreign_keys[0];
    key.name = "Post_writer_fkey".to_owned();
    key.columns = vec!["writer".to_owned()];
    key.referenced_table = ObjectName::bare("Person");
    let expected = r#"-- RenameTable
ALTER TABLE "User" RENAME TO "Person";

-- RenameColumn
ALTER TABLE "Person" RENAME COLUMN "email" TO "mail";

-- RenameColumn
ALTER TABLE "Post" RENAME COLUMN "author" TO "writer";

-- AlterTable
ALTER TABLE "Person" RENAME CONSTRAINT "User_pkey" TO "Person_pkey";

-- RenameForeignKey
ALTER TABLE "Post" RENAME CONSTRAINT "Post_author_fkey" TO "Post_writer_fkey";

-- RenameIndex
ALTER INDEX "User_email_key" RENAME TO "Person_mail_key";

-- RenameIndex
ALTER INDEX "Post_author_score_idx" RENAME TO "Post_writer_score_idx";
"#;
    let renames = ["User:Person", "User>Person.email:mail", "Post.author:writer"];
    assert_eq!(script(&blog(), &next, &renames), expected);
}

#[test]
fn changes_can_be_taken_back() {
    let previous = schema(vec![node("A", "up"), node("B", "over")]);
    let next = schema(vec![node("B", "over"), node("A", "above")]);
    let schemas = Pair::new(&previous, &next);
    let renames = ["A:B", "B:A", "A>B.up:over", "B>A.over:above"].map(|text| rename(schemas, text));
    let renamed = Renamed::new(schemas, &renames);
    let mut back = renamed.clone();
    back.take(renamed.changes.iter().rev().map(NameChange::reversed).collect());
    assert_eq!(back.previous, previous);
    assert_ne!(renamed.previous, previous);
}

#[test]
fn what_was_before_can_be_found() {
    let mut next = blog();
    next.tables[0].name = ObjectName::bare("Person");
    next.tables[0].columns[1].name = "mail".to_owned();
    let previous = blog();
    let schemas = Pair::new(&previous, &next);
    let renames = ["User:Person", "User>Person.email:mail"].map(|text| rename(schemas, text));
    let renamed = Renamed::new(schemas, &renames);
    let steps = renamed.steps(&next);
    let person = ObjectName::bare("Person");
    assert_eq!(table_before(&steps, &person), ObjectName::bare("User"));
    assert_eq!(column_before(&steps, &person, "mail"), "email");
    assert_eq!(column_before(&steps, &person, "id"), "id");
    assert_eq!(table_before(&steps, &ObjectName::bare("Post")), ObjectName::bare("Post"));
}

#[test]
fn nothing_is_renamed_where_nothing_is_said() {
    let schemas = Pair::new(&blog(), &schema(Vec::new())).map(Clone::clone);
    let renamed = Renamed::new(schemas.as_ref(), &[]);
    assert!(renamed.changes.is_empty() && renamed.previous == schemas.previous);
}

#[test]
fn tables_swap_their_names_and_those_of_their_keys() {
    let previous = schema(vec![node("A", "up"), node("B", "over")]);
    let next = schema(vec![node("B", "up"), node("A", "over")]);
    let expected = r#"-- RenameTable
ALTER TABLE "B" RENAME TO "B_old";

-- RenameTable
ALTER TABLE "A" RENAME TO "B";

-- RenameTable
ALTER TABLE "B_old" RENAME TO "A";

-- RenameIndex
ALTER INDEX "A_pkey" RENAME TO "A_pkey_old";

-- RenameIndex
ALTER INDEX "B_pkey" RENAME TO "B_pkey_old";

-- AlterTable
ALTER TABLE "B" RENAME CONSTRAINT "A_pkey_old" TO "B_pkey";

-- AlterTable
ALTER TABLE "A" RENAME CONSTRAINT "B_pkey_old" TO "A_pkey";

-- RenameForeignKey
ALTER TABLE "B" RENAME CONSTRAINT "A_up_fkey" TO "B_up_fkey";

-- RenameForeignKey
ALTER TABLE "A" RENAME CONSTRAINT "B_over_fkey" TO "A_over_fkey";

-- RenameIndex
ALTER INDEX "A_up_idx" RENAME TO "B_up_idx";

-- RenameIndex
ALTER INDEX "B_over_idx" RENAME TO "A_over_idx";
"#;
    assert_eq!(script(&previous, &next, &["A:B", "B:A"]), expected);
}

#[test]
fn a_name_is_free_before_it_is_given() {
    let previous = of_columns(&[("a", ColumnType::Text), ("b", ColumnType::Text)]);
    let next = of_columns(&[("b", ColumnType::Text)]);
    let expected = r#"-- RenameColumn
ALTER TABLE "T" RENAME COLUMN "b" TO "b_old";

-- RenameColumn
ALTER TABLE "T" RENAME COLUMN "a" TO "b";

-- AlterTable
ALTER TABLE "T" DROP COLUMN "b_old";
"#;
    assert_eq!(script(&previous, &next, &["T.a:b"]), expected);
}

#[test]
fn a_joining_table_follows_the_tables_that_it_joins() {
    let previous = joined("Course", "Student", "_CourseToStudent");
    let follows = r#"-- RenameTable
ALTER TABLE "Student" RENAME TO "Pupil";

-- RenameTable
ALTER TABLE "_CourseToStudent" RENAME TO "_CourseToPupil";

-- RenameForeignKey
ALTER TABLE "_CourseToPupil" RENAME CONSTRAINT "_CourseToStudent_A_fkey" TO "_CourseToPupil_A_fkey";

-- RenameForeignKey
ALTER TABLE "_CourseToPupil" RENAME CONSTRAINT "_CourseToStudent_B_fkey" TO "_CourseToPupil_B_fkey";

-- AlterTable
ALTER TABLE "Pupil" RENAME CONSTRAINT "Student_pkey" TO "Pupil_pkey";

-- AlterTable
ALTER TABLE "_CourseToPupil" RENAME CONSTRAINT "_CourseToStudent_AB_pkey" TO "_CourseToPupil_AB_pkey";

-- RenameIndex
ALTER INDEX "_CourseToStudent_B_index" RENAME TO "_CourseToPupil_B_index";
"#;
    let next = joined("Course", "Pupil", "_CourseToPupil");
    assert_eq!(script(&previous, &next, &["Student:Pupil"]), follows);

    // `Learner` comes after `Course`, `Attendee` before it: A and B change places.
    let turned = script(
        &previous,
        &joined("Attendee", "Course", "_AttendeeToCourse"),
        &["Student:Attendee"],
    );
    for line in [
        r#"ALTER TABLE "_AttendeeToCourse" RENAME COLUMN "A" TO "B";"#,
        r#"ALTER TABLE "_AttendeeToCourse" RENAME CONSTRAINT "_CourseToStudent_A_fkey" TO "_AttendeeToCourse_B_fkey";"#,
    ] {
        assert!(turned.contains(line), "{turned}");
    }
    for word in ["DROP TABLE", "DROP COLUMN", "DropForeignKey"] {
        assert!(!turned.contains(word), "{turned}");
    }

    // A relation with a name: the table stays, and still its columns have to change places.
    let turned = script(
        &joined("Course", "Student", "_visits"),
        &joined("Attendee", "Course", "_visits"),
        &["Student:Attendee"],
    );
    assert!(turned.contains(r#"ALTER TABLE "_visits" RENAME COLUMN "A" TO "B";"#), "{turned}");
    assert!(!turned.contains("DropForeignKey"), "{turned}");
}

#[test]
fn an_enum_is_renamed_with_its_values() {
    let with = |name: &str, values: [&str; 2], column: &str| {
        let ty = ObjectName::bare(name);
        let mut table = table(
            "T",
            vec![
                Column::required(column, ColumnType::Enum(ty.clone()))
                    .with_default(ColumnDefault::Literal(Literal::Enum(values[0].to_owned()))),
            ],
        );
        let mut index = Index::new("T_idx", &[column]);
        index.predicate = Some(format!("({column} <> '{}'::\"{name}\")", values[1]));
        table.indexes.push(index);
        table.checks.push(Check {
            name: "T_check".to_owned(),
            definition: format!("CHECK (({column} IS NOT NULL))"),
            validated: true,
        });
        PgSchema { enums: vec![Enum::new(ty, &values)], ..schema(vec![table]) }
    };
    let (previous, mut next) =
        (with("Mood", ["ok", "bad"], "mood"), with("Feeling", ["fine", "bad"], "feeling"));
    let renames = ["Mood:Feeling", "Mood>Feeling.ok:fine", "T.mood:feeling"];
    let schemas = Pair::new(&previous, &next);
    let renamed = Renamed::new(schemas, &renames.map(|text| rename(schemas, text)));
    assert_eq!(renamed.previous, next, "down to the words of expressions");

    next.enums[0].values.push("new".to_owned());
    let expected = r#"-- RenameEnum
ALTER TYPE "Mood" RENAME TO "Feeling";

-- RenameEnumValue
ALTER TYPE "Feeling" RENAME VALUE 'ok' TO 'fine';

-- RenameColumn
ALTER TABLE "T" RENAME COLUMN "mood" TO "feeling";

-- AlterEnum
ALTER TYPE "Feeling" ADD VALUE 'new';
"#;
    assert_eq!(script(&previous, &next, &renames), expected);
}

#[test]
fn renames_are_told_in_summaries() {
    let (previous, next) = (blog(), {
        let mut next = blog();
        next.tables[1].columns[3].name = "points".to_owned();
        next.tables[1].indexes.clear();
        next
    });
    let schemas = Pair::new(&previous, &next);
    let renamed = Renamed::new(schemas, &[rename(schemas, "Post.score:points")]);
    let summary = drift_summary(&renamed.steps(&next), Pair::new(&renamed.previous, &next));
    assert_eq!(
        summary,
        "\n[*] Changed the `Post` table\n  [*] Renamed column `score` to `points`\n  \
         [-] Removed index on columns (author, points)\n"
    );
}
