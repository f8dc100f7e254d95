//! Every text, as a person sees it.

use insta::assert_snapshot;

use super::*;
use crate::dev::ResetRequired;
use crate::diagnose::Failed;
use crate::risks::{Risks, Unexecutable};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn told(found: usize, diagnosis: Diagnosis) -> String {
    let first = (found > 0).then(|| "20260101000000_init".to_owned());
    status(&Status { found, first, diagnosis, is_busy: false }, "prisma/migrations")
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
    let text =
        status(&Status { found: 2, first: None, diagnosis, is_busy: true }, "prisma/migrations");
    assert!(text.ends_with("at work on this database: ask again when it is done."), "{text}");
}

#[test]
fn deploys() {
    assert_snapshot!(deployed(&Deployed::default()), @"No pending migrations to apply.");
    let applied = names(&["20260101000000_init", "20260102000000_add_nickname"]);
    assert_snapshot!(deployed(&Deployed { found: 2, created_database: true, applied }));
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

#[test]
fn dev_wants_a_reset() {
    let one = ResetRequired {
        reasons: names(&["The migration `20260101000000_init` failed."]),
        failed: names(&["20260101000000_init"]),
    };
    assert_snapshot!(reset_required(&one, &url()));
    let two = ResetRequired {
        reasons: names(&[
            "The migration `1_a` was modified after it was applied.",
            "Drift detected: …",
        ]),
        failed: Vec::new(),
    };
    assert_snapshot!(reset_required(&two, &url()));
}
