//! `doctor`: each thing that it finds is brought about for real, told once with what mends it, and gone when that was done.

mod own_server;

use postgres::testing::{TestDatabase, block_on};
use serde_json::{Value, json};

use crate::sandbox::{PASSWORD, STUDENTS, Sandbox};

/// What the doctor says as JSON, with the exit status that goes with it; no password is in it.
#[track_caller]
fn doctor(sandbox: &Sandbox, url: &str) -> Value {
    let run = sandbox.run_on(url, &["doctor", "--format", "json"]);
    assert!(!run.stdout.contains(PASSWORD) && !run.stderr.contains(PASSWORD), "{run:#?}");
    let told: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:#?}"));
    assert_eq!(run.code, Some(i32::from(told["ok"] == false)), "{told:#}");
    assert_eq!(told["ok"], json!(told["wrong"] == 0), "{told:#}");
    told
}

/// How the checks of a name ended.
fn states<'a>(told: &'a Value, id: &str) -> Vec<&'a str> {
    let checks = told["checks"].as_array().expect("a list");
    let of_it = checks.iter().filter(|check| check["id"] == id);
    of_it.map(|check| check["state"].as_str().expect("a state")).collect()
}

/// The only finding of a check that is no `ok`: its message, and its advice in lines.
#[track_caller]
fn finding(told: &Value, id: &str, state: &str) -> (String, String) {
    let checks = told["checks"].as_array().expect("a list");
    let mut found = checks.iter().filter(|check| check["id"] == id);
    let (Some(one), None) = (found.next(), found.next()) else { panic!("{id} in {told:#}") };
    assert_eq!(one["state"], state, "{told:#}");
    let advice: Vec<&str> =
        one["advice"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    (one["message"].as_str().expect("a text").to_owned(), advice.join("\n"))
}

/// The checks that are wrong.
fn wrong(told: &Value) -> Vec<&str> {
    let checks = told["checks"].as_array().expect("a list");
    let wrong = checks.iter().filter(|check| check["state"] == "wrong");
    wrong.map(|check| check["id"].as_str().expect("a name")).collect()
}

/// A project and a database with its first migration.
fn project(label: &str) -> (Sandbox, TestDatabase, String) {
    let database = TestDatabase::empty(label);
    let sandbox = Sandbox::new(STUDENTS);
    let url = database.url().expose();
    sandbox.run_on(&url, &["migrate", "dev", "--name", "init"]).success();
    (sandbox, database, url)
}

fn execute(database: &TestDatabase, sql: &str) {
    block_on(async {
        database.connect().await.batch_execute(sql).await.expect("the statement is right");
    });
}

fn migration(sandbox: &Sandbox) -> String {
    let names = sandbox.list("prisma/migrations");
    names.into_iter().find(|name| name.ends_with("_init")).expect("it was made")
}

#[test]
fn nothing_is_wrong_where_all_is_well() {
    let (sandbox, _database, url) = project("doctor_well");
    let told = doctor(&sandbox, &url);
    assert_eq!(told["ok"], true, "{told:#}");
    for id in [
        "schema",
        "url",
        "dns",
        "port",
        "tls",
        "server",
        "password",
        "database",
        "version",
        "pooler",
        "rights",
        "shadow",
        "history",
        "drift",
        "extensions",
        "indexes",
    ] {
        assert_eq!(states(&told, id), ["ok"], "{id} in {told:#}");
    }
    let (message, _) = finding(&told, "url", "ok");
    assert!(message.starts_with("from DATABASE_URL in the environment: postgresql://"), "{told:#}");

    sandbox.write(".env", format!("DATABASE_URL=\"{url}\"\n"));
    let flag = sandbox.run(&["doctor", "--database-url", &url]).success();
    assert!(flag.stdout.contains("URL           from --database-url: postgresql://"), "{flag:#?}");
    assert!(flag.stdout.ends_with("take the same --database-url.\n"), "{flag:#?}");
    let without = STUDENTS.replace("  url      = env(\"DATABASE_URL\")\n", "");
    sandbox.write("prisma/schema.prisma", without);
    sandbox.write("prisma.config.ts", "export default { schema: \"prisma/schema.prisma\" };\n");
    let told = doctor(&sandbox, &url);
    assert_eq!((states(&told, "url"), &told["ok"]), (vec!["ok", "hint"], &json!(true)), "{told:#}");
    std::fs::remove_file(sandbox.path("prisma.config.ts")).expect("it was just written");
    sandbox.write("prisma/schema.prisma", STUDENTS);
    let run = sandbox.run(&["doctor"]).success();
    assert!(
        run.stdout.contains("✔ URL           from DATABASE_URL in .env: postgresql://"),
        "{run:#?}"
    );
    assert!(run.stdout.contains("\nNothing is wrong."), "{run:#?}");
}

#[test]
fn without_a_schema_or_a_database_the_rest_is_skipped() {
    let sandbox = Sandbox::new(STUDENTS);
    let run = sandbox.run(&["doctor", "--format", "json"]).failure();
    let told: Value = serde_json::from_str(&run.stdout).expect("JSON and nothing else");
    assert_eq!(wrong(&told), ["url"], "{told:#}");
    let (_, advice) = finding(&told, "url", "wrong");
    assert!(advice.contains("cargo xtask db start") && advice.contains(".env"), "{told:#}");
    assert_eq!(states(&told, "history"), ["skipped"]);
    assert!(!sandbox.path(".driveflow").exists(), "looking starts no server");

    sandbox.write("prisma/schema.prisma", STUDENTS.replace("String", "Sting"));
    let url = format!("postgresql://u:{PASSWORD}@127.0.0.1:1/d");
    let told = doctor(&sandbox, &url);
    assert_eq!(wrong(&told), ["schema", "port"], "the database is looked at anyway: {told:#}");
    let (message, advice) = finding(&told, "schema", "wrong");
    assert!(
        message.starts_with("prisma/schema.prisma:8: ") && message.contains("Sting"),
        "{told:#}"
    );
    assert!(advice.starts_with("cargo xtask validate"), "{told:#}");

    std::fs::remove_file(sandbox.path("prisma/schema.prisma")).expect("it is there");
    let told = doctor(&sandbox, &url);
    assert_eq!(wrong(&told), ["schema"], "{told:#}");
    assert_eq!(states(&told, "client"), ["skipped"]);
}

#[test]
fn the_first_step_that_fails_is_told_and_the_others_are_skipped() {
    let sandbox = Sandbox::new(STUDENTS);
    let told = doctor(&sandbox, &format!("postgresql://u:{PASSWORD}@127.0.0.1:1/d"));
    assert_eq!(wrong(&told), ["port"], "{told:#}");
    let (message, advice) = finding(&told, "port", "wrong");
    assert!(message.starts_with("127.0.0.1:1: ") && message.contains("refused"), "{told:#}");
    assert!(advice.contains("systemctl start postgresql"), "{told:#}");
    for id in ["tls", "server", "password", "rights", "history", "drift", "slow_statements"] {
        assert_eq!(states(&told, id), ["skipped"], "{id} in {told:#}");
    }

    let told = doctor(&sandbox, &format!("postgresql://u:{PASSWORD}@no-such-host.invalid/d"));
    assert_eq!(wrong(&told), ["dns"], "{told:#}");
    assert_eq!(states(&told, "port"), ["skipped"]);

    let told = doctor(&sandbox, &format!("mysql://u:{PASSWORD}@h/d"));
    assert_eq!(wrong(&told), ["url"], "{told:#}");

    let run =
        sandbox.run_on(&format!("postgresql://u:{PASSWORD}@127.0.0.1:1/d"), &["doctor"]).failure();
    assert!(!run.stdout.contains(PASSWORD), "{run:#?}");
    assert!(run.stdout.contains("\n✘ Port          127.0.0.1:1: "), "{run:#?}");
    assert!(run.stdout.contains("\n– TLS           skipped: "), "{run:#?}");
    assert!(run.stdout.contains("\n1 thing is wrong."), "{run:#?}");
}

#[test]
fn a_database_that_is_missing_is_made_by_what_is_told() {
    let (sandbox, _database, url) = project("doctor_missing");
    let missing = url.replacen("doctor_missing", "doctor_none", 1);
    let told = doctor(&sandbox, &missing);
    assert_eq!(wrong(&told), ["database"], "{told:#}");
    assert_eq!((states(&told, "password"), states(&told, "rights")), (vec!["ok"], vec!["skipped"]));
    let (_, advice) = finding(&told, "database", "wrong");
    assert!(advice.starts_with("cargo xtask db create "), "{told:#}");
    sandbox.run_on(&missing, &["db", "create"]).success();
    sandbox.run_on(&missing, &["migrate", "deploy"]).success();
    let told = doctor(&sandbox, &missing);
    sandbox.run_on(&missing, &["db", "drop", "--force"]).success();
    assert_eq!(told["ok"], true, "{told:#}");
}

#[test]
fn a_migration_that_failed_is_settled_by_what_is_told() {
    let (sandbox, _database, url) = project("doctor_failed");
    let file = "prisma/migrations/20990101000000_broken/migration.sql";
    sandbox.write(file, "SELECT nothing;\n");
    sandbox.run_on(&url, &["migrate", "deploy"]).failure();
    let told = doctor(&sandbox, &url);
    assert_eq!(wrong(&told), ["history"], "{told:#}");
    let (message, advice) = finding(&told, "history", "wrong");
    assert!(message.starts_with("20990101000000_broken failed: "), "{told:#}");
    assert_eq!(states(&told, "drift"), ["skipped"], "it would tell the same again");
    let command = "migrate resolve --rolled-back \"20990101000000_broken\"";
    assert!(advice.contains(command), "{told:#}");
    let resolve = ["migrate", "resolve", "--rolled-back", "20990101000000_broken"];
    sandbox.run_on(&url, &resolve).success();
    sandbox.write(file, "SELECT 1;\n");
    let told = doctor(&sandbox, &url);
    let (message, advice) = finding(&told, "history", "hint");
    assert_eq!(message, "not applied yet: 20990101000000_broken");
    assert_eq!(advice, "cargo xtask migrate deploy");
    assert_eq!(told["ok"], true, "{told:#}");
}

#[test]
fn what_was_edited_and_what_two_branches_made_is_told() {
    let (sandbox, _database, url) = project("doctor_edited");
    let name = migration(&sandbox);
    let file = format!("prisma/migrations/{name}/migration.sql");
    let script = sandbox.read(&file);
    sandbox.write(&file, format!("{script}-- changed\n"));
    let told = doctor(&sandbox, &url);
    assert_eq!(wrong(&told), ["history"], "{told:#}");
    let (message, _) = finding(&told, "history", "wrong");
    assert_eq!(message, format!("{name} was changed after it was applied"));
    sandbox.write(&file, script);
    assert_eq!(doctor(&sandbox, &url)["ok"], true);

    let ours = "prisma/migrations/20990101000000_ours/migration.sql";
    sandbox.write(ours, "SELECT 1;\n");
    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    std::fs::rename(
        sandbox.path("prisma/migrations/20990101000000_ours"),
        sandbox.path("prisma/migrations/20990101000001_theirs"),
    )
    .expect("it was just written");
    let told = doctor(&sandbox, &url);
    let (message, advice) = finding(&told, "history", "wrong");
    assert!(message.starts_with(&format!("two branches since {name}: ")), "{told:#}");
    assert!(
        advice.contains("git log --all --oneline -- prisma/migrations/20990101000000_ours"),
        "{told:#}"
    );
}

#[test]
fn drift_and_tables_without_a_history_are_told() {
    let (sandbox, database, url) = project("doctor_drift");
    execute(&database, "ALTER TABLE \"Student\" ADD COLUMN nickname text");
    let told = doctor(&sandbox, &url);
    assert_eq!(wrong(&told), ["drift"], "{told:#}");
    let (message, advice) = finding(&told, "drift", "wrong");
    assert!(message.contains("nickname") && advice.contains("migrate dev --adopt"), "{told:#}");
    execute(&database, "ALTER TABLE \"Student\" DROP COLUMN nickname");
    sandbox.write("prisma/schema.prisma", STUDENTS.replace("name String", "name String?"));
    let told = doctor(&sandbox, &url);
    assert!(finding(&told, "drift", "hint").1.contains("migrate dev --name"), "{told:#}");
    sandbox.write("prisma/schema.prisma", STUDENTS);

    execute(&database, "DROP TABLE _prisma_migrations");
    let told = doctor(&sandbox, &url);
    assert_eq!(wrong(&told), ["history"], "{told:#}");
    let command = format!("cargo xtask migrate resolve --applied \"{}\"", migration(&sandbox));
    assert!(finding(&told, "history", "wrong").1.starts_with(&command), "{told:#}");
    sandbox.run_on(&url, &["migrate", "resolve", "--applied", &migration(&sandbox)]).success();
    assert_eq!(doctor(&sandbox, &url)["ok"], true);
}

#[test]
fn a_database_without_migrations_is_compared_with_the_schema() {
    let database = TestDatabase::empty("doctor_push");
    let (sandbox, url) = (Sandbox::new(STUDENTS), database.url().expose());
    sandbox.run_on(&url, &["db", "push"]).success();
    let told = doctor(&sandbox, &url);
    assert_eq!((states(&told, "history"), states(&told, "drift")), (vec!["hint"], vec!["ok"]));
    execute(&database, "ALTER TABLE \"Student\" ADD COLUMN nickname text");
    let told = doctor(&sandbox, &url);
    assert_eq!(wrong(&told), ["drift"], "{told:#}");
    let (message, advice) = finding(&told, "drift", "wrong");
    assert!(message.contains("nickname") && advice.contains("cargo xtask db pull"), "{told:#}");
}

#[test]
fn what_a_killed_command_left_goes_by_what_is_told() {
    let (sandbox, database, url) = project("doctor_left");
    // As Prisma names its own.
    let name = format!("prisma_migrate_shadow_db_of_{}", std::process::id());
    execute(&database, &format!("CREATE DATABASE {name}"));
    let told = doctor(&sandbox, &url);
    assert_eq!(told["ok"], true, "it does no harm: {told:#}");
    let remedy = format!("DROP DATABASE \"{name}\";");
    let advises = |told: &Value| told["checks"].to_string().contains(&json!(remedy).to_string());
    assert!(advises(&told), "{told:#}");
    execute(&database, &remedy);
    assert!(!advises(&doctor(&sandbox, &url)));
}

#[test]
fn what_the_user_may_not_do_is_granted_by_what_is_told() {
    let database = TestDatabase::empty("doctor_rights");
    let role = format!("poor_of_{}", database.url().database());
    execute(
        &database,
        &format!(
            "CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'; REVOKE CREATE ON SCHEMA public FROM PUBLIC"
        ),
    );
    let user = format!("//{}", database.url().user());
    let url = database.url().expose().replacen(&user, &format!("//{role}:{PASSWORD}"), 1);
    let sandbox = Sandbox::new(STUDENTS);
    let told = doctor(&sandbox, &url);
    let shadow = finding(&told, "shadow", "hint");
    let rights = finding(&told, "rights", "wrong");
    assert_eq!(rights.1, format!("GRANT ALL ON SCHEMA \"public\" TO \"{role}\";"), "{told:#}");
    execute(&database, &rights.1);
    execute(&database, shadow.1.lines().next().expect("the first of two ways"));
    let told = doctor(&sandbox, &url);
    execute(&database, &format!("DROP OWNED BY {role}; DROP ROLE {role}"));
    assert_eq!(
        (states(&told, "rights"), states(&told, "shadow")),
        (vec!["ok"], vec!["ok"]),
        "{told:#}"
    );
}

#[test]
fn extensions_and_indexes_are_told_with_the_sql_that_makes_them() {
    let (sandbox, database, url) = project("doctor_indexes");
    execute(
        &database,
        "CREATE SCHEMA other; CREATE TABLE other.school (id int PRIMARY KEY);
         CREATE TABLE other.pupil (school int REFERENCES other.school, twice int);
         INSERT INTO other.pupil (twice) SELECT i / 2 FROM generate_series(1, 12000) AS i; ANALYZE other.pupil",
    );
    let refused = block_on(async {
        let build = "CREATE UNIQUE INDEX CONCURRENTLY broken ON other.pupil (twice)";
        database.connect().await.batch_execute(build).await.expect_err("they are not unique")
    });
    assert!(refused.is_statement(), "{refused}");
    sandbox.write(
        "prisma/migrations/20990101000000_more/migration.sql",
        "DO $$ BEGIN NULL; END $$;\nCREATE EXTENSION no_such_thing;\n",
    );
    let told = doctor(&sandbox, &url);
    assert_eq!(states(&told, "indexes"), ["hint", "hint"], "{told:#}");
    let text = told["checks"].to_string();
    for remedy in [
        "REINDEX INDEX CONCURRENTLY other.broken;",
        "CREATE INDEX CONCURRENTLY ON other.pupil (school);",
    ] {
        assert!(text.contains(remedy), "{told:#}");
    }
    let (message, _) = finding(&told, "extensions", "wrong");
    assert!(message.starts_with("no_such_thing, which 20990101000000_more wants, "), "{told:#}");

    // One that is written down as applied and is not in the database.
    execute(&database, "DROP INDEX other.broken; CREATE INDEX ON other.pupil (school)");
    sandbox.write(
        "prisma/migrations/20990101000000_more/migration.sql",
        "CREATE EXTENSION plpgsql;\n",
    );
    let resolve = ["migrate", "resolve", "--applied", "20990101000000_more"];
    sandbox.run_on(&url, &resolve).success();
    execute(&database, "DROP EXTENSION plpgsql");
    let told = doctor(&sandbox, &url);
    assert_eq!(states(&told, "indexes"), ["ok"], "{told:#}");
    let (_, advice) = finding(&told, "extensions", "wrong");
    assert!(advice.starts_with("CREATE EXTENSION \"plpgsql\";"), "{told:#}");
}

#[test]
fn a_pooler_that_migrations_go_through_is_told() {
    let (sandbox, _database, url) = project("doctor_pooler");
    let told = doctor(&sandbox, &format!("{url}&pgbouncer=true"));
    assert!(wrong(&told).contains(&"pooler"), "{told:#}");
    assert!(finding(&told, "pooler", "wrong").1.contains("directUrl"), "{told:#}");
    let direct = "url = env(\"DATABASE_URL\")\n  directUrl = env(\"DIRECT_URL\")";
    sandbox.write(
        "prisma/schema.prisma",
        STUDENTS.replace("url      = env(\"DATABASE_URL\")", direct),
    );
    sandbox.write(".env", format!("DIRECT_URL=\"{url}\"\n"));
    let told = doctor(&sandbox, &format!("{url}&pgbouncer=true"));
    assert_eq!(told["ok"], true, "{told:#}");
}

#[test]
fn a_client_that_is_stale_is_told() {
    let (sandbox, _database, url) = project("doctor_client");
    let generator =
        "generator client {\n  provider = \"cargo prisma\"\n  output = \"../src/prisma\"\n}\n\n";
    sandbox.write("prisma/schema.prisma", format!("{generator}{STUDENTS}"));
    let told = doctor(&sandbox, &url);
    let (_, advice) = finding(&told, "client", "wrong");
    assert_eq!(advice, "cargo xtask generate", "{told:#}");
    sandbox.run_on(&url, &["generate"]).success();
    assert_eq!(states(&doctor(&sandbox, &url), "client"), ["ok"]);
}
