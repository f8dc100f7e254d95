//! Whatever is seeded keeps every rule: each profile, loads of several sizes, and each domain by itself.

use postgres::testing::{TestDatabase, block_on, migrations};
use seed::{DOMAINS, Live, Options, Profile, Size};

use crate::testing::client;
use crate::validate_migration;

fn options(profile: Profile) -> Options {
    let now = Some("2026-11-25T03:20:00Z".parse().expect("a time"));
    Options { profile, now, ..Options::default() }
}

/// Seeds one after the other into one database, and checks every rule after each.
fn assert_clean_after_each(label: &str, all: &[Options]) {
    let database = TestDatabase::from_sql(label, &migrations());
    block_on(async {
        let client = client(database.url()).await;
        for options in all {
            let summary = seed::seed(&client, options).await.expect("it is seeded");
            assert!(summary.made() > 0, "{options:?}");
            let report = validate_migration(&client).await;
            assert!(report.is_clean(), "{options:?}\n{}", report.to_text());
        }
    });
}

#[test]
fn a_live_system_and_a_school_with_an_owner_keep_every_rule() {
    let live = Live { new_org: Some("Harbour Driving School".to_owned()), ..Live::default() };
    assert_clean_after_each(
        "profiles_small",
        &[
            options(Profile::Production),
            options(Profile::Minimal),
            Options { live, ..options(Profile::Production) },
        ],
    );
}

#[test]
fn a_load_keeps_every_rule() {
    let load = |seed, orgs, bookings, trip_points| {
        let size = Size { orgs, bookings, trip_points, ..Size::default() };
        Options { seed, size, ..options(Profile::Load) }
    };
    // Among them: nothing but schools, one booking, few readings, one a second, more than one team in a school.
    let sizes = [
        load(1, 2, 0, 0),
        load(1, 1, 1, 0),
        load(1, 2, 400, 300),
        load(2, 1, 60, 100_000),
        load(3, 2, 2_600, 20_000),
    ];
    assert_clean_after_each("profiles_load", &sizes);
}

#[test]
fn every_domain_keeps_every_rule_by_itself() {
    for domain in DOMAINS {
        let only = Options { only: vec![*domain], ..options(Profile::Demo) };
        assert_clean_after_each(domain.name, &[only]);
    }
}
