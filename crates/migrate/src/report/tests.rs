//! Every text, as a person sees it.

use std::time::Duration;

use insta::assert_snapshot;

use super::*;
use crate::dev::ResetRequired;
use crate::diagnose::{Diagnosis, Failed};
use crate::drift::{Difference, Drift};
use crate::risks::{Risks, Unexecutable};
use crate::status::Status;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn told(found: usize, diagnosis: Diagnosis) -> String {
    let first = (found > 0).then(|| "20260101000000_init".to_owned());
    shown(&Status {
        found,
        first,
        diagnosis,
        same_moment: Vec::new(),
        needs_baseline: false,
        left_over: Vec::new(),
        resumes: None,
        is_busy: false,
    })
}

/// As a terminal shows it.
fn shown(of: &Status) -> String {
    let Told { stdout, stderr } = status(of, "prisma/migrations");
    format!("{stdout}\n{stderr}").trim_end().to_owned()
}

fn with_history() -> Diagnosis {
    Diagnosis { has_history: true, ..Diagnosis::default() }
}

fn failure(name: &str) -> Failed {
    Failed { name: name.to_owned(), started_at: "2026-01-31 09:30:00 UTC".to_owned(), logs: None }
}

fn url() -> ConnectionUrl {
    "postgresql://driveflow:secret@localhost:5432/driveflow_dev?schema=public".parse().unwrap()
}

#[test]
fn notices() {
    let said = postgres::Notice {
        level: "NOTICE".to_owned(),
        message: "drop cascades to 2 other objects".to_owned(),
        detail: Some("drop cascades to view a\ndrop cascades to view b".to_owned()),
        hint: None,
    };
    assert_snapshot!(notice(&said), @r"
    NOTICE: drop cascades to 2 other objects
    DETAIL: drop cascades to view a
    drop cascades to view b
    ");
}

fn blocker() -> crate::Blocker {
    crate::Blocker {
        process: 4711,
        program: "psql".to_owned(),
        state: "idle in transaction".to_owned(),
        query: "SELECT * FROM student".to_owned(),
        age: Duration::from_mins(12),
    }
}

#[test]
fn steps_while_they_run() {
    let texts = [
        step(2, 3, "CREATE INDEX CONCURRENTLY i ON t (a)"),
        resuming("20260101000000_index", 1, 3),
        resuming("20260101000000_index", 2, 3),
        found_done(2, 3),
        blocked(&[blocker()], Duration::from_millis(400)),
        blocked(&[blocker()], Duration::from_secs(3)),
        retrying(2, 10, Duration::from_millis(1480)),
        no_ledger(&url(), "permission denied for database driveflow_dev"),
        format!("stopped by Ctrl-C\n\nhelp: {}", stopped_while_waiting()),
    ];
    assert_snapshot!(texts.join("\n--\n"));
}

#[test]
fn deploy_that_is_only_shown() {
    use crate::deploy::{Preview, Previewed};

    let one = |name: &str, steps: &[&str], done| Previewed {
        name: name.to_owned(),
        steps: names(steps),
        done,
        refusal: None,
    };
    let index = "CREATE INDEX CONCURRENTLY i ON t (a)";
    let migrations = vec![
        one("20260101000000_index", &["ALTER TABLE t ADD a int", index, "VACUUM t"], 1),
        one("20260102000000_add", &[], 0),
        one("20260103000000_alone", &[index], 0),
    ];
    let late = names(&["20260102000000_add"]);
    let preview = Preview { creates_database: true, migrations, late };
    let texts = [previewed(&preview), previewed(&Preview::default())];
    assert_snapshot!(texts.join("\n--\n"));
}

#[test]
fn status_half_applied() {
    let diagnosis = Diagnosis { failed: vec![failure("20260101000000_index")], ..with_history() };
    let resumes = Some(crate::Resumes {
        migration: "20260101000000_index".to_owned(),
        step: 2,
        of: 3,
        summary: "CREATE INDEX CONCURRENTLY i ON t (a)".to_owned(),
    });
    let status = Status {
        found: 1,
        first: None,
        diagnosis,
        same_moment: Vec::new(),
        needs_baseline: false,
        left_over: Vec::new(),
        resumes,
        is_busy: false,
    };
    assert_snapshot!(shown(&status));
}

#[test]
fn status_up_to_date() {
    assert_snapshot!(told(7, with_history()), @r"
    7 migrations found in prisma/migrations

    Database schema is up to date!
    ");
}

#[test]
fn status_behind() {
    let pending = names(&["20260101000000_init", "20260102000000_add_nickname"]);
    assert_snapshot!(told(2, Diagnosis { pending, ..Diagnosis::default() }));
}

#[test]
fn status_behind_by_one() {
    let pending = names(&["20260102000000_add_nickname"]);
    assert_snapshot!(told(1, Diagnosis { pending, ..with_history() }));
}

#[test]
fn status_failed() {
    let failed = vec![failure("20260102000000_add_nickname")];
    assert_snapshot!(told(2, Diagnosis { failed, ..with_history() }));
}

#[test]
fn status_failed_and_behind() {
    let failed = vec![failure("20260102000000_add_nickname")];
    let pending = names(&["20260103000000_more"]);
    assert_snapshot!(told(3, Diagnosis { pending, failed, ..with_history() }));
}

#[test]
fn status_diverged() {
    let diagnosis = Diagnosis {
        pending: names(&["20260103000000_mine"]),
        missing: names(&["20260102000000_theirs", "20260102000001_theirs_too"]),
        last_common: Some("20260101000000_init".to_owned()),
        ..with_history()
    };
    assert_snapshot!(told(2, diagnosis));
}

#[test]
fn status_without_history_or_migrations() {
    assert_snapshot!(told(0, Diagnosis::default()), @r"
    No migration found in prisma/migrations
    The current database is not managed by Prisma Migrate.
    ");
}

#[test]
fn status_with_edited_and_missing_migrations() {
    let diagnosis = Diagnosis {
        edited: names(&["20260101000000_init"]),
        missing: names(&["20260102000000_gone"]),
        ..with_history()
    };
    assert_snapshot!(told(1, diagnosis));
}

#[test]
fn status_while_a_migration_runs() {
    let failed = vec![failure("20260102000000_add_nickname")];
    let diagnosis = Diagnosis { failed, ..with_history() };
    let text = shown(&Status {
        found: 2,
        first: None,
        diagnosis,
        same_moment: Vec::new(),
        needs_baseline: false,
        left_over: Vec::new(),
        resumes: None,
        is_busy: true,
    });
    assert!(text.ends_with("at work on this database: ask again when it is done."), "{text}");
}

#[test]
fn deploys() {
    assert_snapshot!(deployed(&Deployed::default()), @"No pending migrations to apply.");
    let applied = names(&["20260101000000_init", "20260102000000_add_nickname"]);
    assert_snapshot!(deployed(&Deployed {
        found: 2,
        created_database: true,
        applied,
        ..Deployed::default()
    }));
    assert_eq!(applied_nothing(&Deployed::default()), None);
    let none =
        Deployed { without_statements: names(&["20260103000000_later"]), ..Deployed::default() };
    assert_snapshot!(applied_nothing(&none).unwrap(), @r"
    note: applied, though migration.sql holds no statement (only comments, or nothing at all):
    20260103000000_later
    ");
    assert_snapshot!(database_created(&url()), @"PostgreSQL database driveflow_dev created at localhost:5432");
}

#[test]
fn resets() {
    assert_snapshot!(reset(&Reset::default()), @"Database reset successful");
    assert_snapshot!(reset(&Reset {
        created_database: false,
        applied: names(&["20260101000000_init"])
    }));
}

#[test]
fn dev_ends() {
    let applied = names(&["20260102000000_add_nickname"]);
    assert_snapshot!(applied_pending(&applied));
    assert_snapshot!(created_and_applied(&applied, "prisma/migrations"));
    assert_snapshot!(created(&applied[0]));
    assert_snapshot!(synchronised(&applied), @"Your database is now in sync with your schema.");
    assert_snapshot!(synchronised(&[]), @"Already in sync, no schema change or pending migration was found.");
}

#[test]
fn dev_asks() {
    let mut risks = Risks::default();
    assert_eq!((warnings(&risks), unexecutable(&risks)), (String::new(), String::new()));
    risks.warnings = names(&["You are about to drop the `A` table, which is not empty (3 rows)."]);
    risks.unexecutable =
        vec![Unexecutable { step: 1, message: "Made the column `c` required.".to_owned() }];
    assert_snapshot!(warnings(&risks));
    assert_snapshot!(unexecutable(&risks));
}

/// A database that Prisma resets.
fn required(diagnosis: Diagnosis, reasons: &[&str]) -> ResetRequired {
    ResetRequired {
        reasons: names(reasons),
        diagnosis,
        drift: Difference { steps: 0, summary: String::new(), script: String::new() },
        applied: Vec::new(),
        is_at_end: false,
    }
}

fn asked(diagnosis: Diagnosis, reasons: &[&str]) -> String {
    reset_required(&required(diagnosis, reasons), &url(), "prisma/migrations")
}

#[test]
fn a_failure_is_to_be_resolved() {
    let failed = vec![failure("20260101000000_init")];
    assert_snapshot!(asked(
        Diagnosis { failed, ..with_history() },
        &["The migration `20260101000000_init` failed."]
    ));
}

#[test]
fn drift_can_be_adopted() {
    assert_snapshot!(asked(with_history(), &["Drift detected: …"]));
}

#[test]
fn edits_that_change_nothing_can_be_recorded() {
    let edited = names(&["1_a"]);
    assert_snapshot!(asked(
        Diagnosis { edited, ..with_history() },
        &["The migration `1_a` was modified after it was applied."]
    ));
}

#[test]
fn edits_with_drift_are_to_be_taken_back() {
    let edited = names(&["1_a", "2_b"]);
    let mut required = required(
        Diagnosis { edited, ..with_history() },
        &["The migration `1_a` was modified after it was applied.", "Drift detected: …"],
    );
    required.drift.steps = 1;
    assert_snapshot!(reset_required(&required, &url(), "prisma/migrations"));
}

#[test]
fn another_branch_is_to_be_merged_taken_back_or_adopted() {
    let diagnosis = Diagnosis {
        missing: names(&["20260102000000_theirs", "20260102000001_theirs_too"]),
        ..with_history()
    };
    assert_snapshot!(asked(diagnosis, &["The following migration(s) are applied …"]));
}

#[test]
fn what_runs_late_is_told() {
    let diagnosis = Diagnosis {
        pending: names(&["2_b", "4_d"]),
        late: names(&["2_b"]),
        applied: names(&["1_a", "3_c"]),
        ..with_history()
    };
    assert_snapshot!(told(4, diagnosis));
    let late = names(&["2_b"]);
    let done = Deployed { found: 3, applied: late.clone(), late, ..Deployed::default() };
    assert_snapshot!(deployed(&done));
}

#[test]
fn drift_is_told_two_by_two() {
    let none = Difference { steps: 0, summary: String::new(), script: String::new() };
    let some = |summary: &str| Difference {
        steps: 1,
        summary: format!("\n[+] Added tables\n  - {summary}\n"),
        script: format!("CREATE TABLE {summary} ();"),
    };
    let mut all = Drift {
        database: none.clone(),
        schema: none.clone(),
        apart: none.clone(),
        open: Vec::new(),
    };
    assert_snapshot!(drift(&all, &[]), @r"
    No drift: the database has what the migrations make, and the schema file asks for nothing else.

    Not compared, since a schema file cannot express them: checks, views, functions, triggers, policies, comments, exclusion constraints, expression indexes, and partial ones unless the schema file names some.
    ");
    all.database = some("by_hand");
    all.schema = some("wanted");
    assert_snapshot!(drift(&all, &[]));
    all.apart = some("wanted");
    assert_snapshot!(drift(&all, &[]));
    let status = Status {
        found: 1,
        first: None,
        diagnosis: with_history(),
        left_over: Vec::new(),
        same_moment: Vec::new(),
        needs_baseline: false,
        resumes: None,
        is_busy: false,
    };
    assert_snapshot!(drift_json(&status, Some(&all), &[]));
    assert!(drift_json(&status, None, &[]).contains("\"upToDate\": true"));

    let elsewhere = drift(&all, &names(&["20260102000000_theirs"]));
    assert!(elsewhere.contains("migrations of another branch"), "{elsewhere}");
    assert!(elsewhere.contains("20260102000000_theirs\nMerge that branch"), "{elsewhere}");
    assert!(!elsewhere.contains("db pull"), "{elsewhere}");
}

#[test]
fn pushes() {
    let took = Duration::from_millis(52);
    assert_snapshot!(pushed(0, took), @"The database is already in sync with the Prisma schema.");
    assert_snapshot!(pushed(3, took), @"🚀  Your database is now in sync with your Prisma schema. Done in 52ms");
    assert_snapshot!(pushed(3, took * 30), @"🚀  Your database is now in sync with your Prisma schema. Done in 1.56s");
    assert_snapshot!(push_reset(&url(), &[]), @r#"The PostgreSQL database "driveflow_dev" schema "public" at "localhost:5432" was successfully reset."#);
    assert_snapshot!(push_reset(&url(), &names(&["a", "b"])), @r#"The PostgreSQL database "driveflow_dev" schemas "a, b" at "localhost:5432" were successfully reset."#);
}

#[test]
fn push_asks() {
    let risks = Risks {
        warnings: names(&["You are about to drop the `A` table.", "Something else."]),
        unexecutable: vec![Unexecutable {
            step: 1,
            message: "Made the column `c` required.".to_owned(),
        }],
    };
    assert_eq!(push_warnings(&Risks::default()), "");
    assert_snapshot!(push_warnings(&risks));
    assert_snapshot!(push_unexecutable(&risks));
}

#[test]
fn databases_come_and_go() {
    assert_snapshot!(database_exists(&url()), @"PostgreSQL database driveflow_dev already exists at localhost:5432");
    assert_snapshot!(database_dropped(&url()), @"PostgreSQL database driveflow_dev dropped at localhost:5432");
    let session = |program: &str, address: &str| Session {
        process: 7,
        user: "ada".to_owned(),
        program: program.to_owned(),
        address: address.to_owned(),
        state: "idle".to_owned(),
    };
    assert_snapshot!(database_in_use(&url(), &[session("psql", "10.0.0.1"), session("", "")]));
}
