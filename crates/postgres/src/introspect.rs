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

/// The server takes queries over its catalogs for long ones and compiles them, which takes longer than they do.
/// A server that compiles nothing has no such setting.
const COMPILE_NOTHING: &str = "SELECT set_config(name, 'off', false) FROM pg_settings WHERE name = 'jit' AND setting <> 'off'";
const COMPILE_AS_BEFORE: &str = "SELECT set_config(name, reset_val, false) FROM pg_settings WHERE name = 'jit' AND setting <> reset_val";
/// A pooler may send the one to another session than the other.
const NOTHING: &str = "SELECT";

/// Reads the given namespaces; none given is the connection's own.
///
/// A namespace that does not exist is absent from the result. Names that say no namespace are, for
/// the result, in the connection's.
pub async fn introspect(connection: &Connection, schemas: &[String]) -> Result<PgSchema, Error> {
    let default_namespace = connection.url().schema().to_owned();
    let mut wanted =
        if schemas.is_empty() { vec![default_namespace.clone()] } else { schemas.to_vec() };
    wanted.retain(|name| name != OWN_NAMESPACE);
    let of_wanted: [(&(dyn ToSql + Sync), Type); 1] = [(&wanted, Type::TEXT_ARRAY)];
    let read = |sql| connection.query_typed(sql, &of_wanted);
    let indexes = index_query(connection.server_major());
    let is_pooled = connection.url().is_pgbouncer();
    let (before, after) =
        if is_pooled { (NOTHING, NOTHING) } else { (COMPILE_NOTHING, COMPILE_AS_BEFORE) };
    // In a box, because so many requests under way at once make a large future.
    let answers = Box::pin(async {
        tokio::try_join!(
            biased;
            connection.query_typed(before, &[]),
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
            connection.query_typed(after, &[]),
        )
    });
    let answers = match answers.await {
        Ok(answers) => answers,
        Err(error) => return Err(unread(error.into(), connection).await),
    };
    let (_, namespaces, extensions, enums, sequences, ..) = &answers;
    let (.., relations, columns, comments, indexes, foreign_keys, checks, _) = &answers;
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
