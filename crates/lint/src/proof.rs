//! What [`effect`](crate::effect) claims, held over what a server does.
//!
//! Each statement runs in a transaction that is rolled back. Before its end `pg_locks` is asked for the locks,
//! `pg_class.relfilenode` for the tables that were written anew, and the server's debug messages for what was read and
//! indexed.

mod apart;
mod safe;
mod used_early;

use std::collections::BTreeMap;

use postgres::Connection;
use postgres::testing::TestDatabase;
use sql::Statement;
use sql::statement::{ActionKind, Kind, LockMode, Write};

use crate::{Blocks, Catalog, Severity, Source, Work, check, effect};

const LOCKS: [LockMode; 8] = [
    LockMode::AccessShare,
    LockMode::RowShare,
    LockMode::RowExclusive,
    LockMode::ShareUpdateExclusive,
    LockMode::Share,
    LockMode::ShareRowExclusive,
    LockMode::Exclusive,
    LockMode::AccessExclusive,
];

/// What statements are run on, and what is run, with the first version of PostgreSQL that takes it.
const SCRIPTS: [(u32, &str, &str); 4] = [
    (13, include_str!("proof/schema.sql"), include_str!("proof/statements.sql")),
    (15, "", include_str!("proof/statements_15.sql")),
    (17, "", include_str!("proof/statements_17.sql")),
    (18, include_str!("proof/schema_18.sql"), include_str!("proof/statements_18.sql")),
];

/// The schema and the statements for a server of this version.
fn scripts(version: u32) -> (String, String) {
    let known = SCRIPTS.iter().filter(|(since, ..)| *since <= version);
    known.map(|(_, schema, statements)| (*schema, *statements)).unzip()
}

/// A database with the schema, which is made for the server's version.
async fn database() -> (TestDatabase, Connection, u32) {
    let database = TestDatabase::empty("proof");
    let connection = database.connect().await;
    let version = connection.server_major();
    connection.batch_execute(&scripts(version).0).await.unwrap();
    (database, connection, version)
}

/// What has been read, and written, since the transaction began: what the session counted before may be in the counts still.
const READ: &str =
    "SELECT relname::text FROM _before WHERE pg_stat_get_xact_tuples_returned(oid) > reads";
const WRITTEN: &str = "SELECT relname::text FROM _before \
                       WHERE pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid) > writes";

/// What is done to each table, by its name. Locks that only readers take are left out: they are in nobody's way.
type Done = BTreeMap<String, (LockMode, Work)>;

/// Runs a statement and takes it back.
async fn measured(
    connection: &Connection,
    statement: &Statement,
    sql: &str,
) -> Result<Done, String> {
    let mut notices = connection.notices();
    connection.batch_execute(include_str!("proof/begin.sql")).await.unwrap();
    while notices.next_now().is_some() {}
    if let Err(error) = connection.batch_execute(sql).await {
        connection.batch_execute("ROLLBACK").await.unwrap();
        return Err(error.to_string());
    }
    let mut messages = Vec::new();
    while let Some(notice) = notices.next_now() {
        messages.push(notice.message);
    }
    connection.batch_execute("SET LOCAL client_min_messages = warning").await.unwrap();
    let locks = connection.query(include_str!("proof/locks.sql"), &[]).await.unwrap();
    let mut done: Done = locks
        .iter()
        .map(|row| {
            (row.get(0), (LOCKS[usize::try_from(row.get::<_, i32>(1) - 1).unwrap()], Work::None))
        })
        .collect();
    let rewritten = "SELECT _before.relname::text FROM _before JOIN pg_class USING (oid) \
                     WHERE pg_class.relfilenode <> _before.relfilenode";
    let mut works: Vec<(String, Work)> = Vec::new();
    // New files and new indexes of no rows are no work.
    let is_emptied = matches!(statement.kind, Kind::Truncate { .. });
    if !is_emptied {
        let rows = connection.query(rewritten, &[]).await.unwrap();
        works.extend(rows.iter().map(|row| (row.get(0), Work::Rewrite)));
    }
    // Of conditions of domains and of what is in a default partition the server says nothing: it counts the rows that it reads.
    let is_silent = |one: &Statement| match &one.kind {
        Kind::AlterDomain { .. } => true,
        Kind::CreateTable(made) => made.partition_of.is_some(),
        _ => false,
    };
    let all = Statement::read(sql);
    if all.iter().any(is_silent) {
        let rows = connection.query(READ, &[]).await.unwrap();
        works.extend(rows.iter().map(|row| (row.get(0), Work::Scan)));
    }
    // One statement that writes is known as such; of several it counts what they write.
    if all.len() > 1 && !is_emptied {
        let rows = connection.query(WRITTEN, &[]).await.unwrap();
        works.extend(rows.iter().map(|row| (row.get(0), Work::Scan)));
    }
    for message in messages.iter().filter(|_| !is_emptied) {
        works.extend(told(message, statement));
    }
    for (table, work) in works {
        if let Some(entry) = done.get_mut(&table) {
            entry.1 = entry.1.max(work);
        }
    }
    connection.batch_execute("ROLLBACK").await.unwrap();
    done.retain(|_, (lock, work)| *lock > LockMode::AccessShare || *work > Work::None);
    Ok(done)
}

/// What a debug message of the server says that is done to a table.
fn told(message: &str, statement: &Statement) -> Option<(String, Work)> {
    let quoted: Vec<&str> = message.split('"').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        [table] if message.starts_with("verifying table") => {
            Some(((*table).to_owned(), Work::Scan))
        }
        [table] if message.starts_with("rewriting table") => {
            Some(((*table).to_owned(), Work::Rewrite))
        }
        [_, table] if message.starts_with("building index") => {
            Some(((*table).to_owned(), Work::Index))
        }
        [constraint] if message.starts_with("validating foreign key constraint") => {
            match &statement.kind {
                Kind::AlterTable(alter) => {
                    let attached = alter.actions.iter().find_map(|action| match &action.kind {
                        ActionKind::AttachPartition { partition, .. } => Some(partition),
                        _ => None,
                    });
                    Some((attached.unwrap_or(&alter.table).name.clone(), Work::Scan))
                }
                // That of a whole migration has the table in its name.
                _ => Some((constraint.split('_').next()?.to_owned(), Work::Scan)),
            }
        }
        _ => None,
    }
}

fn claimed(catalog: &Catalog, statement: &Statement, version: u32) -> Done {
    let effect = effect(statement, catalog, version);
    let touches = effect.touches.into_iter().map(|touch| {
        // Which rows a query reads, the server does not tell.
        let is_write = |one: &Statement| matches!(&one.kind, Kind::Write(Write { .. }));
        let is_query = match &statement.kind {
            Kind::Code(code) => code.statements.iter().all(is_write),
            _ => is_write(statement),
        };
        let work = if is_query { Work::None } else { touch.work };
        (touch.table.name, (touch.lock, work))
    });
    let mut touches: Done = touches.collect();
    touches.retain(|_, (lock, work)| *lock > LockMode::AccessShare || *work > Work::None);
    touches
}

#[tokio::test]
async fn each_statement_does_what_is_claimed() {
    let (_database, connection, version) = database().await;
    let (schema, text) = scripts(version);
    let mut catalog = Catalog::default();
    for statement in Statement::read(&schema) {
        catalog.apply(&statement);
    }
    catalog.begin_migration();
    let statements = Statement::read(&text);
    let mut wrong = Vec::new();
    for statement in &statements {
        let sql = &text[statement.range.clone()];
        assert_ne!(statement.kind, Kind::Unknown, "{sql}");
        let (claim, fact) =
            (claimed(&catalog, statement, version), measured(&connection, statement, sql).await);
        if Ok(&claim) != fact.as_ref() {
            wrong.push(format!("{sql}\n  claimed  {claim:?}\n  measured {fact:?}"));
        }
    }
    connection.close().await;
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), statements.len(), wrong.join("\n"));
}

/// What the server measurably does in others' way for a time that grows with a table is an error, and nothing else is, both
/// ways: no false alarm, and none missing.
#[tokio::test]
async fn the_verdict_is_what_the_server_does() {
    let (_database, connection, version) = database().await;
    let (schema, text) = scripts(version);
    let mut wrong = Vec::new();
    for statement in Statement::read(&text) {
        let sql = &text[statement.range.clone()];
        let history = [
            Source { name: "1", text: &schema, is_judged: false, is_pending: false },
            Source { name: "2", text: sql, is_judged: true, is_pending: false },
        ];
        let findings = check(&history, &[], version).remove(0).findings;
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let errors: Vec<&str> = errors.map(|finding| finding.rule).collect();
        let done = measured(&connection, &statement, sql).await.unwrap();
        let is_in_the_way = done
            .values()
            .any(|(lock, work)| Blocks::of(*lock) >= Blocks::Writes && *work > Work::None);
        if is_in_the_way == errors.is_empty() {
            wrong.push(format!("{sql}\n  errors {errors:?}\n  measured {done:?}"));
        }
    }
    connection.close().await;
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// 200 migrations as projects have them, run whole: the linter speaks of an error where the server keeps others from a table
/// that was there before for a time that grows with it, and nowhere else.
#[tokio::test]
async fn two_hundred_migrations_are_judged_as_the_server_does_them() {
    let Judged { all, bad, wrong } =
        judged("project", include_str!("proof/project.sql"), include_str!("proof/migrations.sql"))
            .await;
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(all, 200);
    assert!((40..160).contains(&bad), "{bad} of 200 are in the way");
}

/// Those that are not what projects do every day.
#[tokio::test]
async fn odd_migrations_are_judged_as_the_server_does_them() {
    let Judged { all, bad, wrong } =
        judged("odd", include_str!("proof/odd.sql"), include_str!("proof/odd_migrations.sql"))
            .await;
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(bad > 10 && all - bad > 10, "{bad} of {all} are in the way");
}

/// Migrations, how many of them are in the way of others, and what the linter says otherwise.
struct Judged {
    all: usize,
    bad: usize,
    wrong: Vec<String>,
}

async fn judged(label: &str, schema: &str, migrations: &str) -> Judged {
    let database = TestDatabase::from_sql(label, schema);
    let connection = database.connect().await;
    let version = connection.server_major();
    let migrations: Vec<&str> = migrations.split("-- migration ").skip(1).collect();
    let (mut wrong, mut bad) = (Vec::new(), 0);
    for migration in &migrations {
        let (name, text) = migration.split_once('\n').unwrap();
        let history = [
            Source { name: "1", text: schema, is_judged: false, is_pending: false },
            Source { name, text, is_judged: true, is_pending: false },
        ];
        let findings = check(&history, &[], version).remove(0).findings;
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let errors: Vec<&str> = errors.map(|finding| finding.rule).collect();
        // One that empties a table makes new files for it, and no row is written.
        let is_emptied = |one: &Statement| matches!(one.kind, Kind::Truncate { .. });
        let statements = Statement::read(text);
        let whole = statements.iter().find(|one| is_emptied(one)).unwrap_or(&statements[0]);
        let done = measured(&connection, whole, text).await;
        let Ok(done) = done else {
            wrong.push(format!("{name}: {done:?}"));
            continue;
        };
        let is_in_the_way = done
            .values()
            .any(|(lock, work)| Blocks::of(*lock) >= Blocks::Writes && *work > Work::None);
        bad += usize::from(is_in_the_way);
        if is_in_the_way == errors.is_empty() {
            wrong.push(format!("{name}: {text}\n  errors {errors:?}\n  measured {done:?}"));
        }
    }
    connection.close().await;
    Judged { all: migrations.len(), bad, wrong }
}
