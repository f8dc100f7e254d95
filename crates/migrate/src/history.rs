//! The table `_prisma_migrations`, exactly as Prisma makes and fills it, so that either tool can take over
//! from the other.
//!
//! It is always named with its schema: a script may leave the `search_path` anywhere. Times are the
//! server's.

mod row;

use std::time::Duration;

use postgres::Connection;
use postgres::driver::{SimpleQueryMessage, SqlState};
use uuid::Uuid;

use self::row::SQUASHED_FROM;
pub(crate) use self::row::{Row, State};
use crate::attempt::Attempt;
use crate::folder::{Migration, Replaced};
use crate::script::Script;
use crate::steps::ledger;
use crate::{Error, namespaces, quoting};

/// The name of the table, which is nobody's business but ours.
pub(crate) const TABLE: &str = "_prisma_migrations";

/// What a new row says, as SQL, beside what the attempt itself says.
#[derive(Debug)]
struct Note<'a> {
    started_at: &'a str,
    finished_at: &'a str,
    logs: &'a str,
    steps: u8,
}

impl Note<'_> {
    const BEGUN: Self =
        Self { started_at: "clock_timestamp()", finished_at: "NULL", logs: "NULL", steps: 0 };

    /// At the end of the transaction that began with the script.
    const APPLIED: Self =
        Self { started_at: "now()", finished_at: "clock_timestamp()", logs: "NULL", steps: 1 };
}

/// The history of one schema of a database.
#[derive(Debug)]
pub(crate) struct History<'a> {
    connection: &'a Connection,
}

impl<'a> History<'a> {
    pub(crate) fn new(connection: &'a Connection) -> Self {
        Self { connection }
    }

    /// All attempts in the order of their start; `None` where there is no table.
    pub(crate) async fn read(&self) -> Result<Option<Vec<Row>>, Error> {
        let sql = format!(include_str!("history/read.sql"), table = self.table());
        match self.connection.query(&sql, &[]).await {
            Ok(rows) => Ok(Some(rows.iter().map(Row::read).collect())),
            Err(error) if error.db().is_some_and(|db| *db.code() == SqlState::UNDEFINED_TABLE) => {
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the schema has tables; then its history cannot begin with nothing.
    pub(crate) async fn has_tables(&self) -> Result<bool, Error> {
        // Without a parameter it is one way to the server and back.
        let sql = format!(
            include_str!("history/has_tables.sql"),
            schema = quoting::literal(self.schema())
        );
        Ok(self.connection.query_one(&sql, &[]).await?.get(0))
    }

    /// Makes the table, and the schema where it is missing.
    pub(crate) async fn create(&self) -> Result<(), Error> {
        namespaces::ensure_own(self.connection).await?;
        let sql = format!(include_str!("history/create.sql"), table = self.table());
        let made = self.connection.batch_execute(&sql).await;
        made.map_err(|error| namespaces::explain_refusal(error, self.connection.url()))
    }

    /// Begins an attempt, on its own, and says which of the server's processes does the work.
    pub(crate) async fn start(&self, attempt: &Attempt<'_>) -> Result<Option<i32>, Error> {
        // Not waited for: whatever the script commits takes this note to the disk with it, and where a crash comes
        // before that, neither is left.
        let session = fresh_session(self.schema());
        let begun = self.begun_sql(attempt);
        let sql = format!(
            "{session}{begun}{}SET LOCAL synchronous_commit TO off;\nSELECT pg_catalog.pg_backend_pid()",
            attempt.beginning
        );
        let answers = self.connection.simple_query(&sql).await.map_err(postgres::Error::from)?;
        Ok(answers.iter().find_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
            _ => None,
        }))
    }

    /// Takes back that an attempt begins, of which nothing was done, and whatever it has set or left open.
    pub(crate) async fn withdraw(&self, attempt: &Attempt<'_>) -> Result<(), Error> {
        let forget =
            if attempt.entries.is_some() { ledger::forget_sql(&attempt.id) } else { String::new() };
        let sql = format!(
            "ROLLBACK;\n{}{forget}DELETE FROM {} WHERE id = {}",
            fresh_session(self.schema()),
            self.table(),
            quoting::literal(&attempt.id)
        );
        Ok(self.connection.batch_execute(&sql).await?)
    }

    /// Takes back a failed attempt, of which nothing remains.
    pub(crate) async fn forget_failed(&self, id: &str) -> Result<(), Error> {
        let sql = format!(
            "DELETE FROM {} WHERE id = $1 AND finished_at IS NULL AND rolled_back_at IS NULL",
            self.table()
        );
        self.connection.execute(&sql, &[&id]).await?;
        Ok(())
    }

    /// Takes up an attempt again that did not come to its end: what the database said then is of no matter any more.
    pub(crate) async fn take_up(&self, id: &str) -> Result<Option<i32>, Error> {
        let sql = format!(
            "UPDATE {} SET logs = NULL WHERE id = $1 RETURNING pg_backend_pid()",
            self.table()
        );
        let row = self.connection.query_opt(&sql, &[&id]).await?;
        Ok(row.map(|row| row.get(0)))
    }

    /// The statements that note a success, and begin the next attempt. They are to be sent together with the end of the
    /// script, so that all is one transaction wherever that is possible. What the script may have set in the session is
    /// undone, for the next deploy might begin here.
    pub(crate) fn finish_sql(&self, attempt: &Attempt<'_>, next: Option<&Attempt<'_>>) -> String {
        let is_as_begun = attempt.script.leaves_the_session();
        let mut sql = if is_as_begun { String::new() } else { self.after(&attempt.script) };
        if attempt.is_noted_at_its_end {
            sql += &self.note_sql(attempt, &Note::APPLIED);
        } else {
            sql += &format!(
                include_str!("history/finish.sql"),
                table = self.table(),
                id = quoting::literal(&attempt.id)
            );
        }
        if let Some(next) = next {
            sql.push_str(&self.begun_sql(next));
            if !is_as_begun || next.beginning != attempt.beginning {
                sql.push_str(&next.beginning);
            }
        }
        sql
    }

    /// That an attempt begins, where that is noted.
    fn begun_sql(&self, attempt: &Attempt<'_>) -> String {
        if attempt.is_noted_at_its_end {
            String::new()
        } else {
            self.note_sql(attempt, &Note::BEGUN)
        }
    }

    fn note_sql(&self, attempt: &Attempt<'_>, note: &Note<'_>) -> String {
        format!(
            include_str!("history/note.sql"),
            table = self.table(),
            id = quoting::literal(&attempt.id),
            checksum = quoting::literal(&attempt.migration.checksum()),
            name = quoting::literal(&attempt.migration.name),
            started_at = note.started_at,
            finished_at = note.finished_at,
            logs = note.logs,
            steps = note.steps,
        )
    }

    /// Undoes what a script before has set in the session.
    pub(crate) async fn refresh_session(&self) -> Result<(), Error> {
        Ok(self.connection.batch_execute(&fresh_session(self.schema())).await?)
    }

    /// The statement that notes that an attempt was taken back by a script, to be sent as [`Self::finish_sql`] is.
    pub(crate) fn taken_back_sql(&self, id: &str, script: &Script<'_>) -> String {
        format!(
            include_str!("history/taken_back.sql"),
            session = self.after(script),
            table = self.table(),
            id = quoting::literal(id)
        )
    }

    /// Notes that an attempt is being taken back by a script that is not one transaction: until the end is
    /// noted nobody can know how much of it is left, which is what a failed attempt is.
    pub(crate) async fn begin_taking_back(&self, id: &str) -> Result<(), Error> {
        let sql =
            format!("UPDATE {} SET finished_at = NULL, logs = $2 WHERE id = $1", self.table());
        let logs = "Its down.sql was begun and has not come to its end.";
        self.connection.execute(&sql, &[&id, &logs]).await?;
        Ok(())
    }

    /// Notes of an attempt that began `ago` what the database said when it refused its script.
    pub(crate) async fn fail(
        &self,
        attempt: &Attempt<'_>,
        logs: &str,
        ago: Duration,
    ) -> Result<(), Error> {
        if !attempt.is_noted_at_its_end {
            return self.fail_noted(&attempt.id, logs).await;
        }
        self.clear().await?;
        let started_at = format!("clock_timestamp() - interval '{} ms'", ago.as_millis());
        let note = Note {
            started_at: &started_at,
            logs: &quoting::literal(&storable(logs)),
            ..Note::BEGUN
        };
        Ok(self.connection.batch_execute(&self.note_sql(attempt, &note)).await?)
    }

    /// The same of one that has its row.
    pub(crate) async fn fail_noted(&self, id: &str, logs: &str) -> Result<(), Error> {
        self.clear().await?;
        let sql = format!("UPDATE {} SET logs = $2 WHERE id = $1", self.table());
        self.connection.execute(&sql, &[&id, &storable(logs)]).await?;
        Ok(())
    }

    /// Undoes whatever a script has left that could keep us from noting something: a transaction of its own, another role,
    /// a setting.
    async fn clear(&self) -> Result<(), Error> {
        let clear = format!("ROLLBACK;\n{}", fresh_session(self.schema()));
        Ok(self.connection.batch_execute(&clear).await?)
    }

    /// Marks the failed attempts at a migration as rolled back.
    pub(crate) async fn roll_back(&self, name: &str) -> Result<u64, Error> {
        let sql = format!(include_str!("history/roll_back.sql"), table = self.table());
        Ok(self.connection.execute(&sql, &[&name]).await?)
    }

    /// Marks the failed attempts at a migration as rolled back and notes it as applied without running it.
    pub(crate) async fn baseline(&self, migration: &Migration) -> Result<(), Error> {
        let sql = format!(
            include_str!("history/baseline.sql"),
            table = self.table(),
            id = quoting::literal(&Uuid::new_v4().to_string()),
            checksum = quoting::literal(&migration.checksum()),
            name = quoting::literal(&migration.name),
        );
        Ok(self.connection.batch_execute(&sql).await?)
    }

    /// Notes a migration's script as it is now in the place of what was applied.
    pub(crate) async fn take_checksum(&self, migration: &Migration) -> Result<u64, Error> {
        let sql = format!(
            "UPDATE {} SET checksum = $2 WHERE migration_name = $1 AND finished_at IS NOT NULL AND rolled_back_at IS NULL",
            self.table()
        );
        Ok(self.connection.execute(&sql, &[&migration.name, &migration.checksum()]).await?)
    }

    /// Removes all attempts at a migration. One that is only marked as rolled back is still missed by Prisma.
    pub(crate) async fn forget(&self, name: &str) -> Result<u64, Error> {
        let sql = format!("DELETE FROM {} WHERE migration_name = $1", self.table());
        Ok(self.connection.execute(&sql, &[&name]).await?)
    }

    /// Notes a squashed migration as applied, with the times of what it was squashed from, which is no longer in
    /// the history but in its logs.
    pub(crate) async fn squash(
        &self,
        migration: &Migration,
        replaced: &[Replaced],
    ) -> Result<(), Error> {
        let names: Vec<String> =
            replaced.iter().map(|replaced| quoting::literal(&replaced.name)).collect();
        let sql = format!(
            include_str!("history/squash.sql"),
            table = self.table(),
            id = quoting::literal(&Uuid::new_v4().to_string()),
            checksum = quoting::literal(&migration.checksum()),
            name = quoting::literal(&migration.name),
            header = quoting::literal(SQUASHED_FROM),
            replaced = names.join(", "),
        );
        Ok(self.connection.batch_execute(&sql).await?)
    }

    /// What makes the session as it was, behind a script and in its transaction.
    fn after(&self, script: &Script<'_>) -> String {
        let session = fresh_session(self.schema());
        if script.sets_something() {
            // What it put off to the end of the transaction runs with what it has set. Without need nothing is hurried: a
            // trigger that was put off may rely on it that others still are.
            format!("SET CONSTRAINTS ALL IMMEDIATE;\n{session}")
        } else {
            session
        }
    }

    fn schema(&self) -> &'a str {
        self.connection.url().schema()
    }

    fn table(&self) -> String {
        format!("{}.\"{TABLE}\"", quoting::identifier(self.schema()))
    }
}

/// PostgreSQL has no text with a zero byte.
fn storable(logs: &str) -> String {
    logs.replace('\0', "")
}

/// The statements that undo whatever a script may have set in its session, who it is among it.
pub(crate) fn fresh_session(schema: &str) -> String {
    // In this order: the first would take away a role that the connection begins with.
    format!(
        "RESET SESSION AUTHORIZATION;\nRESET ROLE;\nRESET ALL;\nSET search_path TO {};\n",
        quoting::identifier(schema)
    )
}
