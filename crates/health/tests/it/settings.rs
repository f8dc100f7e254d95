//! `prisma/health.toml`, which shows every limit, shows those that are built in; what it says beside them is DriveFlow's.

use health::{Settings, State};
use postgres::testing::block_on;

use crate::database;

const FILE: &str = include_str!("../../../../prisma/health.toml");

#[test]
fn the_file_of_the_project_begins_with_what_is_built_in() {
    let built_in = Settings::built_in();
    assert!(
        FILE.starts_with(&built_in),
        "write what is built in into prisma/health.toml:\n{built_in}"
    );
    Settings::read(FILE).expect("it can be read");
}

/// Nothing is to be done about a database that was just made: whoever gates on warnings gets through.
#[test]
fn a_fresh_database_passes_the_strictest_gate_by_the_file_of_the_project_alone() {
    let database = database("fresh");
    let check = |settings: Settings| {
        block_on(async {
            let connection = health::connect(Some(database.url().expose())).await;
            let report = health::check(&connection, &settings).await;
            // Other tests have sessions, slots and shadows on this server: not what is asked.
            let of_server =
                ["connections", "replication_slots", "left_overs", "xmin_holders", "wraparound"];
            let outcomes = report.outcomes.into_iter();
            let outcomes = outcomes.filter(|outcome| !of_server.contains(&outcome.id)).collect();
            health::Report { outcomes }
        })
    };
    let report = check(Settings::read(FILE).expect("it can be read"));
    assert!(report.passes(State::Warn), "{}", report.to_text());
    assert!(
        report.to_text().contains("excepted in health.toml: \"RefreshToken_jti_idx\"\n"),
        "{}",
        report.to_text()
    );
    let report = check(Settings::default());
    assert!(!report.passes(State::Warn), "the exception is for nothing:\n{}", report.to_text());
}
