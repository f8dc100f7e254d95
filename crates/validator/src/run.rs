//! Checks rules side by side, all of them on the same moment of the data.
//!
//! One transaction exports its snapshot, others take it over: what is written meanwhile is seen by none. Each rule is
//! asked within a savepoint, so that one that fails or takes too long hides no other.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use client::PrismaClient;
use client::prisma_client_rust::{IsolationLevel, QueryError, Raw, TransactionController};
use futures_util::future::join_all;
use serde_json::Value;

use crate::reach::Reach;
use crate::report::{Findings, Outcome, Report};
use crate::rule::Rule;

/// How rules are checked.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which rows are asked for.
    pub reach: Reach,
    /// How many ids of a broken rule are shown.
    pub shown: u32,
    /// How long one rule may take.
    pub timeout: Duration,
    /// On how many connections.
    pub connections: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            reach: Reach::default(),
            shown: 5,
            timeout: Duration::from_mins(10),
            // What a server of two cores has, and no more: production has other work.
            connections: 2,
        }
    }
}

/// Longer than all rules together take: each has a limit of its own.
const WHOLE_MS: u64 = 24 * 60 * 60 * 1_000;

/// Rules join tables of millions of rows: with the four megabytes that are usual a server writes both of them to the disk and
/// reads them again, which takes twice as long. A server that gives more keeps that.
const MEMORY: &str = "SELECT set_config('work_mem', greatest(pg_size_bytes(current_setting('work_mem')) / 1024, 131072) || 'kB', true)";

/// A transaction on the snapshot.
struct Session {
    controller: TransactionController<PrismaClient>,
    client: PrismaClient,
}

/// Checks the rules; `progress` hears of each that is done, how many are, and of how many.
pub(crate) async fn run(
    client: &PrismaClient,
    rules: Vec<Rule>,
    options: &Options,
    progress: &(dyn Fn(&Outcome, usize, usize) + Sync),
) -> Report {
    let start = Instant::now();
    let sessions = match sessions(client, rules.len(), options).await {
        Ok(sessions) => sessions,
        Err(error) => {
            let error = told(&error);
            let outcome = |rule| Outcome { rule, took: Duration::ZERO, result: Err(error.clone()) };
            return Report {
                outcomes: rules.into_iter().map(outcome).collect(),
                took: start.elapsed(),
            };
        }
    };
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let outcomes: Vec<Mutex<Option<Outcome>>> = rules.iter().map(|_| Mutex::new(None)).collect();
    let work = sessions.into_iter().map(|session| {
        let (rules, next, done, outcomes) = (&rules, &next, &done, &outcomes);
        async move {
            while let Some(place) =
                Some(next.fetch_add(1, Ordering::Relaxed)).filter(|place| *place < rules.len())
            {
                let outcome = session.check(&rules[place], options).await;
                progress(&outcome, done.fetch_add(1, Ordering::Relaxed) + 1, rules.len());
                *outcomes[place].lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            }
            // Nothing was changed: how it ends does not matter.
            let _ = session.controller.rollback(session.client).await;
        }
    });
    join_all(work).await;
    let outcomes = outcomes
        .into_iter()
        .filter_map(|outcome| outcome.into_inner().unwrap_or_else(PoisonError::into_inner));
    Report { outcomes: outcomes.collect(), took: start.elapsed() }
}

/// The first transaction, and those that see what it sees.
async fn sessions(
    client: &PrismaClient,
    rules: usize,
    options: &Options,
) -> Result<Vec<Session>, QueryError> {
    let first = Session::begin(client, options).await?;
    let mut sessions = Vec::new();
    if options.connections > 1 && rules > 1 {
        let rows: Vec<Value> = first
            .client
            ._query_raw(Raw::new("SELECT pg_export_snapshot() AS \"snapshot\"", vec![]))
            .exec()
            .await?;
        let snapshot = rows.first().and_then(|row| row["snapshot"].as_str()).unwrap_or_default();
        for _ in 1..options.connections.min(rules) {
            sessions.push(Session::take_over(client, snapshot, options).await?);
        }
    }
    sessions.push(first);
    Ok(sessions)
}

impl Session {
    async fn begin(client: &PrismaClient, options: &Options) -> Result<Self, QueryError> {
        let session = Self::open(client).await?;
        session.limit(options).await?;
        Ok(session)
    }

    async fn take_over(
        client: &PrismaClient,
        snapshot: &str,
        options: &Options,
    ) -> Result<Self, QueryError> {
        let session = Self::open(client).await?;
        // Before any query: it would see a moment of its own.
        session
            .execute(&format!("SET TRANSACTION SNAPSHOT '{}'", snapshot.replace('\'', "''")))
            .await?;
        session.limit(options).await?;
        Ok(session)
    }

    async fn open(client: &PrismaClient) -> Result<Self, QueryError> {
        let (controller, client) = client
            ._transaction()
            .with_isolation_level(IsolationLevel::RepeatableRead)
            .with_timeout(WHOLE_MS)
            .begin()
            .await?;
        Ok(Self { controller, client })
    }

    async fn limit(&self, options: &Options) -> Result<(), QueryError> {
        self.execute("SET TRANSACTION READ ONLY").await?;
        self.execute(MEMORY).await?;
        self.execute(&format!("SET LOCAL statement_timeout = {}", options.timeout.as_millis()))
            .await
    }

    async fn check(&self, rule: &Rule, options: &Options) -> Outcome {
        let start = Instant::now();
        let result = self.ask(rule, options).await.map_err(|error| told(&error));
        Outcome { rule: rule.clone(), took: start.elapsed(), result }
    }

    async fn ask(&self, rule: &Rule, options: &Options) -> Result<Findings, QueryError> {
        self.execute("SAVEPOINT rule").await?;
        match findings(&self.client, rule, options).await {
            Ok(findings) => {
                self.execute("RELEASE SAVEPOINT rule").await?;
                Ok(findings)
            }
            Err(error) => {
                // Where this fails too, the next rule says so.
                let _ = self.execute("ROLLBACK TO SAVEPOINT rule").await;
                Err(error)
            }
        }
    }

    async fn execute(&self, statement: &str) -> Result<(), QueryError> {
        self.client._execute_raw(Raw::new(statement, vec![])).exec().await.map(drop)
    }
}

async fn findings(
    client: &PrismaClient,
    rule: &Rule,
    options: &Options,
) -> Result<Findings, QueryError> {
    let condition = options.reach.condition(rule.model);
    let query = statement(rule, &condition.text, options.shown);
    let rows: Vec<Value> = client._query_raw(Raw::new(&query, condition.values)).exec().await?;
    let count = rows.first().and_then(|row| row["count"].as_i64()).unwrap_or_default();
    let shown = usize::try_from(options.shown).unwrap_or(usize::MAX);
    let ids = rows.iter().filter_map(|row| row["id"].as_str()).map(str::to_owned);
    Ok(Findings { count, ids: ids.take(shown).collect() })
}

/// The first of the rows that break a rule, each with how many there are: one pass finds both.
///
/// They are put in order once they are found. Where it expects many, the server would rather go through the whole table in
/// that order, a page for each row.
fn statement(rule: &Rule, condition: &str, shown: u32) -> String {
    format!(
        "WITH found AS MATERIALIZED (SELECT \"id\" FROM ({}) AS offending{condition}) \
         SELECT \"id\", count(*) OVER () AS \"count\" FROM found ORDER BY \"id\" LIMIT {}",
        rule.query,
        shown.max(1)
    )
}

/// How the server finds the rows that break a rule: `EXPLAIN`, without running it.
///
/// # Errors
/// What the server says against the query: a table that is missing, say.
pub async fn explain(client: &PrismaClient, rule: &Rule) -> Result<String, QueryError> {
    // As it is run, since the plan depends on the memory there is.
    let options = Options::default();
    let session = Session::begin(client, &options).await?;
    let query = format!("EXPLAIN {}", statement(rule, "", options.shown));
    let rows = session.client._query_raw::<Value>(Raw::new(&query, vec![])).exec().await;
    let _ = session.controller.rollback(session.client).await;
    let rows = rows?;
    let lines = rows.iter().filter_map(|row| row["QUERY PLAN"].as_str());
    Ok(lines.collect::<Vec<&str>>().join("\n"))
}

/// An error with its code.
fn told(error: &QueryError) -> String {
    format!("{}: {error}", error.code())
}

#[cfg(test)]
mod tests {
    use postgres::testing::block_on;

    use super::*;
    use crate::testing::{client, demo};

    fn rule(id: &'static str, query: &'static str) -> Rule {
        Rule::error(id, "Org", "It is so.", "Make it so.", query)
    }

    fn with_timeout(milliseconds: u64) -> Options {
        Options { timeout: Duration::from_millis(milliseconds), ..Options::default() }
    }

    #[test]
    fn every_connection_has_memory_for_large_joins_and_a_server_with_more_keeps_it() {
        let database = demo("memory");
        let work_mem = || {
            block_on(async {
                let client = client(database.url()).await;
                let sessions = sessions(&client, 10, &Options::default()).await.expect("two");
                let ask = Raw::new("SELECT current_setting('work_mem') AS \"memory\"", vec![]);
                let mut memory = Vec::new();
                for session in &sessions {
                    let rows: Vec<Value> =
                        session.client._query_raw(ask.clone()).exec().await.expect("a setting");
                    memory.push(rows[0]["memory"].as_str().expect("a text").to_owned());
                }
                memory
            })
        };
        assert_eq!(work_mem(), ["128MB", "128MB"]);
        let more = format!("ALTER DATABASE \"{}\" SET work_mem = '1GB'", database.url().database());
        block_on(async { database.connect().await.batch_execute(&more).await.expect("it is set") });
        assert_eq!(work_mem(), ["1GB", "1GB"]);
    }

    #[test]
    fn all_connections_see_the_moment_of_the_first() {
        let database = demo("snapshot");
        block_on(async {
            let client = client(database.url()).await;
            let options = Options { connections: 3, ..Options::default() };
            let sessions = sessions(&client, 10, &options).await.expect("three transactions");
            assert_eq!(sessions.len(), 3);
            let second = r#"INSERT INTO "Org" ("id", "name", "updatedAt") VALUES ('second', 'Second', now())"#;
            database.connect().await.execute(second, &[]).await.expect("a school");
            let schools = rule("schools", r#"SELECT "id" FROM "Org""#);
            for session in &sessions {
                let outcome = session.check(&schools, &options).await;
                assert_eq!(outcome.result.expect("it is checked").count, 1);
            }
        });
    }

    #[test]
    fn a_rule_that_takes_too_long_hides_no_other() {
        let database = demo("timeout");
        let rules = vec![
            rule("slow", "SELECT pg_sleep(20)::text AS \"id\""),
            rule("wrong", "SELECT \"nothing\" AS \"id\" FROM \"Org\""),
            rule("quick", r#"SELECT "id" FROM "Org""#),
        ];
        let heard = Mutex::new(Vec::new());
        let report = block_on(async {
            let progress = |outcome: &Outcome, done: usize, of: usize| {
                heard.lock().expect("one at a time").push((outcome.rule.id.to_string(), done, of));
            };
            run(&client(database.url()).await, rules, &with_timeout(300), &progress).await
        });
        assert!(report.took < Duration::from_secs(15), "{:?}", report.took);
        let results: Vec<Result<i64, String>> = report
            .outcomes
            .iter()
            .map(|outcome| outcome.result.clone().map(|found| found.count))
            .collect();
        assert!(
            results[0].as_ref().is_err_and(|error| error.contains("statement timeout")),
            "{results:?}"
        );
        assert!(results[1].as_ref().is_err_and(|error| error.contains("nothing")), "{results:?}");
        assert_eq!(results[2], Ok(1));
        let mut heard = heard.into_inner().expect("one at a time");
        assert_eq!(
            heard.iter().map(|(_, done, of)| (*done, *of)).collect::<Vec<_>>(),
            [(1, 3), (2, 3), (3, 3)]
        );
        heard.sort_unstable();
        assert_eq!(
            heard.iter().map(|(id, ..)| id.as_str()).collect::<Vec<_>>(),
            ["quick", "slow", "wrong"]
        );
    }

    #[test]
    fn a_rule_can_change_nothing() {
        let database = demo("read_only");
        let rules = vec![rule(
            "writes",
            r#"WITH gone AS (DELETE FROM "Message" RETURNING "id") SELECT "id" FROM gone"#,
        )];
        let report = block_on(async {
            run(&client(database.url()).await, rules, &Options::default(), &|_, _, _| ()).await
        });
        assert!(!report.is_clean(), "{}", report.to_text());
        let messages = block_on(async {
            let row =
                database.connect().await.query_one(r#"SELECT count(*) FROM "Message""#, &[]).await;
            row.expect("a number").get::<_, i64>(0)
        });
        assert!(messages > 0);
    }
}
