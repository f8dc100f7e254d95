//! Reading a database's structure into [`PgSchema`], as the server's catalogs have it.
//!
//! One query for each kind of object, all sent at once over the one connection. Names come back with
//! their namespace, in the order of their bytes. Left out is what belongs to nobody's schema: the
//! tables of extensions, `_prisma_migrations`, and the namespace `_driveflow` with our own state.
//!
//! It describes and does not judge: what counts as equal or invisible is for the diff to say.

mod column_type;
mod default;
mod keys;
mod tables;

use std::borrow::Cow;

use pg_schema::{Enum, Extension, ObjectName, PgSchema, Sequence, SequenceOwner};
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use crate::{Connection, Error};

/// The namespace of our own state, which no schema shows.
pub const OWN_NAMESPACE: &str = "_driveflow";
/// Prisma's history table, which no schema shows.
pub const HISTORY_TABLE: &str = "_prisma_migrations";

/// What the server's words depend on, for the transaction alone: a database, a role or a person may have set any of it,
/// and the same default would read otherwise in each place. Dates and numbers come as every server understands them.
/// It also takes queries over its catalogs for long ones and compiles them, which takes longer than they do; a server
/// that compiles nothing has no such setting. And the joins of these queries stand in the order in which they are to be
/// done: to look for a better one takes longer than most of them.
const SETTINGS: &str = "SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, MDY', true), \
    set_config('IntervalStyle', 'postgres', true), set_config('extra_float_digits', '1', true), \
    set_config('bytea_output', 'hex', true), set_config('quote_all_identifiers', 'off', true), \
    set_config('join_collapse_limit', '1', true), set_config('from_collapse_limit', '1', true); \
    SELECT set_config('jit', 'off', true) WHERE current_setting('jit', true) IS NOT NULL";

/// What the description is part of.
#[derive(Debug, Clone, Copy)]
enum Within {
    /// A transaction of its own, in which all queries see the same moment.
    Own,
    /// One that is open, and goes on.
    Open,
}

impl Within {
    fn begin(self) -> &'static str {
        match self {
            Self::Own => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Self::Open => "SAVEPOINT driveflow_description",
        }
    }

    /// Nothing was written, so that to roll back is only to have all settings as they were.
    fn end(self) -> &'static str {
        match self {
            Self::Own => "ROLLBACK",
            Self::Open => {
                "ROLLBACK TO SAVEPOINT driveflow_description; RELEASE SAVEPOINT driveflow_description"
            }
        }
    }
}

/// Reads the given namespaces; none given is the connection's own.
///
/// A namespace that does not exist is absent from the result. Names that say no namespace are, for
/// the result, in the connection's. The connection must not be in a transaction.
pub async fn introspect(connection: &Connection, schemas: &[String]) -> Result<PgSchema, Error> {
    describe(connection, schemas, Within::Own).await
}

/// As [`introspect`], for a connection that is in a transaction, which goes on.
pub async fn introspect_in_transaction(
    connection: &Connection,
    schemas: &[String],
) -> Result<PgSchema, Error> {
    describe(connection, schemas, Within::Open).await
}

async fn describe(
    connection: &Connection,
    schemas: &[String],
    within: Within,
) -> Result<PgSchema, Error> {
    let default_namespace = connection.url().schema().to_owned();
    let mut wanted =
        if schemas.is_empty() { vec![default_namespace.clone()] } else { schemas.to_vec() };
    wanted.retain(|name| name != OWN_NAMESPACE);
    let of_wanted: [(&(dyn ToSql + Sync), Type); 1] = [(&wanted, Type::TEXT_ARRAY)];
    let read = |sql| connection.query_typed(sql, &of_wanted);
    let indexes = index_query(connection.server_major());
    let before = format!("{}; {SETTINGS}", within.begin());
    // In a box, because so many requests under way at once make a large future.
    let answers = Box::pin(async {
        // All of them are waited for: whatever becomes of one, the transaction has then ended.
        let answers = tokio::join!(
            biased;
            connection.batch_execute(&before),
            read(include_str!("introspect/namespaces.sql")),
            connection.query_typed(include_str!("introspect/extensions.sql"), &[]),
            read(include_str!("introspect/enums.sql")),
            read(include_str!("introspect/sequences.sql")),
            read(include_str!("introspect/relations.sql")),
            read(include_str!("introspect/columns.sql")),
            read(include_str!("introspect/comments.sql")),
            read(&indexes),
            read(include_str!("introspect/foreign_keys.sql")),
            read(include_str!("introspect/checks.sql")),
            connection.batch_execute(within.end()),
        );
        let (begun, namespaces, extensions, enums, sequences, relations, columns, ..) = answers;
        let (.., comments, indexes, foreign_keys, checks, ended) = answers;
        // The first that fails says why; those after it, that one has failed.
        begun?;
        let objects = (namespaces?, extensions?, enums?, sequences?);
        let tables = (relations?, columns?, comments?, indexes?, foreign_keys?, checks?);
        ended?;
        Ok((objects, tables))
    });
    let (objects, of_tables) = match answers.await {
        Ok(answers) => answers,
        Err(error) => return Err(unread(error, connection).await),
    };
    let (namespaces, extensions, enums, sequences) = &objects;
    let (relations, columns, comments, indexes, foreign_keys, checks) = &of_tables;
    let (mut tables, views) = tables::read(relations, columns, comments);
    keys::attach_indexes(&mut tables, indexes);
    keys::attach_foreign_keys(&mut tables, foreign_keys);
    keys::attach_checks(&mut tables, checks);
    Ok(PgSchema {
        default_namespace,
        namespaces: namespaces.iter().map(|row| row.get(0)).collect(),
        extensions: extensions.iter().map(extension).collect(),
        enums: enums.iter().map(enumeration).collect(),
        sequences: sequences.iter().map(sequence).collect(),
        tables,
        views,
        ..PgSchema::default()
    })
}

/// The query for the indexes, of columns that a server of this version has.
fn index_query(server_major: u32) -> Cow<'static, str> {
    let query = include_str!("introspect/indexes.sql");
    if server_major >= 15 {
        return Cow::Borrowed(query);
    }
    Cow::Owned(query.replace("x.indnullsnotdistinct,", "false,"))
}

/// The error of a query that every supported server understands, with the name of one that does not.
async fn unread(error: Error, connection: &Connection) -> Error {
    let state = error.db().map(|database| database.code().clone());
    // Unknown words, columns and functions are all of this class, and so is a lack of rights.
    let is_foreign = state.is_some_and(|state| {
        state.code().starts_with("42") && state != SqlState::INSUFFICIENT_PRIVILEGE
    });
    if !is_foreign {
        return error;
    }
    let server = match connection.query_one("SELECT version()", &[]).await {
        Ok(row) => row.try_get(0).unwrap_or_default(),
        Err(_) => String::new(),
    };
    let message = format!(
        "The structure of the database could not be read. Its server calls itself `{server}`; servers are read that \
         have the catalogs of PostgreSQL 13 or newer.\n\nOriginal error: {error}"
    );
    error.retold("P2010", message)
}

fn extension(row: &Row) -> Extension {
    Extension { name: row.get(0), schema: row.get(1), version: row.get(2), relocatable: row.get(3) }
}

fn enumeration(row: &Row) -> Enum {
    Enum { name: object_name(row, 0), values: row.get(2), comment: row.get(3) }
}

fn sequence(row: &Row) -> Sequence {
    let owner: Option<String> = row.get(11);
    Sequence {
        name: object_name(row, 0),
        data_type: row.get(2),
        start: row.get(3),
        minimum: row.get(4),
        maximum: row.get(5),
        increment: row.get(6),
        cache: row.get(7),
        cycle: row.get(8),
        owner: owner.map(|column| SequenceOwner { table: object_name(row, 9), column }),
    }
}

/// The name in the columns `at` (namespace) and `at + 1`.
fn object_name(row: &Row, at: usize) -> ObjectName {
    ObjectName::qualified(row.get::<_, String>(at), row.get::<_, String>(at + 1))
}
