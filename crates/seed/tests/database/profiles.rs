//! The smaller profiles, the choice of domains, and where people are not made up.

use std::collections::BTreeSet;

use client::PrismaClient;
use client::prisma_client_rust::Client;
use postgres::testing::TestDatabase;
use seed::{DOMAINS, Domain, Error, Live, Options, Profile};

use super::{command, content_of, database, execute, monday, number, run, seeded};
use crate::block_on;

fn of(profile: Profile) -> Options {
    Options { profile, ..monday(1) }
}

fn live(orgs: &[&str], new_org: Option<&str>) -> Options {
    let orgs = orgs.iter().map(|org| (*org).to_owned()).collect();
    Options { live: Live { orgs, new_org: new_org.map(str::to_owned) }, ..of(Profile::Production) }
}

/// The tables that have rows.
fn filled(database: &TestDatabase) -> BTreeSet<String> {
    let tables = content_of(database).into_iter();
    tables.filter(|(_, (rows, _))| *rows > 0).map(|(table, _)| table).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn minimal_is_a_school_and_its_owner_and_again_nothing() {
    let database = database("seed_minimal");
    assert_eq!(seeded(&database, &of(Profile::Minimal)).made(), 3);
    assert_eq!(filled(&database), set(&["Org", "User", "UserOrg"]));
    let owns = r#"
        SELECT count(*) FROM "UserOrg" AS member
        JOIN "User" AS owner ON owner."id" = member."userId" JOIN "Org" AS org ON org."id" = member."orgId"
        WHERE member."role" = 'owner' AND owner."email" = 'owner@demo.com'"#;
    assert_eq!(number(&database, owns), 1);
    let before = content_of(&database);
    assert_eq!(seeded(&database, &Options { now: None, ..of(Profile::Minimal) }).made(), 0);
    assert_eq!(content_of(&database), before);
    // The demo completes that school, and is what it is without.
    seeded(&database, &monday(1));
    assert_eq!(number(&database, owns), 1);
    let demo = super::database("seed_demo_alone");
    seeded(&demo, &monday(1));
    assert_eq!(content_of(&database), content_of(&demo));
}

#[test]
fn minimal_makes_nothing_where_the_demo_is() {
    let database = database("seed_minimal_after");
    seeded(&database, &monday(1));
    let before = content_of(&database);
    let again = seeded(&database, &Options { now: None, ..of(Profile::Minimal) });
    assert!(
        again.to_text().ends_with("all 3 rows are there, nothing to do\n"),
        "{}",
        again.to_text()
    );
    assert_eq!(content_of(&database), before);
}

/// The name of a host that nobody has: whoever connected, or looked it up, would say so.
#[test]
fn the_refusal_of_another_machine_takes_no_connection() {
    let url = "postgresql://u:secret@db.invalid:5432/shop";
    let (code, _, error) = command(url, &[]);
    assert_eq!(code, Some(1));
    let said =
        "Error: the database `shop` is on db.invalid, not on this machine, and the profile demo ";
    assert!(error.starts_with(said), "{error}");
    assert!(
        error.contains("cargo xtask seed --profile production") && !error.contains("secret"),
        "{error}"
    );
    // Allowed, and of a profile that makes nobody up, it is tried.
    for arguments in [["--allow-remote", "shop"], ["--profile", "production"]] {
        let (code, _, error) = command(url, &arguments);
        assert_eq!(code, Some(1));
        assert!(
            error.starts_with("Error: P1001\n\n") && error.contains("cargo xtask doctor"),
            "{error}"
        );
    }
}

#[test]
fn a_live_system_without_a_school_gets_system_accounts_alone() {
    let database = database("seed_live_empty");
    assert_eq!(seeded(&database, &of(Profile::Production)).made(), 2);
    assert_eq!(filled(&database), set(&["User"]));
    let invalid =
        r#"SELECT count(*) FROM "User" WHERE "email" LIKE '%.invalid' AND "password" IS NULL"#;
    assert_eq!(number(&database, invalid), 2);
    let before = content_of(&database);
    assert_eq!(seeded(&database, &live(&[], None)).made(), 0);
    assert_eq!(content_of(&database), before);
}

const CATALOG: [&str; 5] =
    ["Service", "RateCard", "RateCardItem", "CancellationPolicy", "StateTransitionRule"];

#[test]
fn a_new_school_of_a_live_system_has_a_catalog_and_nobody_in_it() {
    let database = database("seed_live_new");
    let options = live(&[], Some("Harbour Driving School"));
    seeded(&database, &options);
    let mut expected = set(&CATALOG);
    expected.extend(set(&["User", "Org"]));
    assert_eq!(filled(&database), expected);
    let before = content_of(&database);
    // On another day too: rows that are there are not made again.
    let again = seeded(&database, &Options { now: None, ..options });
    assert_eq!(again.made(), 0, "{}", again.to_text());
    let rows: i64 = before.values().map(|(rows, _)| rows).sum();
    assert!(again.to_text().contains(&format!("all {rows} rows are there")), "{}", again.to_text());
    assert_eq!(content_of(&database), before);
}

/// Two schools: one has prices of its own, the other has nothing.
fn two_schools(label: &str) -> TestDatabase {
    let database = database(label);
    execute(
        &database,
        r#"INSERT INTO "Org" ("id", "name", "updatedAt") VALUES ('own', 'Own', now()), ('bare', 'Bare', now());
           INSERT INTO "RateCard" ("id", "orgId", "name", "isDefault", "updatedAt")
           VALUES ('card', 'own', 'Winter', true, now())"#,
    );
    database
}

#[test]
fn a_school_keeps_what_it_has_of_a_kind() {
    let database = two_schools("seed_live_own");
    seeded(&database, &of(Profile::Production));
    let of_org = |table: &str, org: &str| {
        number(&database, &format!(r#"SELECT count(*) FROM "{table}" WHERE "orgId" = '{org}'"#))
    };
    assert_eq!((of_org("RateCard", "own"), of_org("Service", "own")), (1, 0));
    assert_eq!((of_org("RateCard", "bare"), of_org("Service", "bare")), (1, 3));
    for org in ["own", "bare"] {
        assert_eq!((of_org("CancellationPolicy", org), of_org("StateTransitionRule", org)), (7, 9));
    }
    // What somebody deletes does not come back while the school has others of the kind.
    execute(&database, r#"DELETE FROM "CancellationPolicy" WHERE "hoursBeforeStart" = 2"#);
    assert_eq!(seeded(&database, &of(Profile::Production)).made(), 0);
}

#[test]
fn schools_are_named_by_id_or_name_and_others_are_left_alone() {
    let database = two_schools("seed_live_named");
    let before = content_of(&database);
    let error = block_on(run(&database, &live(&["Nowhere"], None))).expect_err("no such school");
    assert!(error.to_string().starts_with("there is no school with the id or the name `Nowhere`"));
    assert_eq!(content_of(&database), before);
    seeded(&database, &live(&["Bare"], None));
    let of_own = r#"SELECT count(*) FROM "CancellationPolicy" WHERE "orgId" = 'own'"#;
    assert_eq!(number(&database, of_own), 0);
    seeded(&database, &live(&["own"], None));
    assert_eq!(number(&database, of_own), 7);
    execute(&database, r#"UPDATE "Org" SET "name" = 'Same'"#);
    for options in [live(&["Same"], None), live(&[], Some("Same"))] {
        let error = block_on(run(&database, &options)).expect_err("two schools of a name");
        assert!(matches!(&error, Error::Org { ids, .. } if ids.len() == 2), "{error}");
    }
}

#[test]
fn chosen_domains_come_with_what_they_need_and_no_more() {
    let database = database("seed_only");
    let only = ["people", "catalog"].map(|name| name.parse::<Domain>().expect("known")).to_vec();
    seeded(&database, &Options { only, ..monday(1) });
    let mut expected = set(&CATALOG);
    expected.extend(set(&[
        "Org",
        "User",
        "UserOrg",
        "Instructor",
        "Student",
        "Guardian",
        "StudentGuardian",
    ]));
    assert_eq!(filled(&database), expected);
    // The rest, later, is the whole that one run makes.
    seeded(&database, &monday(1));
    let whole = super::database("seed_whole");
    seeded(&whole, &monday(1));
    assert_eq!(content_of(&database), content_of(&whole));
}

#[test]
fn every_domain_can_be_chosen_alone() {
    for domain in DOMAINS {
        let database = database("seed_alone");
        let made = seeded(&database, &Options { only: vec![*domain], ..monday(1) });
        assert!(made.made() > 0, "{domain:?}");
    }
}

/// A client of a server that nobody has to be at.
fn client_of(url: &str) -> PrismaClient {
    let pool = postgres::pool(&url.parse().expect("a URL"), None).expect("a pool");
    PrismaClient::from(Client::over(pool))
}

#[test]
fn people_are_made_up_on_this_machine_only_unless_the_database_is_named() {
    let urls = [
        "postgresql://u@db.example:5432/shop",
        "postgresql://u@10.0.0.7/shop",
        "postgresql://u@localhost.example/shop?schema=x",
    ];
    for client in urls.map(client_of) {
        for profile in [Profile::Demo, Profile::Minimal, Profile::Load] {
            for allowed in [None, Some("shops"), Some("")] {
                let error = seed::refuse_remote(&client, profile, allowed).expect_err("not here");
                let error = error.to_string();
                assert!(error.contains("--allow-remote shop\n"), "{error}");
            }
            assert!(seed::refuse_remote(&client, profile, Some("shop")).is_ok());
        }
        assert!(seed::refuse_remote(&client, Profile::Production, None).is_ok());
    }
    let local = [
        "postgresql://u@localhost/shop",
        "postgresql://u@127.0.0.1/shop",
        "postgresql://u@[::1]/shop",
        "postgresql://u@db.example/shop?host=/var/run/postgresql",
    ];
    for client in local.map(client_of) {
        assert!(seed::refuse_remote(&client, Profile::Demo, None).is_ok());
    }
}

#[test]
fn what_a_profile_has_no_use_for_is_refused() {
    let database = database("seed_useless");
    let url = database.url().expose();
    for (arguments, of) in [
        (["--profile", "production", "--only", "people"], "--only"),
        (["--profile", "demo", "--org", "x"], "--org"),
        (["--profile", "load", "--new-org", "x"], "--new-org"),
        (["--profile", "minimal", "--bookings", "5"], "--orgs, --bookings, --trip-points"),
    ] {
        let (code, _, error) = command(&url, &arguments);
        assert_eq!(code, Some(1), "{arguments:?}");
        assert!(error.starts_with(&format!("Error: `{of}` is of the profile ")), "{error}");
    }
    let (code, _, error) = command(&url, &["--only", "cars"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("there is no domain `cars`; there are: identity, people"), "{error}");
    assert!(filled(&database).is_empty());
}
