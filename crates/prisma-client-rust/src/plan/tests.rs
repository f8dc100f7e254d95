//! Plans as text: values never reach it, and its shape does not depend on them.

use crate::columns::Columns;
use crate::fetch::{Fetch, Reading, Selection};
use crate::filter::{FilterNode, Op, Quantifier, key_node};
use crate::model::{ClientDefault, Column, Descriptor, Kind, Relation};
use crate::order::{OrderNode, SortOrder};
use crate::plan::many::insert_many;
use crate::plan::new_rows::NewRows;
use crate::plan::scope::is_same;
use crate::plan::shape::Enums;
use crate::plan::write::{insert, upsert};
use crate::plan::{Scope, Statement, read};
use crate::set::{ColumnChange, SetNode, SetOp};
use crate::value::PrismaValue;
use crate::wire::encode::Bound;

const ALL: &Columns = &Columns::All;
const NOW: PrismaValue = PrismaValue::Null;
const PUBLIC: Scope<'_> = Scope { schema: "public", tenant: None };

static SCHOOL: Descriptor = Descriptor {
    name: "School",
    table: "schools",
    schema: None,
    columns: &[Column::new("id", Kind::Text), Column::new("name", Kind::Text).map("title")],
    relations: &[Relation::has_many("lessons", &LESSON, 0, 1)],
    id: &[0],
    uniques: &[&[0]],
    fetched: |_| Ok(None),
};

static LESSON: Descriptor = Descriptor {
    name: "Lesson",
    table: "Les\"son",
    schema: Some("other"),
    columns: &[
        Column::new("id", Kind::Int4),
        Column::new("schoolId", Kind::Text),
        Column::new("state", Kind::Enum("State", Some("other"))),
    ],
    relations: &[Relation::belongs_to("school", &SCHOOL, 1, 0)],
    id: &[0],
    uniques: &[&[0]],
    fetched: |_| Ok(None),
};

fn equals(column: u16, text: &str) -> FilterNode {
    FilterNode::Column { column, op: Op::Equals, value: text.into() }
}

fn with(with: Vec<Fetch>) -> Selection {
    let reading = Reading { with, ..Reading::default() };
    Selection { reading, unique: true, ..Selection::default() }
}

#[test]
fn many_rows_join_nothing() {
    let school = Fetch { relation: 0, selection: Selection::default() };
    let many = Selection { unique: false, take: Some(500), ..with(vec![school]) };
    assert!(read::select(PUBLIC, &LESSON, &many).2.is_empty());
}

fn selection(filters: Vec<FilterNode>) -> Selection {
    Selection { filters, ..Selection::default() }
}

fn text(statement: &Statement) -> String {
    statement.text(Enums::AsText)
}

#[test]
fn names_are_quoted_and_values_are_parameters() {
    let hostile = "x'; DROP TABLE schools; --";
    let statement = read::select_flat(
        Scope { schema: "pub\"lic", tenant: None },
        &LESSON,
        &selection(vec![equals(1, hostile), equals(2, hostile)]),
        ALL,
    );
    assert_eq!(
        text(&statement),
        "SELECT \"t0\".\"id\", \"t0\".\"schoolId\", \"t0\".\"state\"::text FROM \"other\".\"Les\"\"son\" AS \"t0\" WHERE \
         \"t0\".\"schoolId\" = $1 AND \"t0\".\"state\" = $2::\"other\".\"State\""
    );
    assert_eq!(statement.params[0].bound, Bound::Value(hostile.into()));
    let statement =
        read::count(Scope { schema: "pub\"lic", tenant: None }, &SCHOOL, &[equals(1, hostile)]);
    assert_eq!(
        text(&statement),
        "SELECT count(*) FROM \"pub\"\"lic\".\"schools\" AS \"t0\" WHERE \"t0\".\"title\" = $1"
    );
}

#[test]
fn the_text_does_not_depend_on_how_many_values_there_are() {
    let among = |values: &[&str]| {
        let value = PrismaValue::List(values.iter().map(|value| (*value).into()).collect());
        read::count(PUBLIC, &SCHOOL, &[FilterNode::Column { column: 1, op: Op::In, value }])
    };
    assert_eq!(text(&among(&["a"])), text(&among(&["a", "b", "c"])));
    let rows = |count: usize| {
        let row = vec![ColumnChange { column: 0, op: SetOp::Set, value: "x".into() }];
        let rows = NewRows::of(vec![row; count]).arrays(PUBLIC, &SCHOOL, &NOW).unwrap().remove(0);
        insert_many(PUBLIC, &SCHOOL, rows, true, None)
    };
    assert_eq!(text(&rows(1)), text(&rows(5_000)));
    assert_eq!(
        text(&rows(1)),
        "INSERT INTO \"public\".\"schools\" AS \"t0\" (\"id\") SELECT unnest($1) ON CONFLICT DO NOTHING"
    );
}

#[test]
fn many_rows_are_no_statement_that_is_too_large() {
    for at_once in [true, false] {
        let mut rows = NewRows::new(at_once);
        for _ in 0..3 {
            let value = "x".repeat(33 << 20).into();
            let change = ColumnChange { column: 0, op: SetOp::Set, value };
            rows.push(&SCHOOL, vec![SetNode::Column(change)]);
        }
        let arrays = rows.arrays(PUBLIC, &SCHOOL, &NOW).unwrap();
        assert_eq!(arrays.iter().map(|arrays| arrays.rows).collect::<Vec<_>>(), [2, 1]);
    }
}

#[test]
fn a_default_that_cannot_be_sent_is_known_by_its_row() {
    static ODD: Descriptor = Descriptor {
        columns: &[
            Column::new("id", Kind::Uuid).default(ClientDefault::Cuid),
            Column::new("title", Kind::Text),
        ],
        relations: &[],
        ..SCHOOL
    };
    for at_once in [true, false] {
        let mut rows = NewRows::new(at_once);
        let change = ColumnChange { column: 1, op: SetOp::Set, value: "x".into() };
        rows.push(&ODD, vec![SetNode::Column(change)]);
        let error = rows.arrays(PUBLIC, &ODD, &NOW).unwrap_err();
        assert_eq!((error.code(), error.row()), ("P2019", Some(0)));
    }
}

#[test]
fn relations_are_subqueries_in_conditions() {
    let filters = vec![equals(2, "open")];
    let node = FilterNode::Relation { relation: 0, quantifier: Quantifier::Every, filters };
    assert_eq!(
        text(&read::count(PUBLIC, &SCHOOL, &[node])),
        "SELECT count(*) FROM \"public\".\"schools\" AS \"t0\" WHERE NOT EXISTS (SELECT 1 FROM \
         \"other\".\"Les\"\"son\" AS \"t1\" WHERE \"t1\".\"schoolId\" = \"t0\".\"id\" AND NOT (\"t1\".\"state\" = \
         $1::\"other\".\"State\"))"
    );
}

#[test]
fn relations_are_loaded_by_one_query() {
    let related = |selection| {
        let keys = vec![vec!["a".into(), "b".into()]];
        read::related(PUBLIC, &SCHOOL, SCHOOL.relation(0), &selection, ALL, keys)
    };
    assert_eq!(
        text(&related(selection(vec![]))),
        "SELECT \"t0\".\"id\", \"t0\".\"schoolId\", \"t0\".\"state\"::text, \"t0\".\"schoolId\" FROM \
         \"other\".\"Les\"\"son\" AS \"t0\" WHERE \"t0\".\"schoolId\" = ANY($1)"
    );
    let page = Selection { take: Some(-2), ..selection(vec![]) };
    assert_eq!(
        text(&related(page)),
        "SELECT \"t0\".\"id\", \"t0\".\"schoolId\", \"t0\".\"state\"::text, \"t1\".\"k0\" FROM unnest($1) WITH \
         ORDINALITY AS \"t1\"(\"k0\", \"n\") CROSS JOIN LATERAL (SELECT \"t2\".* FROM \"other\".\"Les\"\"son\" AS \
         \"t2\" WHERE \"t2\".\"schoolId\" = \"t1\".\"k0\" ORDER BY \"t2\".\"id\" DESC LIMIT $2) AS \"t0\" ORDER BY \
         \"t1\".\"n\", \"t0\".\"id\" DESC"
    );
}

#[test]
fn pages_are_sorted_by_the_id_last() {
    let orders = vec![OrderNode::Column(1, SortOrder::Desc)];
    let plain = Selection { orders: orders.clone(), ..Selection::default() };
    assert!(
        text(&read::select_flat(PUBLIC, &SCHOOL, &plain, ALL))
            .ends_with(" ORDER BY \"t0\".\"title\" DESC")
    );
    let page = Selection { orders, skip: Some(5), take: Some(10), ..Selection::default() };
    assert!(
        text(&read::select_flat(PUBLIC, &SCHOOL, &page, ALL))
            .ends_with(" ORDER BY \"t0\".\"title\" DESC, \"t0\".\"id\" ASC LIMIT $1 OFFSET $2")
    );
}

#[test]
fn upsert_is_one_statement() {
    let set = |column, op, value: &str| ColumnChange { column, op, value: value.into() };
    let key = [(0, "a".into())];
    let statement = upsert(
        PUBLIC,
        &SCHOOL,
        &[set(0, SetOp::Set, "a"), set(1, SetOp::Set, "b")],
        &key,
        &[set(1, SetOp::Set, "c")],
        ALL,
    );
    assert_eq!(
        text(&statement),
        "INSERT INTO \"public\".\"schools\" AS \"t0\" (\"id\", \"title\") VALUES ($1, $2) ON CONFLICT (\"id\") DO UPDATE \
         SET \"title\" = $3 RETURNING \"t0\".\"id\", \"t0\".\"title\""
    );
    let found = read::select_flat(PUBLIC, &SCHOOL, &selection(vec![key_node(key)]), ALL);
    assert!(text(&found).ends_with(" WHERE (\"t0\".\"id\" = $1)"));
}

#[test]
fn a_relation_to_one_row_is_joined_and_one_to_many_is_not() {
    let school = Fetch { relation: 0, selection: Selection::default() };
    let (statement, _, joins) = read::select(PUBLIC, &LESSON, &with(vec![school.clone()]));
    assert_eq!(
        text(&statement),
        "SELECT \"t0\".\"id\", \"t0\".\"schoolId\", \"t0\".\"state\"::text, \"t1\".\"id\", \"t1\".\"title\" FROM \
         \"other\".\"Les\"\"son\" AS \"t0\" LEFT JOIN \"public\".\"schools\" AS \"t1\" ON \"t1\".\"id\" = \
         \"t0\".\"schoolId\""
    );
    assert_eq!((joins[0].start, joins[0].key), (3, 3));
    let lessons = Fetch { relation: 0, selection: Selection::default() };
    let (_, _, joins) = read::select(PUBLIC, &SCHOOL, &with(vec![lessons.clone()]));
    assert!(joins.is_empty());
    let mut with_lessons = school.clone();
    with_lessons.selection.reading.with.push(lessons);
    let (_, _, joins) = read::select(PUBLIC, &LESSON, &with(vec![school, with_lessons]));
    assert!(joins.is_empty(), "the later of two counts, and that has a relation to many");
}

#[test]
fn a_shape_is_known_again_by_the_same_words() {
    let find = |value: &str| {
        read::select_flat(PUBLIC, &LESSON, &selection(vec![equals(1, value), equals(2, "x")]), ALL)
    };
    assert_eq!(find("a").shape, find("b").shape);
    assert_eq!(find("a").shape.fingerprint(), find("b").shape.fingerprint());
    let other =
        read::select_flat(PUBLIC, &LESSON, &selection(vec![equals(2, "a"), equals(1, "x")]), ALL);
    assert_ne!(find("a").shape, other.shape);
}

/// A school's column holds its tenant; a lesson is its school's.
mod tenants {
    use super::*;

    static SCHOOL: Descriptor = Descriptor {
        name: "School",
        table: "School",
        schema: None,
        columns: &[Column::new("id", Kind::Text), Column::new("orgId", Kind::Text).tenant()],
        relations: &[Relation::has_many("lessons", &LESSON, 0, 1)],
        id: &[0],
        uniques: &[&[0]],
        fetched: |_| Ok(None),
    };

    static LESSON: Descriptor = Descriptor {
        name: "Lesson",
        table: "Lesson",
        schema: None,
        columns: &[Column::new("id", Kind::Int4), Column::new("schoolId", Kind::Text)],
        relations: &[Relation::belongs_to("school", &SCHOOL, 1, 0).tenant()],
        id: &[0],
        uniques: &[&[0]],
        fetched: |_| Ok(None),
    };

    const SCHOOL_IS_MINE: &str = "EXISTS (SELECT 1 FROM \"public\".\"School\" AS \"t1\" WHERE \"t1\".\"id\" = \
                                  \"t0\".\"schoolId\" AND \"t1\".\"orgId\" = $1)";

    fn of(tenant: &PrismaValue) -> Scope<'_> {
        Scope { schema: "public", tenant: Some(tenant) }
    }

    fn set(column: u16, value: &str) -> ColumnChange {
        ColumnChange { column, op: SetOp::Set, value: value.into() }
    }

    #[test]
    fn the_condition_is_a_parameter_on_the_column() {
        let (a, b) = ("a".into(), "b".into());
        let count = |tenant| read::count(of(tenant), &SCHOOL, &[]);
        assert_eq!(
            count(&a).text(Enums::AsText),
            "SELECT count(*) FROM \"public\".\"School\" AS \"t0\" WHERE \"t0\".\"orgId\" = $1"
        );
        assert_eq!(count(&a).shape, count(&b).shape);
        let through = read::count(of(&a), &LESSON, &[]).text(Enums::AsText);
        assert!(through.ends_with(&format!(" WHERE {SCHOOL_IS_MINE}")), "{through}");
    }

    #[test]
    fn what_is_found_by_its_tenant_is_not_asked_for_it_again() {
        let a = "a".into();
        let keys = vec![vec!["x".into()]];
        let lessons = SCHOOL.relation(0);
        let related = read::related(of(&a), &SCHOOL, lessons, &selection(vec![]), ALL, keys);
        assert!(related.text(Enums::AsText).ends_with("WHERE \"t0\".\"schoolId\" = ANY($1)"));
        let some =
            FilterNode::Relation { relation: 0, quantifier: Quantifier::Some, filters: vec![] };
        assert_eq!(read::count(of(&a), &SCHOOL, &[some]).params.len(), 1);
        let school = Fetch { relation: 0, selection: Selection::default() };
        let joined = read::select(of(&a), &LESSON, &with(vec![school])).0.text(Enums::AsText);
        assert!(
            joined.contains("= \"t0\".\"schoolId\" AND \"t1\".\"orgId\" = $1 WHERE"),
            "{joined}"
        );
    }

    #[test]
    fn what_is_written_is_guarded_where_it_refers_to_something() {
        let a = "a".into();
        let school = [set(0, "x"), set(1, "a")];
        let plain = insert(of(&a), &SCHOOL, &school, ALL);
        assert!(
            plain.text(Enums::AsText).contains(" VALUES ($1, $2) RETURNING") && !plain.is_guarded()
        );
        let other = insert(of(&a), &SCHOOL, &[set(0, "x"), set(1, "b")], ALL);
        assert!(
            other.text(Enums::AsText).contains(" SELECT $1, $2 WHERE FALSE RETURNING")
                && other.is_refused()
        );
        assert!(
            insert(of(&a), &SCHOOL, &[set(0, "x")], ALL).is_refused(),
            "a default may be anybody's"
        );
        let lesson = insert(of(&a), &LESSON, &[set(1, "s")], ALL);
        assert!(lesson.is_guarded() && !lesson.is_refused());
        assert_eq!(
            lesson.text(Enums::AsText),
            "INSERT INTO \"public\".\"Lesson\" AS \"t0\" (\"schoolId\") SELECT $1 WHERE EXISTS (SELECT 1 FROM \
             \"public\".\"School\" AS \"t2\" WHERE \"t2\".\"id\" = $2 AND \"t2\".\"orgId\" = $3) RETURNING \
             \"t0\".\"id\", \"t0\".\"schoolId\""
        );
        let rows = |keys: &[&str]| {
            let rows = keys.iter().map(|key| vec![set(1, key)]).collect();
            let rows = NewRows::of(rows).arrays(of(&a), &LESSON, &NOW).unwrap().remove(0);
            insert_many(of(&a), &LESSON, rows, false, None)
        };
        let many = rows(&["s", "t", "s"]);
        assert!(many.text(Enums::AsText).ends_with(
            " SELECT unnest($1) WHERE NOT EXISTS (SELECT 1 FROM unnest($2) AS \"t1\"(\"k0\") WHERE NOT EXISTS (SELECT 1 \
             FROM \"public\".\"School\" AS \"t2\" WHERE \"t2\".\"id\" = \"t1\".\"k0\" AND \"t2\".\"orgId\" = $3))"
        ));
        let keys = PrismaValue::List(vec!["s".into(), "t".into()]);
        assert_eq!(many.params[1].bound, Bound::Value(keys));
        assert_eq!(many.shape, rows(&["u", "v"]).shape);
    }

    #[test]
    fn an_upsert_changes_no_row_of_another() {
        let a = "a".into();
        let key = [(0, "x".into())];
        let school = [set(0, "x"), set(1, "a")];
        let statement = upsert(of(&a), &SCHOOL, &school, &key, &[], ALL).text(Enums::AsText);
        assert!(statement.contains(
            "DO UPDATE SET \"id\" = \"t0\".\"id\" WHERE \"t0\".\"orgId\" = $3 RETURNING"
        ));
    }

    #[test]
    fn a_tenant_is_the_same_in_other_letters_only_where_it_is_a_number() {
        let (large, small) =
            ("0F000000-0000-4000-8000-00000000000A", "0f000000-0000-4000-8000-00000000000a");
        assert!(is_same(Kind::Uuid, &large.into(), &small.into()));
        assert!(!is_same(Kind::Text, &large.into(), &small.into()));
        assert!(!is_same(Kind::Uuid, &"x".into(), &"y".into()));
        assert!(!is_same(Kind::Text, &PrismaValue::Null, &PrismaValue::Null), "nobody is nobody");
    }
}
