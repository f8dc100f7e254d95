//! Random operations through the client and, by SQL written here, on a second schema of the same database leave the same
//! rows; random questions are answered as SQL answers them.
//!
//! A seed makes a whole history, so a failure is found again by its seed: `MODEL_SEEDS=17..18 cargo test model`. The
//! histories of a plain run are few; `MODEL_SEEDS=0..1000` runs for as long as one likes.

pub(crate) mod chance;
mod condition;
mod operation;
mod plain;
mod question;
mod through;

use std::ops::Range;

use postgres::Connection;
use postgres::testing::TestDatabase;

use self::chance::Chance;
use self::operation::Operation;
use crate::generated::PrismaClient;
use crate::support::SCHEMA;

/// Operations of one history.
const LENGTH: usize = 60;

/// Where the SQL of this test works; the client has `public`.
const MIRROR: &str = "mirror";

/// What went wrong, as far as both sides can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    Unique,
    /// Something that it needs is not there: a connection by the key that is stored is left to the foreign key.
    Missing,
    Range,
    Other,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_client_and_plain_sql_leave_the_same_rows() {
    let seeds = seeds();
    let sql = SCHEMA.replace("CREATE SCHEMA IF NOT EXISTS \"public\";", "");
    let both = format!("{SCHEMA}; CREATE SCHEMA {MIRROR}; SET search_path TO {MIRROR}; {sql}");
    let database = TestDatabase::from_sql("model", &both);
    let client = PrismaClient::_builder().with_url(database.url().expose()).build().await.unwrap();
    let mirror = postgres::connect(&database.url().with_schema(MIRROR)).await.unwrap();
    for seed in seeds {
        history(seed, &client, &mirror).await;
    }
}

pub(crate) fn seeds() -> Range<u64> {
    let Ok(range) = std::env::var("MODEL_SEEDS") else { return 0..3 };
    let (from, to) = range.split_once("..").expect("a range of seeds");
    from.parse().unwrap()..to.parse().unwrap()
}

async fn history(seed: u64, client: &PrismaClient, mirror: &Connection) {
    for schema in ["public", MIRROR] {
        let empty = format!(
            "TRUNCATE {schema}.people, {schema}.\"Tag\", {schema}.\"Every\" RESTART IDENTITY CASCADE"
        );
        mirror.batch_execute(&empty).await.unwrap();
    }
    let mut chance = Chance::new(seed);
    for step in 0..LENGTH {
        let at = format!("seed {seed}, step {step}");
        let operation = Operation::any(&mut chance);
        let expected = plain::run(mirror, &operation).await;
        let done = through::run(client, &operation).await;
        if operation.is_of_one_row() {
            assert_eq!(done, expected, "{at}: {operation:#?}");
        } else {
            // Of several reasons to fail either may come first.
            assert_eq!(done.ok(), expected.ok(), "{at}: {done:?}, {expected:?}: {operation:#?}");
        }
        let (theirs, ours) = (rows(mirror, "public").await, rows(mirror, MIRROR).await);
        assert_eq!(theirs, ours, "{at}: client and SQL differ after {operation:#?}");
        question::ask(&mut chance, client, mirror, &at).await;
    }
}

/// Every row of every table as text. What only the client knows, the moment of a change, is left out.
async fn rows(connection: &Connection, schema: &str) -> Vec<String> {
    let tables =
        ["people", "Profile", "Post", "Tag", "Comment", "Like", "Every", "_Reviews", "_PostToTag"];
    let select = |table: &str| {
        format!(
            "SELECT '{table} ' || (to_jsonb(t) - '{{createdAt,updatedAt}}'::text[])::text FROM {schema}.\"{table}\" t"
        )
    };
    let all = tables.map(select).join(" UNION ALL ");
    let sql = format!("SELECT line COLLATE \"C\" FROM ({all}) AS lines (line) ORDER BY 1");
    connection.query(&sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}
