//! `rollout status`, `migrate contract` and `migrate abort` as they are typed, on a rollout that is written here.

use postgres::testing::{TestDatabase, block_on};

use crate::sandbox::{STUDENTS, Sandbox};

pub(crate) const EXPAND: &str = "20260102000000_drop_nickname";

/// A project whose column `nickname` is on its way out, and its database.
pub(crate) fn expanded(label: &str) -> (Sandbox, TestDatabase, String) {
    let database = TestDatabase::empty(label);
    let url = database.url().expose();
    let sandbox = Sandbox::new(STUDENTS);
    let at = |file: &str| format!("prisma/migrations/{EXPAND}/{file}");
    sandbox.write(
        "prisma/migrations/20260101000000_init/migration.sql",
        "CREATE TABLE \"Student\" (\"id\" INTEGER NOT NULL, \"name\" TEXT NOT NULL, \"nickname\" TEXT NOT NULL,\n    \
         CONSTRAINT \"Student_pkey\" PRIMARY KEY (\"id\"));\n",
    );
    sandbox.write(
        &at("migration.sql"),
        "CREATE SCHEMA IF NOT EXISTS _driveflow;\n\
         CREATE SEQUENCE IF NOT EXISTS _driveflow.old_writes_20260102000000;\n\
         CREATE TABLE IF NOT EXISTS _driveflow.conflicts (rollout text, \"table\" text, key jsonb, old jsonb, new jsonb, \
         at timestamptz DEFAULT clock_timestamp());\n\
         ALTER TABLE \"Student\" ALTER COLUMN \"nickname\" DROP NOT NULL;\n",
    );
    sandbox.write(
        &at("down.sql"),
        "UPDATE \"Student\" SET \"nickname\" = '' WHERE \"nickname\" IS NULL;\n\
         ALTER TABLE \"Student\" ALTER COLUMN \"nickname\" SET NOT NULL;\n\
         DROP SEQUENCE _driveflow.old_writes_20260102000000;\n",
    );
    sandbox.write(
        &at("rollout.toml"),
        "summary = ['drop column \"Student\".\"nickname\"']\nretires = ['column \"Student\".\"nickname\"']\n\
         old_writes = 'old_writes_20260102000000'\nproofs = []\n",
    );
    sandbox.write(
        &at("contract.sql"),
        "DO $$ BEGIN\n  IF (SELECT is_called AND to_timestamp(last_value / 1000.0) > clock_timestamp()\n      \
         - coalesce(nullif(current_setting('driveflow.quiet', true), ''), '10 minutes')::interval\n      \
         FROM _driveflow.old_writes_20260102000000) THEN\n    \
         RAISE EXCEPTION 'the old side was written a moment ago' USING HINT = 'wait';\n  END IF;\nEND $$;\n\
         ALTER TABLE \"Student\" DROP COLUMN \"nickname\";\nDROP SEQUENCE _driveflow.old_writes_20260102000000;\n",
    );
    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    (sandbox, database, url)
}

/// As the trigger notes that the old side is written.
const OLD_WRITE: &str = "SELECT setval('_driveflow.old_writes_20260102000000', (extract(epoch FROM clock_timestamp()) * 1000)::bigint)";

pub(crate) fn execute(database: &TestDatabase, sql: &str) {
    block_on(async { database.connect().await.batch_execute(sql).await.expect("it is SQL") });
}

#[test]
fn a_rollout_goes_from_phase_to_phase() {
    let (sandbox, database, url) = expanded("rollout_phases");
    let run = |arguments: &[&str]| sandbox.run_on(&url, arguments);
    let status = run(&["rollout", "status"]).success();
    let expected = format!(
        "{EXPAND}  ready to contract\n  drop column \"Student\".\"nickname\"\n  \
         no old release has written since it was expanded\n  next: cargo xtask migrate contract \"{EXPAND}\"\n"
    );
    assert!(status.stdout.ends_with(&expected), "{status:#?}");
    execute(&database, OLD_WRITE);
    execute(
        &database,
        "INSERT INTO _driveflow.conflicts VALUES ('20260102000000', 'Student', '{\"id\": 1}', '{\"nickname\": \"a\"}', '{}')",
    );
    let status = run(&["rollout", "status", "nickname"]).success();
    assert!(status.stdout.contains("filled, and the old side is still written"), "{status:#?}");
    assert!(
        status.stdout.contains("next, once no old release runs any more: cargo"),
        "{status:#?}"
    );
    assert!(status.stdout.contains("\"key\": {\"id\": 1}"), "{status:#?}");
    let json = run(&["rollout", "status", "--format", "json"]).success();
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(json[0]["phase"], "filled");
    assert_eq!(json[0]["conflicts"]["count"], 1);
    let status = run(&["migrate", "status"]).success();
    let line = format!(
        "\n\nRollout {EXPAND}: filled, and the old side is still written, 1 conflict; next: cargo"
    );
    assert!(status.stdout.contains(&line), "{status:#?}");

    // Too early.
    let refused = run(&["migrate", "contract", "nickname"]).failure();
    assert!(
        refused.stderr.contains("cannot be contracted yet:\n- The old side was written "),
        "{refused:#?}"
    );
    assert!(refused.stderr.contains("--quiet 0"), "{refused:#?}");
    assert_eq!(sandbox.list("prisma/migrations").len(), 2);

    // It is known that nothing comes any more; what is written still asks for ten minutes elsewhere.
    let contracted = run(&["migrate", "contract", "nickname", "--quiet", "0"]).success();
    assert!(contracted.stdout.contains("_drop_nickname_contract/"), "{contracted:#?}");
    assert!(
        contracted.stdout.contains("goes with it:\n  column \"Student\".\"nickname\""),
        "{contracted:#?}"
    );
    let name = sandbox.list("prisma/migrations")[2].clone();
    let script = sandbox.read(&format!("prisma/migrations/{name}/migration.sql"));
    assert_eq!(script, sandbox.read(&format!("prisma/migrations/{EXPAND}/contract.sql")));
    let toml = sandbox.read(&format!("prisma/migrations/{name}/rollout.toml"));
    assert!(toml.contains(&format!("contracts = '{EXPAND}'")), "{toml}");
    let down = sandbox.read(&format!("prisma/migrations/{name}/down.sql"));
    assert!(down.contains("it does not come back"), "{down}");

    let status = run(&["migrate", "status", "--drift"]).success();
    assert!(!status.stdout.contains("Rollout"), "{status:#?}");
    assert!(status.stdout.contains("No drift"), "{status:#?}");
    let status = run(&["rollout", "status"]).success();
    assert!(status.stdout.contains(&format!("{EXPAND}  contracted by {name}")), "{status:#?}");
    let back = run(&["migrate", "down", "--force"]).failure();
    assert!(back.stdout.contains("it does not come back"), "{back:#?}");
    assert!(back.stderr.contains("Nothing of it was done"), "{back:#?}");
    let again = run(&["migrate", "contract", "nickname"]).failure();
    assert!(again.stderr.contains("is contracted already"), "{again:#?}");
    let late = run(&["migrate", "abort", "nickname", "--force"]).failure();
    assert!(late.stderr.contains("is contracted: what the old release had is gone"), "{late:#?}");
    // Elsewhere it is as much a matter of quiet, and nothing is recorded of the refusal.
    let other = TestDatabase::empty("rollout_elsewhere");
    let elsewhere = other.url().expose();
    sandbox.run_on(&elsewhere, &["migrate", "deploy", "--up-to", EXPAND]).success();
    execute(&other, OLD_WRITE);
    let planned = sandbox.run_on(&elsewhere, &["migrate", "deploy", "--dry-run"]).failure();
    assert!(planned.stdout.contains("refused as the database is now"), "{planned:#?}");
    let refused = sandbox.run_on(&elsewhere, &["migrate", "deploy"]).failure();
    assert!(refused.stderr.contains("the old side was written a moment ago"), "{refused:#?}");
    let status = sandbox.run_on(&elsewhere, &["migrate", "status"]).failure();
    assert!(status.stderr.is_empty(), "no attempt has failed: {status:#?}");
    let line = format!("Rollout {EXPAND}: its contract {name} is not applied to this database");
    assert!(status.stdout.contains(&line), "{status:#?}");
}

#[test]
fn who_may_not_read_what_is_ours_is_told_the_rest() {
    let (sandbox, database, url) = expanded("rollout_rights");
    let role = format!("reader_of_{}", database.url().database());
    execute(
        &database,
        &format!("CREATE ROLE {role} LOGIN; GRANT SELECT ON _prisma_migrations TO {role}"),
    );
    let user = format!("//{}@", database.url().user());
    let reader = url.replacen(&user, &format!("//{role}@"), 1);
    let status = sandbox.run_on(&reader, &["migrate", "status"]);
    execute(&database, &format!("DROP OWNED BY {role}; DROP ROLE {role}"));
    assert_eq!(status.code, Some(0), "{status:#?}");
    assert!(status.stdout.contains("Database schema is up to date!"), "{status:#?}");
    assert!(status.stderr.contains("How far the rollouts are cannot be told: "), "{status:#?}");
}

#[test]
fn lint_knows_what_a_contract_has_made_sure_of() {
    let (sandbox, _database, url) = expanded("rollout_lint");
    sandbox.run_on(&url, &["migrate", "contract", "nickname", "--create-only"]).success();
    let lint = sandbox.run_on(&url, &["migrate", "lint", "--offline", "_contract"]).success();
    assert!(!lint.stderr.contains("drop-breaks-release"), "{lint:#?}");
    let name = sandbox.list("prisma/migrations")[2].clone();
    let file = format!("prisma/migrations/{name}/migration.sql");
    sandbox.write(&file, sandbox.read(&file) + "ALTER TABLE \"Student\" DROP COLUMN \"name\";\n");
    let lint = sandbox.run_on(&url, &["migrate", "lint", "--offline", "_contract"]);
    assert!(lint.stderr.contains("`name` of `Student` is dropped"), "{lint:#?}");
    assert!(!lint.stderr.contains("`nickname` of `Student` is dropped"), "{lint:#?}");
}

#[test]
fn a_rollout_is_given_up_with_what_came_after_it_in_place() {
    let (sandbox, database, url) = expanded("rollout_abort");
    let run = |arguments: &[&str]| sandbox.run_on(&url, arguments);
    let with_email = STUDENTS.replace("  name String\n", "  name String\n  email String?\n");
    sandbox.write("prisma/schema.prisma", &with_email);
    run(&["migrate", "dev", "--skip-generate", "--name", "email"]).success();
    execute(&database, "INSERT INTO \"Student\" (id, name) VALUES (1, 'new')");
    execute(&database, "INSERT INTO \"Student\" (id, name, nickname) VALUES (2, 'old', 'o')");

    let nobody = run(&["migrate", "abort", "nickname"]).failure();
    assert!(nobody.stderr.contains(&format!("migrate abort \"{EXPAND}\" --force")), "{nobody:#?}");
    let unknown = run(&["migrate", "abort", "surname", "--force"]).failure();
    assert!(unknown.stderr.contains(&format!("there are:\n  {EXPAND}")), "{unknown:#?}");
    let aborted = run(&["migrate", "abort", "nickname", "--force"]).success();
    assert!(aborted.stdout.contains(&format!("rm -r prisma/migrations/{EXPAND}")), "{aborted:#?}");
    let nicknames = block_on(async {
        let connection = database.connect().await;
        let rows = connection.query("SELECT nickname FROM \"Student\" ORDER BY id", &[]).await;
        rows.expect("a query").iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    });
    assert_eq!(nicknames, ["", "o"]);

    // As it says.
    std::fs::remove_dir_all(sandbox.path(&format!("prisma/migrations/{EXPAND}")))
        .expect("it is there");
    let before = with_email.replace("  email", "  nickname String\n  email");
    sandbox.write("prisma/schema.prisma", &before);
    let status = run(&["migrate", "status", "--drift"]).success();
    assert!(status.stdout.contains("No drift"), "{status:#?}");
}

#[test]
fn what_a_later_migration_needs_is_not_taken_back_alone() {
    let (sandbox, _database, url) = expanded("rollout_needed");
    let run = |arguments: &[&str]| sandbox.run_on(&url, arguments);
    sandbox.write(
        "prisma/migrations/20260103000000_view/migration.sql",
        "SELECT last_value FROM _driveflow.old_writes_20260102000000;\nALTER TABLE \"Student\" ADD COLUMN \"email\" TEXT;\n",
    );
    run(&["migrate", "deploy"]).success();
    let refused = run(&["migrate", "abort", "nickname", "--force"]).failure();
    assert!(
        refused.stderr.contains("a migration that was applied after it needs what it has made"),
        "{refused:#?}"
    );
    assert!(refused.stderr.contains("20260103000000_view"), "{refused:#?}");
    let status = run(&["migrate", "status"]).success();
    assert!(status.stdout.contains("up to date"), "{status:#?}");
}

pub(crate) const ITEM: &str = r#"datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model RateCardItem {
  id    Int     @id
  price Decimal
}
"#;

#[test]
fn a_breaking_change_is_begun_and_looked_at_by_all_commands() {
    let database = TestDatabase::empty("rollout_begun");
    let url = database.url().expose();
    let sandbox = Sandbox::new(ITEM);
    let run = |arguments: &[&str]| sandbox.run_on(&url, arguments);
    run(&["migrate", "dev", "--skip-generate", "--name", "init"]).success();
    execute(&database, "INSERT INTO \"RateCardItem\" SELECT i, i FROM generate_series(1, 100) i");
    let cents = ITEM.replace(
        "  id    Int     @id\n  price Decimal",
        "  id          Int @id\n  price_cents Int",
    );
    sandbox.write("prisma/schema.prisma", &cents);

    // What an ordinary migration would do is told with the other way.
    let plain = run(&["migrate", "dev", "--skip-generate", "--name", "cents"]).failure();
    assert!(
        plain
            .stderr
            .contains("In phases, without downtime: cargo xtask migrate dev --zero-downtime"),
        "{plain:#?}"
    );
    // What is missing is said, with the flag.
    let dev = ["migrate", "dev", "--skip-generate", "--zero-downtime", "--name", "cents"];
    let renamed = [&dev[..], &["--rename", "RateCardItem.price:price_cents"]].concat();
    let unsaid = run(&renamed).failure();
    assert!(
        unsaid.stderr.contains("cannot be made in phases as it is asked for:\n- "),
        "{unsaid:#?}"
    );
    assert!(unsaid.stderr.contains("--using"), "{unsaid:#?}");
    let alone = run(&["migrate", "dev", "--using", "1"]).failure();
    assert!(alone.stderr.contains("--zero-downtime"), "{alone:#?}");
    let check = run(&[&dev[..], &["--check", "price > 0"]].concat()).failure();
    assert!(check.stderr.contains("does not say of which model"), "{check:#?}");
    assert_eq!(sandbox.list("prisma/migrations").len(), 2, "nothing was written");

    let using = ["--using", "ROUND(\"price\" * 100)", "--create-only"];
    let written = run(&[&renamed[..], &using].concat()).success();
    assert!(written.stdout.contains("2. fill what is there"), "{written:#?}");
    let name = sandbox.list("prisma/migrations")[1].clone();
    let files = ["contract.sql", "down.sql", "migration.sql", "rollout.toml"];
    assert_eq!(sandbox.list(&format!("prisma/migrations/{name}")), files);
    let status = run(&["rollout", "status"]).success();
    assert!(status.stdout.contains("not begun in this database"), "{status:#?}");
    let early = run(&["migrate", "contract", "cents"]).failure();
    assert!(early.stderr.contains("is not begun in this database"), "{early:#?}");
    let lint = run(&["migrate", "lint"]).success();
    assert!(!lint.stderr.contains("error["), "{lint:#?}");

    run(&["migrate", "deploy"]).success();
    let unfilled = run(&["migrate", "contract", "cents"]).failure();
    assert!(
        unfilled.stderr.contains("The fill of \"RateCardItem\" is not done: waiting"),
        "{unfilled:#?}"
    );
    assert!(unfilled.stderr.contains("cargo xtask backfill run"), "{unfilled:#?}");
    let drift = run(&["migrate", "status", "--drift"]).success();
    assert!(
        drift.stdout.contains("expanded, nothing is filled yet; next: cargo xtask backfill run"),
        "{drift:#?}"
    );
    let checked = run(&["migrate", "check"]);
    assert!(
        checked.stdout.contains("the migrations lead to the schema, 1 open rollout contracted"),
        "{checked:#?}"
    );
    let pushed = run(&["db", "push", "--skip-generate"]).failure();
    assert!(pushed.stderr.contains(&format!("The rollout `{name}` is open")), "{pushed:#?}");
    // A second change that the first one does not bear is refused, one that it bears is made.
    sandbox.write("prisma/schema.prisma", cents.replace("  price_cents Int", "  price_euro Int"));
    let conflict = run(&["migrate", "dev", "--skip-generate", "--name", "euro"]).failure();
    assert!(conflict.stderr.contains(&format!("migrate abort \"{name}\"")), "{conflict:#?}");
    sandbox.write(
        "prisma/schema.prisma",
        cents.replace("price_cents Int", "price_cents Int\n  note        String?"),
    );
    run(&["migrate", "dev", "--skip-generate", "--name", "note"]).success();

    // Somebody changes rows beside the triggers: the proof sees it, and the fill mends it.
    run(&["backfill", "run"]).success();
    let beside = "ALTER TABLE \"RateCardItem\" DISABLE TRIGGER USER; \
                  UPDATE \"RateCardItem\" SET price = 7 WHERE id BETWEEN 5 AND 9; ALTER TABLE \"RateCardItem\" ENABLE TRIGGER USER";
    execute(&database, beside);
    let apart = run(&["migrate", "contract", "cents"]).failure();
    assert!(
        apart.stderr.contains("Both sides differ in rows as these:\n    id 5, price 7"),
        "{apart:#?}"
    );
    assert!(apart.stderr.contains(", price_cents 500"), "both values: {apart:#?}");
    assert_eq!(apart.stderr.matches(", price 7").count(), 3, "{apart:#?}");
    assert!(apart.stderr.contains("over what stands there"), "{apart:#?}");
    assert!(apart.stderr.contains("correct the rows by hand"), "{apart:#?}");
    run(&["backfill", "run", "cents", "--again"]).success();
    run(&["migrate", "contract", "cents"]).success();
    let status = run(&["migrate", "status", "--drift"]).success();
    assert!(status.stdout.contains("No drift"), "{status:#?}");
}
