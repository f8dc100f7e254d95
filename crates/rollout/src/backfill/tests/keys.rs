//! Every kind of key, and tables without one.

use super::*;

/// Fills a column of a table with this key, in small batches, and sees every row filled exactly once.
async fn goes_along(label: &str, columns: &str, key: &str, rows: &str) {
    let database = TestDatabase::from_sql(
        label,
        &format!(
            "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
             CREATE DOMAIN code AS text CHECK (VALUE <> '');
             CREATE COLLATION german (provider = icu, locale = 'de', deterministic = false);
             CREATE TABLE thing ({columns}, filled integer NOT NULL DEFAULT 0, {key});
             INSERT INTO thing {rows};"
        ),
    );
    let connection = database.connect().await;
    let work = Work::Fill(Fill {
        table: table("thing"),
        // Twice would be seen.
        set: vec![("filled".to_owned(), "t.filled + 1".to_owned())],
        pending: "true".to_owned(),
    });
    let backfill = Backfill { migration: MIGRATION.to_owned(), parts: vec![Part { work }] };
    let count: i64 = value(&connection, "SELECT count(*) FROM thing").await.parse().unwrap();
    let mut batches = 0;
    let mut tell = |event: Event<'_>| {
        if let Event::Batch(_) = event {
            batches += 1;
        }
    };
    let ran = run_small(database.url(), &backfill, &Options::default(), &mut tell).await;
    assert_eq!(ran.unwrap(), Ended::Done, "{label}");
    assert!(batches > 3, "{label}: {batches} batches");
    let wrong = value(&connection, "SELECT count(*) FROM thing WHERE filled <> 1").await;
    assert_eq!(wrong, "0", "{label}");
    let standing = standing(&connection, &backfill).await;
    assert_eq!(
        (standing[0].state, standing[0].changed),
        (State::Done, count.unsigned_abs()),
        "{label}"
    );
    assert_eq!(standing[0].seen, standing[0].changed, "{label}");
    assert_eq!(value(&connection, "SELECT count(*) FROM _driveflow.batches").await, "0");
}

/// In batches of a few rows.
async fn run_small(
    url: &ConnectionUrl,
    backfill: &Backfill,
    options: &Options,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Ended, Error> {
    let connection = postgres::connect(url).await.unwrap();
    crate::backfill::ledger::ensure(&connection).await.unwrap();
    connection
        .batch_execute("ALTER TABLE _driveflow.backfills ALTER COLUMN batch_size SET DEFAULT 7")
        .await
        .unwrap();
    run_with(url, backfill, options, tell).await
}

#[tokio::test]
async fn bigint() {
    let rows = "SELECT i * 1000003 % 777777 - 300000 FROM generate_series(1, 400) i";
    goes_along("bigint", "id bigint", "PRIMARY KEY (id)", rows).await;
}

#[tokio::test]
async fn uuid() {
    let rows = "SELECT gen_random_uuid() FROM generate_series(1, 400) i";
    goes_along("uuid", "id uuid", "PRIMARY KEY (id)", rows).await;
}

#[tokio::test]
async fn text_of_any_collation() {
    let rows = "SELECT CASE i % 4 WHEN 0 THEN '' WHEN 1 THEN 'ä' WHEN 2 THEN 'Z''\\' ELSE 'z' END || md5(i::text) FROM generate_series(1, 400) i";
    for (label, ty) in [
        ("text_c", "text COLLATE \"C\""),
        ("text_default", "text"),
        ("text_icu", "varchar(80) COLLATE \"en-x-icu\""),
        ("text_loose", "text COLLATE german"),
    ] {
        goes_along(label, &format!("id {ty}"), "PRIMARY KEY (id)", rows).await;
    }
}

#[tokio::test]
async fn several_columns() {
    let rows = "SELECT 'org ' || i % 3, (i % 7)::smallint, now() - i * interval '1.000001 s' FROM generate_series(1, 400) i";
    let columns = "org text, kind smallint, at timestamptz";
    goes_along("several", columns, "PRIMARY KEY (org, kind, at)", rows).await;
}

#[tokio::test]
async fn types_that_are_written_in_many_ways() {
    for (label, ty, value) in [
        ("char", "char(12)", "'x' || i"),
        ("numeric", "numeric", "i / 7.0"),
        (
            "float8",
            "float8",
            "CASE WHEN i = 1 THEN 'NaN' WHEN i = 2 THEN '-Infinity' ELSE (random() + i)::text END::float8",
        ),
        ("bytea", "bytea", "decode(md5(i::text), 'hex')"),
        ("date", "date", "date '2026-01-01' + i::integer"),
        ("interval", "interval", "i * interval '1 day 1.5 s'"),
        ("inet", "inet", "'10.0.0.0'::inet + i"),
        ("domain", "code", "md5(i::text)"),
        ("bits", "bit(16)", "i::bit(16)"),
        ("array", "integer[]", "ARRAY[i, -i]"),
    ] {
        let rows = format!("SELECT {value} FROM generate_series(1, 100) i");
        goes_along(label, &format!("\"the \"\"id\" {ty}"), "PRIMARY KEY (\"the \"\"id\")", &rows)
            .await;
    }
    let rows = "SELECT m, b, i::integer FROM unnest(enum_range(NULL::mood)) m, (VALUES (true), (false)) b (b), generate_series(1, 20) i";
    goes_along("enum", "m mood, b boolean, i integer", "PRIMARY KEY (m, b, i)", rows).await;
}

#[tokio::test]
async fn a_unique_index_where_there_is_no_primary_key() {
    let rows = "SELECT i, NULL, -i FROM generate_series(1, 100) i";
    let columns = "a bigint NOT NULL, b bigint, c bigint NOT NULL";
    goes_along("unique", columns, "UNIQUE (b), UNIQUE (a, c), UNIQUE (c)", rows).await;
}

#[tokio::test]
async fn partitioned_tables() {
    let database = TestDatabase::from_sql(
        "partitioned",
        "CREATE TABLE point (id bigint, at date, n integer, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
         CREATE TABLE point_1 PARTITION OF point FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
         CREATE TABLE point_2 PARTITION OF point FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') PARTITION BY LIST (id);
         CREATE TABLE point_2_rest PARTITION OF point_2 DEFAULT;
         CREATE TABLE point_rest PARTITION OF point DEFAULT;
         INSERT INTO point SELECT i, date '2026-01-01' + i % 90, NULL FROM generate_series(1, 900) i;",
    );
    let connection = database.connect().await;
    let backfill = fill("point", "n", "t.id::integer * 2");
    run_small(database.url(), &backfill, &Options::default(), &mut |_| ()).await.unwrap();
    assert_eq!(
        value(&connection, "SELECT count(*) FROM point WHERE n IS DISTINCT FROM id * 2").await,
        "0"
    );
    assert_eq!(standing(&connection, &backfill).await[0].changed, 900);
}

#[tokio::test]
async fn tables_without_a_key_are_refused_with_the_reason() {
    let database = TestDatabase::from_sql(
        "keyless",
        "CREATE TABLE bare (a integer);
         CREATE TABLE nullable (a integer UNIQUE, b integer);
         CREATE UNIQUE INDEX ON nullable (b) WHERE b > 0;
         CREATE TABLE other (a text NOT NULL);
         CREATE UNIQUE INDEX ON other (a text_pattern_ops);
         CREATE UNIQUE INDEX ON other (lower(a));
         CREATE TABLE parent (id integer PRIMARY KEY, a integer);
         CREATE TABLE child () INHERITS (parent);
         CREATE VIEW seen AS SELECT 1 AS a;",
    );
    let connection = database.connect().await;
    for (name, why, help) in [
        (
            "bare",
            "has no key to go along",
            "CREATE UNIQUE INDEX CONCURRENTLY ON \"public\".\"bare\"",
        ),
        (
            "nullable",
            "nullable_a_key has rows without order where \"a\" is NULL",
            "ALTER COLUMN \"a\" SET NOT NULL",
        ),
        ("nullable", "holds for some rows only", "SET NOT NULL"),
        ("other", "has another order than its columns", "CREATE UNIQUE INDEX"),
        ("parent", "inherit from", "fill each of them"),
        ("seen", "is no table", "fill the tables"),
        ("gone", "there is no table \"public\".\"gone\"", "migrate status"),
    ] {
        let backfill = fill(name, "a", "1");
        let error = run(database.url(), &backfill).await.unwrap_err();
        assert!(error.to_string().contains(why), "{name}: {error}");
        assert!(error.help().unwrap_or_default().contains(help), "{name}: {:?}", error.help());
        assert_eq!(standing(&connection, &backfill).await[0].state, State::Waiting, "{name}");
    }
}
