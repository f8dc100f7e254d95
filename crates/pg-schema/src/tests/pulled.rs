//! What a pulled schema leaves out or says in other words is no difference to the database that it was pulled from.

use super::sample::{schema, table};
use super::script;
use crate::{
    Arity, Column, ColumnDefault, ColumnType, EMPTY_SCRIPT, Index, IndexAlgorithm, Literal,
    ObjectName, OpClass, PgSchema, Printed, Table,
};

fn desired(tables: Vec<Table>) -> PgSchema {
    PgSchema { is_desired: true, ..schema(tables) }
}

/// A column as the server prints it, beside what was read of that.
fn printed(column: Column, type_name: &str, default: &str) -> Column {
    let printed = Printed {
        type_name: type_name.to_owned(),
        is_added_base_type: false,
        formatted_type: type_name.to_owned(),
        default: Some(default.to_owned()),
    };
    Column { printed: Some(printed), ..column }
}

fn expression(text: &str) -> ColumnDefault {
    ColumnDefault::Expression(text.to_owned())
}

#[test]
fn the_servers_words_for_a_sequence_are_the_sequence() {
    let sequence = ColumnDefault::Autoincrement(Some(ObjectName::bare("_p_id_seq")));
    let next_number = "nextval('_p_id_seq'::regclass)";
    let id = Column::required("id", ColumnType::Integer);
    let actual = printed(id.clone().with_default(sequence), "int4", next_number);
    let pulled = id.clone().with_default(expression(next_number));
    let (actual, pulled) =
        (schema(vec![table("_p", vec![actual])]), desired(vec![table("_p", vec![pulled])]));
    assert_eq!(script(&actual, &pulled), EMPTY_SCRIPT);

    let other = id.with_default(expression("nextval('other'::regclass)"));
    let other = desired(vec![table("_p", vec![other])]);
    assert!(script(&actual, &other).contains("SET DEFAULT nextval('other'::regclass)"));
}

#[test]
fn a_moment_of_some_precision_is_in_the_servers_words() {
    let at = Column::required("at", ColumnType::Timestamptz(Some(6)));
    let words = "CURRENT_TIMESTAMP(3)";
    let actual = printed(at.clone().with_default(ColumnDefault::Now), "timestamptz", words);
    let pulled = at.with_default(expression(words));
    let pulled = desired(vec![table("t", vec![pulled])]);
    assert_eq!(script(&schema(vec![table("t", vec![actual])]), &pulled), EMPTY_SCRIPT);
}

/// The reference sets some defaults again with whatever else is altered, but none that it reads as it was written.
#[test]
fn what_the_reference_takes_for_the_same_is_not_set_again() {
    let is_set_again = |column: Column, had: ColumnDefault, words: &str| {
        let had = printed(column.clone().with_default(had), "timestamptz", words);
        let wanted = column.with_default(expression(words));
        let other = |ty| Column::required("other", ty);
        let actual = schema(vec![table("t", vec![had, other(ColumnType::Integer)])]);
        let wanted = desired(vec![table("t", vec![wanted, other(ColumnType::BigInt)])]);
        script(&actual, &wanted).contains("SET DEFAULT")
    };
    let at = || Column::required("at", ColumnType::Timestamptz(Some(6)));
    assert!(is_set_again(at(), ColumnDefault::Now, "now()"));
    assert!(!is_set_again(at(), ColumnDefault::Now, "CURRENT_TIMESTAMP(3)"));
    let list = |ty| Column::new("list", ty, Arity::List);
    let nothing = || ColumnDefault::List(Vec::new());
    assert!(is_set_again(list(ColumnType::Text), nothing(), "'{}'::text[]"));
    assert!(!is_set_again(list(ColumnType::Timestamp(Some(3))), nothing(), "'{}'::timestamp[]"));
}

#[test]
fn defaults_that_are_written_as_expressions_are_what_they_say() {
    let json = |text: &str| ColumnDefault::Literal(Literal::Json(text.to_owned()));
    let column = || Column::required("c", ColumnType::JsonB);
    let actual = schema(vec![table("t", vec![column().with_default(json("{\"a\": 1}"))])]);
    let wanted = |text| desired(vec![table("t", vec![column().with_default(expression(text))])]);
    assert_eq!(script(&actual, &wanted("'{ \"a\":1 }'::jsonb")), EMPTY_SCRIPT);
    assert_ne!(script(&actual, &wanted("'{ \"a\":2 }'::jsonb")), EMPTY_SCRIPT);
}

#[test]
fn a_type_has_several_names() {
    let actual = schema(vec![table("t", vec![Column::required("c", ColumnType::Boolean)])]);
    let wanted = |name: &str| {
        let ty = ColumnType::Unsupported(name.to_owned());
        desired(vec![table("t", vec![Column::required("c", ty)])])
    };
    assert_eq!(script(&actual, &wanted("bool")), EMPTY_SCRIPT);
    assert_ne!(script(&actual, &wanted("int4")), EMPTY_SCRIPT);

    let byte = ColumnType::Unsupported("\"char\"".to_owned());
    let actual = schema(vec![table("t", vec![Column::required("c", byte)])]);
    let pulled = Column::required("c", ColumnType::Char(None));
    assert_eq!(script(&actual, &desired(vec![table("t", vec![pulled])])), EMPTY_SCRIPT);
}

fn with_index(index: Index) -> Table {
    let columns = ["a", "b"].map(|name| Column::required(name, ColumnType::Text)).to_vec();
    Table { indexes: vec![index], ..table("t", columns) }
}

#[test]
fn columns_that_an_index_carries_along_are_pulled_as_keys() {
    let carrying = Index { include: vec!["b".to_owned()], ..Index::new("i", &["a"]) };
    let actual = schema(vec![with_index(carrying)]);
    for keys in [&["a", "b"][..], &["a"]] {
        let pulled = desired(vec![with_index(Index::new("i", keys))]);
        assert_eq!(script(&actual, &pulled), EMPTY_SCRIPT);
    }
    let other = desired(vec![with_index(Index::new("i", &["b", "a"]))]);
    assert_ne!(script(&actual, &other), EMPTY_SCRIPT);
}

#[test]
fn an_operator_class_that_is_never_pulled_is_left_alone() {
    let mut index = Index::new("i", &["a"]);
    let name = "text_pattern_ops".to_owned();
    index.keys[0].ops = Some(OpClass { name, is_default: false });
    let plain = || Index::new("i", &["a"]);
    let pulled = desired(vec![with_index(plain())]);
    assert_eq!(script(&schema(vec![with_index(index.clone())]), &pulled), EMPTY_SCRIPT);

    // Between two schema files it was somebody's wish, and of other kinds of indexes it is pulled.
    assert_ne!(script(&desired(vec![with_index(index.clone())]), &pulled), EMPTY_SCRIPT);
    index.algorithm = IndexAlgorithm::Gin;
    let gin = Index { algorithm: IndexAlgorithm::Gin, ..plain() };
    let gin = desired(vec![with_index(gin)]);
    assert_ne!(script(&schema(vec![with_index(index)]), &gin), EMPTY_SCRIPT);
}
