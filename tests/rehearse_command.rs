//! `migrate rehearse` and `deploy --require-rehearsal`, as they are typed.

use std::process::Stdio;
use std::time::{Duration, Instant};

use postgres::testing::{TestDatabase, block_on};

use crate::sandbox::{Run, STUDENTS, Sandbox, xtask};

/// A database with one migration applied, and another that waits.
fn waiting(label: &str, script: &str) -> (Sandbox, TestDatabase, String) {
    let database = TestDatabase::empty(label);
    let url = database.url().expose();
    let sandbox = Sandbox::new(STUDENTS);
    let first = "CREATE TABLE \"Student\" (id int PRIMARY KEY, name text NOT NULL);\n";
    sandbox.write("prisma/migrations/1_init/migration.sql", first);
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    sandbox.write("prisma/migrations/2_next/migration.sql", script);
    (sandbox, database, url)
}

#[test]
fn only_what_was_rehearsed_well_is_deployed() {
    let script = "ALTER TABLE \"Student\" ALTER COLUMN id TYPE bigint;\n";
    let (sandbox, database, url) = waiting("rehearse_command", script);
    let deploy = ["migrate", "deploy", "--require-rehearsal"];
    let none = sandbox.run_on(&url, &deploy).failure();
    assert!(
        none.stderr.contains("nothing was applied: these migrations were not rehearsed"),
        "{none:#?}"
    );
    assert!(none.stderr.contains("help: cargo xtask migrate rehearse"), "{none:#?}");

    // Without a seed it is the database that is copied.
    let rehearsed = sandbox.run_on(&url, &["migrate", "rehearse", "--load"]).success();
    for told in [
        "Data: a copy of the database\n\n2_next: ",
        "\n  lock     ACCESS EXCLUSIVE on public.Student for ",
        ": nobody reads or writes\n  rewritten public.Student: 0 rows\n",
        "\n  public.Student: read ",
        "\nRules: not checked, for this project has no validator (crates/validator)\n",
        "\n! The rehearsal came to its end, but:\n  no table had rows, ",
        "\n\nWritten down in prisma/migrations/rehearsal.json\n",
    ] {
        assert!(rehearsed.stdout.contains(told), "{told}: {rehearsed:#?}");
    }
    sandbox.write("row.sql", "INSERT INTO \"Student\" VALUES (1, 'A');");
    sandbox.run_on(&url, &["db", "execute", "--file", "row.sql"]).success();
    let rehearsed = sandbox.run_on(&url, &["migrate", "rehearse"]).success();
    // On a busy machine a lock may be held for long.
    let well = "\n✔ The rehearsal went well.\n\nWritten down in prisma/migrations/rehearsal.json\n";
    let is_well = rehearsed.stdout.ends_with(well) || rehearsed.stdout.contains(" was held for ");
    assert!(is_well && !rehearsed.stdout.contains("no table had rows"), "{rehearsed:#?}");
    let json = sandbox.run_on(&url, &["migrate", "rehearse", "--format", "json"]).success();
    assert_eq!(json.stdout, sandbox.read("prisma/migrations/rehearsal.json"));
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("nothing but JSON");
    assert_eq!((&json["passed"], &json["migrations"][0]["name"]), (&true.into(), &"2_next".into()));

    sandbox.write("prisma/migrations/2_next/migration.sql", format!("{script}-- more\n"));
    let changed = sandbox.run_on(&url, &deploy).failure();
    assert!(changed.stderr.contains("`2_next` has changed since it was rehearsed"), "{changed:#?}");
    sandbox.write("prisma/migrations/2_next/migration.sql", script);
    let deployed = sandbox.run_on(&url, &deploy).success();
    assert!(deployed.stdout.contains("2_next/"), "{deployed:#?}");
    sandbox.run_on(&url, &deploy).success();
    let nothing = sandbox.run_on(&url, &["migrate", "rehearse"]).success();
    assert!(nothing.stdout.contains("No pending migration to rehearse."), "{nothing:#?}");
    drop(database);
}

#[test]
fn what_failed_is_written_down_and_not_deployed() {
    let script = "SELECT 1/0 AS \"postgresql://u:s3cr3t-in-url@h/d\";\n";
    let (sandbox, _database, url) = waiting("rehearse_fails", script);
    let run = sandbox.run_on(&url, &["migrate", "rehearse", "--data", "seed"]).failure();
    assert!(
        run.stdout.contains("Data: a new database without rows, for this project has no seed"),
        "{run:#?}"
    );
    assert!(run.stdout.contains("✘ The rehearsal failed:\n"), "{run:#?}");
    assert!(run.stdout.contains("division by zero"), "{run:#?}");
    let written = sandbox.read("prisma/migrations/rehearsal.json");
    assert!(!(run.stdout + &run.stderr + &written).contains("s3cr3t"), "{written}");
    let deploy = sandbox.run_on(&url, &["migrate", "deploy", "--require-rehearsal"]).failure();
    assert!(deploy.stderr.contains("nothing was applied: the rehearsal failed"), "{deploy:#?}");
}

/// A seed that runs `seed.sql`, and a validator whose one rule is broken from its second run on.
/// As a contract, which cannot be rehearsed before what it ends is filled.
#[test]
fn what_cannot_be_rehearsed_yet_is_left_for_later() {
    let script = "ALTER TABLE \"Student\" ADD COLUMN nick text;\n";
    let (sandbox, _database, url) = waiting("rehearse_up_to", script);
    let later = "DO $$ BEGIN IF EXISTS (SELECT FROM \"Student\") THEN RAISE EXCEPTION 'not filled'; END IF; END $$;\n";
    sandbox.write("prisma/migrations/3_contract/migration.sql", later);
    sandbox.write("row.sql", "INSERT INTO \"Student\" VALUES (1, 'A');");
    sandbox.run_on(&url, &["db", "execute", "--file", "row.sql"]).success();
    let whole = sandbox.run_on(&url, &["migrate", "rehearse"]).failure();
    assert!(whole.stdout.contains("not filled"), "{whole:#?}");
    sandbox.run_on(&url, &["migrate", "rehearse", "--up-to", "2_"]).success();
    let all = sandbox.run_on(&url, &["migrate", "deploy", "--require-rehearsal"]).failure();
    assert!(all.stderr.contains("3_contract"), "{all:#?}");
    let first = ["migrate", "deploy", "--require-rehearsal", "--up-to", "2_next"];
    sandbox.run_on(&url, &first).success();
}

fn with_programs(sandbox: &Sandbox) {
    let workspace = "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n";
    sandbox.write("Cargo.toml", workspace);
    let seed = format!(
        "fn main() {{\n    let url = std::env::var(\"DATABASE_URL\").unwrap();\n    \
         let mut command = std::process::Command::new({:?});\n    \
         let status = command.args([\"db\", \"execute\", \"--file\", \"seed.sql\", \"--url\", &url]).status().unwrap();\n    \
         std::process::exit(status.code().unwrap_or(1));\n}}\n",
        xtask().to_str().expect("a path that is text")
    );
    let validator = r##"fn main() {
    let runs = std::fs::read_to_string("runs").unwrap_or_default();
    std::fs::write("runs", format!("{runs}x")).unwrap();
    let count = if runs.is_empty() { 0 } else { 2 };
    println!(r#"{{"rules":[{{"id":"kept","count":{count},"ids":["1"],"meaning":"It is so.","fix":"Make it so."}}]}}"#);
}
"##;
    for (name, main) in [("seed", seed.as_str()), ("validator", validator)] {
        let manifest =
            format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n");
        sandbox.write(&format!("crates/{name}/Cargo.toml"), manifest);
        sandbox.write(&format!("crates/{name}/src/main.rs"), main);
    }
}

#[test]
fn the_seed_fills_the_copy_and_the_rules_are_asked_before_and_after() {
    let script = "ALTER TABLE \"Student\" ADD COLUMN age int;\nUPDATE \"Student\" SET age = 17;\n";
    let (sandbox, _database, url) = waiting("rehearse_seeded", script);
    with_programs(&sandbox);
    let rehearse = |arguments: &[&str]| {
        let mut command = sandbox.command(&[&["migrate"], arguments].concat());
        // Its programs are called as ours are.
        command.env("DATABASE_URL", &url).env("CARGO_TARGET_DIR", sandbox.path("target"));
        Run::of(command.output().expect("the command starts"))
    };
    sandbox.write("seed.sql", "INSERT INTO \"Student\" (id, name) VALUES (1, 'Ada'), (2, 'Bo');\n");
    let run = rehearse(&["rehearse"]).failure();
    assert!(run.stdout.contains("Data: a new database, filled by the seed before"), "{run:#?}");
    assert!(run.stdout.contains("rows     public.Student: 2 updated"), "{run:#?}");
    assert!(run.stdout.contains("✘ kept: 0 → 2 rows: 1\n"), "{run:#?}");
    assert!(run.stdout.contains("the data keep fewer rules than before"), "{run:#?}");

    // A seed of the schema after the migration, and rules that were broken before too.
    sandbox.write("seed.sql", "INSERT INTO \"Student\" (id, name, age) VALUES (1, 'Ada', 17);\n");
    sandbox.write("runs", "");
    let run = rehearse(&["rehearse"]).success();
    assert!(run.stdout.contains("fits it only after the migrations; seeded then"), "{run:#?}");
    assert!(run.stdout.contains("✔ All 1 rules are kept"), "{run:#?}");

    sandbox.write("seed.sql", "INSERT INTO nowhere VALUES (1);\n");
    let run = rehearse(&["rehearse"]).failure();
    assert!(run.stdout.contains("the seed does not fit what the migrations make"), "{run:#?}");
    assert!(run.stdout.contains("nowhere"), "{run:#?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_no_copy() {
    let (sandbox, database, url) = waiting("rehearse_stopped", "SELECT pg_sleep(60);\n");
    let mut command = sandbox.command(&["migrate", "rehearse"]);
    command.env("DATABASE_URL", &url).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the command starts");
    // The copy has this one's name nowhere, but it is the only database where somebody sleeps on behalf of this test.
    let sleeping = "SELECT datname::text FROM pg_stat_activity
                    WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()";
    let ask = |sql: &'static str| {
        block_on(async {
            let connection = database.connect().await;
            connection
                .query(sql, &[])
                .await
                .expect("it can be asked")
                .first()
                .map(|row| row.get::<_, String>(0))
        })
    };
    let deadline = Instant::now() + Duration::from_mins(2);
    let copy = loop {
        if let Some(name) = ask(sleeping) {
            break name;
        }
        assert!(Instant::now() < deadline, "it never began");
        std::thread::sleep(Duration::from_millis(50));
    };
    let process = child.id().to_string();
    std::process::Command::new("kill").args(["-INT", &process]).status().expect("kill runs");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let url = database.url().with_database(&copy);
    assert!(!block_on(async {
        postgres::database::database_exists(&url).await.expect("an answer")
    }));
}
