//! A migration that is dropped where it runs, as by Ctrl-C: one that is one transaction has done nothing then, and is taken
//! out of the history, so that nobody has to resolve it.
//!
//! Its end is noted in its transaction. So once the server's process is no longer at it, a note without an end says that
//! nothing of it remains. Where that cannot be seen soon, the note stays and the attempt counts as failed.

use std::time::Duration;

use postgres::{Connection, ConnectionUrl};

use crate::history::{Attempt, History};

/// How often the server is asked whether it has stopped, and with which pause.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// Takes attempts back when it is dropped, unless it was told that their work has ended.
#[derive(Debug)]
pub(super) struct TakenBack {
    armed: Option<Armed>,
}

#[derive(Debug)]
struct Armed {
    url: ConnectionUrl,
    process: i32,
    sql: String,
}

impl TakenBack {
    /// For an attempt that is one transaction, which also notes that `next` begins; `process` is the server's at work.
    pub(super) fn new(
        connection: &Connection,
        process: Option<i32>,
        attempt: &Attempt<'_>,
        next: Option<&Attempt<'_>>,
    ) -> Self {
        let process = process.filter(|_| attempt.script.is_atomic());
        let armed = process.map(|process| Armed {
            url: connection.url().clone(),
            process,
            sql: History::new(connection).unfinished_sql([Some(attempt), next]),
        });
        Self { armed }
    }

    /// The work has ended, well or not.
    pub(super) fn done(mut self) {
        self.armed = None;
    }
}

impl Drop for TakenBack {
    fn drop(&mut self) {
        let Some(armed) = self.armed.take() else { return };
        // The caller's runtime may be on its way out, so a thread with its own does it, and we wait: afterwards the
        // process may end.
        let thread = std::thread::spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build()
            {
                // Where the server cannot be reached, there is nobody left to tell.
                let _ = runtime.block_on(armed.take_back());
            }
        });
        let _ = thread.join();
    }
}

impl Armed {
    async fn take_back(&self) -> Result<(), postgres::Error> {
        let connection = postgres::connect(&self.url).await?;
        // What cannot be seen of a process may be that it is at work.
        let at_work = "SELECT FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND state IS DISTINCT FROM 'idle'";
        for _ in 0..TRIES {
            if connection.query_opt(at_work, &[&self.process]).await?.is_none() {
                connection.batch_execute(&self.sql).await?;
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        connection.close().await;
        Ok(())
    }
}
