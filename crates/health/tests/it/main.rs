//! The checks on real databases, each provoked for real and mended again; and the command.

mod backfills;
mod command;
mod guide;
mod indexes;
mod own;
mod sessions;
mod settings;
mod storage;

use health::{Finding, Report, Settings, State};
use postgres::testing::{TestDatabase, block_on, migrations};

/// DriveFlow's schema with a school in it, and bookings of now and of long ago.
fn database(label: &str) -> TestDatabase {
    let script = format!("{}{}", migrations(), include_str!("school.sql"));
    TestDatabase::from_sql(label, &script)
}

async fn check(url: &str) -> Report {
    health::check(&health::connect(Some(url.to_owned())).await, &Settings::default()).await
}

fn check_after(database: &TestDatabase, script: &str) -> Report {
    block_on(async {
        database.connect().await.batch_execute(script).await.expect("the script runs");
        check(&database.url().expose()).await
    })
}

/// What one check finds, with the limits of a `health.toml`.
async fn finding(database: &TestDatabase, id: &str, settings: &str) -> Finding {
    let settings = Settings::read(settings).expect("the settings are right");
    let connection = health::connect(Some(database.url().expose())).await;
    let report = health::check(&connection, &settings).await;
    let outcome = report.outcomes.into_iter().find(|outcome| outcome.id == id).expect("the check");
    outcome.result.expect("the check runs")
}

/// Whether a finding names a subject.
fn names(finding: &Finding, subject: &str) -> bool {
    finding.state > State::Ok && finding.message.lines().any(|line| line.starts_with(subject))
}
