//! The shadow database: a place of the moment in which the migrations are replayed, to learn what they make.
//!
//! - `made`: a database on the same server, dropped in any case: at the end, on failure, and when the command is
//!   cancelled, for then dropping the value does it;
//! - `given`: the one that somebody has set aside for this (`shadowDatabaseUrl`), which is emptied instead;
//! - `borrowed`: where the user may not make databases, a schema in the main database, within a transaction that is
//!   never committed, for the migrations that `confined` finds to stay in it.
//!
//! What is said when none of them will do is in `refusal`.

mod borrowed;
mod confined;
mod given;
mod left_over;
mod made;
mod prospect;
mod refusal;

use pg_schema::PgSchema;
use postgres::driver::SqlState;
use postgres::{Connection, ConnectionUrl, introspect};

use crate::apply::run::{NOT_DURABLE, refuse_copy, replay};
use crate::folder::{Folder, Migration, script_path};
use crate::script::Script;
use crate::{Error, Progress, namespaces};
use borrowed::Borrowed;
pub(crate) use given::refuse_same;
pub use left_over::{LeftOver, left_overs};
pub(crate) use made::Made;
pub use prospect::{Prospect, prospect};
use refusal::NoRight;

/// What the names of shadow databases begin with, Prisma's too.
pub(crate) const PREFIX: &str = "prisma_migrate_shadow_db_";

/// A shadow database, empty at first.
#[derive(Debug)]
pub(crate) struct Shadow {
    place: Place,
}

/// Where it is.
#[derive(Debug)]
enum Place {
    Database {
        connection: Connection,
        /// The database to drop; none where it is somebody else's.
        made: Option<Box<Made>>,
    },
    Schema(Borrowed),
}

impl Shadow {
    /// Makes one beside the database of `url`, or in it, or empties `given`.
    ///
    /// Fails with P3014 where none can be made.
    pub(crate) async fn open(
        url: &ConnectionUrl,
        given: Option<&ConnectionUrl>,
        schemas: &[String],
    ) -> Result<Self, Error> {
        if let Some(given) = given {
            return Self::set_aside(&given.with_schema(url.schema()), &[url], schemas).await;
        }
        let made = match Made::create(url).await {
            Ok(made) => made,
            Err(error) if is_not_allowed(&error) => {
                let no_right = NoRight::new(url, &error);
                let borrowed = Borrowed::open(url, no_right, schemas).await?;
                return Ok(Self { place: Place::Schema(borrowed) });
            }
            Err(error) => return Err(refusal::of_server(error)),
        };
        let connection = connect(&made).await?;
        Ok(Self { place: Place::Database { connection, made: Some(Box::new(made)) } })
    }

    /// Empties one that somebody has set aside, unless it is one of `others`.
    pub(crate) async fn set_aside(
        given: &ConnectionUrl,
        others: &[&ConnectionUrl],
        schemas: &[String],
    ) -> Result<Self, Error> {
        let connection = given::open(given, others, schemas).await?;
        Ok(Self { place: Place::Database { connection, made: None } })
    }

    /// Takes everything out again; `url` is that of the main database. One that was made is made anew.
    pub(crate) async fn empty(
        &mut self,
        url: &ConnectionUrl,
        schemas: &[String],
    ) -> Result<(), Error> {
        match &mut self.place {
            Place::Database { connection, made: None } => given::empty(connection, schemas).await,
            Place::Database { connection, made: Some(made) } => {
                let another = Made::create(url).await.map_err(refusal::of_server)?;
                let to_it = connect(&another).await?;
                std::mem::replace(connection, to_it).close().await;
                std::mem::replace(&mut **made, another).drop_now().await
            }
            Place::Schema(borrowed) => borrowed.empty().await,
        }
    }

    /// Runs migrations, in the order given.
    ///
    /// Fails with P3006, naming the migration; with P3014 where it could touch what is not the shadow's.
    pub(crate) async fn replay(
        &self,
        folder: &Folder,
        migrations: &[&Migration],
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), Error> {
        let connection = match &self.place {
            Place::Database { connection, .. } => connection,
            Place::Schema(borrowed) => return borrowed.replay(folder, migrations, progress).await,
        };
        for (at, migration) in migrations.iter().enumerate() {
            let name = &migration.name;
            progress(Progress::Replaying { name, number: at + 1, of: migrations.len() });
            let script = Script::new(&migration.script);
            refuse_copy(&script, &script_path(folder.path(), name))?;
            if let Err(stop) = replay(connection, &script).await {
                return Err(refusal::of_script(folder, migration, &script, stop));
            }
        }
        Ok(())
    }

    /// What the migrations have made.
    pub(crate) async fn describe(&self, schemas: &[String]) -> Result<PgSchema, Error> {
        match &self.place {
            Place::Database { connection, .. } => Ok(introspect(connection, schemas).await?),
            Place::Schema(borrowed) => borrowed.describe().await,
        }
    }

    /// The database, for those who look at all that it holds.
    ///
    /// Fails with P3014 where it is only a schema in somebody's database.
    pub(crate) fn database(&self) -> Result<&Connection, Error> {
        match &self.place {
            Place::Database { connection, .. } => Ok(connection),
            Place::Schema(borrowed) => Err(borrowed.is_no_database()),
        }
    }

    /// Drops what was made for this, and waits for it.
    pub(crate) async fn close(self) -> Result<(), Error> {
        match self.place {
            Place::Database { connection, made } => {
                connection.close().await;
                match made {
                    Some(made) => made.drop_now().await,
                    None => Ok(()),
                }
            }
            Place::Schema(borrowed) => borrowed.close().await,
        }
    }

    #[cfg(test)]
    pub(crate) fn url(&self) -> &ConnectionUrl {
        match &self.place {
            Place::Database { connection, .. } => connection.url(),
            Place::Schema(_) => panic!("there is no database of its own"),
        }
    }
}

/// Connects to a database that was just made.
async fn connect(made: &Made) -> Result<Connection, Error> {
    let connection = postgres::connect(made.url()).await?;
    namespaces::ensure_own(&connection).await?;
    connection.batch_execute(NOT_DURABLE).await?;
    Ok(connection)
}

/// Whether it is the user, or this kind of server, that may not make databases.
fn is_not_allowed(error: &postgres::Error) -> bool {
    let is_unsupported = error.db().is_some_and(|db| *db.code() == SqlState::FEATURE_NOT_SUPPORTED);
    // The database from which others are made may be closed, or not there for a pooler.
    error.is_access_denied() || error.is_database_missing() || is_unsupported
}
