//! `db backup` on a real server, with its real programs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use postgres::server::{Server, ToolLookup};

use crate::backup::{self, Backup, Wanted};
use crate::testing::{Project, Scratch};
use crate::{Error, Folder};

/// The server of the tests, which knows where its programs are.
pub(super) fn server() -> Server {
    Server::for_tests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
}

/// The moment of the n-th backup of a test.
pub(super) fn moment(n: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000 + n)
}

pub(super) async fn back_up(project: &Project, shelf: &Path, n: u64) -> Result<Backup, Error> {
    back_up_keeping(project, shelf, n, None).await
}

async fn back_up_keeping(
    project: &Project,
    shelf: &Path,
    n: u64,
    keep: Option<usize>,
) -> Result<Backup, Error> {
    let server = server();
    let wanted =
        Wanted { url: project.url(), server: &server, shelf, jobs: 2, keep, now: moment(n) };
    backup::backup(wanted, &mut |_| ()).await
}

/// Names as they may be, several schemas, a partitioned table, a large object, and a history.
pub(super) async fn varied(label: &str) -> Project {
    let project =
        Project::with(label, &[("1_init", "CREATE TABLE pupil (id int PRIMARY KEY, name text);")]);
    project.deploy().await.unwrap();
    project
        .execute(
            r#"INSERT INTO pupil SELECT n, E'line\n\\.\ttab ' || n FROM generate_series(1, 500) n;
               CREATE SCHEMA "sales ""east"" .x";
               CREATE TABLE "sales ""east"" .x"."order (1)
two" (id int PRIMARY KEY REFERENCES pupil, "a.b" int GENERATED ALWAYS AS (id * 2) STORED);
               INSERT INTO "sales ""east"" .x"."order (1)
two" SELECT generate_series(1, 7);
               CREATE TABLE part (id int, at date) PARTITION BY RANGE (at);
               CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
               INSERT INTO part SELECT n, '2026-02-01' FROM generate_series(1, 3) n;
               CREATE TABLE "Empty" (); CREATE VIEW v AS SELECT count(*) FROM pupil;
               CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;
               SELECT lo_from_bytea(0, '\x0102');"#,
        )
        .await;
    project
}

#[tokio::test]
async fn a_backup_holds_what_the_database_holds_and_is_noted() {
    let project = varied("backup_whole").await;
    let shelf = Scratch::new();
    let backup = back_up(&project, shelf.path(), 0).await.unwrap();
    let rows: Vec<(&str, u64)> =
        backup.manifest.tables.iter().map(|table| (&*table.name, table.rows)).collect();
    assert_eq!(
        rows,
        [
            ("Empty", 0),
            ("_prisma_migrations", 1),
            ("part_1", 3),
            ("pupil", 500),
            ("order (1)\ntwo", 7)
        ]
    );
    assert_eq!(backup.manifest.migrations, ["1_init"]);
    assert_eq!(backup.unnoted, None);
    let noted = "SELECT checksum || ' ' || rows || ' ' || place FROM _driveflow.backups";
    let expected = format!("{} 511 {}", backup.manifest.checksum(), backup.folder.display());
    assert_eq!(project.value(noted).await.as_deref(), Some(&*expected));
    backup.manifest.verify(&backup.folder).unwrap();
    assert!(!backup.folder.join(".lock").exists());
    // Nobody else may read what the database holds.
    assert_eq!(fs::metadata(&backup.folder).unwrap().permissions().mode() & 0o077, 0);
    // A second one has the ledger in it, and the first stays as it is.
    back_up(&project, shelf.path(), 1).await.unwrap();
    backup.manifest.verify(&backup.folder).unwrap();
}

#[tokio::test]
async fn nothing_of_a_backup_is_committed_and_nothing_else_is_ignored() {
    let project = varied("backup_ignored").await;
    let there = Scratch::new();
    let made = back_up(&project, there.path(), 0).await.unwrap();
    assert!(!there.path().join(".gitignore").exists(), "it may be a project's folder");
    assert_eq!(fs::read_to_string(made.folder.join(".gitignore")).unwrap(), "*\n");
    let new = there.path().join("backups");
    let made = back_up(&project, &new, 0).await.unwrap();
    assert_eq!(fs::read_to_string(new.join(".gitignore")).unwrap(), "*\n");
    made.manifest.verify(&made.folder).unwrap();
}

#[tokio::test]
async fn rows_are_counted_at_the_moment_of_the_dump() {
    let project = varied("backup_moment").await;
    let shelf = Scratch::new();
    let writer = project.connect().await;
    let write = async {
        for n in 1000.. {
            writer.batch_execute(&format!("INSERT INTO pupil VALUES ({n}, 'new')")).await.unwrap();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let backup = tokio::select! {
        backup = back_up(&project, shelf.path(), 0) => backup.unwrap(),
        () = write => unreachable!(),
    };
    let counted = backup.manifest.tables.iter().find(|table| table.name == "pupil").unwrap().rows;
    let now: u64 = project.value("SELECT count(*) FROM pupil").await.unwrap().parse().unwrap();
    assert!(counted <= now && now > 500, "{counted} {now}");
}

#[tokio::test]
async fn a_role_that_only_reads_makes_a_backup_that_is_not_noted() {
    let project = varied("backup_reader").await;
    let (url, role) = project.with_new_role().await;
    project
        .execute(&format!(
            "GRANT USAGE ON SCHEMA public, \"sales \"\"east\"\" .x\" TO {role};
             GRANT SELECT ON ALL TABLES IN SCHEMA public, \"sales \"\"east\"\" .x\" TO {role};
             SELECT lo_unlink(oid) FROM pg_largeobject_metadata"
        ))
        .await;
    let (shelf, server) = (Scratch::new(), server());
    let wanted = Wanted {
        url: &url,
        server: &server,
        shelf: shelf.path(),
        jobs: 1,
        keep: None,
        now: moment(0),
    };
    let made = backup::backup(wanted, &mut |_| ()).await;
    project.execute("CREATE TABLE hidden (id int)").await;
    let refused = backup::backup(wanted, &mut |_| ()).await.unwrap_err().to_string();
    project.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    let made = made.unwrap();
    assert!(made.unnoted.unwrap().contains("permission denied"));
    assert_eq!(made.manifest.rows(), 511);
    assert!(refused.contains("permission denied for table hidden"), "{refused}");
    assert!(!refused.contains("hunter2"), "{refused}");
    assert_eq!(names(shelf.path()).len(), 1, "what failed leaves nothing");
}

#[tokio::test]
async fn a_backup_that_is_stopped_leaves_nothing() {
    let project = varied("backup_stopped").await;
    let shelf = Scratch::new();
    let other = project.connect().await;
    // pg_dump waits for it.
    other.batch_execute("BEGIN; LOCK TABLE part IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let at_work = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%LOCK TABLE%' \
                   AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'";
    let stopped = async {
        while project.value(at_work).await.as_deref() != Some("1") {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        made = back_up(&project, shelf.path(), 0) => panic!("{made:?}"),
        () = stopped => {}
    }
    assert!(names(shelf.path()).is_empty(), "{:?}", names(shelf.path()));
    other.batch_execute("ROLLBACK").await.unwrap();
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND backend_type = 'client backend'";
    while project.value(sessions).await.as_deref() != Some("2") {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn programs_that_are_too_old_are_told_before_anything_runs() {
    let project = Project::new("backup_old");
    let (shelf, bin) = (Scratch::new(), Scratch::new());
    bin.file("pg_dump", "#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n");
    let program = bin.path().join("pg_dump");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let lookup = ToolLookup { path: vec![bin.path().to_owned()], ..ToolLookup::nothing() };
    let server = Server::for_project(bin.path()).with_lookup(lookup);
    let place = shelf.path().join("backups");
    let wanted = Wanted {
        url: project.url(),
        server: &server,
        shelf: &place,
        jobs: 1,
        keep: None,
        now: moment(0),
    };
    let error = backup::backup(wanted, &mut |_| ()).await.unwrap_err().to_string();
    assert!(error.contains("every `pg_dump` of this machine is older"), "{error}");
    assert!(error.contains("is 9.6.1") && error.contains("Install it: "), "{error}");
    assert!(!place.exists());
}

#[tokio::test]
async fn only_so_many_are_kept_and_never_those_of_others() {
    let project = varied("backup_keep").await;
    let shelf = Scratch::new();
    shelf.file("somebody's/notes.txt", "mine");
    let mut made = Vec::new();
    for n in 0..3 {
        made.push(back_up_keeping(&project, shelf.path(), n, None).await.unwrap());
    }
    // A damaged one is nobody's to remove, and does not count.
    fs::write(made[1].folder.join("backup.json"), "{}").unwrap();
    // One of a database of the same name, on another server.
    let others = back_up_keeping(&project, shelf.path(), 4, None).await.unwrap();
    move_to_another_server(&others);
    let last = back_up_keeping(&project, shelf.path(), 3, Some(2)).await.unwrap();
    assert_eq!(last.removed, [made[0].folder.clone()]);
    let there: Vec<PathBuf> = names(shelf.path());
    assert_eq!(there.len(), 5, "{there:?}");
    assert!(there.contains(&others.folder));
    assert_eq!(
        project.value("SELECT count(*) FROM _driveflow.backups").await.as_deref(),
        Some("4")
    );
}

/// As if the backup were of another server.
pub(super) fn move_to_another_server(backup: &Backup) {
    let file = backup.folder.join("backup.json");
    let mut json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert!(json["server"]["identifier"].is_string() && json["server"]["address"].is_string());
    json["server"] = serde_json::json!({ "identifier": "1", "address": "other.example:5432" });
    fs::write(&file, json.to_string()).unwrap();
}

/// What is on a shelf beside its lock.
pub(super) fn names(shelf: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(shelf).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| !path.ends_with(".lock") && !path.ends_with(".gitignore")).collect()
}

#[tokio::test]
async fn the_ledger_is_invisible_to_diff_and_reset() {
    let project = varied("backup_ledger").await;
    let shelf = Scratch::new();
    back_up(&project, shelf.path(), 0).await.unwrap();
    let folder: Folder = project.folder();
    let status = crate::status::status(&folder, project.url()).await.unwrap();
    assert!(status.is_up_to_date(), "{status:?}");
    crate::reset::reset(&folder, project.url(), &[], &mut |_| ()).await.unwrap();
    assert_eq!(
        project.value("SELECT count(*) FROM _driveflow.backups").await.as_deref(),
        Some("1")
    );
}

/// The server of the tests with a `pg_dump` before the real one: `$REAL` is that.
fn server_with(bin: &Scratch, script: &str, major: u32) -> Server {
    let real = |name| server().client_program(name, major).unwrap().path;
    let head = format!("#!/bin/sh\nREAL='{}'\n", real("pg_dump").display());
    let version = "case \"$1\" in --version) exec \"$REAL\" --version;; esac\n";
    let program = bin.path().join("pg_dump");
    bin.file("pg_dump", &format!("{head}{version}{script}"));
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let others = real("pg_restore").parent().unwrap().to_owned();
    let lookup = ToolLookup { path: vec![bin.path().to_owned(), others], ..ToolLookup::nothing() };
    Server::for_project(bin.path()).with_lookup(lookup)
}

#[tokio::test]
async fn a_dump_that_ends_too_early_or_lacks_something_is_no_backup() {
    let project = varied("backup_lacks").await;
    let major = project.connect().await.server_major();
    for (script, said) in [
        // A disk that is full.
        (
            "for a; do case \"$a\" in --file=*) mkdir -p \"${a#--file=}\"; echo half > \"${a#--file=}/toc.dat\";; esac; done
             echo 'pg_dump: error: could not write to file: No space left on device' >&2; exit 1",
            "pg_dump: error: could not write to file: No space left on device",
        ),
        ("exec \"$REAL\" \"$@\" --exclude-table-data=pupil", "table \"public\".\"pupil\" has 500 rows, the dump none of it"),
        // Of another moment than was counted.
        (
            "set -- \"$@\" x; for a; do shift; case \"$a\" in --snapshot=*|x) ;; *) set -- \"$@\" \"$a\";; esac; done
             \"${REAL%pg_dump}psql\" -qXc \"INSERT INTO pupil VALUES (0, 'late')\" \"$(for a; do case \"$a\" in --dbname=*) echo \"${a#--dbname=}\";; esac; done)\"
             exec \"$REAL\" \"$@\"",
            "has 500 rows, the dump 501 rows",
        ),
    ] {
        let (shelf, bin) = (Scratch::new(), Scratch::new());
        let server = server_with(&bin, script, major);
        let wanted = Wanted {
            url: project.url(),
            server: &server,
            shelf: shelf.path(),
            jobs: 1,
            keep: None,
            now: moment(0),
        };
        let error = backup::backup(wanted, &mut |_| ()).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        assert!(names(shelf.path()).is_empty(), "{said}");
    }
    assert_eq!(project.value("SELECT to_regclass('_driveflow.backups')").await, None);
}
