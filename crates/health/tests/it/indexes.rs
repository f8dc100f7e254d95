//! Indexes and constraints that are wrong, each made wrong and mended as the check says.

use health::State;
use postgres::testing::{TestDatabase, block_on};

use crate::{finding, names};

/// A subject is found after `break_it`, and after the advice was followed it is found no more.
fn provoked(id: &str, settings: &str, break_it: &str, subject: &str) {
    let database = TestDatabase::empty(id);
    block_on(async {
        let connection = database.connect().await;
        for statement in break_it.split(";;") {
            // Some of them fail on purpose: that is how an index becomes invalid.
            let _ = connection.batch_execute(statement).await;
        }
        let found = finding(&database, id, settings).await;
        assert!(names(&found, subject), "{id}: {} ({:?})", found.message, found.state);
        assert_eq!(found.advice.len(), 1, "{:?}", found.advice);
        connection.batch_execute(&found.advice[0]).await.expect("the advice can be followed");
        let found = finding(&database, id, settings).await;
        assert_eq!(found.state, State::Ok, "{id}: {}", found.message);
    });
}

#[test]
fn an_invalid_index() {
    let break_it = "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);;\
                    CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);; DELETE FROM t";
    provoked("invalid_index", "", break_it, "t_a");
}

#[test]
fn a_constraint_that_was_never_validated() {
    let break_it = "CREATE TABLE _prisma_migrations (finished_at timestamptz);\
                    INSERT INTO _prisma_migrations VALUES (now() - interval '2 days');\
                    CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID";
    provoked("not_valid_constraint", "", break_it, "positive on t");
}

#[test]
fn a_constraint_of_a_rollout_is_validated_by_its_backfill() {
    let database = TestDatabase::from_sql(
        "rollout_check",
        "CREATE TABLE _prisma_migrations (finished_at timestamptz);\
         INSERT INTO _prisma_migrations VALUES (now() - interval '2 days');\
         CREATE TABLE t (a int);\
         ALTER TABLE t ADD CONSTRAINT rollout_20261129101112_1 CHECK (a IS NOT NULL) NOT VALID",
    );
    let found = block_on(finding(&database, "not_valid_constraint", ""));
    assert_eq!(found.advice, ["cargo xtask backfill run"]);
}

#[test]
fn a_foreign_key_without_an_index() {
    let break_it = r#"CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p VALUES (1);
                      CREATE TABLE "C" ("pId" int CONSTRAINT "C_fk" REFERENCES p, b int); CREATE INDEX ON "C" (b, "pId");
                      INSERT INTO "C" SELECT 1 FROM generate_series(1, 10000); ANALYZE "C""#;
    provoked("foreign_key_index", "", break_it, r#""C_fk" on "C""#);
}

#[test]
fn an_index_that_another_makes_needless() {
    let break_it = "CREATE TABLE t (a int, b int, UNIQUE (a, b)); CREATE INDEX less ON t (a);\
                    CREATE INDEX down ON t (a DESC); CREATE INDEX part ON t (a) WHERE b > 1";
    provoked("duplicate_index", "", break_it, "less");
}

/// Dropped by hand, what the schema asks for would be drift and come back.
#[test]
fn an_index_of_the_schema_is_mended_in_the_schema() {
    let script = r#"CREATE TABLE _prisma_migrations (finished_at timestamptz);
        CREATE TABLE "T" (a int, "bC" int, d int REFERENCES "P", UNIQUE (a, "bC", d));
        CREATE INDEX "T_a_bC_idx" ON "T" (a, "bC"); CREATE INDEX by_hand ON "T" (a);
        INSERT INTO "T" SELECT i, i, 1 FROM generate_series(1, 10000) AS i; ANALYZE "T""#;
    let script =
        format!(r#"CREATE TABLE "P" (id int PRIMARY KEY); INSERT INTO "P" VALUES (1); {script}"#);
    let database = TestDatabase::from_sql("of_schema", &script);
    block_on(async {
        let found = finding(&database, "duplicate_index", "").await;
        let advice = found.advice.join("\n");
        assert!(
            advice.contains(
                r#"take @@index([a, bC]) out of the model of "T", then cargo xtask migrate dev"#
            ),
            "{advice}"
        );
        assert!(advice.contains("DROP INDEX CONCURRENTLY by_hand"), "{advice}");
        let except = "[[duplicate_index.except]]\nsubject = \"T_a_bC_idx\"\nreason = \"a test\"";
        let found = finding(&database, "duplicate_index", except).await;
        assert_eq!(
            (found.state, found.value),
            (State::Warn, Some(1.0)),
            "the other one is told: {}",
            found.message
        );
        assert!(
            found.message.ends_with("\nexcepted in health.toml: \"T_a_bC_idx\""),
            "{}",
            found.message
        );
        let found = finding(&database, "foreign_key_index", "").await;
        assert_eq!(
            found.advice,
            [
                r#"where the schema has the table: @@index([d]) in the model of "T", then cargo xtask migrate dev"#
            ]
        );
        let found = finding(&database, "unused_index", "[unused_index]\nwarn = 0").await;
        assert!(
            found.advice.join("\n").contains("take @@index([a, bC]) out of"),
            "{:?}",
            found.advice
        );
    });
}

#[test]
fn an_index_that_nobody_uses() {
    let break_it = "CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 100000); CREATE INDEX idle ON t (a)";
    provoked("unused_index", "[unused_index]\nwarn = 1", break_it, "idle");
}
