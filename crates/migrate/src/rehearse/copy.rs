//! The database that a rehearsal runs on: made for it, and dropped in any case, by failure and by Ctrl-C too.

use std::path::{Path, PathBuf};

use postgres::driver::SqlState;
use postgres::server::Server;
use postgres::{ConnectionUrl, database};

use crate::Error;
use crate::backup::tool::{DUMP, Tool};
use crate::quoting::identifier;
use crate::restore::{self, Source};
use crate::shadow::Made;

/// A database that goes when this does.
#[derive(Debug)]
pub struct Stage {
    made: Made,
    /// How the data came into it.
    pub how: Copied,
}

/// How a copy was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copied {
    /// With nothing in it yet.
    Empty,
    /// By the server.
    Template,
    /// By a dump, as others were connected or the server let nobody copy it otherwise.
    Dump,
    /// From a dump that was there.
    Given(PathBuf),
}

impl Stage {
    /// An empty database beside the one at `url`.
    pub async fn empty(url: &ConnectionUrl) -> Result<Self, Error> {
        require_right(url).await?;
        let made = Made::create_with(url, "TEMPLATE template0").await?;
        Ok(Self { made, how: Copied::Empty })
    }

    /// A database that is like the one at `url`: copied by the server where nobody is connected, dumped and restored
    /// otherwise.
    pub async fn of(url: &ConnectionUrl, server: &Server) -> Result<Self, Error> {
        // Before all of it is dumped for nothing.
        require_right(url).await?;
        // Asked first: the server itself waits five seconds for them to go.
        if database::sessions(url).await?.is_empty() {
            let template = format!("TEMPLATE {}", identifier(url.database()));
            match Made::create_with(url, &template).await {
                Ok(made) => return Ok(Self { made, how: Copied::Template }),
                Err(error) if may_be_dumped(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let folder = Scratch::new()?;
        let connection = postgres::connect(url).await?;
        let dump = Tool::find(server, DUMP, connection.server_major())?;
        connection.close().await;
        let arguments = [
            "--format=directory".to_owned(),
            format!("--file={}", folder.0.join("dump").display()),
            "--no-password".to_owned(),
        ];
        dump.start(Some(url), &arguments)?.end().await?;
        let source = Source::at(&folder.0.join("dump"))?;
        let copy = Self::empty(url).await?;
        restore::fill_copy(server, &source, copy.url()).await?;
        Ok(Self { how: Copied::Dump, ..copy })
    }

    /// A database as a backup or a dump has it; `what` is a path, `latest`, or a name in the folder `shelf`.
    pub async fn of_dump(
        url: &ConnectionUrl,
        server: &Server,
        shelf: &Path,
        what: &str,
    ) -> Result<Self, Error> {
        let mut source = Source::find(shelf, what, url).await?;
        restore::check(server, url, &mut source).await?;
        let copy = Self::empty(url).await?;
        restore::fill_copy(server, &source, copy.url()).await?;
        Ok(Self { how: Copied::Given(source.place), ..copy })
    }

    /// Another one like this, to which nobody may be connected.
    pub async fn twin(&self) -> Result<Self, Error> {
        let template = format!("TEMPLATE {}", identifier(self.url().database()));
        let mut tries = 0;
        loop {
            match Made::create_with(self.url(), &template).await {
                // A session of ours may not have left yet.
                Err(error) if is_in_use(&error) && tries < 3 => tries += 1,
                made => return Ok(Self { made: made?, how: Copied::Template }),
            }
        }
    }

    pub fn url(&self) -> &ConnectionUrl {
        self.made.url()
    }

    /// Drops it now, so that a failure to do so is told.
    pub async fn drop_now(self) -> Result<(), Error> {
        self.made.drop_now().await
    }
}

fn is_in_use(error: &postgres::Error) -> bool {
    error.db().is_some_and(|db| *db.code() == SqlState::OBJECT_IN_USE)
}

/// Somebody has just connected, or this user does not own the database.
fn may_be_dumped(error: &postgres::Error) -> bool {
    let is_owner_missing =
        error.db().is_some_and(|db| *db.code() == SqlState::INSUFFICIENT_PRIVILEGE);
    is_in_use(error) || is_owner_missing
}

/// Fails where this user may make no databases, saying what to do.
async fn require_right(url: &ConnectionUrl) -> Result<(), Error> {
    let admin = database::connect_admin(url).await?;
    let sql =
        "SELECT rolsuper OR rolcreatedb, rolname::text FROM pg_roles WHERE rolname = current_user";
    let row = admin.query_one(sql, &[]).await?;
    admin.close().await;
    if row.get(0) {
        return Ok(());
    }
    let role = identifier(row.get(1));
    Err(Error::plain("a rehearsal makes a database of its own and drops it again, and this user may make none")
        .with_help(format!(
            "as a superuser, in psql:\n  ALTER ROLE {role} CREATEDB;\nOr rehearse on another server, with a backup:\n  \
             cargo xtask migrate rehearse --data FILE --database-url URL"
        )))
}

/// A folder for a dump that nobody keeps.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, Error> {
        use std::os::unix::fs::DirBuilderExt as _;

        let path =
            std::env::temp_dir().join(format!("driveflow-rehearsal-{}", uuid::Uuid::new_v4()));
        // All that the database holds is for its owner only.
        let made = std::fs::DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|error| Error::io("create", &path, error))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
