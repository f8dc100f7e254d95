//! What else a database has: settings of sessions, roles, other triggers, partitions, policies, keys that cascade.

use super::stage::Change;
use super::writers::{BOTH, RENAMED, expanded};

#[tokio::test]
async fn no_setting_of_a_session_makes_a_difference() {
    let change = Change {
        before: r"
            model T {
              id Int @id
              at DateTime
              day DateTime @db.Date
            }",
        after: r"
            model T {
              id Int @id
              instant DateTime @db.Timestamptz(3)
              dayText String
            }",
        renames: &["T.at:instant", "T.day:dayText"],
        usings: &[
            "T.instant=at AT TIME ZONE 'Australia/Sydney'",
            "T.dayText=day::text",
            "T.day=\"dayText\"::date",
        ],
        ..Change::default()
    };
    let (stage, plan) = expanded("settings", change).await;
    stage.run("SET TimeZone = 'America/New_York'; SET DateStyle = 'SQL, DMY'; SET search_path = pg_temp").await;
    stage.run(r#"INSERT INTO public."T" (id, at, day) VALUES (1, '2026-01-02 03:04:05', '01/02/2026')"#).await;
    stage.run(r#"INSERT INTO public."T" (id, instant, "dayText") VALUES (2, '2026-01-02 03:04:05Z', '2026-02-01')"#).await;
    stage.run("SET session_replication_role = replica").await;
    stage.run(r#"INSERT INTO public."T" (id, at, day) VALUES (3, '2026-01-02 03:04:05', '01/02/2026')"#).await;
    stage.run("RESET ALL; SET TimeZone = 'UTC'").await;
    assert_eq!(
        stage.rows(r#"SELECT id, at, instant, day, "dayText" FROM "T" ORDER BY id"#).await,
        [
            r#"{"id":1,"at":"2026-01-02T03:04:05","instant":"2026-01-01T16:04:05+00:00","day":"2026-02-01","dayText":"2026-02-01"}"#,
            r#"{"id":2,"at":"2026-01-02T14:04:05","instant":"2026-01-02T03:04:05+00:00","day":"2026-02-01","dayText":"2026-02-01"}"#,
            r#"{"id":3,"at":"2026-01-02T03:04:05","instant":"2026-01-01T16:04:05+00:00","day":"2026-02-01","dayText":"2026-02-01"}"#,
        ]
    );
    stage.fill(&plan).await;
}

/// A role with rights on the tables alone, which tries to have its own functions run with the owner's rights.
#[tokio::test]
async fn an_app_needs_no_right_of_ours_and_gets_none() {
    let (stage, _) = expanded("rights", RENAMED).await;
    let role = format!("rollout_app_{}", std::process::id());
    stage
        .run(&format!(
            "CREATE ROLE {role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}; \
             CREATE SCHEMA evil AUTHORIZATION {role}; SET ROLE {role}; \
             CREATE FUNCTION evil.floor(numeric) RETURNS numeric LANGUAGE plpgsql AS $$ BEGIN RAISE 'as %', current_user; END $$; \
             CREATE FUNCTION evil.round(numeric) RETURNS numeric LANGUAGE plpgsql AS $$ BEGIN RAISE 'as %', current_user; END $$; \
             CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE 'as %', current_user; END $$; \
             SET search_path = evil, pg_catalog, public"
        ))
        .await;
    stage.run(r#"INSERT INTO public."Student" (id, "fullName", price) VALUES (1, 'a', 1.5)"#).await;
    stage.run(r#"UPDATE public."Student" SET cents = 7, price = 8"#).await;
    let denied = stage.db.batch_execute("SELECT * FROM _driveflow.conflicts").await;
    assert!(denied.is_err());
    stage.run("RESET ALL; RESET ROLE").await;
    let rows = stage.rows(BOTH).await;
    let conflicts = stage.conflicts().await.len();
    stage.run(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}")).await;
    assert_eq!(
        rows,
        [
            r#"{"fullName":"a","full_name":"a","nick":"none","nickName":"none","price":0.07,"cents":7,"at":true}"#
        ]
    );
    assert_eq!(conflicts, 1);
}

#[tokio::test]
async fn other_triggers_come_first_and_partitions_are_followed() {
    let change = Change {
        before: "model P {\n id Int\n at DateTime\n name String\n updatedAt DateTime?\n @@id([id, at])\n}",
        by_hand: r#"
            DROP TABLE "P";
            CREATE TABLE "P" (id int NOT NULL, at timestamp(3) NOT NULL, name text NOT NULL, "updatedAt" timestamp(3),
                CONSTRAINT "P_pkey" PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
            CREATE TABLE "P_1" PARTITION OF "P" FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
            CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN NEW.name := trim(NEW.name); NEW."updatedAt" := '2026-01-01'; RETURN NEW; END $$;
            CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON "P" FOR EACH ROW EXECUTE FUNCTION touch()"#,
        rows: r#"INSERT INTO "P" VALUES (1, '2026-01-03', 'a')"#,
        after: "model P {\n id Int\n at DateTime\n fullName String\n updatedAt DateTime?\n @@id([id, at])\n}",
        renames: &["P.name:fullName"],
        ..Change::default()
    };
    let (stage, plan) = expanded("partitions", change).await;
    stage.run(r#"CREATE TABLE "P_2" PARTITION OF "P" FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')"#).await;
    stage.run(r#"INSERT INTO "P" (id, at, name) VALUES (2, '2026-01-04', ' b '), (3, '2026-02-04', 'c ')"#).await;
    stage.run(r#"INSERT INTO "P_2" (id, at, "fullName") VALUES (4, '2026-02-05', 'd')"#).await;
    stage.run(r#"SET session_replication_role = replica; INSERT INTO "P" (id, at, name) VALUES (5, '2026-02-06', 'e'); RESET session_replication_role"#).await;
    assert_eq!(
        stage.rows(r#"SELECT id, name, "fullName" FROM "P" ORDER BY id"#).await,
        [
            r#"{"id":1,"name":"a","fullName":null}"#,
            r#"{"id":2,"name":"b","fullName":"b"}"#,
            r#"{"id":3,"name":"c","fullName":"c"}"#,
            r#"{"id":4,"name":"d","fullName":"d"}"#,
            r#"{"id":5,"name":"e","fullName":"e"}"#,
        ]
    );
    stage.fill(&plan).await;
    stage.run("DROP TRIGGER touch ON \"P\"").await;
    stage.contract(&plan).await;
    assert_eq!(
        stage.rows(r#"SELECT count(*) FROM "P" WHERE "fullName" IS NOT NULL"#).await,
        [r#"{"count":5}"#]
    );
}

#[tokio::test]
async fn a_renamed_table_takes_writes_under_both_names() {
    let change = Change {
        before: "model Pupil {\n id Int @id @default(autoincrement())\n name String @unique\n age Int?\n}",
        by_hand: r#"ALTER TABLE "Pupil" ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON "Pupil" USING (id <> 2)"#,
        rows: r#"INSERT INTO "Pupil" (name) VALUES ('a'), ('hidden')"#,
        after: "model Student {\n id Int @id @default(autoincrement())\n full_name String @unique\n age Int?\n}",
        renames: &["Pupil:Student", "Student.name:full_name"],
        ..Change::default()
    };
    let stage = change.stage("two_names").await;
    let plan = change.plan(&stage).unwrap().unwrap();
    if stage.db.server_major() < 15 {
        let error = stage.db.batch_execute(&plan.migration).await.unwrap_err();
        assert!(error.to_string().contains("a view of its old name would go around"), "{error}");
        return;
    }
    let role = format!("rollout_pupil_{}", std::process::id());
    stage.run(&format!("CREATE ROLE {role}; GRANT SELECT, INSERT, UPDATE ON \"Pupil\" TO {role}; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")).await;
    stage.db.batch_execute(change.rows).await.unwrap();
    stage.run(&plan.migration).await;
    stage.run(&format!("SET ROLE {role}")).await;
    stage.run(r#"INSERT INTO "Student" (full_name) VALUES ('b'); UPDATE "Student" SET age = 3 WHERE full_name = 'b'"#).await;
    let row = stage.db.query_one(r#"INSERT INTO "Pupil" (name) VALUES ('c') ON CONFLICT (name) DO UPDATE SET age = 9 RETURNING id, name"#, &[]).await;
    let row = row.map(|row| (row.get::<_, i32>(0), row.get::<_, String>(1)));
    let seen = stage.rows(r#"SELECT name FROM "Pupil" ORDER BY id"#).await;
    stage.run(r#"UPDATE "Pupil" SET name = 'd' WHERE name = 'c'"#).await;
    stage.run("RESET ROLE").await;
    let is_noted = stage.old_write().await;
    let all = stage.rows(r#"SELECT name, full_name, age FROM "Student" ORDER BY id"#).await;
    stage.forget_old_writes().await;
    stage.run(r#"UPDATE "Student" SET age = 5"#).await;
    let is_noted_of_new = stage.old_write().await;
    stage.run(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}")).await;
    assert_eq!(row.unwrap(), (4, "c".to_owned()));
    assert!(is_noted && !is_noted_of_new);
    assert_eq!(
        seen,
        [r#"{"name":"a"}"#, r#"{"name":"b"}"#, r#"{"name":"c"}"#],
        "the table's policies hold"
    );
    assert_eq!(
        all,
        [
            r#"{"name":"a","full_name":null,"age":null}"#,
            r#"{"name":"hidden","full_name":null,"age":null}"#,
            r#"{"name":"b","full_name":"b","age":3}"#,
            r#"{"name":"d","full_name":"d","age":null}"#,
        ]
    );
    stage.fill(&plan).await;
    stage.contract(&plan).await;
}

/// What is said of a view under an old name is so.
#[tokio::test]
async fn a_view_takes_what_is_not_for_tables_only() {
    let change = Change {
        before: "model Pupil {\n id Int @id\n name String @unique\n}",
        rows: r#"INSERT INTO "Pupil" VALUES (1, 'a')"#,
        after: "model Student {\n id Int @id\n name String @unique\n}",
        renames: &["Pupil:Student"],
        ..Change::default()
    };
    let stage = change.stage("tables_only").await;
    let plan = change.plan(&stage).unwrap().unwrap();
    stage.run(&plan.migration).await;
    for taken in [
        r#"INSERT INTO "Pupil" VALUES (1, 'b') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name"#,
        r#"WITH t AS (UPDATE "Pupil" SET name = 'c' RETURNING id) SELECT * FROM t"#,
        r#"SELECT * FROM "Pupil" FOR UPDATE"#,
        r#"BEGIN; LOCK TABLE "Pupil" IN SHARE MODE; COMMIT"#,
        r#"DELETE FROM "Pupil" USING "Student" s WHERE s.id = "Pupil".id"#,
    ] {
        stage.run(taken).await;
    }
    for refused in [
        r#"INSERT INTO "Pupil" VALUES (2, 'b') ON CONFLICT ON CONSTRAINT "Pupil_name_key" DO NOTHING"#,
        r#"COPY "Pupil" FROM '/dev/null'"#,
        r#"COPY "Pupil" TO STDOUT"#,
        r#"TRUNCATE "Pupil""#,
        r#"MERGE INTO "Pupil" p USING (SELECT 1) AS x ON true WHEN MATCHED THEN DELETE"#,
        r#"SELECT ctid FROM "Pupil""#,
        r#"SELECT id, name FROM "Pupil" GROUP BY id"#,
    ] {
        // Since 17 a view takes MERGE too.
        if refused.starts_with("MERGE") && stage.db.server_major() >= 17 {
            continue;
        }
        let error = stage.db.batch_execute(refused).await.unwrap_err();
        assert!(error.db().is_some(), "{refused}: {error}");
    }
}

#[tokio::test]
async fn what_no_schema_shows_is_told_before_anything_is_done() {
    let change = Change {
        before: "model T {\n id Int @id\n a String\n}",
        by_hand: r#"CREATE POLICY own ON "T" USING (a <> 'x')"#,
        after: "model T {\n id Int @id\n b String\n}",
        renames: &["T.a:b"],
        ..Change::default()
    };
    let stage = change.stage("dependents").await;
    let plan = change.plan(&stage).unwrap().unwrap();
    let error = stage.db.batch_execute(&plan.migration).await.unwrap_err();
    assert!(error.to_string().contains("policy own on table \"T\""), "{error}");
}

#[tokio::test]
async fn rights_to_a_column_are_rights_to_its_twin() {
    let change = Change {
        before: "model T {\n id Int @id\n a String\n secret String?\n}",
        after: "model T {\n id Int @id\n b String\n secret String?\n}",
        renames: &["T.a:b"],
        ..Change::default()
    };
    let stage = change.stage("column_rights").await;
    let role = format!("rollout_column_{}", std::process::id());
    stage
        .run(&format!(
            r#"CREATE ROLE {role}; GRANT SELECT (id, a), INSERT (id, a) ON "T" TO {role}"#
        ))
        .await;
    let plan = change.plan(&stage).unwrap().unwrap();
    stage.run(&plan.migration).await;
    stage.run(&format!("SET ROLE {role}")).await;
    let written = stage.db.batch_execute(r#"INSERT INTO "T" (id, b) VALUES (1, 'x')"#).await;
    let read = stage.db.query(r#"SELECT a, b FROM "T""#, &[]).await.map(|rows| rows.len());
    let denied = stage.db.query(r#"SELECT secret FROM "T""#, &[]).await.is_err();
    stage.run(&format!("RESET ROLE; DROP OWNED BY {role} CASCADE; DROP ROLE {role}")).await;
    written.unwrap();
    assert_eq!((read.unwrap(), denied), (1, true));
}

#[tokio::test]
async fn keys_that_cascade_take_both_sides_along() {
    let change = Change {
        before: "model A {\n id Int @id\n bs B[]\n}\nmodel B {\n id Int @id\n aId Int?\n a A? @relation(fields: [aId], references: [id])\n}",
        rows: r#"INSERT INTO "A" VALUES (1), (2); INSERT INTO "B" VALUES (1, 1), (2, 2)"#,
        after: "model A {\n id Int @id\n bs B[]\n}\nmodel B {\n id Int @id\n a_id Int?\n a A? @relation(fields: [a_id], references: [id])\n}",
        renames: &["B.aId:a_id"],
        ..Change::default()
    };
    let (stage, plan) = expanded("cascade", change).await;
    stage.run(r#"INSERT INTO "B" (id, a_id) VALUES (3, 1)"#).await;
    stage.run(r#"UPDATE "A" SET id = 5 WHERE id = 1; DELETE FROM "A" WHERE id = 2"#).await;
    assert_eq!(
        stage.rows(r#"SELECT * FROM "B" ORDER BY id"#).await,
        [
            r#"{"id":1,"aId":5,"a_id":5}"#,
            r#"{"id":2,"aId":null,"a_id":null}"#,
            r#"{"id":3,"aId":5,"a_id":5}"#,
        ]
    );
    let orphan = stage.db.batch_execute(r#"INSERT INTO "B" (id, a_id) VALUES (4, 9)"#).await;
    assert!(orphan.is_err());
    stage.fill(&plan).await;
    stage.contract(&plan).await;
}

#[tokio::test]
async fn whoever_migrates_need_be_no_superuser() {
    let stage = RENAMED.stage("owner").await;
    let plan = RENAMED.plan(&stage).unwrap().unwrap();
    let role = format!("rollout_owner_{}", std::process::id());
    let database: String =
        stage.db.query_one("SELECT quote_ident(current_database())", &[]).await.unwrap().get(0);
    stage
        .run(&format!(
            "CREATE ROLE {role}; GRANT CREATE ON DATABASE {database} TO {role}; GRANT ALL ON SCHEMA public TO {role}; \
             ALTER TABLE \"Student\" OWNER TO {role}; SET ROLE {role}"
        ))
        .await;
    let mut done = stage.db.batch_execute(&plan.migration).await;
    for script in [
        plan.down.as_str(),
        plan.migration.as_str(),
        r#"INSERT INTO "Student" (id, "fullName", price) VALUES (1, 'a', 1)"#,
        "SET driveflow.quiet TO '0'",
    ] {
        if done.is_ok() {
            done = stage.db.batch_execute(script).await;
        }
    }
    if done.is_ok() {
        stage.fill(&plan).await;
        done = stage.db.batch_execute(&plan.contract).await;
    }
    let rows = stage.rows(r#"SELECT full_name, cents FROM "Student""#).await;
    stage.run(&format!("RESET ROLE; REASSIGN OWNED BY {role} TO CURRENT_USER; DROP OWNED BY {role}; DROP ROLE {role}")).await;
    done.unwrap();
    assert_eq!(rows, [r#"{"full_name":"a","cents":100}"#]);
}

/// What somebody may make by hand.
const MADE: &[(&str, &str)] = &[
    ("CREATE UNIQUE INDEX by_hand ON \"T\" (a) WHERE o > 0", "index by_hand"),
    ("CREATE INDEX by_hand ON \"T\" (lower(a))", "index by_hand"),
    ("CREATE STATISTICS by_hand ON a, o FROM \"T\"", "statistics object by_hand"),
    ("ALTER TABLE \"T\" ADD CONSTRAINT by_hand CHECK (a <> '')", "constraint by_hand"),
    ("CREATE VIEW by_hand AS SELECT a FROM \"T\"", "view by_hand"),
    ("CREATE VIEW by_hand AS SELECT id FROM \"Gone\"", "view by_hand"),
];

/// It would go with the old column, or keep it from going, long after the fill.
#[tokio::test]
async fn what_the_contract_makes_no_other_of_is_told_at_the_beginning_and_at_the_end() {
    let rename = Change {
        before: "model T {\n id Int @id\n a String\n o Int\n @@index([a])\n}\nmodel Gone {\n id Int @id\n}",
        after: "model T {\n id Int @id\n b String\n o Int\n @@index([b])\n}",
        renames: &["T.a:b"],
        ..Change::default()
    };
    for (made, told) in MADE {
        let stage = rename.stage("by_hand").await;
        let plan = rename.plan(&stage).expect("a plan").expect("phases");
        stage.run(made).await;
        let refused = stage.db.batch_execute(&plan.migration).await.expect_err(made);
        assert!(refused.to_string().contains(told), "{made}: {refused}");
    }
    let stage = rename.stage("by_hand").await;
    let plan = rename.plan(&stage).expect("a plan").expect("phases");
    stage.run("CREATE INDEX elsewhere ON \"T\" (o)").await;
    stage.run(&plan.migration).await;
    stage.fill(&plan).await;
    stage.run("SET driveflow.quiet TO '0'").await;
    for (made, told) in MADE {
        stage.run(&format!("BEGIN; {made}")).await;
        let refused = stage.db.batch_execute(&plan.contract).await.expect_err(made);
        let said = refused.db().map(|db| format!("{refused} {}", db.detail().unwrap_or_default()));
        assert!(said.is_some_and(|said| said.contains(told)), "{made}: {refused}");
        stage.run("ROLLBACK").await;
    }
    stage.run(&plan.contract).await;
}
