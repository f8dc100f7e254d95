//! The table `_prisma_migrations`, exactly as Prisma makes and fills it, so that either tool can take over
//! from the other.
//!
//! It is always named with its schema: a script may leave the `search_path` anywhere. Times are the
//! server's.

use std::fmt::Write as _;

use postgres::Connection;
use postgres::driver::{SimpleQueryMessage, SqlState};
use uuid::Uuid;

use crate::folder::{Migration, Replaced};
use crate::script::Script;
use crate::steps::{Entry, Step, cut, ledger};
use crate::{Error, namespaces, quoting};

/// The name of the table, which is nobody's business but ours.
pub(crate) const TABLE: &str = "_prisma_migrations";

/// One attempt at a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub id: String,
    pub name: String,
    pub checksum: String,
    pub state: State,
    /// As Prisma writes it: `2026-01-31 09:30:00.250 UTC`.
    pub started_at: String,
    /// What the database said when it failed.
    pub logs: Option<String>,
}

impl Row {
    /// Whether this is the attempt at a squashed migration that stands in the history for one of this name.
    pub(crate) fn stands_for(&self, name: &str) -> bool {
        let logs = self.logs.as_deref().filter(|_| self.state == State::Applied);
        let lines =
            logs.and_then(|logs| logs.strip_prefix(SQUASHED_FROM)).unwrap_or_default().lines();
        // As history/squash.sql writes them: checksum, state, two times, and the name to the end of the line.
        let names = lines.filter_map(|line| {
            let mut fields = line.trim_start().splitn(5, ' ');
            let is_applied = fields.nth(1)? == "applied";
            fields.nth(2).filter(|_| is_applied)
        });
        names.into_iter().any(|other| other == name)
    }
}

/// What the logs of a squashed migration begin with: what was in its place in the history.
const SQUASHED_FROM: &str = "Squashed from:\n";

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Applied,
    /// It failed, or nobody knows how it ended.
    Failed,
    /// Somebody said that it is as if it had never been tried.
    RolledBack,
}

/// A migration that is about to run, under the id that the history will know it by.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) migration: &'a Migration,
    pub(crate) script: Script<'a>,
    pub(crate) id: String,
    /// The steps of a script that is no single transaction because statements of it refuse one.
    pub(crate) steps: Vec<Step>,
    /// What the ledger has of them; none where none is kept.
    pub(crate) entries: Option<Vec<Entry>>,
    /// What is to be run together with the note of its beginning.
    pub(crate) beginning: String,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(migration: &'a Migration) -> Self {
        let script = Script::new(&migration.script);
        let (steps, id) = (cut(&script), Uuid::new_v4().to_string());
        Self { migration, script, id, steps, entries: None, beginning: String::new() }
    }
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
            Ok(rows) => Ok(Some(rows.iter().map(row).collect())),
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

    /// Notes that the first of some attempts begins, and says which of the server's processes does the work. The others
    /// follow with [`Self::finish_sql`].
    pub(crate) async fn start(&self, attempt: &Attempt<'_>) -> Result<Option<i32>, Error> {
        // Not waited for: whatever the script commits takes this note to the disk with it, and where a crash comes
        // before that, neither is left.
        let session = fresh_session(self.schema());
        let start = self.start_sql(attempt);
        let sql = format!(
            "{session}SET LOCAL synchronous_commit TO off;\n{start}SELECT pg_catalog.pg_backend_pid()"
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

    /// What takes back attempts that have not come to their end, of which nothing was done.
    pub(crate) fn unfinished_sql(&self, attempts: [Option<&Attempt<'_>>; 2]) -> String {
        let mut sql = String::new();
        for attempt in attempts.into_iter().flatten() {
            let (table, id) = (self.table(), quoting::literal(&attempt.id));
            let is_open = format!("id = {id} AND finished_at IS NULL AND rolled_back_at IS NULL");
            if attempt.entries.is_some() {
                let forget = ledger::forget_sql(&attempt.id);
                let forget = forget.trim_end().trim_end_matches(';');
                let _ = writeln!(sql, "{forget} AND EXISTS (SELECT FROM {table} WHERE {is_open});");
            }
            let _ = writeln!(sql, "DELETE FROM {table} WHERE {is_open};");
        }
        sql
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

    /// The statements that note a success, and the beginning of the next attempt. They are to be sent together with
    /// the end of the script, so that all is one transaction wherever that is possible. What the script has set in the
    /// session is undone, for the next deploy might begin here.
    pub(crate) fn finish_sql(&self, attempt: &Attempt<'_>, next: Option<&Attempt<'_>>) -> String {
        let mut sql = format!(
            include_str!("history/finish.sql"),
            session = self.after(&attempt.script),
            table = self.table(),
            id = quoting::literal(&attempt.id)
        );
        if let Some(next) = next {
            sql.push_str(&self.start_sql(next));
        }
        sql
    }

    fn start_sql(&self, attempt: &Attempt<'_>) -> String {
        let start = format!(
            include_str!("history/start.sql"),
            table = self.table(),
            id = quoting::literal(&attempt.id),
            checksum = quoting::literal(&attempt.migration.checksum()),
            name = quoting::literal(&attempt.migration.name),
        );
        start + &attempt.beginning
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

    /// Notes what the database said when it refused a script. Nothing that the script has left keeps it from that: a
    /// transaction of its own, another role, a setting.
    pub(crate) async fn fail(&self, id: &str, logs: &str) -> Result<(), Error> {
        let clear = format!("ROLLBACK;\n{}", fresh_session(self.schema()));
        self.connection.batch_execute(&clear).await?;
        // PostgreSQL has no text with a zero byte.
        let logs = logs.replace('\0', "");
        let sql = format!("UPDATE {} SET logs = $2 WHERE id = $1", self.table());
        self.connection.execute(&sql, &[&id, &logs]).await?;
        Ok(())
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

/// The statements that undo whatever a script may have set in its session, who it is among it.
pub(crate) fn fresh_session(schema: &str) -> String {
    // In this order: the first would take away a role that the connection begins with.
    format!(
        "RESET SESSION AUTHORIZATION;\nRESET ROLE;\nRESET ALL;\nSET search_path TO {};\n",
        quoting::identifier(schema)
    )
}

fn row(row: &postgres::driver::Row) -> Row {
    let (finished, rolled_back) =
        (row.get::<_, bool>("finished"), row.get::<_, bool>("rolled_back"));
    Row {
        id: row.get("id"),
        name: row.get("migration_name"),
        checksum: row.get("checksum"),
        state: match (finished, rolled_back) {
            (_, true) => State::RolledBack,
            (true, false) => State::Applied,
            (false, false) => State::Failed,
        },
        started_at: moment(row.get("started_at")),
        logs: row.get("logs"),
    }
}

/// A time as the reference prints it: as many digits as it takes, in threes.
fn moment(text: &str) -> String {
    let shorter = text.strip_suffix("000").unwrap_or(text);
    format!("{} UTC", shorter.strip_suffix(".000").unwrap_or(shorter))
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn times_are_printed_as_the_reference_prints_them() {
        for (text, printed) in [
            ("2026-11-22 21:46:13.380000", "2026-11-22 21:46:13.380 UTC"),
            ("2026-11-22 21:47:18.463349", "2026-11-22 21:47:18.463349 UTC"),
            ("2026-11-22 21:47:18.000000", "2026-11-22 21:47:18 UTC"),
        ] {
            assert_eq!(moment(text), printed);
        }
    }
}
