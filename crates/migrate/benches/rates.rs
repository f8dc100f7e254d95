//! The rates of `plan::rates`, measured: how fast a server reads, indexes and writes anew a table of a million rows.

use std::time::{Duration, Instant};

use postgres::testing::{TestDatabase, block_on};

const ROWS: u64 = 1_000_000;
const TABLE: &str = "CREATE TABLE t (id text PRIMARY KEY, a int, b text, c timestamptz); \
    INSERT INTO t SELECT md5(n::text), n, repeat('x', 60), now() FROM generate_series(1, 1000000) n";

fn main() {
    let database = TestDatabase::empty("rates");
    block_on(async {
        let connection = database.connect().await;
        let run = async |sql: &str| -> Duration {
            let begin = Instant::now();
            connection.batch_execute(sql).await.expect(sql);
            begin.elapsed()
        };
        run(TABLE).await;
        run("VACUUM ANALYZE t").await;
        let sizes = "SELECT pg_table_size('t'), pg_table_size('t') + pg_indexes_size('t')";
        let sizes = connection.query_one(sizes, &[]).await.expect(sizes);
        let (table, all): (i64, i64) = (sizes.get(0), sizes.get(1));
        for (what, sql, amount) in [
            (
                "scan, bytes",
                "ALTER TABLE t ADD CONSTRAINT t_check CHECK (a > 0)",
                table.cast_unsigned(),
            ),
            ("rewrite, bytes", "ALTER TABLE t ALTER a TYPE bigint", all.cast_unsigned()),
            ("index of numbers, rows", "CREATE INDEX ON t (a)", ROWS),
            ("index of texts, rows", "CREATE INDEX ON t (b, a)", ROWS),
            ("index beside others, rows", "CREATE INDEX CONCURRENTLY ON t (a)", ROWS),
        ] {
            let took = run(sql).await;
            let rate = amount * 1_000_000 / u64::try_from(took.as_micros()).unwrap_or(1).max(1);
            println!("{what}: {} ms, {rate} in a second", took.as_millis());
        }
    });
}
