//! What keeps a rollout from its end, or from being given up: it is told, with the way out, and nothing is left of the
//! attempt.

use postgres::testing::TestDatabase;

use crate::rollout_commands::{EXPAND, ITEM, execute, expanded};
use crate::sandbox::Sandbox;

#[test]
fn what_the_server_refuses_of_a_contract_is_known_before_it_is_written() {
    let (sandbox, database, url) = expanded("contract_refused");
    let contract = || sandbox.run_on(&url, &["migrate", "contract", "nickname"]);
    execute(&database, "CREATE VIEW names AS SELECT nickname FROM \"Student\"");
    let refused = contract().failure();
    assert!(
        refused.stderr.contains("cannot be contracted yet:\n- The server refuses"),
        "{refused:#?}"
    );
    assert!(refused.stderr.contains("view names depends on column nickname"), "{refused:#?}");
    // With the place, as the file has it.
    let script = sandbox.read(&format!("prisma/migrations/{EXPAND}/contract.sql"));
    let line = script.lines().position(|line| line.contains("DROP COLUMN")).expect("it drops") + 1;
    assert!(refused.stderr.contains(&format!("contract.sql:{line}:")), "{refused:#?}");
    assert_eq!(sandbox.list("prisma/migrations").len(), 2);
    let status = sandbox.run_on(&url, &["migrate", "status"]).success();
    assert!(status.stdout.contains("up to date"), "{status:#?}");
    execute(&database, "DROP VIEW names");
    contract().success();
}

#[test]
fn a_contract_that_fails_all_the_same_is_taken_back() {
    let (sandbox, database, url) = expanded("contract_fails");
    let contract = || sandbox.run_on(&url, &["migrate", "contract", "nickname"]);
    // Something that bears it once: the trial.
    execute(
        &database,
        "CREATE SEQUENCE tried; CREATE FUNCTION moody() RETURNS event_trigger LANGUAGE plpgsql AS
         $$ BEGIN IF nextval('public.tried') > 1 THEN RAISE 'not today'; END IF; END $$;
         CREATE EVENT TRIGGER moody ON ddl_command_start WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION moody()",
    );
    let failed = contract().failure();
    assert!(failed.stderr.contains("could not be run, so it is taken back"), "{failed:#?}");
    assert!(failed.stderr.contains("not today"), "{failed:#?}");
    assert!(failed.stderr.contains("no attempt is recorded"), "{failed:#?}");
    assert!(!failed.stderr.contains("migrate resolve"), "{failed:#?}");
    let written = sandbox.list("prisma/migrations");
    assert!(!written.iter().any(|name| name.ends_with("_contract")), "{written:?}");
    execute(&database, "DROP EVENT TRIGGER moody");
    let status = sandbox.run_on(&url, &["migrate", "status"]).success();
    assert!(status.stdout.contains("up to date"), "{status:#?}");
    contract().success();
}

#[test]
fn a_contract_comes_behind_what_is_pending() {
    let (sandbox, _database, url) = expanded("contract_pending");
    let contract = || sandbox.run_on(&url, &["migrate", "contract", "nickname"]);
    sandbox.write("prisma/migrations/20260103000000_later/migration.sql", "SELECT 1;\n");
    let refused = contract().failure();
    assert!(
        refused.stderr.contains("- `20260103000000_later` in the folder is not applied"),
        "{refused:#?}"
    );
    assert!(refused.stderr.contains("cargo xtask migrate deploy"), "{refused:#?}");
    assert!(!refused.stderr.contains("in the meantime"), "{refused:#?}");
    sandbox.run_on(&url, &["migrate", "deploy"]).success();
    contract().success();
}

#[test]
fn whoever_meant_a_rename_gives_up_the_rollout_and_not_the_data() {
    let database = TestDatabase::empty("rollout_meant");
    let url = database.url().expose();
    let sandbox = Sandbox::new(&ITEM.replace("Decimal", "Decimal?"));
    let run = |arguments: &[&str]| sandbox.run_on(&url, arguments);
    run(&["migrate", "dev", "--skip-generate", "--name", "init"]).success();
    execute(&database, "INSERT INTO \"RateCardItem\" VALUES (1, 2)");
    sandbox.write("prisma/schema.prisma", ITEM.replace("price Decimal", "cost Decimal?"));
    let dev = ["migrate", "dev", "--skip-generate", "--zero-downtime", "--name", "cost"];
    let begun = run(&dev).success();
    let name = sandbox.list("prisma/migrations")[1].clone();
    let way = format!(
        "\n  cargo xtask migrate abort \"{name}\" --force\n  rm -r prisma/migrations/{name}\n  \
         cargo xtask migrate dev --zero-downtime --name cost --rename RateCardItem.price:cost"
    );
    assert!(begun.stdout.contains(&way), "{begun:#?}");
    assert!(!begun.stdout.contains("migrate reset"), "{begun:#?}");

    // Its contract too, where that is written and not yet applied.
    run(&["backfill", "run"]).success();
    run(&["migrate", "contract", "cost", "--create-only"]).success();
    let contract = sandbox.list("prisma/migrations")[2].clone();
    let aborted = run(&["migrate", "abort", &name, "--force"]).success();
    assert!(!aborted.stdout.contains("may not undo"), "{aborted:#?}");
    let folders =
        format!("  rm -r prisma/migrations/{name}\n  rm -r prisma/migrations/{contract}\n");
    assert!(aborted.stdout.contains(&folders), "{aborted:#?}");
    for folder in [&name, &contract] {
        std::fs::remove_dir_all(sandbox.path(&format!("prisma/migrations/{folder}")))
            .expect("it is there");
    }
    let again = [&dev[..], &["--rename", "RateCardItem.price:cost"]].concat();
    run(&again).success();
}
