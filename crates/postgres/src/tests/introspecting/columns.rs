//! Columns: their types, defaults and where their values come from.

use std::fmt::Write as _;

use pg_schema::{Arity, ColumnDefault, ColumnType, Literal};

use super::{public, read, table};

#[tokio::test]
async fn every_native_type() {
    let types = [
        ("smallint", ColumnType::SmallInt),
        ("integer", ColumnType::Integer),
        ("bigint", ColumnType::BigInt),
        ("oid", ColumnType::Oid),
        ("numeric", ColumnType::Decimal(None)),
        ("decimal(65,30)", ColumnType::Decimal(Some((65, 30)))),
        ("numeric(5)", ColumnType::Decimal(Some((5, 0)))),
        ("money", ColumnType::Money),
        ("real", ColumnType::Real),
        ("double precision", ColumnType::DoublePrecision),
        ("varchar", ColumnType::VarChar(None)),
        ("varchar(30)", ColumnType::VarChar(Some(30))),
        ("char", ColumnType::Char(Some(1))),
        ("char(7)", ColumnType::Char(Some(7))),
        ("text", ColumnType::Text),
        ("bit(3)", ColumnType::Bit(Some(3))),
        ("varbit", ColumnType::VarBit(None)),
        ("varbit(9)", ColumnType::VarBit(Some(9))),
        ("uuid", ColumnType::Uuid),
        ("xml", ColumnType::Xml),
        ("inet", ColumnType::Inet),
        ("boolean", ColumnType::Boolean),
        ("bytea", ColumnType::ByteA),
        ("timestamp(3)", ColumnType::Timestamp(Some(3))),
        ("timestamp", ColumnType::Timestamp(Some(6))),
        ("timestamptz(6)", ColumnType::Timestamptz(Some(6))),
        ("time(0)", ColumnType::Time(Some(0))),
        ("timetz", ColumnType::Timetz(Some(6))),
        ("date", ColumnType::Date),
        ("json", ColumnType::Json),
        ("jsonb", ColumnType::JsonB),
        ("\"Colour\"", ColumnType::Enum(public("Colour"))),
        ("short", ColumnType::VarChar(Some(5))),
        ("tsvector", ColumnType::Unsupported("tsvector".to_owned())),
        ("interval(3)", ColumnType::Unsupported("interval(3)".to_owned())),
    ];
    let mut sql =
        "CREATE TYPE \"Colour\" AS ENUM ('red', 'blue'); CREATE DOMAIN short AS varchar(5);"
            .to_owned();
    for (at, (written, _)) in types.iter().enumerate() {
        // Each as it is, NOT NULL, and as a list.
        let columns = format!("one {written}, must {written} NOT NULL, many {written}[]");
        write!(sql, "CREATE TABLE t{at} ({columns});").unwrap();
    }
    let schema = read("types", &sql, &[]).await;
    for (at, (written, expected)) in types.into_iter().enumerate() {
        let columns = &table(&schema, &format!("t{at}")).columns;
        let arities: Vec<Arity> = columns.iter().map(|column| column.arity).collect();
        assert_eq!(arities, [Arity::Nullable, Arity::Required, Arity::List], "{written}");
        for column in columns {
            assert_eq!(column.ty, expected, "{written} {}", column.name);
        }
    }
    assert_eq!(schema.enums.len(), 1);
    assert_eq!(schema.enums[0].values, ["red", "blue"]);
}

#[tokio::test]
async fn every_kind_of_default() {
    let text = |text: &str| ColumnDefault::Literal(Literal::String(text.to_owned()));
    let number = |text: &str| ColumnDefault::Literal(Literal::number(text).unwrap());
    let expression = |text: &str| ColumnDefault::Expression(text.to_owned());
    let defaults = [
        ("text DEFAULT 'it''s'", Some(text("it's"))),
        ("text DEFAULT ''", Some(text(""))),
        ("text DEFAULT E'back\\\\slash\\nline'", Some(text("back\\slash\nline"))),
        ("varchar(9) DEFAULT 'a::b'", Some(text("a::b"))),
        ("text DEFAULT NULL", None),
        ("text DEFAULT upper('x')", Some(expression("upper('x'::text)"))),
        ("text DEFAULT 'a' || 'b'", Some(expression("('a'::text || 'b'::text)"))),
        ("int DEFAULT 42", Some(number("42"))),
        ("int DEFAULT -1", Some(number("-1"))),
        ("bigint DEFAULT 9000000000", Some(number("9000000000"))),
        ("smallint DEFAULT '-7'", Some(number("-7"))),
        ("numeric(5,2) DEFAULT 1.50", Some(number("1.5"))),
        ("double precision DEFAULT 1e3", Some(number("1000"))),
        ("double precision DEFAULT -1.5", Some(number("-1.5"))),
        ("real DEFAULT 'NaN'", Some(expression("'NaN'::real"))),
        ("int DEFAULT 1 + 1", Some(expression("(1 + 1)"))),
        ("boolean DEFAULT true", Some(ColumnDefault::Literal(Literal::Bool(true)))),
        ("boolean DEFAULT 'f'", Some(ColumnDefault::Literal(Literal::Bool(false)))),
        ("\"Colour\" DEFAULT 'red'", Some(ColumnDefault::Literal(Literal::Enum("red".to_owned())))),
        ("bytea DEFAULT '\\x00ff'", Some(ColumnDefault::Literal(Literal::Bytes(vec![0, 255])))),
        (
            "jsonb DEFAULT '{\"a\": [1]}'",
            Some(ColumnDefault::Literal(Literal::Json("{\"a\": [1]}".to_owned()))),
        ),
        ("timestamp(3) DEFAULT CURRENT_TIMESTAMP", Some(ColumnDefault::Now)),
        ("timestamptz DEFAULT now()", Some(ColumnDefault::Now)),
        ("timestamp(3) DEFAULT CURRENT_TIMESTAMP(3)", Some(ColumnDefault::Now)),
        ("date DEFAULT now()", Some(ColumnDefault::Now)),
        ("date DEFAULT CURRENT_DATE", Some(expression("CURRENT_DATE"))),
        ("date DEFAULT '2020-01-01'", Some(expression("'2020-01-01'::date"))),
        ("text DEFAULT now()::text", Some(expression("(now())::text"))),
        ("uuid DEFAULT gen_random_uuid()", Some(expression("gen_random_uuid()"))),
        ("text[] DEFAULT ARRAY['a', 'b,c']", Some(list(&["a", "b,c"]))),
        ("text[] DEFAULT '{a,\"b \\\"c\"}'", Some(list(&["a", "b \"c"]))),
        ("text[] DEFAULT '{}'", Some(list(&[]))),
        ("text[] DEFAULT ARRAY[]::text[]", Some(list(&[]))),
        ("varchar(3)[] DEFAULT ARRAY['a']::varchar(3)[]", Some(list(&["a"]))),
        (
            "int[] DEFAULT ARRAY[1, -2]",
            Some(ColumnDefault::List(vec![
                Literal::number("1").unwrap(),
                Literal::number("-2").unwrap(),
            ])),
        ),
        (
            "\"Colour\"[] DEFAULT ARRAY['red', 'blue']::\"Colour\"[]",
            Some(ColumnDefault::List(vec![
                Literal::Enum("red".to_owned()),
                Literal::Enum("blue".to_owned()),
            ])),
        ),
        ("text[] DEFAULT '{NULL}'", Some(expression("'{NULL}'::text[]"))),
        ("text", None),
    ];
    let columns: Vec<String> =
        defaults.iter().enumerate().map(|(at, (sql, _))| format!("c{at} {sql}")).collect();
    let sql = format!(
        "CREATE TYPE \"Colour\" AS ENUM ('red', 'blue'); CREATE TABLE t ({})",
        columns.join(", ")
    );
    let schema = read("defaults", &sql, &[]).await;
    for (column, (sql, expected)) in table(&schema, "t").columns.iter().zip(defaults) {
        assert_eq!(column.default, expected, "{sql}");
    }
}

fn list(values: &[&str]) -> ColumnDefault {
    ColumnDefault::List(values.iter().map(|&value| Literal::String(value.to_owned())).collect())
}

#[tokio::test]
async fn sequences_identities_and_generated_columns() {
    let sql = "CREATE TABLE t (a serial, b bigint GENERATED ALWAYS AS IDENTITY,
                  c int GENERATED BY DEFAULT AS IDENTITY, d int GENERATED ALWAYS AS (c * 2) STORED);
               CREATE SEQUENCE \"My Seq\" INCREMENT 5 MINVALUE 0 START 10 MAXVALUE 99 CACHE 2 CYCLE;
               ALTER TABLE t ADD e int DEFAULT nextval('\"My Seq\"')";
    let schema = read("sequences", sql, &[]).await;
    let columns = &table(&schema, "t").columns;
    assert_eq!(columns[0].default, Some(ColumnDefault::Autoincrement(Some(public("t_a_seq")))));
    assert_eq!(columns[1].identity, Some(pg_schema::Identity::Always));
    assert_eq!(columns[2].identity, Some(pg_schema::Identity::ByDefault));
    assert_eq!(columns[3].default, None);
    assert_eq!(columns[3].generated.as_ref().unwrap().expression, "(c * 2)");
    assert_eq!(columns[4].default, Some(ColumnDefault::Autoincrement(Some(public("My Seq")))));
    let mine = schema.sequence(&public("My Seq")).unwrap();
    assert_eq!(
        (mine.increment, mine.minimum, mine.start, mine.maximum, mine.cache, mine.cycle),
        (5, 0, 10, 99, 2, true)
    );
    assert_eq!(mine.owner, None);
    let serial = schema.sequence(&public("t_a_seq")).unwrap();
    assert_eq!(serial.data_type, "integer");
    let owner = serial.owner.as_ref().unwrap();
    assert_eq!((&owner.table, owner.column.as_str()), (&public("t"), "a"));
}

#[tokio::test]
async fn columns_keep_the_words_of_the_server() {
    let sql = "CREATE DOMAIN code AS varchar(9) NOT NULL DEFAULT 'x';
               CREATE TABLE t (a int DEFAULT 1 + 1, b tsvector[], c code, d code[], e \"char\",
                   f int GENERATED ALWAYS AS (a * 2) STORED)";
    let schema = read("words", sql, &[]).await;
    let columns = &table(&schema, "t").columns;
    let printed = |at: usize| {
        let printed = columns[at].printed.as_ref().unwrap();
        (printed.type_name.as_str(), printed.default.as_deref())
    };
    assert_eq!(printed(0), ("int4", Some("(1 + 1)")));
    assert_eq!(printed(1), ("_tsvector", None));
    assert_eq!(printed(2), ("varchar", None));
    assert_eq!(printed(3), ("_code", None));
    assert_eq!(printed(4), ("char", None));
    assert_eq!(printed(5), ("int4", Some("(a * 2)")));
    assert_eq!(columns[2].arity, Arity::Required);
}
