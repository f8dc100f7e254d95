//! Histories of all kinds.

use super::*;
use crate::checksum;

fn folder(names: &[&str]) -> Folder {
    let migrations = names
        .iter()
        .map(|name| Migration { name: (*name).to_owned(), script: script(name) })
        .collect();
    Folder::of("migrations", migrations)
}

fn script(name: &str) -> String {
    format!("-- {name}\n")
}

fn row(name: &str, state: State) -> Row {
    Row {
        id: String::new(),
        name: name.to_owned(),
        checksum: checksum::of(&script(name)),
        state,
        started_at: Some("then".to_owned()),
        logs: None,
    }
}

fn edited(name: &str, state: State) -> Row {
    Row { checksum: checksum::of("something else"), ..row(name, state) }
}

use State::{Applied, Failed as HasFailed, RolledBack};

#[test]
fn a_database_without_history_has_everything_before_it() {
    let diagnosis = diagnose(&folder(&["1_a", "2_b"]), None);
    assert!(!diagnosis.has_history);
    assert_eq!(diagnosis.pending, ["1_a", "2_b"]);
    assert_eq!(diagnosis.relation(), Relation::DatabaseBehind);
    assert_eq!(diagnose(&folder(&[]), None), Diagnosis::default());
}

#[test]
fn the_same_is_the_same() {
    let diagnosis =
        diagnose(&folder(&["1_a", "2_b"]), Some(&[row("1_a", Applied), row("2_b", Applied)]));
    let expected = Diagnosis {
        has_history: true,
        applied: vec!["1_a".to_owned(), "2_b".to_owned()],
        ..Diagnosis::default()
    };
    assert_eq!(diagnosis, expected);
    assert_eq!(diagnosis.relation(), Relation::Same);
}

#[test]
fn pending_may_be_in_the_middle() {
    let folder = folder(&["1_a", "2_b", "3_c"]);
    let diagnosis = diagnose(&folder, Some(&[row("1_a", Applied), row("3_c", Applied)]));
    assert_eq!(diagnosis.pending, ["2_b"]);
    assert_eq!(diagnosis.last_common, None, "nothing diverges");
    assert_eq!(pending(&folder, &diagnosis)[0].script, script("2_b"));
}

#[test]
fn missing_is_told_once_and_in_the_order_of_history() {
    let history =
        [row("9_z", Applied), row("1_a", Applied), row("5_m", HasFailed), row("5_m", Applied)];
    let diagnosis = diagnose(&folder(&["1_a"]), Some(&history));
    assert_eq!(diagnosis.missing, ["9_z", "5_m"]);
    assert_eq!(diagnosis.relation(), Relation::FolderBehind);
}

#[test]
fn diverged_names_the_last_common_migration() {
    let history = [row("1_a", Applied), row("2_b", Applied), row("3_x", Applied)];
    let diagnosis = diagnose(&folder(&["1_a", "2_b", "3_c", "4_d"]), Some(&history));
    assert_eq!(diagnosis.relation(), Relation::Diverged);
    assert_eq!(
        (diagnosis.pending, diagnosis.missing),
        (vec!["3_c".into(), "4_d".into()], vec!["3_x".into()])
    );
    assert_eq!(diagnosis.last_common.as_deref(), Some("2_b"));

    let diagnosis = diagnose(&folder(&["0_a"]), Some(&history));
    assert_eq!((diagnosis.relation(), diagnosis.last_common), (Relation::Diverged, None));
}

#[test]
fn an_edit_is_a_difference_to_every_attempt_that_counts() {
    let one = folder(&["1_a"]);
    assert_eq!(diagnose(&one, Some(&[edited("1_a", Applied)])).edited, ["1_a"]);
    assert_eq!(diagnose(&one, Some(&[edited("1_a", HasFailed)])).edited, ["1_a"]);
    // It failed, was rolled back, mended and applied.
    let mended = [edited("1_a", RolledBack), row("1_a", Applied)];
    assert!(diagnose(&one, Some(&mended)).edited.is_empty());
}

#[test]
fn failed_attempts_are_neither_applied_nor_pending() {
    let diagnosis = diagnose(&folder(&["1_a"]), Some(&[row("1_a", HasFailed)]));
    assert_eq!(diagnosis.failed.len(), 1);
    assert_eq!(
        (diagnosis.failed[0].name.as_str(), diagnosis.failed[0].started_at.as_str()),
        ("1_a", "then")
    );
    assert!(diagnosis.applied.is_empty() && diagnosis.pending.is_empty());
}

#[test]
fn what_was_rolled_back_never_happened() {
    let history = [row("1_a", RolledBack), row("2_gone", RolledBack)];
    let diagnosis = diagnose(&folder(&["1_a"]), Some(&history));
    assert_eq!(diagnosis.pending, ["1_a"]);
    assert!(diagnosis.missing.is_empty());
}
