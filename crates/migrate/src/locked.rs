//! Work under the lock of migrations, so that of several commands at once only one changes the database.
//!
//! The connection that works holds it. A script may end that, knowingly or not: `DISCARD ALL` and
//! `pg_advisory_unlock_all()` give back whatever their session has locked. Where a script may be one of those, a
//! connection of its own holds the lock. That costs a few milliseconds, and lasts no longer than the command: if it is
//! killed, the server may still be at its last statement. So it is not done always, and what then keeps others away is
//! the history, which has the migration as begun.

use postgres::{Connection, lock};

use crate::Error;

/// Does the work under the lock, after which the connection is closed and the server knows it.
pub(crate) async fn locked<T>(
    connection: Connection,
    work: impl AsyncFnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    locked_for(std::iter::empty(), connection, work).await
}

/// As [`locked`], for work that runs some of these scripts.
pub(crate) async fn locked_for<'a, T>(
    mut scripts: impl Iterator<Item = &'a str>,
    connection: Connection,
    work: impl AsyncFnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    let keeper = if scripts.any(may_unlock) { Some(keeper(&connection).await?) } else { None };
    let lock = lock::acquire(keeper.as_ref().unwrap_or(&connection)).await?;
    let result = work(&connection).await;
    // A failure here is the connection's, and then the server takes the lock back by itself.
    let _ = lock.release().await;
    if let Some(keeper) = keeper {
        keeper.close().await;
    }
    connection.close().await;
    result
}

/// Whether a script may give back what its session has locked. Words in comments and strings count too: that costs a
/// connection and no more. What a function does that the script calls is not seen.
fn may_unlock(script: &str) -> bool {
    let script = script.as_bytes();
    // All scripts of a project are looked through: at most places the first letter says enough.
    script.iter().enumerate().any(|(at, letter)| {
        let word: &[u8] = match letter {
            b'd' | b'D' => b"discard",
            b'p' | b'P' => b"pg_advisory_unlock",
            _ => return false,
        };
        script.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word))
    })
}

/// A connection that has nothing to do, and is not ended for that.
async fn keeper(connection: &Connection) -> Result<Connection, Error> {
    let keeper = postgres::connect(connection.url()).await?;
    if keeper.server_major() >= 14 {
        keeper.batch_execute("SET idle_session_timeout TO 0").await?;
    }
    Ok(keeper)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Project;

    #[test]
    fn what_may_unlock_is_seen_in_any_spelling() {
        for script in ["DISCARD ALL;", "do $$ begin perform PG_advisory_unlock_all(); end $$"] {
            assert!(may_unlock(script), "{script}");
        }
        for script in ["", "CREATE TABLE disca (rd int)", "SELECT pg_advisory_lock(1)"] {
            assert!(!may_unlock(script), "{script}");
        }
    }

    #[tokio::test]
    async fn no_script_gives_the_lock_back() {
        for script in ["DISCARD ALL", "SELECT pg_advisory_unlock_all()"] {
            let project = Project::new("unlocking");
            let connection = project.connect().await;
            let is_locked = async |connection: &Connection| {
                let sql = format!("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = {}
                                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))", lock::KEY);
                connection.query_one(&sql, &[]).await.unwrap().get::<_, bool>(0)
            };
            let worked = locked_for([script].into_iter(), connection, async |connection| {
                connection.batch_execute(script).await?;
                Ok(is_locked(connection).await)
            });
            assert!(worked.await.unwrap(), "{script}");
            assert!(!is_locked(&project.connect().await).await, "{script}");
        }
    }
}
