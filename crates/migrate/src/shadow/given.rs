//! The database that somebody has set aside for the shadow: it is emptied, and stays.

use postgres::{Connection, ConnectionUrl};
use uuid::Uuid;

use crate::{Error, reset};

/// Connects to the database and empties it, unless it is one of the main ones.
pub(super) async fn open(
    given: &ConnectionUrl,
    mains: &[&ConnectionUrl],
    schemas: &[String],
) -> Result<Connection, Error> {
    let connection = postgres::connect(given).await?;
    for main in mains {
        refuse_main(main, &connection).await?;
    }
    reset::empty(&connection, schemas).await?;
    Ok(connection)
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
