use std::time::Duration;

use super::*;
use crate::status::Conflicts;
use crate::{Document, TableName};

fn part(table: Option<&str>, state: State, seen: u64, total: Option<u64>) -> Progress {
    let table = table.map(|name| TableName { schema: "public".to_owned(), name: name.to_owned() });
    Progress {
        migration: "20261128101112_price".to_owned(),
        part: 1,
        parts: 2,
        table,
        state,
        seen,
        changed: seen / 2,
        total,
        rate: None,
        eta: None,
        workers: 0,
        error: None,
        started_at: None,
        updated_at: None,
        done_at: None,
    }
}

fn standing(phase: Phase) -> Standing {
    let document = Document {
        summary: vec!["type of \"RateCardItem\".\"price\": numeric to integer".to_owned()],
        old_writes: Some("old_writes_20261128101112".to_owned()),
        ..Document::default()
    };
    Standing {
        name: "20261128101112_price".to_owned(),
        document,
        phase,
        contracted_by: None,
        parts: vec![
            part(Some("RateCardItem"), State::Running, 430, Some(1_000)),
            part(None, State::Waiting, 0, None),
        ],
        old_write: Some(Duration::from_secs(200)),
        conflicts: Conflicts::default(),
    }
}

#[test]
fn a_rollout_that_is_being_filled() {
    let mut rollout = standing(Phase::Filling);
    rollout.parts[0].rate = Some(5_000.4);
    rollout.parts[0].eta = Some(Duration::from_secs(12));
    rollout.conflicts = Conflicts { count: 2, last: vec![r#"{"key": {"id": 5}}"#.to_owned()] };
    assert_eq!(
        status(&[rollout.clone()]),
        "20261128101112_price  filling, 43 %\n  \
         type of \"RateCardItem\".\"price\": numeric to integer\n  \
         \"RateCardItem\": running, 430 of about 1000 rows, 215 changed, 5000 rows/s, 12 s left\n  \
         quiet since 3 min: then an old release wrote\n  \
         2 conflicts, the last:\n    {\"key\": {\"id\": 5}}\n  \
         next: cargo xtask backfill run"
    );
    assert_eq!(
        in_short(&rollout),
        "20261128101112_price: filling, 43 %, 2 conflicts; next: cargo xtask backfill run"
    );
    assert!(conflicts_of(&rollout).ends_with("{\"key\": {\"id\": 5}}\n  … and 1 before them"));
    let value = value(&rollout);
    assert_eq!(value["percent"], 43);
    assert_eq!(value["conflicts"]["last"][0]["key"]["id"], 5);
}

#[test]
fn what_comes_next_is_told_of_every_phase() {
    let told = |phase| in_short(&standing(phase));
    assert!(
        told(Phase::Pending)
            .ends_with("not begun in this database; next: cargo xtask migrate deploy")
    );
    assert!(
        told(Phase::Ready).ends_with("next: cargo xtask migrate contract \"20261128101112_price\"")
    );
    let contracted = Standing {
        contracted_by: Some("20261201101112_price_contract".to_owned()),
        ..standing(Phase::Contracted)
    };
    assert_eq!(
        in_short(&contracted),
        "20261128101112_price: contracted by 20261201101112_price_contract"
    );
    assert!(status(&[]).contains("--zero-downtime"));
}

#[test]
fn one_remedy_is_told_once() {
    let obstacle = |what: &str| Obstacle {
        what: what.to_owned(),
        help: "cargo xtask backfill run".to_owned(),
    };
    let (message, help) = obstacles("a", &[obstacle("One."), obstacle("Two\nlines.")]);
    assert_eq!(message, "the rollout `a` cannot be contracted yet:\n- One.\n- Two\n  lines.");
    assert_eq!(help, "nothing was changed.\ncargo xtask backfill run");
}

/// Where nothing tells who writes, nobody waits for quiet.
#[test]
fn a_contract_waits_for_quiet_only_where_it_is_noticed() {
    let noticed = standing(Phase::Ready).document;
    let mirrored = Document { old_writes: None, ..noticed.clone() };
    assert!(contract_written("a", &noticed).contains("ten minutes of quiet"));
    assert!(contract_written("a", &mirrored).contains("waits for no quiet"));
    assert!(contracted("a", &noticed).contains("once they are filled and quiet:"));
    assert!(contracted("a", &mirrored).contains("once they are filled:"));
}

#[test]
fn what_is_begun_is_told_with_its_phases() {
    let document = Document {
        finish: vec![crate::Finish {
            kind: crate::FinishKind::Index,
            table: TableName { schema: "public".to_owned(), name: "T".to_owned() },
            name: "i".to_owned(),
            sql: String::new(),
        }],
        ..standing(Phase::Expanded).document
    };
    let contract =
        "ALTER TABLE \"public\".\"RateCardItem\" RENAME COLUMN \"price_next\" TO \"price\";";
    assert_eq!(
        begun("20261128101112_price", &document, contract),
        "The rollout `20261128101112_price` begins with it:\n  \
         type of \"RateCardItem\".\"price\": numeric to integer\n\n\
         On each database, while the release before runs on:\n\n  \
         1. deploy it                                     cargo xtask migrate deploy\n  \
         2. fill what is there                            cargo xtask backfill run\n  \
         3. deploy the new release; once no old one runs  cargo xtask migrate contract \"20261128101112_price\"\n\n\
         \"price\" of \"RateCardItem\" is what it was until the contract puts \"price_next\" in its place: by then only \
         releases may run that bear both. Without such a moment: give the field a new name.\n\n\
         How far it is: cargo xtask rollout status. To give it up: cargo xtask migrate abort \"20261128101112_price\""
    );
    assert!(!begun("a", &Document::default(), "").contains("backfill"));
    let renamed = Document { retires: vec!["view \"Pupil\"".to_owned()], ..Document::default() };
    assert!(begun("a", &renamed, "").contains("\"Pupil\" is a view until the contract"));
}
