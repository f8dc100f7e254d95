//! A restore into the database itself, in one transaction: emptied, then filled by psql with what `pg_restore` writes.
//!
//! The COMMIT is the last line that `pg_restore` writes, once it has come to its end: where it, psql or this command dies
//! before, the server rolls all of it back.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use postgres::Connection;
use tokio::io::AsyncWriteExt as _;

use super::fresh::NO_OWNER;
use super::{Progress, Prospect, Restored, Source, Wanted, in_use};
use crate::Error;
use crate::backup::tool::{PSQL, Tool};
use crate::backup::{carry, read_ledger};
use crate::quoting::identifier;

pub(super) async fn restore(
    wanted: Wanted<'_>,
    tool: &Tool,
    source: &Source,
    prospect: &Prospect,
    progress: &mut dyn FnMut(Progress),
) -> Result<Restored, Error> {
    let url = wanted.url;
    if !prospect.sessions.is_empty() && !wanted.disconnect {
        return Err(in_use(url.database(), &prospect.sessions));
    }
    let connection = postgres::connect(url).await?;
    if wanted.disconnect {
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
        connection.query(end, &[]).await?;
    }
    let psql = Tool::find(wanted.server, PSQL, connection.server_major())?;
    let notes = read_ledger(&connection).await;
    let list = List::without_what_stays(&connection, tool, source).await?;
    // What was told is taken away, and nothing that came since.
    let emptying = prospect.seen.guard() + &emptying(&connection).await?;
    progress(Progress::Filling);
    run(wanted, tool, &psql, source, &list, &emptying).await?;
    if let Some(notes) = notes {
        // Notes of backups: what lies beside those says the same.
        let _ = carry(&connection, &notes).await;
    }
    connection.close().await;
    Ok(Restored::default())
}

async fn run(
    wanted: Wanted<'_>,
    tool: &Tool,
    psql: &Tool,
    source: &Source,
    list: &List,
    emptying: &str,
) -> Result<(), Error> {
    let arguments =
        ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--no-password"];
    let mut reader = psql.start_reading(Some(wanted.url), &arguments, Stdio::piped())?;
    let mut arguments = vec![
        "--clean".to_owned(),
        "--if-exists".to_owned(),
        "--single-transaction".to_owned(),
        "--file=-".to_owned(),
        format!("--use-list={}", list.0.display()),
    ];
    if wanted.no_owner {
        arguments.extend(NO_OWNER.map(str::to_owned));
    }
    arguments.push(source.dump.display().to_string());
    let mut writer = tool.start(None, &arguments)?;
    let (Some(mut stdin), Some(mut stdout)) = (reader.stdin(), writer.stdout()) else {
        return Err(Error::plain("psql cannot be written to"));
    };
    let pass_on = async {
        // What `pg_restore` begins then has begun already, of which the server only warns.
        let begin = format!(
            "BEGIN;\nSET LOCAL lock_timeout TO '10s';\nSET LOCAL row_security TO off;\n{emptying}"
        );
        let passed = match stdin.write_all(begin.as_bytes()).await {
            Ok(()) => tokio::io::copy(&mut stdout, &mut stdin).await.map(drop),
            Err(error) => Err(error),
        };
        // Closed, so that it comes to its end; there it rolls back what was not committed. So too where psql has ended:
        // then `pg_restore` is not to wait for a reader.
        drop((stdin, stdout));
        passed
    };
    let (passed, written, read) = tokio::join!(pass_on, writer.end(), reader.end());
    // Whoever failed first has the reason; the others failed for that.
    read.and(written)
        .map_err(|error| error.with_help("nothing was changed: all of it was one transaction"))?;
    passed.map_err(|error| Error::plain(format!("psql did not take all of the dump: {error}")))
}

/// The statements that empty the database: large objects, schemas of this user's with all that is in them, and what is in
/// the others. What is in the dump too would be dropped by it; this is for what came later.
async fn emptying(connection: &Connection) -> Result<String, Error> {
    let mut script = String::from(
        "SET LOCAL client_min_messages TO warning;\n\
         SELECT lo_unlink(oid) FROM pg_largeobject_metadata;\n",
    );
    let schemas = "SELECT nspname::text, nspname <> 'public' AND pg_has_role(nspowner, 'MEMBER') FROM pg_namespace n
                   WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
                     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass
                                     AND d.objid = n.oid AND d.deptype = 'e')
                   ORDER BY 1";
    let rows = connection.query(schemas, &[]).await?;
    let names: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    let objects = connection.query(include_str!("../reset/objects.sql"), &[&names]).await?;
    for row in objects {
        let _ = writeln!(script, "{};", row.get::<_, &str>(0));
    }
    for row in rows.iter().filter(|row| row.get(1)) {
        let _ = writeln!(script, "DROP SCHEMA {} CASCADE;", identifier(row.get(0)));
    }
    Ok(script)
}

/// The entries of a dump that are restored, in a file for `pg_restore`, which goes with this value.
struct List(PathBuf);

impl List {
    /// All but the extensions that are there and belong to somebody else: they stay, for this user can neither drop nor
    /// make them.
    async fn without_what_stays(
        connection: &Connection,
        tool: &Tool,
        source: &Source,
    ) -> Result<Self, Error> {
        let sql =
            "SELECT extname::text FROM pg_extension WHERE NOT pg_has_role(extowner, 'MEMBER')";
        let rows = connection.query(sql, &[]).await?;
        let stay: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
        let said = tool.output(None, &["--list".as_ref(), source.dump.as_os_str()]).await?;
        let is_of = |line: &str, name: &str| {
            // `3; 3079 16385 EXTENSION - pgcrypto ` and `3500; 0 0 COMMENT - EXTENSION pgcrypto `
            line.contains(&format!(" EXTENSION - {name} "))
                || line.contains(&format!(" COMMENT - EXTENSION {name} "))
        };
        let kept = said.lines().filter(|line| !stay.iter().any(|name| is_of(line, name)));
        let text = kept.collect::<Vec<_>>().join("\n");
        let file = std::env::temp_dir().join(format!("driveflow-restore-{}", uuid::Uuid::new_v4()));
        let list = Self(file);
        fs::write(&list.0, text).map_err(|error| Error::io("write", &list.0, error))?;
        Ok(list)
    }
}

impl Drop for List {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
