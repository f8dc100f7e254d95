//! `db backup`, `db restore` and `migrate deploy --backup`, as a person runs them.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use postgres::testing::{TestDatabase, block_on};

use crate::sandbox::{PASSWORD, Run, STUDENTS, Sandbox};

const SECOND: &str = "prisma/migrations/2_nickname/migration.sql";

/// A project with a migration that is applied and one that is not, and a URL with a password in it.
fn school(label: &str) -> (Sandbox, TestDatabase, String) {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write(
        "prisma/migrations/1_init/migration.sql",
        "CREATE TABLE \"Student\" (id int PRIMARY KEY, name text NOT NULL);\nINSERT INTO \"Student\" VALUES (1, 'Ada'), (2, 'Ben');\n",
    );
    let database = TestDatabase::empty(label);
    let user = database.url().user();
    let url = database.url().expose().replacen(
        &format!("//{user}@"),
        &format!("//{user}:{PASSWORD}@"),
        1,
    );
    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    sandbox.write(SECOND, "DELETE FROM \"Student\" WHERE id = 2;\nALTER TABLE \"Student\" ADD COLUMN nickname text;\n");
    (sandbox, database, url)
}

fn students(database: &TestDatabase) -> String {
    block_on(async {
        let connection = database.connect().await;
        let sql = "SELECT coalesce(string_agg(to_jsonb(s)::text, ' ' ORDER BY id), '') FROM \"Student\" s";
        let said = connection.query_one(sql, &[]).await.expect("there are students").get(0);
        connection.close().await;
        said
    })
}

#[test]
fn a_deploy_with_a_backup_can_be_taken_back() {
    let (sandbox, database, url) = school("backup_command");
    let before = students(&database);
    let deploy = ["migrate", "deploy", "--backup"];
    let deployed = sandbox.run_on(&url, &deploy).success();
    assert!(deployed.stdout.contains("✔ Backup .driveflow/backups/"), "{deployed:#?}");
    assert!(deployed.stdout.contains("2 tables, 3 rows, "), "{deployed:#?}");
    assert_ne!(students(&database), before);
    let again = sandbox.run_on(&url, &deploy).success();
    assert!(again.stdout.contains("Nothing is pending: no backup is made."), "{again:#?}");

    let asked = sandbox.run_on(&url, &["db", "restore", "latest"]).failure();
    let name = database.url().database();
    assert!(asked.stdout.contains("1 migration applied since:\n    2_nickname\n"), "{asked:#?}");
    assert!(asked.stdout.contains("public.Student: 1 row now, 2 rows then"), "{asked:#?}");
    assert!(asked.stderr.contains(&format!("the database \"{name}\"")), "{asked:#?}");
    assert!(asked.stderr.contains("cargo xtask db restore latest --force"), "{asked:#?}");
    assert_ne!(students(&database), before, "nothing was done");

    let restored = sandbox.run_on(&url, &["db", "restore", "latest", "--force"]).success();
    assert_eq!(students(&database), before);
    let status = sandbox.run_on(&url, &["migrate", "status"]).failure();
    assert!(status.stdout.contains("2_nickname"), "{status:#?}");
    for run in [deployed, again, asked, restored] {
        assert!(!format!("{run:?}").contains(PASSWORD), "{run:#?}");
    }
}

#[test]
fn a_migration_that_fails_leaves_its_backup_and_a_backup_that_fails_no_migration() {
    let (sandbox, database, url) = school("backup_fails");
    sandbox.write(SECOND, "DELETE FROM \"Student\";\nSELECT nonsense();\n");
    sandbox.write(".driveflow/backups", "a file is in the way");
    let failed = sandbox.run_on(&url, &["migrate", "deploy", "--backup"]).failure();
    assert!(failed.stderr.contains("no migration was applied"), "{failed:#?}");
    fs::remove_file(sandbox.path(".driveflow/backups")).expect("it is there");
    let failed = sandbox.run_on(&url, &["migrate", "deploy", "--backup"]).failure();
    assert!(failed.stdout.contains("✔ Backup ") && failed.stderr.contains("P3018"), "{failed:#?}");
    assert!(students(&database).contains("Ben"));
    let kept = ["db", "backup", "--keep", "1", "--jobs", "3"];
    let kept = sandbox.run_on(&url, &kept).success();
    assert!(kept.stdout.contains("which was one too many"), "{kept:#?}");
    let out = sandbox.run_on(&url, &["db", "backup", "--out", "elsewhere"]).success();
    assert!(out.stdout.contains("✔ Backup elsewhere/"), "{out:#?}");
    let restored = ["db", "restore", "latest", "--from-dir", "elsewhere", "--force", "--keep-old"];
    let restored = sandbox.run_on(&url, &restored).success();
    let old = restored.stdout.split("is in the database \"").nth(1).expect("it is named");
    let old = old.split('"').next().expect("a name");
    postgres::testing::block_on(async {
        let old = database.url().with_database(old);
        postgres::database::drop_database(&old).await.expect("it is there");
    });
}

#[test]
fn ctrl_c_leaves_no_half_of_a_backup_and_no_process_list_has_the_password() {
    let (sandbox, database, url) = school("backup_ctrl_c");
    block_on(async {
        let other = database.connect().await;
        // pg_dump waits for it.
        other
            .batch_execute("BEGIN; LOCK TABLE \"Student\" IN ACCESS EXCLUSIVE MODE")
            .await
            .expect("a lock");
        let mut command = sandbox.command(&["db", "backup"]);
        command.env("DATABASE_URL", &url).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().expect("the command starts");
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                       AND wait_event_type = 'Lock' AND query LIKE '%LOCK TABLE%'";
        // Within a transaction it would be told the same again and again.
        let watcher = database.connect().await;
        while watcher.query_one(waiting, &[]).await.expect("it is there").get::<_, i64>(0) == 0 {
            std::thread::sleep(Duration::from_millis(20));
        }
        let listed = Command::new("ps").args(["-eo", "args"]).output();
        if let Ok(listed) = listed {
            let listed = String::from_utf8_lossy(&listed.stdout);
            let dumps = listed.lines().filter(|line| line.contains("pg_dump"));
            assert!(dumps.clone().count() > 0, "{listed}");
            assert!(dumps.into_iter().all(|line| !line.contains(PASSWORD)), "{listed}");
        }
        let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(interrupt.expect("kill is everywhere").success());
        let run = Run::of(child.wait_with_output().expect("it ends"));
        assert_eq!(run.code, Some(130), "{run:#?}");
        assert!(run.stderr.contains("nothing is left of the backup"), "{run:#?}");
        other.batch_execute("ROLLBACK").await.expect("it was a transaction");
        other.close().await;
        watcher.close().await;
    });
    assert_eq!(sandbox.list(".driveflow/backups"), [".gitignore", ".lock"]);
    let none = sandbox.run_on(&url, &["db", "restore", "latest", "--force"]).failure();
    assert!(none.stderr.contains("to make one: cargo xtask db backup"), "{none:#?}");
}
