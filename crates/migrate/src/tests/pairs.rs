//! The reference's pairs of schemas on a real server: its scripts from a database to a schema and from the schema back to
//! the database, byte for byte, and what must hold of ours whatever they look like.
//!
//! Half of the pairs share one database, in which each has a transaction that is rolled back.

mod generated;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use futures_util::future::join_all;
use pg_schema::{EMPTY_SCRIPT, Pair, PgSchema, RowCounts, diff, render, warnings, warnings_block};
use postgres::driver::SqlState;
use postgres::testing::TestDatabase;
use postgres::{Connection, introspect_in_transaction};

use super::dumped::{self, Ways};
use super::is_taken;
use crate::compare::towards_a_database;

/// Pairs whose databases differ in what the reference never compares, and we neither.
const NEVER_COMPARED: [(&str, &str); 3] = [
    ("default-datetime-literal", "moments: the server prints them in its own way"),
    ("default-same-value-written-otherwise", "numbers: 1 is 1.0"),
    ("default-dbgenerated-empty", "whatever the database has: dbgenerated() says no more"),
];

/// One pair, as far as it is there.
struct Case {
    name: String,
    files: BTreeMap<String, String>,
}

impl Case {
    fn read(folder: &Path) -> Self {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let files = fs::read_dir(folder).unwrap().map(|entry| {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_str().unwrap().to_owned();
            (file, fs::read_to_string(path).unwrap())
        });
        Self { name, files: files.collect() }
    }

    fn schema(&self, file: &str) -> PgSchema {
        self.files.get(file).map_or_else(PgSchema::default, |text| {
            let analysis = psl::analyze(vec![psl::SourceFile::new(file, text.as_str())]);
            assert!(!analysis.has_errors(), "{}/{file}", self.name);
            mapping::desired_schema(&analysis.schema)
        })
    }

    fn is_for(&self, server_major: u32) -> bool {
        self.files.values().all(|script| is_taken(script, server_major))
    }

    /// The extensions that its scripts take for granted.
    fn extensions(&self) -> String {
        let uses = |word: &str| self.files.values().any(|text| text.contains(word));
        [("CITEXT", "CREATE EXTENSION citext;\n"), ("gin_trgm_ops", "CREATE EXTENSION pg_trgm;\n")]
            .into_iter()
            .filter(|(word, _)| uses(word))
            .map(|(_, statement)| statement)
            .collect()
    }

    /// Everything that is not as it should be; and the two ways to the second schema, for those who compare them.
    async fn failures(&self, connection: &Connection) -> (Vec<String>, Option<Ways>) {
        let mut failures = Vec::new();
        connection.batch_execute("BEGIN").await.unwrap();
        let migrated = self.migrate(connection, &mut failures).await;
        connection.batch_execute("ROLLBACK; BEGIN").await.unwrap();
        let mut ways = None;
        if let Some((migrated, script)) = migrated {
            let next = self.schema("to.prisma");
            let made = script_between(&PgSchema::default(), &next);
            run(connection, &(self.extensions() + &made)).await.unwrap();
            let at_once = structure(connection, &next).await;
            if !NEVER_COMPARED.iter().any(|(name, _)| *name == self.name) {
                if migrated != at_once {
                    failures.push(difference("the structure", &at_once, &migrated));
                }
                let from = self.files.get("from.sql").map_or("", String::as_str);
                let migrated = in_one_transaction(&format!("{from}\n{script}"));
                let name = self.name.clone();
                let (namespaces, at_once) = (next.namespaces, in_one_transaction(&made));
                ways = Some(Ways { name, namespaces, migrated, at_once });
            }
        }
        connection.batch_execute("ROLLBACK").await.unwrap();
        (failures.iter().map(|failure| format!("{}: {failure}", self.name)).collect(), ways)
    }

    /// From a database of the first schema to the second one, what it is then like, and the script; `None` where the
    /// server takes no such change of a type.
    async fn migrate(
        &self,
        connection: &Connection,
        failures: &mut Vec<String>,
    ) -> Option<(String, String)> {
        let (previous, next) = (self.schema("from.prisma"), self.schema("to.prisma"));
        let from = self.files.get("from.sql").map_or("", String::as_str);
        run(connection, &(self.extensions() + from)).await.unwrap();
        let was = introspect_in_transaction(connection, &previous.namespaces).await.unwrap();
        if self.files.contains_key("from.prisma") {
            failures.extend(left_over(&was, &previous, "at once"));
        }

        if let Some(expected) = self.files.get("back.sql") {
            let script =
                towards_a_database(Pair::new(next.clone(), without_extensions(&was))).script();
            if expected.trim_end() != script.trim_end() {
                failures.push(difference("back.sql", expected, &script));
            }
        }

        let actual = if previous.namespaces == next.namespaces {
            was
        } else {
            introspect_in_transaction(connection, &next.namespaces).await.unwrap()
        };
        let schemas = Pair::new(&actual, &next);
        let steps = diff(schemas);
        let script = render(&steps, schemas);
        if let Some(expected) = self.files.get("live.sql")
            && expected.trim_end() != script.trim_end()
        {
            failures.push(difference("live.sql", expected, &script));
        }
        if self.files.contains_key("live.sql") {
            let block = warnings_block(&warnings(&steps, schemas), &RowCounts::default());
            let expected = self.files.get("warnings.sql").map_or("", String::as_str);
            if expected.trim_end() != block.trim_end() {
                failures.push(difference("warnings.sql", expected, &block));
            }
        }

        match run(connection, &script).await {
            Ok(()) => {}
            Err(error) if is_cast_missing(&error) => return None,
            Err(error) => {
                failures.push(format!("does not run: {error}\n{script}"));
                return None;
            }
        }
        let migrated = introspect_in_transaction(connection, &next.namespaces).await.unwrap();
        failures.extend(left_over(&migrated, &next, "once applied"));
        Some((structure(connection, &next).await, script))
    }
}

#[tokio::test]
async fn every_pair_on_a_server() {
    let root =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../mapping/test_data/reference/pairs");
    let mut folders: Vec<_> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 138, "the cases are there: {}", folders.len());
    let cases: Vec<Case> = folders.iter().map(|folder| Case::read(folder)).collect();
    let halves = cases.chunks(cases.len().div_ceil(2)).map(async |cases| {
        let database = TestDatabase::empty("pairs");
        let connection = database.connect().await;
        let mut found = Vec::new();
        let major = connection.server_major();
        for case in cases.iter().filter(|case| case.is_for(major)) {
            found.push(case.failures(&connection).await);
        }
        found
    });
    let (failures, ways): (Vec<_>, Vec<_>) = join_all(halves).await.concat().into_iter().unzip();
    let ways: Vec<Ways> = ways.into_iter().flatten().collect();
    assert!(ways.len() > 100, "nearly all of them: {}", ways.len());
    let mut failures = failures.concat();
    failures.extend(dumped::differences(&ways).await);
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

#[tokio::test]
async fn what_holds_of_every_pair_holds_of_pairs_by_chance() {
    let halves = [0..15, 15..30].map(async |seeds: std::ops::Range<u64>| {
        let database = TestDatabase::empty("pairs_by_chance");
        let connection = database.connect().await;
        let mut failures = Vec::new();
        for seed in seeds {
            failures.extend(generated::case(seed).failures(&connection).await.0);
        }
        failures
    });
    let failures = join_all(halves).await.concat();
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

/// Only a schema file that could name extensions asks for a database's.
fn without_extensions(schema: &PgSchema) -> PgSchema {
    PgSchema { extensions: Vec::new(), ..schema.clone() }
}

/// What the schema still asks for where it should ask for nothing.
fn left_over(actual: &PgSchema, wanted: &PgSchema, when: &str) -> Option<String> {
    let script = script_between(actual, wanted);
    (script != EMPTY_SCRIPT).then(|| format!("there is a difference {when}\n{script}"))
}

pub(super) fn script_between(previous: &PgSchema, next: &PgSchema) -> String {
    let schemas = Pair::new(previous, next);
    render(&diff(schemas), schemas)
}

/// Runs a script inside the case's transaction: those of its own that a script begins and ends are left out.
async fn run(connection: &Connection, script: &str) -> Result<(), postgres::Error> {
    connection.batch_execute(&in_one_transaction(script)).await
}

fn in_one_transaction(script: &str) -> String {
    let is_inside = |line: &&str| !matches!(*line, "BEGIN;" | "COMMIT;");
    script.lines().filter(is_inside).flat_map(|line| [line, "\n"]).collect()
}

/// Some changes of types the reference leaves to the server, which does not take them without `USING`.
fn is_cast_missing(error: &postgres::Error) -> bool {
    error.db().is_some_and(|error| *error.code() == SqlState::DATATYPE_MISMATCH)
}

/// The lines of `structure.sql` for the namespaces of the wanted schema: what is in others is nobody's business.
async fn structure(connection: &Connection, wanted: &PgSchema) -> String {
    let sql = include_str!("structure.sql");
    let rows = connection.query(sql, &[&wanted.namespaces]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect::<Vec<String>>().join("\n")
}

pub(super) fn difference(what: &str, expected: &str, actual: &str) -> String {
    format!("{what} differs\n--- expected\n{expected}\n--- actual\n{actual}")
}
