//! How long it takes to read a database of 1,000 tables: `cargo bench -p postgres --features testing`.

use std::fmt::Write as _;
use std::time::Instant;

use postgres::testing::{TestDatabase, block_on};
use postgres::{connect, introspect};

const TABLES: usize = 1_000;

fn main() {
    let database = TestDatabase::from_sql("bench_introspect", &script());
    let (mut times, schema) = block_on(async {
        let connection = connect(database.url()).await.expect("the test server is up");
        let mut times = Vec::new();
        let mut schema = None;
        for _ in 0..9 {
            let start = Instant::now();
            schema = Some(introspect(&connection, &[]).await.expect("it can be read"));
            times.push(start.elapsed());
        }
        (times, schema.expect("it was read"))
    });
    let columns: usize = schema.tables.iter().map(|table| table.columns.len()).sum();
    println!("{} tables, {columns} columns", schema.tables.len());
    // A session's first look at the catalogs fills the server's caches.
    println!("first:  {:?}", times[0]);
    times.sort();
    println!("best:   {:?}", times[0]);
    println!("median: {:?}", times[times.len() / 2]);
}

/// Tables of ten columns with a key, two more indexes and a foreign key each.
fn script() -> String {
    let mut script = "CREATE TYPE \"Kind\" AS ENUM ('a', 'b');\n".to_owned();
    for table in 0..TABLES {
        let before = table.saturating_sub(1);
        writeln!(
            script,
            "CREATE TABLE \"Table{table}\" (id serial PRIMARY KEY, name text NOT NULL, email varchar(80) NOT NULL \
             DEFAULT '', at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, price decimal(10, 2), tags text[] DEFAULT \
             ARRAY[]::text[], kind \"Kind\" NOT NULL DEFAULT 'a', doc jsonb DEFAULT '{{}}', flag boolean NOT NULL \
             DEFAULT false, other int REFERENCES \"Table{before}\" (id) ON DELETE SET NULL ON UPDATE CASCADE);\n\
             CREATE UNIQUE INDEX \"Table{table}_email_key\" ON \"Table{table}\" (email);\n\
             CREATE INDEX \"Table{table}_name_idx\" ON \"Table{table}\" (name, at DESC);"
        )
        .expect("a string takes all");
    }
    script
}
