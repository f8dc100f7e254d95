//! The database that somebody has set aside for the shadow: it is emptied, and stays.

use postgres::driver::ToSql;
use postgres::{Connection, ConnectionUrl};
use uuid::Uuid;

use crate::apply::run::NOT_DURABLE;
use crate::{Error, reset};

/// Connects to the database and empties it, unless it is one of the main ones.
pub(super) async fn open(
    given: &ConnectionUrl,
    mains: &[&ConnectionUrl],
    schemas: &[String],
) -> Result<Connection, Error> {
    let connection = postgres::connect(given).await?;
    refuse_same(&connection, mains).await?;
    connection.batch_execute(NOT_DURABLE).await?;
    empty(&connection, schemas).await?;
    Ok(connection)
}

/// Takes everything out that a migration may have made, also beside the schemas it is about: otherwise it would be
/// there already when the migration runs again. The database's own schema and `public` are emptied and stay, as in a
/// new database; so does what belongs to others, or to an extension.
pub(super) async fn empty(connection: &Connection, schemas: &[String]) -> Result<(), Error> {
    let find = "SELECT n.nspname::text FROM pg_namespace n
                WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND pg_has_role(n.nspowner, 'USAGE')
                  AND NOT EXISTS (
                      SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e'
                  )
                ORDER BY n.nspname";
    let found: Vec<String> =
        connection.query(find, &[]).await?.iter().map(|row| row.get(0)).collect();
    // Triggers on events first: they would fire at all that follows.
    drop_all(connection, include_str!("given/beside.sql"), &[]).await?;
    let all: Vec<String> = found.iter().chain(schemas).cloned().collect();
    reset::empty(connection, &all).await?;
    let own = connection.url().schema();
    let others: Vec<&String> =
        found.iter().filter(|name| *name != own && *name != "public").collect();
    drop_all(connection, include_str!("given/schemas.sql"), &[&others]).await
}

/// Runs the statements that a query gives.
async fn drop_all(
    connection: &Connection,
    query: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<(), Error> {
    let rows = connection.query(query, parameters).await?;
    let drops: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let quiet = "SET LOCAL client_min_messages TO warning";
    Ok(connection.batch_execute(&format!("{quiet}; {}", drops.join(";\n"))).await?)
}

/// Fails where the database is one of the main ones.
pub(crate) async fn refuse_same(given: &Connection, mains: &[&ConnectionUrl]) -> Result<(), Error> {
    for main in mains {
        refuse_main(main, given).await?;
    }
    Ok(())
}

/// Whether two URLs lead to one database cannot be read from them: a host has many names. Advisory locks belong to
/// a database, so one that is taken through the one URL and not to be had through the other tells.
async fn refuse_main(main: &ConnectionUrl, given: &Connection) -> Result<(), Error> {
    let main = match postgres::connect(main).await {
        Err(error) if error.is_database_missing() => return Ok(()),
        connected => connected?,
    };
    // Half of a random number: nobody else's lock has this key.
    let (key, _) = Uuid::new_v4().as_u64_pair();
    let key = key.cast_signed();
    main.execute("SELECT pg_advisory_lock($1)", &[&key]).await?;
    let free: bool = given.query_one("SELECT pg_try_advisory_lock($1)", &[&key]).await?.get(0);
    if free {
        given.execute("SELECT pg_advisory_unlock($1)", &[&key]).await?;
    }
    main.close().await;
    if free {
        return Ok(());
    }
    Err(Error::plain(
        "The shadow database you configured appears to be the same as the main database. Please specify another \
         shadow database.",
    ))
}
