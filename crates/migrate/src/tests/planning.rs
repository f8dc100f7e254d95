//! Plans of pending migrations, on databases with rows.

use insta::assert_snapshot;

use crate::plan::{Plan, Undo, of_one, plan};
use crate::report;
use crate::testing::Project;
use crate::{Error, Options};

const INIT: (&str, &str) = (
    "1_init",
    "CREATE TABLE p (id int PRIMARY KEY);\n\
     CREATE TABLE t (id int PRIMARY KEY, a int, b text, p int) WITH (autovacuum_enabled = off);\n\
     CREATE TABLE empty (id int PRIMARY KEY, a int);\n\
     INSERT INTO t SELECT n, nullif(n, 7), n % 500, n FROM generate_series(1, 1000) n;\n",
);

async fn planned(project: &Project) -> Result<Plan, Error> {
    plan(&project.folder(), project.url(), &Options::default()).await
}

/// Its refusals, in their order.
fn refusals(plan: &Plan) -> Vec<String> {
    let steps = plan.migrations.iter().flat_map(|migration| &migration.steps);
    let statements = steps.flat_map(|step| &step.statements);
    statements.flat_map(|statement| statement.refusals.clone()).collect()
}

#[tokio::test]
async fn a_plan_tells_locks_sizes_steps_and_the_way_back() {
    let project = Project::with("plan", &[INIT]);
    project.deploy().await.unwrap();
    project.execute("ANALYZE").await;
    project.write(
        "2_change",
        "ALTER TABLE t ADD COLUMN note text;\nALTER TABLE empty ALTER a TYPE bigint;\nCREATE TABLE u (id int PRIMARY KEY);\n\
         ALTER TABLE t ALTER a TYPE bigint;\n",
    );
    project.write_down("2_change", "ALTER TABLE t DROP COLUMN note; DROP TABLE u;");
    project.write(
        "3_index",
        "CREATE INDEX CONCURRENTLY t_b ON t (b);\nALTER TABLE u ADD COLUMN a int;\nDROP TABLE p;\n",
    );
    project.write_down("3_index", "CREATE TABLE p (id int PRIMARY KEY);");
    project.write(
        "4_code",
        "DO $$ BEGIN EXECUTE 'SELECT ' || random(); END $$;\nDO $$ BEGIN ALTER TABLE t ADD COLUMN of_code int; END $$;\n\
         UPDATE t SET note = 'x';\nDELETE FROM t WHERE id = 5;\nINSERT INTO t (id) VALUES (5);\n",
    );
    let plan = planned(&project).await.unwrap();
    let text = report::plan(&plan, project.url());
    let text = text
        .replace(project.url().database(), "DATABASE")
        .replace(&report::location(project.url()), "HOST");
    let version = format!("(PostgreSQL {})", project.connect().await.server_major());
    assert_snapshot!(text.replace(&version, "(PostgreSQL N)"));
    assert!(project.value("SELECT to_regclass('u')").await.is_none(), "nothing was done");
    let json: serde_json::Value = serde_json::from_str(&report::plan_json(&plan)).unwrap();
    let statement = &json["migrations"][0]["steps"][0]["statements"][1];
    assert_eq!(statement["tables"][0]["work"], "rewrite", "{json:#}");
    assert_eq!(statement["tables"][0]["rows"], 1000);
    assert_eq!(json["migrations"][1]["steps"].as_array().unwrap().len(), 2);
    assert_eq!(json["migrations"][1]["undo"], "lossy");
    let done = project.deploy().await.unwrap().applied;
    assert_eq!(done.len(), 3);
    assert_eq!(planned(&project).await.unwrap().migrations, []);
}

/// A script after `INIT`, and what is said to be refused of it.
const REFUSED: &[(&str, &str)] = &[
    ("ALTER TABLE t ALTER a SET NOT NULL", "1 row(s) of \"t\" have no value in \"a\""),
    ("ALTER TABLE t ALTER b SET NOT NULL", ""),
    (
        "ALTER TABLE t ADD COLUMN c int NOT NULL",
        "1 row at least is in \"t\", and the new column \"c\" has no value for it",
    ),
    ("ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT 1", ""),
    ("ALTER TABLE t ADD COLUMN c serial NOT NULL", ""),
    ("ALTER TABLE empty ADD COLUMN c int NOT NULL", ""),
    ("CREATE UNIQUE INDEX t_b ON t (b)", "500 value(s) of \"b\" are in \"t\" more than once"),
    (
        "CREATE UNIQUE INDEX CONCURRENTLY t_b ON t (b)",
        "500 value(s) of \"b\" are in \"t\" more than once",
    ),
    ("CREATE UNIQUE INDEX t_b ON t (b) WHERE id < 10", ""),
    ("CREATE UNIQUE INDEX t_a ON t (a)", ""),
    (
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE (b)",
        "500 value(s) of \"b\" are in \"t\" more than once",
    ),
    (
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id)",
        "1000 row(s) of \"t\" refer to what is not in \"p\"",
    ),
    ("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id) NOT VALID", ""),
    (
        "ALTER TABLE t ADD CONSTRAINT c CHECK (id > 10)",
        "10 row(s) of \"t\" do not fulfil the check",
    ),
    ("ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0)", ""),
    ("UPDATE t SET a = 1 WHERE a IS NULL; ALTER TABLE t ALTER a SET NOT NULL", ""),
    // What a statement before it leaves as it is.
    (
        "UPDATE t SET b = 'x'; ALTER TABLE t ALTER a SET NOT NULL",
        "1 row(s) of \"t\" have no value in \"a\"",
    ),
    (
        "INSERT INTO t VALUES (2000, 1, 'y', 1); ALTER TABLE t ALTER a SET NOT NULL",
        "1 row(s) of \"t\" have no value in \"a\"",
    ),
    (
        "ALTER TABLE t ADD COLUMN c int, ALTER b TYPE varchar(9); ALTER TABLE t ALTER a SET NOT NULL",
        "1 row(s) of \"t\" have no value in \"a\"",
    ),
    (
        "ALTER TABLE t ADD COLUMN c int; ALTER TABLE t ALTER c SET NOT NULL",
        "1000 row(s) of \"t\" have no value in \"c\"",
    ),
    (
        "DO $$ BEGIN ALTER TABLE t ADD COLUMN c int; END $$; ALTER TABLE t ALTER c SET NOT NULL",
        "1000 row(s) of \"t\" have no value in \"c\"",
    ),
    (
        "DELETE FROM empty; ALTER TABLE t ADD CONSTRAINT c CHECK (id > 10)",
        "10 row(s) of \"t\" do not fulfil the check",
    ),
    ("ALTER TABLE t ADD COLUMN c int; UPDATE t SET c = 1; ALTER TABLE t ALTER c SET NOT NULL", ""),
    ("ALTER TABLE t ADD COLUMN c int; CREATE UNIQUE INDEX t_c ON t (c)", ""),
    ("ALTER TABLE t ADD COLUMN c int, ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES p (id)", ""),
    (
        "ALTER TABLE t RENAME a TO c; ALTER TABLE t ADD COLUMN a int DEFAULT 1; ALTER TABLE t ALTER a SET NOT NULL",
        "",
    ),
    ("DELETE FROM t WHERE a IS NULL; ALTER TABLE t ALTER a SET NOT NULL", ""),
    ("DROP TABLE t; CREATE TABLE t (b text); CREATE UNIQUE INDEX t_b ON t (b)", ""),
    ("TRUNCATE t; CREATE UNIQUE INDEX t_b ON t (b)", ""),
    (
        "INSERT INTO p SELECT generate_series(1, 1000); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id)",
        "",
    ),
    ("DO $$ BEGIN EXECUTE 'UPDATE t SET a = 1'; END $$; ALTER TABLE t ALTER a SET NOT NULL", ""),
    (
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'UPDATE t SET a = 1 RETURNING 1'; SELECT f(); ALTER TABLE t ALTER a SET NOT NULL",
        "",
    ),
    ("DO $$ BEGIN UPDATE t SET a = 1; END $$; ALTER TABLE t ALTER a SET NOT NULL", ""),
    (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.a := 1; RETURN NEW; END'; \
          CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); UPDATE t SET b = 'z'; \
          ALTER TABLE t ALTER a SET NOT NULL",
        "",
    ),
];

/// Each is refused as it was said; what is not said to be is not.
#[tokio::test]
async fn what_the_plan_says_is_refused_is_refused() {
    let template = Project::with("plan_refusals", &[INIT]);
    template.deploy().await.unwrap();
    for (number, (script, refusal)) in REFUSED.iter().copied().enumerate() {
        let name = format!("2_case_{number}");
        template.write(&name, script);
        let plan = planned(&template).await.unwrap();
        let expected: Vec<&str> =
            Some(refusal).filter(|refusal| !refusal.is_empty()).into_iter().collect();
        assert_eq!(refusals(&plan), expected, "{script}");
        let attempted = if script.contains("CONCURRENTLY") {
            let attempted = template.connect().await.batch_execute(script).await;
            template.execute("DROP INDEX t_b").await;
            attempted
        } else {
            template.connect().await.batch_execute(&format!("BEGIN; {script}; ROLLBACK")).await
        };
        assert_eq!(attempted.is_err(), !refusal.is_empty(), "{script}");
        template.remove(&name);
    }
}

#[tokio::test]
async fn a_plan_without_a_database_and_one_of_a_single_migration() {
    let project =
        Project::with("plan_nowhere", &[INIT, ("2_change", "ALTER TABLE t ALTER a TYPE bigint;")]);
    let nowhere = project.url().with_database("driveflow_test_never_made");
    let plan = plan(&project.folder(), &nowhere, &Options::default()).await.unwrap();
    assert!(plan.creates_database && plan.migrations.len() == 2);
    assert_eq!(plan.migrations[0].undo, Undo::None);
    let one = of_one(&project.folder(), "2_change", project.url()).unwrap();
    assert_snapshot!(report::plan_in_short(&one).unwrap(), @r#"
    Where the database is in use, 2_change locks:
      "t": ACCESS EXCLUSIVE, blocks all reads and writes; every row is written anew
    For how long, a database of its size tells: cargo xtask migrate plan --database-url URL
    "#);
    let first = of_one(&project.folder(), "1_init", project.url()).unwrap();
    assert_eq!(report::plan_in_short(&first), None, "nobody uses what it makes");
}

/// What could not be looked at is told, and only that.
#[tokio::test]
async fn a_plan_says_what_it_does_not_know() {
    let project = Project::with("plan_unknown", &[INIT]);
    project.deploy().await.unwrap();
    project.execute(
        "CREATE TABLE q (id int PRIMARY KEY, t int REFERENCES t (id) ON DELETE SET NULL ON UPDATE CASCADE)",
    ).await;
    for (number, (script, unknown)) in [
        ("ALTER TABLE t ALTER b SET NOT NULL", ""),
        (
            "UPDATE t SET a = 1; ALTER TABLE t ALTER a SET NOT NULL",
            "what becomes of \"t\" before it",
        ),
        (
            "INSERT INTO t VALUES (2000); ALTER TABLE t ALTER b SET NOT NULL",
            "which rows come into \"t\" before it",
        ),
        ("DELETE FROM t; ALTER TABLE q ALTER t SET NOT NULL", "what becomes of \"q\" before it"),
        ("UPDATE t SET b = 'x'; ALTER TABLE q ALTER t SET NOT NULL", ""),
        (
            "UPDATE t SET id = -id; ALTER TABLE q ALTER t SET NOT NULL",
            "what becomes of \"q\" before it",
        ),
        (
            "ALTER TABLE t ADD CHECK (nobody(a) > 1)",
            "as the query for it failed or took more than 10 s",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("2_case_{number}");
        project.write(&name, script);
        let plan = planned(&project).await.unwrap();
        let steps = plan.migrations.iter().flat_map(|migration| &migration.steps);
        let statements = steps.flat_map(|step| &step.statements);
        let found: Vec<String> =
            statements.flat_map(|statement| statement.unknown.iter().cloned()).collect();
        assert_eq!(found.join("; "), unknown, "{script}");
        let text = report::plan(&plan, project.url());
        assert_eq!(text.contains("may be refused: it is not known"), !unknown.is_empty(), "{text}");
        project.remove(&name);
    }
}

/// `migrate partition` makes the months by code, so that no migration names them.
#[tokio::test]
async fn a_divided_table_is_as_large_as_its_partitions() {
    let script = "CREATE TABLE point (id int, at timestamp NOT NULL, n int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE point_rest PARTITION OF point DEFAULT;
CREATE TABLE bare (id int) PARTITION BY RANGE (id);
DO $$ BEGIN FOR month IN 1..3 LOOP EXECUTE format(
    'CREATE TABLE point_%s PARTITION OF point FOR VALUES FROM (%L) TO (%L)', month,
    timestamp '2025-12-01' + make_interval(months => month), timestamp '2026-01-01' + make_interval(months => month)
); END LOOP; END $$;
";
    let project = Project::with("plan_divided", &[("1_init", script)]);
    project.deploy().await.unwrap();
    project.write(
        "2_wide",
        "ALTER TABLE point ALTER n TYPE bigint;\nALTER TABLE bare ALTER id TYPE bigint;\n",
    );
    let touched = async || {
        let plan = planned(&project).await.unwrap();
        let statements = &plan.migrations[0].steps[0].statements;
        let all = statements.iter().flat_map(|statement| &statement.touches);
        let told =
            all.map(|one| (one.table.clone(), one.work, one.rows, one.bytes, one.index_bytes));
        (told.collect::<Vec<_>>(), statements.first().and_then(|one| one.estimate))
    };
    let lint = async || crate::plan::rows(&project.connect().await).await.unwrap();
    let name = sql::statement::Name::new("point");
    // No row is in any of them.
    assert_eq!(touched().await, (Vec::new(), None));
    assert!(lint().await.contains(&(name.clone(), 0)));
    project
        .execute("INSERT INTO point SELECT i, timestamp '2026-01-01' + i * interval '1 minute', i FROM generate_series(1, 90000) i")
        .await;
    // What the server has not counted is not empty.
    assert!(lint().await.iter().all(|(table, _)| *table != name));
    assert!(touched().await.1.is_some(), "its size is known");
    project.execute("ANALYZE").await;
    let (told, estimate) = touched().await;
    let [(table, work, rows, bytes, index_bytes)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((table.as_str(), *work, *rows), ("\"point\"", lint::Work::Rewrite, Some(90_000)));
    let sum = async |function: &str| -> u64 {
        let sql = format!("SELECT sum({function}(relid)) FROM pg_partition_tree('point')");
        project.value(&sql).await.unwrap().parse().unwrap()
    };
    assert_eq!(*bytes, Some(sum("pg_table_size").await));
    assert_eq!(*index_bytes, Some(sum("pg_indexes_size").await));
    assert!(estimate.is_some());
    assert!(lint().await.contains(&(name, 90_000)));
}
