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

#[test]
fn an_index_that_nobody_uses() {
    let break_it = "CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 100000); CREATE INDEX idle ON t (a)";
    provoked("unused_index", "[unused_index]\nwarn = 1", break_it, "idle");
}
