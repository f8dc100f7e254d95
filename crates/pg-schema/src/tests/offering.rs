//! Which renames are offered, and which are not worth a question.

use super::renaming::{joined, of_columns};
use super::sample::{blog, schema, table};
use crate::{
    Column, ColumnId, ColumnType, Enum, Index, ObjectName, Pair, PgSchema, Rename, candidates,
};

#[test]
fn columns_that_may_be_one_are_offered() {
    use ColumnType::{Boolean, Integer, Text, Timestamp, VarChar};

    type Columns = &'static [(&'static str, ColumnType)];
    let cases: [(Columns, Columns, &[&str]); 8] = [
        (&[("phone", Text)], &[("mobile", Text)], &["T.phone:mobile"]),
        (&[("phone", Text)], &[("phone_number", VarChar(Some(20)))], &["T.phone:phone_number"]),
        // Nothing to keep, nothing in common.
        (&[("phone", Text)], &[("paid", Boolean)], &[]),
        (&[("phone", Text)], &[("count", Integer)], &[]),
        (&[("made", Timestamp(Some(3)))], &[("made_at", Timestamp(Some(6)))], &["T.made:made_at"]),
        // Of two, the nearer first; both are offered.
        (
            &[("phone", Text)],
            &[("fax", Text), ("phone_no", Text)],
            &["T.phone:phone_no", "T.phone:fax"],
        ),
        // Nothing goes, or nothing comes.
        (&[("a", Text)], &[("a", Text), ("b", Text)], &[]),
        (&[("a", Text), ("b", Text)], &[("a", Text)], &[]),
    ];
    for (previous, next, expected) in cases {
        assert_eq!(offered(&of_columns(previous), &of_columns(next)), expected);
    }
}

#[test]
fn tables_that_may_be_one_are_offered() {
    let of = |name: &str, columns: &[&str]| {
        table(name, columns.iter().map(|name| Column::nullable(*name, ColumnType::Text)).collect())
    };
    let student = of("Student", &["id", "name", "phone", "notes"]);
    let stays = of("Course", &["id", "title"]);
    let cases = [
        (of("Pupil", &["id", "name", "phone", "notes"]), vec!["Student:Pupil"]),
        (of("Students", &["id", "name", "mobile"]), vec!["Student:Students"]),
        (of("Invoice", &["id", "total", "paid"]), vec![]),
        (of("Invoice", &["id", "notes", "total", "paid"]), vec![]),
    ];
    for (next, expected) in cases {
        let schemas = [student.clone(), next].map(|table| schema(vec![stays.clone(), table]));
        assert_eq!(offered(&schemas[0], &schemas[1]), expected);
    }
}

#[test]
fn a_table_that_joins_the_same_is_offered_and_no_other() {
    let previous = joined("Course", "Student", "_CourseToStudent");
    let next = joined("Course", "Student", "_visits");
    assert_eq!(offered(&previous, &next), ["_CourseToStudent:_visits"]);
    let mut other = joined("Course", "Student", "_visits");
    other.tables[2].foreign_keys[0].referenced_table = ObjectName::bare("Student");
    assert!(offered(&previous, &other).is_empty());
}

#[test]
fn enums_and_values_that_may_be_one_are_offered() {
    let of = |name: &str, values: &[&str]| PgSchema {
        enums: vec![Enum::new(ObjectName::bare(name), values)],
        ..schema(Vec::new())
    };
    let previous = of("Status", &["draft", "active", "gone"]);
    for (next, expected) in [
        (of("State", &["draft", "active", "gone"]), vec!["Status:State"]),
        (of("Colour", &["red", "green"]), vec![]),
        (of("Status", &["draft", "enabled", "gone"]), vec!["Status.active:enabled"]),
        (of("Status", &["draft", "gone", "no_show"]), vec![]),
        (of("Status", &["draft", "active", "gone_away", "new"]), vec!["Status.gone:gone_away"]),
    ] {
        assert_eq!(offered(&previous, &next), expected);
    }
}

#[test]
fn a_table_is_offered_no_name_that_is_taken() {
    let mut previous = blog();
    let mut next = blog();
    next.tables[1].name = ObjectName::bare("Article");
    assert_eq!(offered(&previous, &next), ["Post:Article"]);
    previous.tables[0].indexes.push(Index::new("Article", &["email"]));
    assert!(offered(&previous, &next).is_empty());
}

/// What is offered, best first, as [`rename`] reads it.
fn offered(previous: &PgSchema, next: &PgSchema) -> Vec<String> {
    let column = |schema: &PgSchema, id: ColumnId| {
        (schema.table_at(id.table).name.name.clone(), schema.column_at(id).name.clone())
    };
    candidates(Pair::new(previous, next))
        .into_iter()
        .map(|candidate| match candidate.rename {
            Rename::Table(ids) => {
                let names = (previous.table_at(ids.previous), next.table_at(ids.next));
                format!("{}:{}", names.0.name.name, names.1.name.name)
            }
            Rename::Enum(ids) => {
                let names = (previous.enum_at(ids.previous), next.enum_at(ids.next));
                format!("{}:{}", names.0.name.name, names.1.name.name)
            }
            Rename::EnumValue(ids) => {
                let of = &previous.enum_at(ids.previous.enumeration).name.name;
                format!("{of}.{}:{}", previous.value_at(ids.previous), next.value_at(ids.next))
            }
            Rename::Column(ids) => {
                let (of, old) = column(previous, ids.previous);
                format!("{of}.{old}:{}", column(next, ids.next).1)
            }
        })
        .collect()
}
