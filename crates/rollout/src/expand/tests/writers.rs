//! What releases write while a rollout is open: each statement alone, as it is meant.

use std::time::Duration;

use super::stage::{Change, DIGITS, Stage};
use crate::expand::Plan;

const BEFORE: &str = r#"
    model Student {
      id Int @id
      fullName String
      nick String? @default("none")
      price Decimal @db.Decimal(10, 5)
      other Int @default(0)
      madeAt DateTime @default(now())
    }"#;
const AFTER: &str = r#"
    model Student {
      id Int @id
      full_name String
      nickName String? @default("none")
      cents Int
      other Int @default(0)
      made_at DateTime @default(now())
    }"#;

/// Four columns under new names, one of them in another unit.
pub(super) const RENAMED: Change<'static> = Change {
    before: BEFORE,
    by_hand: "",
    rows: "",
    after: AFTER,
    renames: &[
        "Student.fullName:full_name",
        "Student.nick:nickName",
        "Student.price:cents",
        "Student.madeAt:made_at",
    ],
    usings: &["Student.cents=ROUND(price * 100)"],
    checks: &[],
};

pub(super) async fn expanded(label: &str, change: Change<'_>) -> (Stage, Plan) {
    let stage = change.stage(label).await;
    let plan = change.plan(&stage).unwrap().unwrap();
    stage.db.batch_execute(change.rows).await.unwrap();
    stage.run(&plan.migration).await;
    (stage, plan)
}

impl Stage {
    /// When the old side was written last, as the rollout's sequence has it; nothing where it was not.
    pub(super) async fn old_write(&self) -> bool {
        let sql = format!("SELECT is_called FROM _driveflow.old_writes_{DIGITS}");
        self.db.query_one(sql.as_str(), &[]).await.unwrap().get(0)
    }

    pub(super) async fn forget_old_writes(&self) {
        self.run(&format!("ALTER SEQUENCE _driveflow.old_writes_{DIGITS} RESTART")).await;
    }

    pub(super) async fn conflicts(&self) -> Vec<String> {
        self.rows("SELECT key, old, new FROM _driveflow.conflicts ORDER BY at").await
    }
}

pub(super) const BOTH: &str = r#"SELECT "fullName", full_name, nick, "nickName", trim_scale(price) AS price, cents, "madeAt" = made_at AS at FROM "Student" ORDER BY id"#;

#[tokio::test]
async fn each_side_is_copied_to_the_other() {
    let (stage, plan) = expanded("copied", RENAMED).await;
    for (statement, row, is_old) in [
        // The old release.
        (
            r#"INSERT INTO "Student" (id, "fullName", price) VALUES (1, 'a', 1.5)"#,
            r#"{"fullName":"a","full_name":"a","nick":"none","nickName":"none","price":1.5,"cents":150,"at":true}"#,
            true,
        ),
        (
            r#"UPDATE "Student" SET nick = NULL, price = 2"#,
            r#"{"fullName":"a","full_name":"a","nick":null,"nickName":null,"price":2,"cents":200,"at":true}"#,
            true,
        ),
        (
            r#"INSERT INTO "Student" (id, "fullName", price) VALUES (1, 'b', 3) ON CONFLICT (id) DO UPDATE SET "fullName" = EXCLUDED."fullName""#,
            r#"{"fullName":"b","full_name":"b","nick":null,"nickName":null,"price":2,"cents":200,"at":true}"#,
            true,
        ),
        // Neither.
        (
            r#"UPDATE "Student" SET other = 5"#,
            r#"{"fullName":"b","full_name":"b","nick":null,"nickName":null,"price":2,"cents":200,"at":true}"#,
            false,
        ),
        // The new release.
        (
            r#"UPDATE "Student" SET full_name = 'c', "nickName" = 'd', cents = 7, made_at = '2020-01-01'"#,
            r#"{"fullName":"c","full_name":"c","nick":"d","nickName":"d","price":0.07,"cents":7,"at":true}"#,
            false,
        ),
        (
            r#"INSERT INTO "Student" (id, full_name, "nickName", cents) VALUES (1, 'x', 'x', 1) ON CONFLICT (id) DO UPDATE SET full_name = EXCLUDED.full_name, cents = "Student".cents + EXCLUDED.cents"#,
            r#"{"fullName":"x","full_name":"x","nick":"d","nickName":"d","price":0.08,"cents":8,"at":true}"#,
            false,
        ),
        (
            r#"INSERT INTO "Student" (id, full_name, "nickName", cents) VALUES (1, 'y', 'y', 1) ON CONFLICT DO NOTHING"#,
            r#"{"fullName":"x","full_name":"x","nick":"d","nickName":"d","price":0.08,"cents":8,"at":true}"#,
            false,
        ),
        // An explicit NULL, and what was left out.
        (
            r#"DELETE FROM "Student"; INSERT INTO "Student" (id, full_name, "nickName", cents) VALUES (2, 'n', NULL, 1)"#,
            r#"{"fullName":"n","full_name":"n","nick":null,"nickName":null,"price":0.01,"cents":1,"at":true}"#,
            false,
        ),
        (
            r#"DELETE FROM "Student"; INSERT INTO "Student" (id, full_name, cents, made_at) VALUES (3, 'n', 1, '2021-01-01')"#,
            r#"{"fullName":"n","full_name":"n","nick":"none","nickName":"none","price":0.01,"cents":1,"at":true}"#,
            false,
        ),
        (
            r#"DELETE FROM "Student"; INSERT INTO "Student" (id, "fullName", nick, price) VALUES (4, 'o', NULL, 1)"#,
            r#"{"fullName":"o","full_name":"o","nick":null,"nickName":null,"price":1,"cents":100,"at":true}"#,
            true,
        ),
        // Rounding has no way back: what the old side says is not changed by its echo.
        (
            r#"UPDATE "Student" SET price = 1.23456"#,
            r#"{"fullName":"o","full_name":"o","nick":null,"nickName":null,"price":1.23456,"cents":123,"at":true}"#,
            true,
        ),
        (
            r#"UPDATE "Student" SET full_name = 'p'"#,
            r#"{"fullName":"p","full_name":"p","nick":null,"nickName":null,"price":1.23456,"cents":123,"at":true}"#,
            false,
        ),
    ] {
        stage.forget_old_writes().await;
        stage.run(statement).await;
        assert_eq!(stage.rows(BOTH).await, [row], "{statement}\n{}", plan.migration);
        assert_eq!(stage.old_write().await, is_old, "{statement}");
    }
    assert_eq!(stage.conflicts().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_disagreement_is_written_down_and_the_new_side_wins() {
    let (stage, _) = expanded("conflicts", RENAMED).await;
    let insert = r#"INSERT INTO "Student" (id, "fullName", full_name, nick, "nickName", price) VALUES (1, 'a', 'b', 'c', 'c', 1)"#;
    stage.run(insert).await;
    stage
        .run(r#"UPDATE "Student" SET price = 5, cents = 600, "fullName" = 'z', full_name = 'z'"#)
        .await;
    assert_eq!(
        stage.rows(BOTH).await,
        [
            r#"{"fullName":"z","full_name":"z","nick":"c","nickName":"c","price":6,"cents":600,"at":true}"#
        ]
    );
    assert_eq!(
        stage.conflicts().await,
        [
            r#"{"key":{"id": 1},"old":{"fullName": "a"},"new":{"full_name": "b"}}"#,
            r#"{"key":{"id": 1},"old":{"price": 5.00000},"new":{"cents": 600}}"#,
        ]
    );
}

#[tokio::test]
async fn the_old_release_is_noticed_even_in_what_is_rolled_back_and_the_contract_waits() {
    let (stage, plan) = expanded("noticed", RENAMED).await;
    stage
        .run(r#"BEGIN; INSERT INTO "Student" (id, "fullName", price) VALUES (1, 'a', 1); ROLLBACK"#)
        .await;
    assert!(stage.old_write().await);
    let refused = stage.db.batch_execute(&plan.contract).await.unwrap_err();
    assert_eq!(refused.db().unwrap().code().code(), "55000");
    assert!(refused.to_string().contains("the old release wrote at"), "{refused}");
    stage.contract(&plan).await;
}

#[tokio::test]
async fn a_contract_waits_for_the_fill_and_for_what_is_built_after_it() {
    let change = Change {
        rows: r#"INSERT INTO "T" VALUES (1, 'a', NULL)"#,
        before: "model T {\n id Int @id\n a String\n b Int?\n}",
        after: "model T {\n id Int @id\n c String @unique\n b Int\n}",
        renames: &["T.a:c"],
        usings: &["T.b=7"],
        ..Change::default()
    };
    let (stage, plan) = expanded("waits", change).await;
    let refused = async |what: &str| {
        let error = stage.db.batch_execute(&plan.contract).await.unwrap_err();
        let db = error.db().unwrap();
        assert_eq!(db.code().code(), "55000");
        assert!(db.message().contains(what), "{error}");
        assert_eq!(db.hint(), Some("run it: cargo xtask backfill run"));
    };
    refused("not filled").await;
    stage.run(r#"UPDATE "T" SET c = a, b = 7"#).await;
    refused("the index \"T_c_key\"").await;
    stage.run(r#"CREATE UNIQUE INDEX CONCURRENTLY "T_c_key" ON "T" (c)"#).await;
    refused("the constraint \"rollout_").await;
    stage.fill_finish(&plan).await;
    stage.run(&plan.contract).await;
}

#[tokio::test]
async fn a_fill_calls_no_function() {
    let rows = r#"INSERT INTO "Student" (id, "fullName", price) SELECT i, 'a', i FROM generate_series(1, 500) AS i"#;
    let (stage, plan) = expanded("quiet_fill", Change { rows, ..RENAMED }).await;
    stage.run("SET track_functions = 'all'").await;
    stage.fill(&plan).await;
    stage.run(r#"UPDATE "Student" SET other = other + 1"#).await;
    stage.run(r#"UPDATE "Student" SET cents = cents + 1"#).await;
    // A session tells its counts late, and those of the fill not after these.
    let calls = "SELECT coalesce(sum(calls), 0)::bigint AS calls FROM pg_stat_user_functions";
    let mut counted = stage.rows(calls).await;
    for _ in 0..1_000 {
        if counted != [r#"{"calls":0}"#] {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        counted = stage.rows(calls).await;
    }
    assert_eq!(counted, [r#"{"calls":500}"#]);
}

#[tokio::test]
async fn what_goes_is_watched() {
    let change = Change {
        before: "enum E {\n a\n b\n}\nmodel T {\n id Int @id\n gone Int @default(1)\n e E @default(b)\n}\nmodel U {\n id Int @id\n}",
        after: "enum E {\n b\n}\nmodel T {\n id Int @id\n e E @default(b)\n}",
        usings: &["T.e=CASE e::text WHEN 'a' THEN 'b' ELSE e::text END"],
        ..Change::default()
    };
    let (stage, _) = expanded("watched", change).await;
    for (statement, is_old) in [
        (r#"INSERT INTO "T" (id) VALUES (1)"#, false),
        (r#"INSERT INTO "T" (id, gone) VALUES (2, 2)"#, true),
        (r#"UPDATE "T" SET gone = 3"#, true),
        (r#"UPDATE "T" SET gone = gone, e = 'b'"#, false),
        (r#"UPDATE "T" SET e = 'a' WHERE id = 1"#, true),
        (r#"INSERT INTO "T" (id, e) VALUES (5, 'b')"#, false),
        (r#"SELECT * FROM "U""#, false),
        (r#"INSERT INTO "U" VALUES (1)"#, true),
        (r#"DELETE FROM "U""#, true),
        (r#"TRUNCATE "U""#, true),
    ] {
        stage.forget_old_writes().await;
        stage.run(statement).await;
        assert_eq!(stage.old_write().await, is_old, "{statement}");
    }
}

/// Equal is not the same: what `=` does not tell apart is copied too.
#[tokio::test]
async fn what_is_only_equal_is_copied() {
    let fields = |end: &str| {
        format!(
            "model T {{\n id Int @id\n c{end} String? @db.Citext\n j{end} Json? @db.Json\n b{end} Json?\n x{end} String? @db.Xml\n \
             h{end} String? @db.Char(4)\n n{end} Decimal? @db.Decimal(30, 3)\n l{end} Json[] @db.Json\n y{end} Bytes?\n d{end} Float?\n}}"
        )
    };
    let (before, after) = (fields(""), fields("2"));
    let names = ["c", "j", "b", "x", "h", "n", "l", "y", "d"];
    let renames: Vec<String> = names.iter().map(|name| format!("T.{name}:{name}2")).collect();
    let renames: Vec<&str> = renames.iter().map(String::as_str).collect();
    let change = Change { before: &before, after: &after, renames: &renames, ..Change::default() };
    let (stage, plan) = expanded("equal", change).await;
    stage.run(r#"INSERT INTO "T" (id) VALUES (1)"#).await;
    for (column, values) in [
        ("c", ["'a'", "'A'", "'a '"]),
        ("j", ["'{\"a\": 1}'", "'{\"a\":1}'", "'{\"a\":1,\"a\":2}'"]),
        ("b", ["'{\"a\": 1}'", "'[1.0]'", "'[1.00]'"]),
        ("x", ["'<a/>'", "'<a></a>'", "'<a> </a>'"]),
        ("h", ["'a'", "'a b'", "''"]),
        ("n", ["1", "-0.001", "NULL"]),
        ("l", ["ARRAY['1']::json[]", "ARRAY['1.0']::json[]", "'{}'"]),
        ("y", ["'\\x00'", "''", "NULL"]),
        ("d", ["'NaN'", "'-0'", "1e300"]),
    ] {
        for (number, value) in (0..).zip(values) {
            let side = if number % 2 == 0 { String::new() } else { "2".to_owned() };
            stage.run(&format!(r#"UPDATE "T" SET {column}{side} = {value}"#)).await;
            let is = format!(
                r#"SELECT {column}::text IS NOT DISTINCT FROM {column}2::text AS "is", coalesce({column}::text = ({value})::text, true) OR '{column}' IN ('h', 'n', 'd', 'b', 'l', 'y') AS "kept" FROM "T""#
            );
            assert_eq!(
                stage.rows(&is).await,
                [r#"{"is":true,"kept":true}"#],
                "{column}{side} = {value}"
            );
        }
    }
    stage.fill(&plan).await;
    stage.contract(&plan).await;
}

/// A value that happens to be the default is a value, where the other side's default is another.
#[tokio::test]
async fn defaults_that_are_not_one_another_are_no_sign() {
    let change = Change {
        before: "model T {\n id Int @id\n price Decimal @default(5) @db.Decimal(10, 2)\n gone String\n}",
        after: "model T {\n id Int @id\n cents Int @default(5)\n}",
        renames: &["T.price:cents"],
        usings: &["T.cents=round(price * 100)", "T.gone='was ' || id"],
        ..Change::default()
    };
    let (stage, plan) = expanded("defaults", change).await;
    for (statement, row, is_old) in [
        (
            r#"INSERT INTO "T" (id, cents) VALUES (1, 5)"#,
            r#"{"id":1,"price":0.05,"cents":5,"gone":"was 1"}"#,
            false,
        ),
        (
            r#"INSERT INTO "T" (id, price, gone) VALUES (1, 5, 'x')"#,
            r#"{"id":1,"price":5.00,"cents":500,"gone":"x"}"#,
            true,
        ),
        (
            r#"INSERT INTO "T" (id) VALUES (1)"#,
            r#"{"id":1,"price":5.00,"cents":500,"gone":"was 1"}"#,
            false,
        ),
    ] {
        stage.run("TRUNCATE \"T\"").await;
        stage.forget_old_writes().await;
        stage.run(statement).await;
        let rows = stage.rows(r#"SELECT id, price, cents, gone FROM "T""#).await;
        assert_eq!(rows, [row], "{statement}");
        assert_eq!(stage.old_write().await, is_old, "{statement}");
    }
    stage.fill(&plan).await;
    stage.contract(&plan).await;
}
