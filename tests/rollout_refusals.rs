//! What keeps a rollout from its end, or from being given up: it is told, with the way out, and nothing is left of the
//! attempt.

use crate::rollout_commands::{EXPAND, execute, expanded};

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
