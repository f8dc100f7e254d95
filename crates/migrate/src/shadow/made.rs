//! A database of the moment: made on the main database's server, and dropped in any case.
//!
//! One that a kill −9 left behind is dropped by the next command that makes one: a name of ours tells its age, by the
//! server's own clock, in a form that Prisma's names do not have. It must be an hour old, and nobody may be connected.

use std::time::Duration;

use postgres::{Connection, ConnectionUrl, database};
use uuid::{Builder, Uuid};

use super::PREFIX;
use crate::{Error, quoting};

/// Younger ones may belong to a command that has not connected yet.
const LEFT_BEHIND: Duration = Duration::from_hours(1);

/// A database that goes when this does.
#[derive(Debug)]
pub(crate) struct Made {
    url: ConnectionUrl,
    is_dropped: bool,
}

impl Made {
    /// Makes one beside the database of `main`.
    pub(super) async fn create(main: &ConnectionUrl) -> Result<Self, postgres::Error> {
        Self::create_with(main, "").await
    }

    /// As [`Self::create`], with what CREATE DATABASE may say after the name.
    pub(crate) async fn create_with(
        main: &ConnectionUrl,
        options: &str,
    ) -> Result<Self, postgres::Error> {
        let admin = database::connect_admin(main).await?;
        let (now, idle) = look_around(&admin).await?;
        let url = main.with_database(&name(now));
        // From here on it is dropped whatever happens, even if we never hear that it was made.
        let mut made = Self { url, is_dropped: false };
        let name = quoting::identifier(made.url.database());
        let made_it = if options.is_empty() {
            database::create_database_over(&admin, &made.url).await
        } else {
            admin.batch_execute(&format!("CREATE DATABASE {name} {options}")).await
        };
        if let Err(error) = made_it {
            made.is_dropped = is_refusal(&error);
            return Err(error);
        }
        for name in idle.iter().filter(|name| is_left_behind(name, now)) {
            // Whoever comes first drops it; the server refuses while somebody is connected.
            let _ =
                admin.batch_execute(&format!("DROP DATABASE {}", quoting::identifier(name))).await;
        }
        set_as(&admin, main, &made.url).await?;
        admin.close().await;
        Ok(made)
    }

    pub(crate) fn url(&self) -> &ConnectionUrl {
        &self.url
    }

    /// It has become somebody's, under another name: nothing is dropped.
    pub(crate) fn keep(mut self) {
        self.is_dropped = true;
    }

    pub(crate) async fn drop_now(mut self) -> Result<(), Error> {
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

/// Whether there is no database because the server said so; otherwise it may have made one and we did not hear of it.
fn is_refusal(error: &postgres::Error) -> bool {
    error.db().is_some()
}

/// Drops a database that the server may still be about to make. There is nobody to tell of a failure; one
/// that is left over goes with the next that is made.
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

/// What constants in scripts mean is for the database to say: `ALTER DATABASE … SET timezone` holds for a deploy, and
/// is to hold for a replay.
async fn set_as(
    admin: &Connection,
    main: &ConnectionUrl,
    made: &ConnectionUrl,
) -> Result<(), postgres::Error> {
    let settings = "SELECT split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1)
                    FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS setting
                    WHERE d.datname = $1
                      AND s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user))
                      AND lower(split_part(setting, '=', 1))
                          IN ('timezone', 'datestyle', 'intervalstyle', 'standard_conforming_strings')
                    ORDER BY s.setrole";
    for row in admin.query(settings, &[&main.database()]).await? {
        let (name, value): (&str, &str) = (row.get(0), row.get(1));
        let set = format!(
            "ALTER DATABASE {} SET {} TO {}",
            quoting::identifier(made.database()),
            quoting::identifier(name),
            quoting::literal(value)
        );
        admin.batch_execute(&set).await?;
    }
    Ok(())
}

/// The server's time, and the shadow databases that nobody is connected to.
pub(super) async fn look_around(
    admin: &Connection,
) -> Result<(Duration, Vec<String>), postgres::Error> {
    let look = "SELECT (extract(epoch FROM now()) * 1000)::int8, ARRAY(
                    SELECT d.datname::text FROM pg_database d
                    WHERE starts_with(d.datname::text, $1)
                      AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid))";
    let row = admin.query_one(look, &[&PREFIX]).await?;
    let milliseconds: i64 = row.get(0);
    Ok((Duration::from_millis(milliseconds.unsigned_abs()), row.get(1)))
}

/// A name that is nobody else's and tells when it was made.
fn name(now: Duration) -> String {
    let mut random = [0; 10];
    random.copy_from_slice(&Uuid::new_v4().as_bytes()[6..]);
    let milliseconds = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
    let id = Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid();
    format!("{PREFIX}{id}")
}

/// Whether a name is of ours and old.
fn is_left_behind(name: &str, now: Duration) -> bool {
    age(name, now).is_some_and(|age| age > LEFT_BEHIND)
}

/// Whether a name is of ours, and of a command that may still be about to connect.
pub(super) fn is_young(name: &str, now: Duration) -> bool {
    age(name, now).is_some_and(|age| age <= LEFT_BEHIND)
}

/// How old a database is, by a name of ours.
fn age(name: &str, now: Duration) -> Option<Duration> {
    let id = name.strip_prefix(PREFIX).and_then(|id| Uuid::parse_str(id).ok());
    let made = id.filter(|id| id.get_version_num() == 7).and_then(|id| id.get_timestamp());
    made.map(|made| now.saturating_sub(Duration::from_secs(made.to_unix().0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Project;

    const NOW: Duration = Duration::from_secs(1_795_000_000);
    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn a_name_tells_its_age() {
        let name = name(NOW);
        assert_eq!(name.len(), PREFIX.len() + 36);
        for (age, left) in [(Duration::ZERO, false), (59 * MINUTE, false), (61 * MINUTE, true)] {
            assert_eq!(is_left_behind(&name, NOW + age), left, "{age:?}");
        }
        assert!(!is_left_behind(&name, Duration::ZERO), "a clock was set back");
    }

    #[test]
    fn names_of_others_tell_nothing() {
        for id in [Uuid::new_v4().to_string(), "mine".to_owned(), String::new()] {
            assert!(!is_left_behind(&format!("{PREFIX}{id}"), NOW), "{id}");
        }
        assert!(!is_left_behind(&name(NOW)[1..], NOW + 61 * MINUTE));
    }

    #[tokio::test]
    async fn only_the_server_says_that_nothing_was_made() {
        let project = Project::new("made_refusal");
        let admin = project.connect().await;
        let again = database::create_database_over(&admin, project.url()).await.unwrap_err();
        assert!(is_refusal(&again), "{again}");
        let other = project.connect().await;
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() \
                       AND datname = current_database()";
        other.execute(end, &[]).await.unwrap();
        while !admin.is_closed() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let url = project.url().with_database(&name(NOW));
        let unheard = database::create_database_over(&admin, &url).await.unwrap_err();
        assert!(!is_refusal(&unheard), "{unheard}");
    }

    #[test]
    fn no_two_names_are_the_same() {
        assert_ne!(name(NOW), name(NOW));
    }
}
