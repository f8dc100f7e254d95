//! The whole of it on a seeded database: clean data is clean, every relation is watched, and no rule hides another.

mod profiles;

use std::collections::BTreeSet;

use client::MODELS;
use client::prisma_client_rust::Raw;
use client::prisma_client_rust::model::{Descriptor, Link};
use postgres::testing::block_on;
use serde_json::Value;

use crate::testing::{broken, client, demo};
use crate::{Kind, Options, Reach, Rule, check, rules, validate_migration};

#[test]
fn the_demo_school_keeps_every_rule() {
    let database = demo("clean");
    let report = block_on(async { validate_migration(&client(database.url()).await).await });
    assert!(report.is_clean(), "{}", report.to_text());
    assert!(report.outcomes.len() > 70, "{} rules are too few", report.outcomes.len());
}

/// Schools of other seeds and days, a weekend and both changes of the clock among them, side by side in one database.
#[test]
fn schools_of_any_seed_and_day_keep_every_rule() {
    let database = demo("seeds");
    let report = block_on(async {
        let client = client(database.url()).await;
        let days = ["2026-11-22", "2026-11-25", "2026-10-06", "2026-04-07", "2027-01-01"];
        for (seed, day) in (2..).zip(days) {
            let now = Some(format!("{day}T03:20:00Z").parse().expect("a time"));
            let summary =
                seed::seed(&client, &seed::Options { seed, now, ..Default::default() }).await;
            assert!(summary.expect("a school is seeded").made() > 5_000);
        }
        validate_migration(&client).await
    });
    assert!(report.is_clean(), "{}", report.to_text());
}

#[test]
fn rules_have_names_of_their_own() {
    let rules = rules();
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule.id.as_ref()).collect();
    assert_eq!(names.len(), rules.len());
}

/// Breaks one foreign key after the other, each in a transaction that is rolled back.
#[test]
fn an_orphan_of_any_relation_is_caught_by_its_rule() {
    let database = demo("orphans");
    block_on(async {
        let connection = database.connect().await;
        connection
            .batch_execute(include_str!("tests/without_keys.sql"))
            .await
            .expect("no key is in the way");
        let orphans: Vec<Rule> =
            rules().into_iter().filter(|rule| rule.kind == Kind::Orphan).collect();
        let keys: Vec<(&Descriptor, u16)> = MODELS.iter().copied().flat_map(foreign_keys).collect();
        assert_eq!(orphans.len(), keys.len());
        for (rule, (model, column)) in orphans.iter().zip(keys) {
            let (table, column) = (model.table, model.columns[usize::from(column)].name);
            let script = format!(
                r#"BEGIN;
                   UPDATE "{table}" SET "{column}" = 'nowhere'
                   WHERE "id" = (SELECT "id" FROM "{table}" ORDER BY "id" LIMIT 1)"#
            );
            connection.batch_execute(&script).await.expect("a key is broken");
            let found = connection.query(&rule.query, &[]).await.expect("the rule can be checked");
            connection.batch_execute("ROLLBACK").await.expect("the key is mended");
            assert_eq!(found.len(), 1, "{} found {} rows", rule.id, found.len());
        }
    });
}

fn foreign_keys(model: &'static Descriptor) -> impl Iterator<Item = (&'static Descriptor, u16)> {
    model.relations.iter().filter_map(move |relation| match relation.link {
        Link::Keys { from, holds_key: true, .. } => Some((model, from[0])),
        _ => None,
    })
}

/// Gives one row after the other to a second school, each in a transaction that is rolled back.
#[test]
fn a_row_of_another_school_is_caught_by_the_rule_of_any_relation() {
    let database = demo("tenants");
    block_on(async {
        let connection = database.connect().await;
        connection.batch_execute(SECOND_SCHOOL).await.expect("a second school");
        let mut checked = 0;
        for rule in rules().into_iter().filter(|rule| rule.kind == Kind::Tenant) {
            // `tenant-rate-card-item-…` is about a model without a school: a test of its own breaks it.
            let model = MODELS
                .iter()
                .find(|model| rule.meaning.starts_with(&format!("A {} and its ", model.name)));
            let Some(model) = model else { continue };
            let script = format!(
                r#"BEGIN;
                   UPDATE "{table}" SET "orgId" = 'second'
                   WHERE "id" = (SELECT "id" FROM "{table}" ORDER BY "id" LIMIT 1)"#,
                table = model.table
            );
            connection.batch_execute(&script).await.expect("a row changes schools");
            let found = connection.query(&rule.query, &[]).await.expect("the rule can be checked");
            connection.batch_execute("ROLLBACK").await.expect("the row is back");
            assert_eq!(found.len(), 1, "{} found {} rows", rule.id, found.len());
            checked += 1;
        }
        assert!(checked > 10, "{checked} rules are too few");
    });
}

#[test]
fn an_orphan_is_caught_by_its_rule_alone() {
    let database = demo("orphan");
    let report = block_on(async {
        let connection = database.connect().await;
        connection
            .batch_execute(
                r#"ALTER TABLE "Message" DROP CONSTRAINT "Message_orgId_fkey";
                   UPDATE "Message" SET "orgId" = 'nowhere'"#,
            )
            .await
            .expect("the messages are orphans");
        validate_migration(&client(database.url()).await).await
    });
    assert_eq!(broken(&report), ["orphan-message-org"], "{}", report.to_text());
    let findings =
        report.broken().next().and_then(|outcome| outcome.result.clone().ok()).expect("findings");
    assert!(findings.count > 5 && findings.ids.len() == 5, "{findings:?}");
}

#[test]
fn rows_of_two_schools_are_caught() {
    let second = |statement: &str| format!("{SECOND_SCHOOL}; {statement}");
    let cases = [
        (r#"UPDATE "Payment" SET "orgId" = 'second'"#, vec!["tenant-payment-booking"]),
        (
            r#"UPDATE "Service" SET "orgId" = 'second' WHERE "durationMin" = 600"#,
            vec!["tenant-rate-card-item-rate-card-service"],
        ),
    ];
    for (statement, expected) in cases {
        let database = demo("tenant");
        let report = block_on(async {
            database
                .connect()
                .await
                .batch_execute(&second(statement))
                .await
                .expect("the tenants are mixed up");
            validate_migration(&client(database.url()).await).await
        });
        assert_eq!(broken(&report), expected, "{}", report.to_text());
    }
}

const SECOND_SCHOOL: &str =
    r#"INSERT INTO "Org" ("id", "name", "updatedAt") VALUES ('second', 'Second', now())"#;

#[test]
fn a_table_that_is_missing_hides_nothing_else() {
    let database = demo("missing");
    let report = block_on(async {
        let connection = database.connect().await;
        connection
            .batch_execute(r#"DROP TABLE "Payout"; UPDATE "Lesson" SET "rating" = 9"#)
            .await
            .expect("a table is dropped");
        validate_migration(&client(database.url()).await).await
    });
    let mut broken = broken(&report);
    broken.sort_unstable();
    let expected = [
        "duplicate-payout-id",
        "duplicate-payout-stripe-transfer-id",
        "lesson-rating",
        "null-payout",
        "orphan-payout-booking",
        "orphan-payout-instructor",
        "orphan-payout-org",
        "payouts-within-share",
        "tenant-payout-booking",
        "tenant-payout-instructor",
    ];
    assert_eq!(broken, expected, "{}", report.to_text());
    let unchecked = report.broken().filter(|outcome| outcome.result.is_err()).count();
    assert_eq!(unchecked, expected.len() - 1);
}

/// What is wrong in one school, or was before a moment, is not told to who asks for another, or for what came since.
#[test]
fn a_reach_leaves_out_what_is_not_in_it() {
    let database = demo("reach");
    block_on(async {
        let break_it = format!(
            r#"{SECOND_SCHOOL};
               INSERT INTO "RateCard" ("id", "orgId", "name", "isDefault", "updatedAt")
               VALUES ('one', 'second', 'One', true, now()), ('two', 'second', 'Two', true, now() - interval '9 days');
               UPDATE "TripPoint" SET "speedKph" = 300 WHERE "id" = (SELECT min("id") FROM "TripPoint")"#
        );
        database
            .connect()
            .await
            .batch_execute(&break_it)
            .await
            .expect("two schools have their faults");
        let client = client(database.url()).await;
        let org = client.org().find_first(vec![client::org::name::not("Second")]).await;
        let demo = org.expect("a query").expect("the demo school").id;
        let found = async |reach: Reach| {
            let options = Options { reach, ..Options::default() };
            let report = check(&client, rules(), &options, &|_, _, _| ()).await;
            report.broken().map(|outcome| outcome.rule.id.to_string()).collect::<Vec<String>>()
        };
        let of = |org: &str| Reach { org: Some(org.to_owned()), since: None };
        assert_eq!(found(Reach::default()).await, ["one-default-rate-card", "trip-point-speed"]);
        assert_eq!(found(of(&demo)).await, ["trip-point-speed"]);
        assert_eq!(found(of("second")).await, ["one-default-rate-card"]);
        assert!(found(of("nobody' OR true --")).await.is_empty());
        // The row that is told is the later of the two; the reading is of the demo's time.
        let later = chrono::Utc::now() - chrono::Duration::days(1);
        let since = Reach { org: None, since: Some(later) };
        assert!(!found(since).await.contains(&"trip-point-speed".to_owned()));
    });
}

/// On tables of ten million rows each rule is a few passes and joins by hash, by merge or by an index: nowhere is a table
/// read again for each row of another.
#[test]
fn no_rule_reads_a_table_for_each_row_of_another() {
    let database = demo("plans");
    block_on(async {
        let connection = database.connect().await;
        connection.batch_execute("ANALYZE").await.expect("statistics");
        // The planner takes the size of the file as it is, and how full a page is from here.
        let pretend = "UPDATE pg_class SET reltuples = 1e7 / greatest(pg_relation_size(oid) / 8192, 1), relpages = 1 \
                       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
        connection.batch_execute(pretend).await.expect("large tables");
        let client = client(database.url()).await;
        let mut largest = 0.0_f64;
        for rule in rules() {
            let plan = format!("EXPLAIN (FORMAT JSON) {}", rule.query);
            let rows: Vec<Value> =
                client._query_raw(Raw::new(&plan, vec![])).exec().await.expect("a plan");
            let plan = &rows[0]["QUERY PLAN"];
            largest = largest.max(rows_of(&plan[0]["Plan"]));
            let whole = read_whole(&plan[0]["Plan"], false);
            assert!(whole.is_none(), "{}: {whole:?} is read again and again\n{plan:#}", rule.id);
        }
        assert!(largest > 5e6, "the planner took the tables for smaller: {largest} rows");
    });
}

/// The most rows that a step of a plan is thought to give.
fn rows_of(plan: &Value) -> f64 {
    let below = plan["Plans"].as_array().into_iter().flatten().map(rows_of);
    below.fold(plan["Plan Rows"].as_f64().unwrap_or_default(), f64::max)
}

/// The table that is read whole inside a loop.
fn read_whole(plan: &Value, in_loop: bool) -> Option<String> {
    let node = plan["Node Type"].as_str().unwrap_or_default();
    // The catalog is small, and asked once.
    if in_loop && node == "Seq Scan" {
        let table = plan["Relation Name"].as_str().filter(|table| !table.starts_with("pg_"));
        return table.map(str::to_owned);
    }
    let children = plan["Plans"].as_array()?;
    children.iter().find_map(|child| {
        let relationship = child["Parent Relationship"].as_str().unwrap_or_default();
        let inner = node == "Nested Loop" && relationship == "Inner" || relationship == "SubPlan";
        read_whole(child, in_loop || inner)
    })
}

/// What the constraints of the database forbid is there once they are gone, and each is caught by its rule alone.
#[test]
fn what_no_constraint_forbids_any_more_is_caught() {
    let cases = [
        (
            r#"ALTER TABLE "Booking" ALTER "currency" DROP NOT NULL; UPDATE "Booking" SET "currency" = NULL
               WHERE "id" = (SELECT min("id") FROM "Booking")"#,
            "null-booking",
        ),
        (
            r#"DROP INDEX "User_email_key"; UPDATE "User" SET "email" = (SELECT min("email") FROM "User")"#,
            "duplicate-user-email",
        ),
        (
            r#"DROP INDEX "Service_orgId_name_key"; INSERT INTO "Service" ("id", "orgId", "name", "durationMin", "updatedAt")
               SELECT 'again', "orgId", "name", 60, now() FROM "Service" LIMIT 1"#,
            "duplicate-service-org-id-name",
        ),
        (
            r#"ALTER TYPE "MessageStatus" ADD VALUE 'lost'; COMMIT; UPDATE "Message" SET "status" = 'lost'
               WHERE "id" = (SELECT min("id") FROM "Message")"#,
            "value-message-status",
        ),
        (
            r#"DROP INDEX "Message_orgId_channel_status_idx"; ALTER TABLE "Message" ALTER "channel" TYPE text;
               UPDATE "Message" SET "channel" = 'pigeon' WHERE "id" = (SELECT min("id") FROM "Message")"#,
            "value-message-channel",
        ),
    ];
    for (statements, id) in cases {
        let database = demo("forbidden");
        let report = block_on(async {
            let connection = database.connect().await;
            for statement in statements.split("COMMIT;") {
                connection.batch_execute(statement).await.expect("the data break");
            }
            validate_migration(&client(database.url()).await).await
        });
        assert_eq!(broken(&report), [id], "{}", report.to_text());
    }
}

/// A rule whose constraint is there reads nothing: the plan stops before the table.
#[test]
fn what_the_database_guarantees_is_not_read() {
    let database = demo("guaranteed");
    block_on(async {
        let client = client(database.url()).await;
        let derived = [Kind::Null, Kind::Duplicate, Kind::Value];
        for rule in rules().into_iter().filter(|rule| derived.contains(&rule.kind)) {
            let plan = format!("EXPLAIN (ANALYZE, TIMING off, SUMMARY off) {}", rule.query);
            let rows: Vec<Value> =
                client._query_raw(Raw::new(&plan, vec![])).exec().await.expect("a plan");
            let lines: Vec<&str> =
                rows.iter().filter_map(|row| row["QUERY PLAN"].as_str()).collect();
            let scan = |line: &&&str| {
                line.contains(&format!("on \"{}\"", rule.model)) && line.contains("Scan")
            };
            let scans: Vec<&&str> = lines.iter().filter(scan).collect();
            // Since 17 a null of a column that has none is not even planned for.
            let is_planned = !scans.is_empty()
                || lines.iter().any(|line| line.contains("One-Time Filter: false"));
            assert!(
                is_planned && scans.iter().all(|line| line.contains("(never executed)")),
                "{}\n{}",
                rule.id,
                lines.join("\n")
            );
        }
    });
}

/// The schema has no key of an integer: a table of its own stands for those that have.
#[test]
fn keys_that_run_out_are_told() {
    use client::prisma_client_rust::model::{Column, Kind as Type};

    static COUNTED: Descriptor = Descriptor {
        name: "Counted",
        table: "Counted",
        schema: None,
        columns: &[Column::new("id", Type::Int4), Column::new("small", Type::Int2)],
        relations: &[],
        id: &[0],
        uniques: &[&[0]],
        fetched: |_| Ok(None),
    };
    let rules: Vec<Rule> = crate::schema_rules::rules(&[&COUNTED]);
    let range: Vec<&Rule> = rules.iter().filter(|rule| rule.kind == Kind::Range).collect();
    assert_eq!(range.iter().map(|rule| rule.id.as_ref()).collect::<Vec<_>>(), ["range-counted-id"]);
    let script = r#"CREATE TABLE "Counted" ("id" int PRIMARY KEY, "small" int2 NOT NULL);
                    INSERT INTO "Counted" VALUES (1900000000, 1), (1940000000, 1)"#;
    let database = postgres::testing::TestDatabase::from_sql("range", script);
    block_on(async {
        let rows = database
            .connect()
            .await
            .query(&range[0].query, &[])
            .await
            .expect("the rule can be checked");
        assert_eq!(
            rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(),
            ["1940000000"]
        );
    });
}
