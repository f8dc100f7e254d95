//! Steps taken on paper lead where they were meant to, and back.

use super::sample::{blog, random, schema, table};
use crate::{
    Column, ColumnType, Index, IndexKey, IndexKeyPart, ObjectName, Pair, PgSchema, View, ViewKind,
    diff, outcome, render,
};

const SEEDS: u64 = 500;

fn after(schemas: Pair<&PgSchema>) -> PgSchema {
    outcome(&diff(schemas), schemas)
}

/// Every pair of samples, none of them with anything that a diff looks past.
fn pairs() -> impl Iterator<Item = (PgSchema, PgSchema)> {
    let samples = (0..SEEDS).map(|seed| (random(seed), random(seed + SEEDS)));
    samples.chain([(PgSchema::default(), blog()), (blog(), PgSchema::default())])
}

#[test]
fn the_steps_lead_to_the_next_schema() {
    for (previous, next) in pairs() {
        let after = after(Pair::new(&previous, &next));
        assert_eq!(diff(Pair::new(&after, &next)), [], "{previous:#?}\n{next:#?}");
    }
}

#[test]
fn and_those_back_to_the_previous() {
    for (previous, next) in pairs() {
        let taken = after(Pair::new(&previous, &next));
        let back = after(Pair::new(&taken, &previous));
        assert_eq!(diff(Pair::new(&back, &previous)), [], "{previous:#?}\n{next:#?}");
    }
}

/// What nobody asked about is there before, after, and when it was taken back.
#[test]
fn what_the_steps_did_not_make_is_nobodys_to_take_back() {
    let mut had = table("T", vec![Column::required("id", ColumnType::Integer)]);
    let mut lower = Index::new("by_hand", &[]);
    lower.keys.push(IndexKey {
        part: IndexKeyPart::Expression("lower(name)".to_owned()),
        ..IndexKey::column("")
    });
    had.indexes.push(lower);
    had.indexes.push(Index { predicate: Some("id > 0".to_owned()), ..Index::new("some", &["id"]) });
    let view = View {
        name: ObjectName::bare("V"),
        kind: ViewKind::Plain,
        columns: Vec::new(),
        definition: None,
        comment: None,
    };
    let previous = PgSchema { views: vec![view], ..schema(vec![had]) };
    let mut wanted = table("T", vec![Column::required("id", ColumnType::Integer)]);
    wanted.columns.push(Column::nullable("x", ColumnType::Text));
    let next = PgSchema { is_desired: true, ..schema(vec![wanted]) };

    let after = after(Pair::new(&previous, &next));
    assert_eq!(
        (&after.views, &after.tables[0].indexes),
        (&previous.views, &previous.tables[0].indexes)
    );
    let back = Pair::new(&after, &previous);
    assert_eq!(render(&diff(back), back), "-- AlterTable\nALTER TABLE \"T\" DROP COLUMN \"x\";\n");
}

/// The server drops with a column all that is made of it, wherever it is mentioned.
#[test]
fn what_mentions_a_column_goes_with_it() {
    let columns = ["id", "a", "b"].map(|name| Column::nullable(name, ColumnType::Integer));
    let mut had = table("T", columns.to_vec());
    for column in ["a", "b"] {
        let named = |kind: &str| Index::new(format!("{kind}_{column}"), &["id"]);
        let mut expression = named("expression");
        expression.keys[0].part = IndexKeyPart::Expression(format!("({column} + 1)"));
        had.indexes.extend([
            Index::new(format!("key_{column}"), &[column]),
            expression,
            Index { predicate: Some(format!("({column} > 0)")), ..named("partial") },
            Index { include: vec![column.to_owned()], ..named("including") },
        ]);
        had.checks.push(crate::Check {
            name: format!("check_{column}"),
            definition: format!("CHECK (({column} > id))"),
            validated: true,
        });
    }
    let previous = schema(vec![had]);
    let mut next = previous.clone();
    next.tables[0].columns.remove(1);
    let after = outcome(&diff(Pair::new(&previous, &next)), Pair::new(&previous, &next));
    let indexes: Vec<&str> =
        after.tables[0].indexes.iter().map(|index| index.name.as_str()).collect();
    assert_eq!(indexes, ["key_b", "expression_b", "partial_b", "including_b"]);
    let checks: Vec<&str> =
        after.tables[0].checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(checks, ["check_b"]);
}
