//! The shadow database: a database of the moment in which the migrations are replayed, to learn what they
//! make.
//!
//! It is made on the same server and dropped in any case: at the end, on failure, and when the command is
//! cancelled, for then dropping the value does it. Or it is the one that somebody has set aside for this
//! (`shadowDatabaseUrl`), which is emptied instead.

use std::time::Duration;

use pg_schema::PgSchema;
use postgres::{Connection, ConnectionUrl, database, introspect};
use uuid::Uuid;

use crate::apply::{refuse_copy, replay};
use crate::folder::{Folder, Migration, script_path};
use crate::script::Script;
use crate::{Error, Progress, namespaces, reset};

/// What the names of shadow databases begin with, Prisma's too.
pub const PREFIX: &str = "prisma_migrate_shadow_db_";

/// A shadow database, empty at first.
#[derive(Debug)]
pub(crate) struct Shadow {
    connection: Connection,
    /// The database to drop; none where it is somebody else's.
    made: Option<Made>,
}

impl Shadow {
    /// Makes one beside the database of `url`, or empties `given`.
    ///
    /// Fails with P3014 where none can be made.
    pub(crate) async fn open(
        url: &ConnectionUrl,
        given: Option<&ConnectionUrl>,
        schemas: &[String],
    ) -> Result<Self, Error> {
        if let Some(given) = given {
            let connection = postgres::connect(&given.with_schema(url.schema())).await?;
            refuse_main(url, &connection).await?;
            reset::empty(&connection, schemas).await?;
            return Ok(Self { connection, made: None });
        }
        let url = url.with_database(&format!("{PREFIX}{}", Uuid::new_v4()));
        // From here on it is dropped whatever happens, even if we never hear that it was made.
        let mut made = Made { url, is_dropped: false };
        if let Err(error) = database::create_database(&made.url).await {
            made.is_dropped = true;
            return Err(not_made(error));
        }
        let connection = postgres::connect(&made.url).await?;
        namespaces::ensure_own(&connection).await?;
        Ok(Self { connection, made: Some(made) })
    }

    #[cfg(test)]
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Takes everything out again.
    pub(crate) async fn empty(&self, schemas: &[String]) -> Result<(), Error> {
        reset::empty(&self.connection, schemas).await
    }

    /// What the migrations have made.
    pub(crate) async fn describe(&self, schemas: &[String]) -> Result<PgSchema, Error> {
        Ok(introspect(&self.connection, schemas).await?)
    }

    /// Runs migrations, in the order given.
    ///
    /// Fails with P3006, naming the migration.
    pub(crate) async fn replay(
        &self,
        folder: &Folder,
        migrations: &[&Migration],
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), Error> {
        for (at, migration) in migrations.iter().enumerate() {
            let name = &migration.name;
            progress(Progress::Replaying { name, number: at + 1, of: migrations.len() });
            let file = script_path(folder.path(), name);
            let script = Script::new(&migration.script);
            refuse_copy(&script, &file)?;
            if let Err(stop) = replay(&self.connection, &script).await {
                let details = stop.details(&script, &file);
                return Err(Error::new(
                    "P3006",
                    format!("Migration `{name}` failed to apply cleanly to the shadow database.\n{details}"),
                )
                .with_file(file)
                .with_source(stop));
            }
        }
        Ok(())
    }

    /// Drops the database where it was made for this, and waits for it.
    pub(crate) async fn close(self) -> Result<(), Error> {
        self.connection.close().await;
        match self.made {
            Some(made) => made.drop_now().await,
            None => Ok(()),
        }
    }
}

/// A database that goes when this does.
#[derive(Debug)]
struct Made {
    url: ConnectionUrl,
    is_dropped: bool,
}

impl Made {
    async fn drop_now(mut self) -> Result<(), Error> {
        let dropped = database::drop_database(&self.url).await;
        // It has been tried: once more would not help.
        self.is_dropped = true;
        Ok(dropped?)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        if self.is_dropped {
            return;
        }
        // Reached on failure and cancellation only. The runtime may be on its way out, so that a thread
        // with its own does the work, and we wait for it: afterwards the process may end.
        let url = self.url.clone();
        let thread = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build()
            else {
                return;
            };
            runtime.block_on(drop_soon(&url));
        });
        let _ = thread.join();
    }
}

/// Drops a database that the server may still be about to make. There is nobody to tell of a failure; one
/// that is left over is found by the health checks.
async fn drop_soon(url: &ConnectionUrl) {
    for _ in 0..20 {
        match database::drop_database(url).await {
            Err(error) if error.is_database_missing() => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            _ => return,
        }
    }
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

fn not_made(error: postgres::Error) -> Error {
    if error.is_unreachable() || error.is_authentication() {
        return error.into();
    }
    Error::new(
        "P3014",
        format!(
            "Prisma Migrate could not create the shadow database. Please make sure the database user has permission to \
             create databases.\n\nOriginal error: {error}"
        ),
    )
    .with_help(
        "give the user the right (ALTER ROLE … CREATEDB), or make an empty database for this and set \
         shadowDatabaseUrl in the datasource",
    )
    .with_source(error)
}
