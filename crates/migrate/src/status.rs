//! `migrate status`: how the folder and the database's history stand to each other. It changes nothing
//! and needs no shadow database.

use postgres::{Connection, ConnectionUrl, lock};
use tokio::task::yield_now;

use crate::Error;
use crate::diagnose::{Diagnosis, Relation, diagnose};
use crate::folder::Folder;
use crate::history::{History, Row, State};
use crate::steps::{Resumes, Standing, resumes, standing};

/// What there is to say of a database and a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// How many migrations the folder has.
    pub found: usize,
    /// The folder's first migration, which a baseline would begin with.
    pub first: Option<String>,
    pub diagnosis: Diagnosis,
    /// Those of the folder whose names begin with one moment.
    pub same_moment: Vec<String>,
    /// What a squash that was cut off has left in the folder.
    pub left_over: Vec<String>,
    /// Whether there are tables and no history: a deploy would refuse to begin.
    pub needs_baseline: bool,
    /// Where the failed migration goes on with the next deploy, if it does.
    pub resumes: Option<Resumes>,
    /// Whether another command holds the lock: an attempt that counts as failed may still be running.
    pub is_busy: bool,
}

impl Status {
    /// Whether there is nothing to do; the command's exit code follows it. Edited migrations do not count,
    /// nor do migrations that only the database has: both are told.
    pub fn is_up_to_date(&self) -> bool {
        self.diagnosis.has_history
            && self.diagnosis.failed.is_empty()
            && self.diagnosis.partly.is_empty()
            && matches!(self.diagnosis.relation(), Relation::Same | Relation::FolderBehind)
    }
}

/// What a database says of itself, whatever the folder has.
#[derive(Debug)]
pub struct Asked {
    connection: Connection,
    /// None where there is no history.
    rows: Option<Vec<Row>>,
    needs_baseline: bool,
    is_busy: bool,
}

impl Asked {
    /// Asks it.
    ///
    /// Fails with P1003 where the database does not exist.
    pub async fn of(url: &ConnectionUrl) -> Result<Self, Error> {
        let connection = postgres::connect(url).await?;
        let history = History::new(&connection);
        let (rows, is_busy) = tokio::try_join!(history.read(), is_busy(&connection))?;
        let needs_baseline = rows.is_none() && history.has_tables().await?;
        Ok(Self { connection, rows, needs_baseline, is_busy })
    }

    /// Compares it with the folder.
    pub async fn compare(self, folder: &Folder) -> Result<Status, Error> {
        let Self { connection, rows, needs_baseline, is_busy } = self;
        let resumes = match &rows {
            Some(rows) if rows.iter().any(|row| row.state == State::Failed) => {
                match standing(&connection, folder, rows).await? {
                    Standing::Resumes(attempt) => resumes(&attempt),
                    Standing::Explained(_) | Standing::Unknown => None,
                }
            }
            _ => None,
        };
        let found = async {
            // The server takes its leave meanwhile.
            yield_now().await;
            Status {
                found: folder.migrations().len(),
                first: folder.migrations().first().map(|migration| migration.name.clone()),
                diagnosis: diagnose(folder, rows.as_deref()),
                same_moment: folder.same_moment(),
                left_over: folder.left_over().iter().map(|(_, left)| left.name.clone()).collect(),
                needs_baseline,
                resumes,
                is_busy,
            }
        };
        let ((), found) = tokio::join!(biased; connection.close(), found);
        Ok(found)
    }
}

/// Reads the history and compares it with the folder.
///
/// Fails with P1003 where the database does not exist.
pub async fn status(folder: &Folder, url: &ConnectionUrl) -> Result<Status, Error> {
    Asked::of(url).await?.compare(folder).await
}

async fn is_busy(connection: &Connection) -> Result<bool, Error> {
    let sql = format!(
        "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
         WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = {}::oid \
         AND d.datname = current_database())",
        lock::KEY
    );
    Ok(connection.query_one(&sql, &[]).await?.get(0))
}
