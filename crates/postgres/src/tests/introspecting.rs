//! Reading structures back; columns in a file of their own.

mod columns;

use pg_schema::{
    ColumnDefault, ColumnType, Deferrable, ForeignKeyAction, IndexAlgorithm, IndexConstraint,
    Literal, NullsOrder, ObjectName, Pair, Partitioning, PgSchema, SortOrder, Table, ViewKind,
};

use crate::testing::{TestDatabase, with_parameters};
use crate::{introspect, introspect_in_transaction};

async fn read(label: &str, sql: &str, schemas: &[&str]) -> PgSchema {
    let database = TestDatabase::from_sql(label, sql);
    let schemas: Vec<String> = schemas.iter().map(|&name| name.to_owned()).collect();
    introspect(&database.connect().await, &schemas).await.unwrap()
}

fn public(name: &str) -> ObjectName {
    ObjectName::qualified("public", name)
}

fn table<'a>(schema: &'a PgSchema, name: &str) -> &'a Table {
    schema.table(&public(name)).unwrap_or_else(|| panic!("no table {name} in {:#?}", schema.tables))
}

#[tokio::test]
async fn an_empty_database() {
    let schema = read("empty", "", &[]).await;
    let names: Vec<&str> = schema.extensions.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(names, ["plpgsql"], "which is in every database");
    let nothing = PgSchema { namespaces: vec!["public".to_owned()], ..PgSchema::default() };
    assert_eq!(PgSchema { extensions: Vec::new(), ..schema }, nothing);
}

#[tokio::test]
async fn keys_and_indexes() {
    let sql = "CREATE TABLE parent (a int, b int, name text, doc jsonb, PRIMARY KEY (b, a));
               CREATE TABLE child (x int, y int, z int UNIQUE DEFERRABLE INITIALLY DEFERRED, gone int,
                   CONSTRAINT fk FOREIGN KEY (y, x) REFERENCES parent (b, a)
                       ON DELETE SET NULL ON UPDATE CASCADE,
                   CONSTRAINT positive CHECK (x > 0), EXCLUDE USING btree (gone WITH =));
               ALTER TABLE child DROP COLUMN gone CASCADE;
               ALTER TABLE child ADD CONSTRAINT late CHECK (y > 0) NOT VALID;
               ALTER TABLE child ADD CONSTRAINT restrict FOREIGN KEY (x, y) REFERENCES parent (b, a)
                   ON DELETE RESTRICT DEFERRABLE NOT VALID;
               CREATE UNIQUE INDEX i1 ON parent (name DESC, a) INCLUDE (b);
               CREATE INDEX i2 ON parent (name NULLS FIRST) WHERE a > 1;
               CREATE INDEX i3 ON parent (lower(name), b DESC NULLS LAST);
               CREATE INDEX i4 ON parent USING gin (doc jsonb_path_ops);
               CREATE INDEX i5 ON parent USING hash (name);
               CREATE INDEX i6 ON parent (name text_pattern_ops);
               CREATE INDEX i7 ON parent USING brin (a);
               CREATE INDEX i8 ON parent (name COLLATE \"C\")";
    let schema = read("keys", sql, &[]).await;
    let (parent, child) = (table(&schema, "parent"), table(&schema, "child"));
    let key = parent.primary_key.as_ref().unwrap();
    assert_eq!((key.name.as_str(), key.deferrable), ("parent_pkey", Deferrable::No));
    assert_eq!(key.columns, ["b", "a"]);

    let names: Vec<&str> = parent.indexes.iter().map(|index| index.name.as_str()).collect();
    assert_eq!(
        names,
        ["i1", "i2", "i3", "i4", "i5", "i6", "i7", "i8"],
        "the primary key's is not among them"
    );
    let index = |number: usize| &parent.indexes[number - 1];
    assert!(index(1).unique);
    assert_eq!(index(1).columns(), Some(vec!["name", "a"]));
    assert_eq!(index(1).include, ["b"]);
    assert_eq!(index(1).keys[0].order, Some(SortOrder::Desc));
    assert_eq!((index(1).keys[0].nulls, index(1).keys[1].order), (None, Some(SortOrder::Asc)));
    assert_eq!(index(2).predicate.as_deref(), Some("(a > 1)"));
    assert_eq!(index(2).keys[0].nulls, Some(NullsOrder::First));
    assert!(index(3).has_expression());
    assert_eq!(index(3).keys[1].nulls, Some(NullsOrder::Last));
    assert_eq!(index(4).algorithm, IndexAlgorithm::Gin);
    let ops = |number: usize| index(number).keys[0].ops.as_ref().unwrap();
    assert_eq!((ops(4).name.as_str(), ops(4).is_default), ("jsonb_path_ops", false));
    assert_eq!((index(5).algorithm.clone(), index(5).keys[0].order), (IndexAlgorithm::Hash, None));
    assert_eq!(ops(6).name, "text_pattern_ops");
    assert!(ops(7).is_default);
    assert_eq!(index(7).algorithm, IndexAlgorithm::Brin);
    assert_eq!(index(8).keys[0].collation.as_deref(), Some("C"));
    assert_eq!(index(6).keys[0].collation, None);
    assert!(parent.indexes.iter().all(|index| index.valid && !index.nulls_not_distinct));

    assert_eq!(child.indexes.len(), 1);
    assert_eq!(
        child.indexes[0].constraint,
        Some(IndexConstraint::Unique(Deferrable::InitiallyDeferred))
    );
    let [fk, restrict] = child.foreign_keys.as_slice() else { panic!("{:?}", child.foreign_keys) };
    assert_eq!(fk.columns, ["y", "x"]);
    assert_eq!(
        (&fk.referenced_table, fk.referenced_columns.as_slice()),
        (&public("parent"), &["b".into(), "a".into()][..])
    );
    assert_eq!(
        (fk.on_delete, fk.on_update),
        (ForeignKeyAction::SetNull, ForeignKeyAction::Cascade)
    );
    assert!(fk.validated && !restrict.validated);
    assert_eq!(
        (restrict.on_delete, restrict.on_update),
        (ForeignKeyAction::Restrict, ForeignKeyAction::NoAction)
    );
    assert_eq!(restrict.deferrable, Deferrable::InitiallyImmediate);
    let checks: Vec<(&str, bool)> =
        child.checks.iter().map(|check| (check.name.as_str(), check.validated)).collect();
    assert_eq!(checks, [("late", false), ("positive", true)]);
    assert_eq!(child.checks[1].definition, "CHECK ((x > 0))");
}

#[tokio::test]
async fn what_was_read_can_be_made_again() {
    let sql = "CREATE TYPE \"Role\" AS ENUM ('ADMIN', 'it''s');
               CREATE TABLE \"User\" (id serial PRIMARY KEY, email varchar(80) NOT NULL, \"role\" \"Role\"
                   NOT NULL DEFAULT 'ADMIN', tags text[] DEFAULT ARRAY['a', 'it''s'], at timestamp(3) NOT NULL
                   DEFAULT CURRENT_TIMESTAMP, price numeric(10,2) DEFAULT 1.5, doc jsonb DEFAULT '{}',
                   big bigserial, flag boolean DEFAULT false, key uuid DEFAULT gen_random_uuid());
               CREATE TABLE \"Post\" (a int, b text, author int, PRIMARY KEY (a, b), CONSTRAINT \"Post_author_fkey\"
                   FOREIGN KEY (author) REFERENCES \"User\" (id) ON DELETE SET NULL ON UPDATE CASCADE);
               CREATE UNIQUE INDEX \"User_email_key\" ON \"User\" (email);
               CREATE INDEX \"Post_idx\" ON \"Post\" (author DESC, b);
               CREATE INDEX \"Post_hash\" ON \"Post\" USING hash (b)";
    let first = read("first", sql, &[]).await;
    assert_eq!(pg_schema::diff(Pair::new(&first, &first)), []);
    let nothing = PgSchema {
        namespaces: vec!["public".to_owned()],
        extensions: first.extensions.clone(),
        ..PgSchema::default()
    };
    let pair = Pair::new(&nothing, &first);
    let script = pg_schema::render(&pg_schema::diff(pair), pair);
    let second = read("second", &script, &[]).await;
    assert_eq!(pg_schema::diff(Pair::new(&first, &second)), [], "{script}");
    assert_eq!(first, second, "{script}");
}

#[tokio::test]
async fn extensions_and_what_they_bring() {
    let sql =
        "CREATE SCHEMA tools; CREATE EXTENSION citext WITH SCHEMA tools; CREATE EXTENSION hstore;
               CREATE TABLE t (a tools.citext DEFAULT 'x', b hstore, c tools.citext[])";
    let schema = read("extensions", sql, &["public", "tools"]).await;
    let names: Vec<(&str, Option<&str>)> = schema
        .extensions
        .iter()
        .map(|extension| (extension.name.as_str(), extension.schema.as_deref()))
        .collect();
    let expected = [("citext", Some("tools")), ("hstore", Some("public"))];
    assert_eq!(names, [expected[0], expected[1], ("plpgsql", Some("pg_catalog"))]);
    let columns = &table(&schema, "t").columns;
    assert_eq!((&columns[0].ty, &columns[2].ty), (&ColumnType::Citext, &ColumnType::Citext));
    assert_eq!(columns[0].default, Some(ColumnDefault::Literal(Literal::String("x".to_owned()))));
    assert_eq!(columns[1].ty, ColumnType::Unsupported("hstore".to_owned()));
    assert_eq!(schema.tables.len(), 1);
}

#[tokio::test]
async fn several_namespaces_and_what_is_left_out() {
    let sql = "CREATE SCHEMA sales; CREATE SCHEMA _driveflow; CREATE SCHEMA other;
               CREATE TABLE _prisma_migrations (id int); CREATE TABLE _driveflow.state (id int);
               CREATE TABLE other.t (id int); CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE nothing ();
               CREATE TYPE sales.kind AS ENUM ('a');
               CREATE TABLE sales.t (id int REFERENCES public.t, kind sales.kind DEFAULT 'a');
               CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;
               CREATE TABLE parts (id int) PARTITION BY RANGE (id);
               CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (9);
               CREATE TABLE base (id int); CREATE TABLE derived () INHERITS (base);
               ALTER TABLE t ENABLE ROW LEVEL SECURITY;
               COMMENT ON TABLE t IS 'about t'; COMMENT ON COLUMN t.id IS 'about id'";
    let schema = read("namespaces", sql, &["sales", "public", "_driveflow", "missing"]).await;
    assert_eq!(schema.namespaces, ["public", "sales"]);
    assert_eq!(schema.default_namespace, "public");
    let tables: Vec<String> = schema
        .tables
        .iter()
        .map(|table| format!("{}.{}", table.name.namespace.as_deref().unwrap(), table.name.name))
        .collect();
    assert_eq!(
        tables,
        [
            "public.base",
            "public.derived",
            "public.nothing",
            "public.part",
            "public.parts",
            "public.t",
            "sales.t"
        ]
    );
    assert_eq!(table(&schema, "nothing").columns, []);
    let kind = |name: &str| table(&schema, name).partitioning;
    assert_eq!((kind("part"), kind("parts")), (Partitioning::Partition, Partitioning::Partitioned));
    assert_eq!((kind("base"), kind("t")), (Partitioning::Inherited, Partitioning::None));
    let t = table(&schema, "t");
    assert!(t.row_security);
    assert_eq!(t.comment.as_deref(), Some("about t"));
    assert_eq!(t.columns[0].comment.as_deref(), Some("about id"));

    let sales = schema.table(&ObjectName::qualified("sales", "t")).unwrap();
    assert_eq!(sales.columns[1].ty, ColumnType::Enum(ObjectName::qualified("sales", "kind")));
    assert_eq!(
        sales.columns[1].default,
        Some(ColumnDefault::Literal(Literal::Enum("a".to_owned())))
    );
    assert_eq!(sales.foreign_keys[0].referenced_table, public("t"));

    let views: Vec<(&str, ViewKind)> =
        schema.views.iter().map(|view| (view.name.name.as_str(), view.kind)).collect();
    assert_eq!(views, [("v", ViewKind::Plain), ("m", ViewKind::Materialized)]);
    assert_eq!(schema.views[0].columns[0].name, "id");
    assert!(schema.views[0].definition.as_ref().unwrap().contains("SELECT"));
}

#[tokio::test]
async fn a_server_that_has_other_catalogs_is_named() {
    let database = TestDatabase::from_sql("fork", "CREATE TABLE pg_index (a int)");
    let connection = database.connect().await;
    connection.batch_execute("SET search_path TO public, pg_catalog").await.unwrap();
    let error = introspect(&connection, &[]).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("calls itself `PostgreSQL "), "{text}");
    assert!(text.contains("Original error:") && text.contains("x.ind"), "{text}");
}

/// The words of a description are the same whatever a database, a role or a person has set.
#[tokio::test]
async fn settings_of_the_session_make_no_difference() {
    let database = TestDatabase::from_sql(
        "settings",
        "SET timezone TO 'UTC'; SET datestyle TO 'ISO'; SET bytea_output TO 'hex';
         CREATE TABLE t (
             at timestamptz DEFAULT '2020-04-05 12:00:00+00', day date DEFAULT '2020-04-05',
             length interval DEFAULT '1 day 02:00:00', bytes bytea DEFAULT '\\x00ff', part float8 DEFAULT 0.1::float4,
             CHECK (day > '2019-02-01'::date)
         );
         CREATE INDEX i ON t (day) WHERE at > '2020-04-05 12:00:00+00'",
    );
    let connection = database.connect().await;
    let plain = introspect(&connection, &[]).await.unwrap();
    assert!(format!("{plain:?}").contains("2019-02-01"), "{plain:#?}");
    connection
        .batch_execute(
            "SET timezone TO 'Asia/Tokyo'; SET datestyle TO 'SQL, DMY'; SET intervalstyle TO 'iso_8601';
             SET bytea_output TO 'escape'; SET extra_float_digits TO -5; SET quote_all_identifiers TO on",
        )
        .await
        .unwrap();
    assert_eq!(introspect(&connection, &[]).await.unwrap(), plain);
    // In a transaction, which goes on.
    connection.batch_execute("BEGIN; CREATE TABLE u (id int)").await.unwrap();
    let within = introspect_in_transaction(&connection, &[]).await.unwrap();
    assert_eq!(within.tables.len(), 2);
    assert_eq!(within.tables[0], plain.tables[0]);
    connection.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(introspect(&connection, &[]).await.unwrap(), plain);
}

#[tokio::test]
async fn the_session_is_as_before() {
    let database = TestDatabase::empty("session_as_before");
    let connection = database.connect().await;
    connection.batch_execute("SET timezone TO 'Asia/Tokyo'; SET jit TO on").await.unwrap();
    let settings = async |connection: &crate::Connection| {
        let settings =
            "SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings";
        let row = connection.query_one(settings, &[]).await.unwrap();
        row.get::<_, String>(0)
    };
    let before = settings(&connection).await;
    introspect(&connection, &[]).await.unwrap();
    assert_eq!(settings(&connection).await, before);
    connection.batch_execute("BEGIN").await.unwrap();
    let before = settings(&connection).await;
    introspect_in_transaction(&connection, &[]).await.unwrap();
    assert_eq!(settings(&connection).await, before);
    connection.batch_execute("ROLLBACK").await.unwrap();
    // What fails leaves no transaction behind.
    connection
        .batch_execute("CREATE TABLE pg_index (a int); SET search_path TO public, pg_catalog")
        .await
        .unwrap();
    introspect(&connection, &[]).await.unwrap_err();
    connection.batch_execute("VACUUM pg_index").await.unwrap();
    let pooled = with_parameters(database.url(), "pgbouncer=true");
    let pooled = crate::connect(&pooled.parse().unwrap()).await.unwrap();
    let before = settings(&pooled).await;
    introspect(&pooled, &[]).await.unwrap();
    assert_eq!(settings(&pooled).await, before);
}
