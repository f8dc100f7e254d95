//! A restore into a new database, which then takes the old one's name, in one transaction.
//!
//! The new one has the old one's encoding, locale, owner, settings and grants: a dump says nothing of them.

use std::fmt::Write as _;
use std::time::Duration;

use postgres::database::{self, connect_admin};
use postgres::driver::SqlState;
use postgres::{Connection, ConnectionUrl};

use super::{Progress, Prospect, Restored, Seen, Source, Wanted, in_use};
use crate::Error;
use crate::backup::tool::Tool;
use crate::backup::{Moment, TableRows, carry, count, read_ledger, tables};
use crate::quoting::{identifier, literal};
use crate::shadow::Made;

pub(super) async fn restore(
    wanted: Wanted<'_>,
    tool: &Tool,
    source: &Source,
    prospect: &Prospect,
    progress: &mut dyn FnMut(Progress),
) -> Result<Restored, Error> {
    let Wanted { url, jobs, no_owner, disconnect, keep_old, .. } = wanted;
    // Said before the work rather than after it.
    if !prospect.sessions.is_empty() && !disconnect {
        return Err(in_use(url.database(), &prospect.sessions));
    }
    let admin = connect_admin(url).await?;
    let like = if prospect.exists { like(&admin, url).await? } else { String::new() };
    let made = Made::create_with(url, &format!("TEMPLATE template0 {like}")).await?;
    progress(Progress::Filling);
    let left_out = if no_owner { &NO_OWNER[..] } else { &[] };
    fill(tool, source, made.url(), jobs, left_out).await?;
    progress(Progress::Counting);
    let notes = if prospect.exists { notes(url).await } else { None };
    let connection = postgres::connect(made.url()).await?;
    same_rows(&connection, source).await?;
    if let Some(notes) = notes {
        // Notes of backups: what lies beside those says the same.
        let _ = carry(&connection, &notes).await;
    }
    connection.close().await;
    progress(Progress::Swapping);
    if !prospect.exists {
        let rename = format!(
            "ALTER DATABASE {} RENAME TO {}",
            identifier(made.url().database()),
            identifier(url.database())
        );
        admin.batch_execute(&rename).await?;
        made.keep();
        admin.close().await;
        return Ok(Restored { created: true, ..Restored::default() });
    }
    set_as(&admin, url, made.url()).await?;
    let old = aside(url.database(), made.url().database());
    swap(&admin, url, made.url().database(), &old, disconnect).await?;
    made.keep();
    admin.close().await;
    if keep_old {
        return Ok(Restored { old: Some(old), ..Restored::default() });
    }
    let aside = url.with_database(&old);
    let kept_since = written_since(&aside, &prospect.seen).await;
    let is_dropped = kept_since.is_none() && database::drop_database(&aside).await.is_ok();
    Ok(Restored { old: Some(old).filter(|_| !is_dropped), kept_since, created: false })
}

/// Why the old database is not to be dropped: what others wrote since it was looked at, nobody was told of. Under its new
/// name nobody writes to it any more.
async fn written_since(old: &ConnectionUrl, seen: &Seen) -> Option<String> {
    let now = async {
        let connection = postgres::connect(old).await?;
        let moment = Moment::take(&connection).await?;
        let now = Seen::look(&connection, &moment).await?;
        moment.end().await?;
        connection.close().await;
        Ok::<_, Error>(now)
    };
    match now.await {
        Ok(now) => seen.written_until(&now),
        Err(_) => Some("nobody can say whether others wrote to it".to_owned()),
    }
}

/// For `pg_restore`: everything belongs to whoever restores, and nothing is granted.
pub(super) const NO_OWNER: [&str; 2] = ["--no-owner", "--no-privileges"];

/// Fills an empty database from a dump, all but what flags of `pg_restore` leave out.
pub(crate) async fn fill(
    tool: &Tool,
    source: &Source,
    into: &ConnectionUrl,
    jobs: usize,
    left_out: &[&str],
) -> Result<(), Error> {
    // A tar has to be read from its beginning to its end.
    let jobs = if source.is_tar { 1 } else { jobs };
    let mut arguments =
        vec!["--exit-on-error".to_owned(), format!("--jobs={jobs}"), "--no-password".to_owned()];
    arguments.extend(left_out.iter().map(|&flag| flag.to_owned()));
    arguments.push(source.dump.display().to_string());
    let filled = tool.start(Some(into), &arguments)?.end().await;
    filled.map(drop).map_err(|error| {
        let is_of_roles = error.to_string().contains("role \"");
        let hint = if is_of_roles {
            "roles that the dump names are not on this server. Without owners and grants:\n  cargo xtask db restore \
             --no-owner …"
        } else {
            "nothing was changed"
        };
        error.with_help(hint)
    })
}

/// Fails where a table has not the rows that the dump had.
async fn same_rows(connection: &Connection, source: &Source) -> Result<(), Error> {
    let own = tables(connection).await?;
    let key = |table: &TableRows| (table.schema.clone(), table.name.clone());
    // A dump of somebody else's may have rows that were added to an extension's table, which brings others along itself.
    let is_compared = |table: &&TableRows| source.manifest.is_some() || own.contains(&key(table));
    let wanted: Vec<&TableRows> = source.tables.iter().filter(is_compared).collect();
    let keys: Vec<_> = wanted.iter().map(|table| key(table)).collect();
    let found = count(connection, &keys).await?;
    for (found, wanted) in found.iter().zip(wanted) {
        if found != wanted {
            return Err(Error::plain(format!(
                "what was restored is not what the backup has: \"{}\".\"{}\" has {} rows and should have {}. Nothing \
                 was changed",
                wanted.schema, wanted.name, found.rows, wanted.rows
            )));
        }
    }
    Ok(())
}

/// The ledger of the database that goes.
async fn notes(url: &ConnectionUrl) -> Option<String> {
    let connection = postgres::connect(url).await.ok()?;
    let notes = read_ledger(&connection).await;
    connection.close().await;
    notes
}

/// What CREATE DATABASE says to make one like the database of `url`.
async fn like(admin: &Connection, url: &ConnectionUrl) -> Result<String, Error> {
    let provider = match admin.server_major() {
        ..15 => "NULL::text, NULL::text",
        15 | 16 => "d.datlocprovider::text, d.daticulocale",
        _ => "d.datlocprovider::text, d.datlocale",
    };
    let sql = format!(
        "SELECT pg_encoding_to_char(d.encoding)::text, d.datcollate::text, d.datctype::text,
                pg_get_userbyid(d.datdba)::text, t.spcname::text, d.datconnlimit, {provider}
         FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = $1"
    );
    let row = admin.query_one(&sql, &[&url.database()]).await?;
    let text = |at: usize| row.get::<_, &str>(at);
    let mut like = format!(
        "ENCODING {} LC_COLLATE {} LC_CTYPE {} OWNER {} CONNECTION LIMIT {}",
        literal(text(0)),
        literal(text(1)),
        literal(text(2)),
        identifier(text(3)),
        row.get::<_, i32>(5)
    );
    if text(4) != "pg_default" {
        let _ = write!(like, " TABLESPACE {}", identifier(text(4)));
    }
    match (row.get::<_, Option<&str>>(6), row.get::<_, Option<&str>>(7)) {
        (Some("i"), Some(locale)) => {
            let _ = write!(like, " LOCALE_PROVIDER icu ICU_LOCALE {}", literal(locale));
        }
        (Some("b"), Some(locale)) => {
            let _ = write!(like, " LOCALE_PROVIDER builtin BUILTIN_LOCALE {}", literal(locale));
        }
        _ => {}
    }
    Ok(like)
}

/// Gives the new database the old one's settings, grants and comment.
async fn set_as(admin: &Connection, old: &ConnectionUrl, new: &ConnectionUrl) -> Result<(), Error> {
    let rows =
        admin.query(include_str!("properties.sql"), &[&old.database(), &new.database()]).await?;
    for row in rows {
        admin.batch_execute(row.get(0)).await?;
    }
    Ok(())
}

/// What the old database is called while, and perhaps after, the new one has its name: at most as long as a name may be.
fn aside(database: &str, made: &str) -> String {
    let stem: String = database
        .char_indices()
        .take_while(|(at, c)| at + c.len_utf8() <= 38)
        .map(|(_, c)| c)
        .collect();
    let tail = &made[made.len().saturating_sub(12)..];
    format!("{stem}_before_{tail}")
}

/// Gives the new database the old one's name. Both renames or none.
async fn swap(
    admin: &Connection,
    url: &ConnectionUrl,
    new: &str,
    old: &str,
    disconnect: bool,
) -> Result<(), Error> {
    let rename = |from: &str, to: &str| {
        format!("ALTER DATABASE {} RENAME TO {};\n", identifier(from), identifier(to))
    };
    let swap =
        format!("BEGIN;\n{}{}COMMIT", rename(url.database(), old), rename(new, url.database()));
    let mut last = None;
    for _ in 0..40 {
        if disconnect {
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
            admin.query(end, &[&url.database()]).await?;
        }
        let Err(error) = admin.batch_execute(&swap).await else { return Ok(()) };
        admin.batch_execute("ROLLBACK").await?;
        if error.db().is_none_or(|db| *db.code() != SqlState::OBJECT_IN_USE) {
            return Err(error.into());
        }
        last = Some(error);
        // A session of ours may not have left yet; others are given up on soon.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(match &database::sessions(url).await?[..] {
        // A prepared transaction is no session.
        [] => last.map_or_else(|| in_use(url.database(), &[]), Error::from),
        sessions => in_use(url.database(), sessions),
    })
}
