//! `migrate partition` and `partition maintain`: a table in use comes into partitions, and stays what it was.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use postgres::testing::{TestDatabase, block_on};
use postgres::{ConnectionUrl, connect};

use crate::sandbox::Sandbox;

const SCHEMA: &str = r#"datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Trip {
  id     String      @id
  points TripPoint[]
}

model TripPoint {
  id         String   @id
  trip       Trip     @relation(fields: [tripId], references: [id], onDelete: Cascade)
  tripId     String
  lat        Float    @default(0)
  meta       Json?
  recordedAt DateTime

  @@index([tripId, recordedAt])
}
"#;

fn value(url: &ConnectionUrl, sql: &str) -> String {
    block_on(async {
        let connection = connect(url).await.expect("the database is there");
        let row = connection.query_one(&format!("SELECT ({sql})::text"), &[]).await;
        row.expect(sql).get::<_, Option<String>>(0).unwrap_or_default()
    })
}

fn execute(url: &ConnectionUrl, sql: &str) {
    block_on(async {
        connect(url).await.expect("the database is there").batch_execute(sql).await.expect(sql);
    });
}

/// Whoever uses the table, in every way: each write is made to a second table as well, which is what it is compared with.
fn use_it(url: &ConnectionUrl, seed: i64, done: &AtomicBool) {
    block_on(async {
        let connection = connect(url).await.expect("the database is there");
        let mut number = seed;
        while !done.load(Ordering::Relaxed) {
            number = (number * 7_919 + 13) % 6_007;
            let writes = |table: &str| {
                format!(
                    "UPDATE {table} SET lat = lat + 1, meta = '{{\"n\": {number}}}' WHERE id = 'p{number}';
                     UPDATE {table} SET \"recordedAt\" = \"recordedAt\" + interval '35 days' WHERE id = 'p{}';
                     DELETE FROM {table} WHERE id = 'p{}';
                     DELETE FROM {table} WHERE id = 'new {seed} {number}';
                     INSERT INTO {table} (id, \"tripId\", \"recordedAt\") VALUES ('new {seed} {number}', 't{}', now());",
                    (number * 3) % 6_007,
                    (number * 5) % 6_007,
                    number % 10,
                )
            };
            // One transaction. Two of them may run into each other; all else is not to go wrong.
            let sql = writes("\"TripPoint\"") + &writes("kept.expected");
            while let Err(error) = connection.batch_execute(&sql).await {
                assert!(error.to_string().contains("deadlock"), "{error}");
            }
        }
    });
}

#[test]
fn a_table_in_use_comes_into_partitions() {
    let sandbox = Sandbox::new(SCHEMA);
    let database = TestDatabase::empty("partition");
    let url = database.url();
    let run = |arguments: &[&str]| sandbox.run_on(&url.expose(), arguments);
    run(&["migrate", "dev", "--name", "init", "--skip-generate"]).success();
    execute(
        url,
        "INSERT INTO \"Trip\" SELECT 't' || i FROM generate_series(0, 9) i;
         INSERT INTO \"TripPoint\" (id, \"tripId\", \"recordedAt\")
         SELECT 'p' || i, 't' || i % 10, date_trunc('month', now()) - i * interval '37 min' FROM generate_series(1, 6000) i;
         CREATE TABLE expected AS TABLE \"TripPoint\";
         ALTER TABLE expected ADD PRIMARY KEY (id), ALTER lat SET DEFAULT 0;
         CREATE SCHEMA kept; ALTER TABLE expected SET SCHEMA kept;",
    );
    let partition = ["migrate", "partition", "TripPoint", "--by", "recordedAt"];
    let refused = run(&partition).failure();
    assert!(refused.stderr.contains("@@id([id, recordedAt])"), "{refused:#?}");
    assert!(refused.stderr.contains("take @id away from id"), "{refused:#?}");
    let keyed = SCHEMA
        .replace("  id         String   @id\n", "  id         String\n")
        .replace("  @@index([tripId", "  @@id([id, recordedAt])\n  @@index([tripId");
    sandbox.write("prisma/schema.prisma", keyed);

    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for seed in 1..=3 {
            let done = &done;
            scope.spawn(move || use_it(url, seed, done));
        }
        let begun = run(&partition).success();
        assert!(begun.stdout.contains("cargo xtask partition maintain"), "{begun:#?}");
        let early = run(&["migrate", "contract", "partition"]).failure();
        assert!(early.stderr.contains("backfill run"), "{early:#?}");
        run(&["backfill", "run", "--target", "10ms"]).success();
        run(&["migrate", "contract", "partition"]).success();
        done.store(true, Ordering::Relaxed);
    });
    let differ = "SELECT count(*) FROM (
        (SELECT id, \"tripId\", lat, meta::text, \"recordedAt\" FROM \"TripPoint\"
         EXCEPT SELECT id, \"tripId\", lat, meta::text, \"recordedAt\" FROM kept.expected)
        UNION ALL
        (SELECT id, \"tripId\", lat, meta::text, \"recordedAt\" FROM kept.expected
         EXCEPT SELECT id, \"tripId\", lat, meta::text, \"recordedAt\" FROM \"TripPoint\")) AS d";
    assert_eq!(value(url, differ), "0");
    assert_eq!(
        value(url, "SELECT relkind FROM pg_class WHERE oid = '\"TripPoint\"'::regclass"),
        "p"
    );
    assert_eq!(value(url, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'zz_rollout%'"), "0");
    run(&["migrate", "status", "--drift"]).success();
    let nothing = run(&["migrate", "dev", "--skip-generate"]).success();
    assert!(nothing.stdout.contains("in sync"), "{nothing:#?}");
    // Keys still hold, and rows are where they belong.
    execute(url, "DELETE FROM \"Trip\" WHERE id = 't1'");
    assert_eq!(value(url, "SELECT count(*) FROM \"TripPoint\" WHERE \"tripId\" = 't1'"), "0");
    assert_eq!(
        value(
            url,
            "SELECT count(*) > 0 FROM \"TripPoint\" WHERE tableoid <> '\"TripPoint_rest\"'::regclass"
        ),
        "true"
    );

    let again = run(&partition).failure();
    assert!(again.stderr.contains("partitioned already"), "{again:#?}");
    let months = "SELECT count(*) FROM pg_inherits WHERE inhparent = '\"TripPoint\"'::regclass";
    let before: u32 = value(url, months).parse().expect("a number");
    let none = run(&["partition", "maintain"]).success();
    assert!(none.stdout.contains("those of this month and 3 more"), "{none:#?}");
    let made = run(&["partition", "maintain", "--ahead", "5"]).success();
    assert_eq!(made.stdout.matches("made TripPoint_").count(), 2, "{made:#?}");
    assert_eq!(value(url, months), (before + 2).to_string());
    run(&["migrate", "status", "--drift"]).success();
    execute(
        url,
        "INSERT INTO \"TripPoint\" (id, \"tripId\", \"recordedAt\") VALUES ('far', 't2', now() + interval '1 year')",
    );
    let taken = run(&["partition", "maintain", "--ahead", "13"]).failure();
    assert!(taken.stderr.contains("moves them out of it"), "{taken:#?}");
    assert!(taken.stdout.contains("made TripPoint_"), "{taken:#?}");
    run(&["partition", "maintain", "--ahead", "13", "--move"]).success();
    assert_eq!(value(url, "SELECT count(*) FROM \"TripPoint\" WHERE id = 'far'"), "1");
}

#[test]
fn given_up_nothing_is_left() {
    let sandbox = Sandbox::new(SCHEMA);
    let database = TestDatabase::empty("unpartition");
    let run = |arguments: &[&str]| sandbox.run_on(&database.url().expose(), arguments);
    run(&["migrate", "dev", "--name", "init", "--skip-generate"]).success();
    let schema = sandbox.read("prisma/schema.prisma");
    let keyed = schema
        .replace("  id         String   @id\n", "  id         String\n")
        .replace("  @@index([tripId", "  @@id([id, recordedAt])\n  @@index([tripId");
    sandbox.write("prisma/schema.prisma", keyed);
    for (arguments, why) in [
        (["migrate", "partition", "Trip", "--by", "id"], "is no DateTime"),
        (["migrate", "partition", "Nothing", "--by", "id"], "has no model Nothing"),
        (["migrate", "partition", "TripPoint", "--by", "nothing"], "has no field nothing"),
    ] {
        let refused = run(&arguments).failure();
        assert!(refused.stderr.contains(why), "{refused:#?}");
    }
    run(&["migrate", "partition", "TripPoint", "--by", "recordedAt"]).success();
    run(&["backfill", "run"]).success();
    run(&["migrate", "abort", "partition", "--force"]).success();
    sandbox.write("prisma/schema.prisma", schema);
    let folders = sandbox.list("prisma/migrations");
    let folder = folders.iter().find(|name| name.ends_with("partition_trip_point"));
    let folder = sandbox.path("prisma/migrations").join(folder.expect("it is there"));
    std::fs::remove_dir_all(folder).expect("it is the test's");
    let left = "SELECT count(*) FROM pg_class WHERE relname LIKE 'TripPoint\\_%' AND relkind IN ('r', 'p')";
    assert_eq!(value(database.url(), left), "0");
    run(&["migrate", "status", "--drift"]).success();
}
