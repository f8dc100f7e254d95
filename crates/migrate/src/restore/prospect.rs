//! What a restore would do to the database that is there: what has come since the backup and would be gone.

use std::collections::BTreeMap;
use std::time::Duration;

use postgres::database::{self, Session};
use postgres::{Connection, ConnectionUrl};

use super::{Seen, Source, Way};
use crate::Error;
use crate::backup::{Moment, Origin, TableRows};
use crate::quoting::identifier;

/// What would be lost, who is connected, and how it would be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prospect {
    /// Whether there is a database to be replaced.
    pub exists: bool,
    /// Where the backup is of, if that is another server, or may be.
    pub from: Option<String>,
    /// The migrations that were applied after the backup; `None` where a dump does not say which it has.
    pub migrations: Option<Vec<String>>,
    /// The tables that do not have as many rows as the backup.
    pub tables: Vec<TableLoss>,
    pub sessions: Vec<Session>,
    pub way: Way,
    /// What comes after this look is in no list of what is lost.
    pub seen: Seen,
}

/// A table's rows, now and in the backup; `None` is no such table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableLoss {
    pub schema: String,
    pub name: String,
    pub now: Option<u64>,
    pub then: Option<u64>,
}

/// Looks, and changes nothing. The source must have been checked.
///
/// Fails where the database listens to another server.
pub async fn look(url: &ConnectionUrl, source: &Source) -> Result<Prospect, Error> {
    let here = Origin::at(url).await?;
    let there = source.manifest.as_ref().and_then(|manifest| manifest.origin.as_ref());
    let from = there.filter(|there| !there.is_same_as(&here)).map(|there| there.address.clone());
    let connection = match postgres::connect(url).await {
        Err(error) if error.is_database_missing() => {
            let (migrations, tables, sessions) = (Some(Vec::new()), Vec::new(), Vec::new());
            let (way, seen) = (Way::Fresh, Seen::default());
            return Ok(Prospect { exists: false, from, migrations, tables, sessions, way, seen });
        }
        connected => connected?,
    };
    refuse_subscriber(&connection).await?;
    let moment = Moment::take(&connection).await?;
    let seen = Seen::look(&connection, &moment).await?;
    let migrations = source.manifest.as_ref().map(|manifest| {
        let since = moment.migrations.iter().filter(|name| !manifest.migrations.contains(name));
        since.cloned().collect()
    });
    moment.end().await?;
    let way = way(&connection).await?;
    connection.close().await;
    let sessions = lasting_sessions(url).await?;
    let tables = differing(&seen.rows(), source);
    Ok(Prospect { exists: true, from, migrations, tables, sessions, way, seen })
}

/// How far a database has heard another server is in no backup, and while it listens nobody can rename or drop it.
async fn refuse_subscriber(connection: &Connection) -> Result<(), Error> {
    let sql =
        "SELECT s.subname::text FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
               WHERE d.datname = current_database() ORDER BY 1";
    let rows = connection.query(sql, &[]).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let name: &str = row.get(0);
    let quoted = identifier(name);
    Err(Error::plain(format!(
        "the database listens to another server, by the subscription \"{name}\", and a backup does not say how far it has heard"
    ))
    .with_help(format!(
        "nothing was changed. End the subscription, and make it again afterwards; in psql:\n  ALTER SUBSCRIPTION {quoted} \
         DISABLE;\n  DROP SUBSCRIPTION {quoted};"
    )))
}

/// Who is connected and stays. One that has just left, ours among them, is listed for a moment yet.
async fn lasting_sessions(url: &ConnectionUrl) -> Result<Vec<Session>, Error> {
    let mut sessions = database::sessions(url).await?;
    for _ in 0..10 {
        if sessions.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        sessions = database::sessions(url).await?;
    }
    Ok(sessions)
}

fn differing(now: &[TableRows], source: &Source) -> Vec<TableLoss> {
    let then = source.rows();
    let now: BTreeMap<(&str, &str), u64> =
        now.iter().map(|table| ((&*table.schema, &*table.name), table.rows)).collect();
    let mut all: Vec<_> = now.keys().chain(then.keys()).copied().collect();
    all.sort_unstable();
    all.dedup();
    let tables = all.into_iter().map(|key| TableLoss {
        schema: key.0.to_owned(),
        name: key.1.to_owned(),
        now: now.get(&key).copied(),
        then: then.get(&key).copied(),
    });
    // The ledger of backups is carried over.
    let is_own = |table: &TableLoss| table.schema == "_driveflow" && table.name == "backups";
    tables.filter(|table| table.now != table.then && !is_own(table)).collect()
}

/// A database is renamed by its owner, who may also make databases; and never where it belongs to the server.
async fn way(connection: &Connection) -> Result<Way, Error> {
    let sql = "SELECT r.rolsuper OR r.rolcreatedb, r.rolsuper OR pg_has_role(d.datdba, 'MEMBER')
               FROM pg_roles r, pg_database d
               WHERE r.rolname = current_user AND d.datname = current_database()";
    let row = connection.query_one(sql, &[]).await?;
    let (may_create, is_owner): (bool, bool) = (row.get(0), row.get(1));
    let why = if database::refuse_system(connection.url()).is_err() {
        "the database is one of the server's own"
    } else if !may_create {
        "this user may not create databases"
    } else if !is_owner {
        "this user does not own the database"
    } else {
        return Ok(Way::Fresh);
    };
    Ok(Way::InPlace { why: why.to_owned() })
}
