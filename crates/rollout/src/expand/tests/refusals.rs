//! What is missing, and what no phases can do: each told with what to say or to do instead.

use super::stage::Change;
use crate::expand::Refusal;

async fn refused(change: Change<'_>) -> Refusal {
    let stage = change.stage("refused").await;
    match change.plan(&stage) {
        Err(refusal) => refusal,
        Ok(plan) => panic!("{plan:#?}"),
    }
}

async fn told(change: Change<'_>) -> String {
    refused(change).await.to_string()
}

const START: &str = "cargo xtask migrate dev --zero-downtime …";

#[tokio::test]
async fn what_is_missing_is_told_with_the_flag_for_it() {
    let change = Change {
        before: "model T {\n id Int @id\n a String?\n b Decimal @db.Decimal(10, 2)\n c DateTime\n d String @db.VarChar(9)\n e BigInt\n}",
        after: "model T {\n id Int @id\n a String @default(\"it's\")\n cents Int\n c DateTime @db.Timestamptz(3)\n d String @db.VarChar(3)\n f Int\n new String @map(\"n\")\n}",
        renames: &["T.b:cents", "T.e:f"],
        ..Change::default()
    };
    assert_eq!(
        told(change).await,
        format!(
            "The column \"T\".\"a\" is to be required: what do its NULLs become?\n  \
             say it: {START} --using 'T.a='\\''it'\\'''\\''s'\\'''\n\
             The new column \"T\".\"n\" is required and has no default: what is it in the rows that are there?\n  \
             say it: {START} --using 'T.new=EXPR'\n\
             The column \"T\".\"cents\" changes its type from DECIMAL(10,2) to INTEGER, and values may be cut, rounded or refused: how are they to be changed?\n  \
             say it: {START} --using 'T.cents=\"b\"::INTEGER'\n\
             The column \"T\".\"c\" changes its type from TIMESTAMP(3) to TIMESTAMPTZ(3), and values may be cut, rounded or refused: how are they to be changed?\n  \
             say it: {START} --using 'T.c=\"c\" AT TIME ZONE '\\''UTC'\\'''\n\
             The column \"T\".\"d\" changes its type from VARCHAR(9) to VARCHAR(3), and values may be cut, rounded or refused: how are they to be changed?\n  \
             say it: {START} --using 'T.d=\"d\"::VARCHAR(3)'\n\
             The column \"T\".\"f\" changes its type from BIGINT to INTEGER, and values may be cut, rounded or refused: how are they to be changed?\n  \
             say it: {START} --using 'T.f=\"e\"::INTEGER'"
        )
    );
}

#[tokio::test]
async fn the_way_back_is_asked_for_where_it_cannot_be_derived() {
    let change = Change {
        before: "model T {\n id Int @id\n a String\n}",
        after: "model T {\n id Int @id\n b String\n}",
        renames: &["T.a:b"],
        usings: &["lower(a)"],
        ..Change::default()
    };
    assert_eq!(
        told(change).await,
        format!(
            "What the new release writes to \"b\" the old one reads in \"T\".\"a\": how is it made of it?\n  \
             say it: {START} --using 'T.a=EXPR'"
        )
    );
}

#[tokio::test]
async fn expressions_that_are_none_are_refused() {
    for (using, reason) in [
        ("T.b=count(*)", "has a"),
        ("T.b=max(a)", "max is made of several rows"),
        ("T.b=(SELECT 1)", "it has a subselect"),
        ("T.b=a || $1", "it has a parameter"),
        ("T.b=a ||", "it is no SQL expression"),
        ("T.b=A || \"Name\"", "\"T\" has no column \"Name\""),
        ("T.b=name", "names with capitals are written in quotes: \"naMe\""),
        ("T.b=o.x", "T has no relation o: its relations to one row are org"),
        ("T.b=org.nope", "\"Org\" has no column \"nope\""),
        ("T.b=a || random()", "changes by itself (random)"),
        ("T.b=a || now()", "changes by itself (now)"),
        ("T.b=a); DROP TABLE \"T\"; SELECT (1", "it is no SQL expression"),
    ] {
        let change = Change {
            before: "model Org {\n id Int @id\n ts T[]\n}\nmodel T {\n id Int @id\n a String\n naMe String\n orgId Int?\n org Org? @relation(fields: [orgId], references: [id])\n}",
            after: "model Org {\n id Int @id\n ts T[]\n}\nmodel T {\n id Int @id\n b String\n naMe String\n orgId Int?\n org Org? @relation(fields: [orgId], references: [id])\n}",
            renames: &["T.a:b"],
            usings: &[using],
            ..Change::default()
        };
        let told = told(change).await;
        let found = told.contains(reason)
            || (using.contains("count") && told.contains("count is made of several rows"));
        assert!(found, "{using}: {told}");
    }
}

#[tokio::test]
async fn what_cannot_be_done_beside_its_users_is_refused() {
    let one = |before, by_hand, after, renames| Change {
        before,
        by_hand,
        after,
        renames,
        ..Change::default()
    };
    let (a, b) = ("model T {\n id Int @id\n a String\n}", "model T {\n id Int @id\n b String\n}");
    for (change, reason) in [
        (
            one(a, "CREATE VIEW v AS SELECT a FROM \"T\"", b, &["T.a:b"][..]),
            "The view \"v\" reads \"T\".\"a\"",
        ),
        (
            one(
                a,
                "ALTER TABLE \"T\" ADD c text GENERATED ALWAYS AS (lower(a)) STORED",
                b,
                &["T.a:b"],
            ),
            "The column \"c\" is computed from \"T\".\"a\"",
        ),
        (
            one(
                a,
                "CREATE EXTENSION btree_gist; ALTER TABLE \"T\" ADD CONSTRAINT e EXCLUDE USING gist (a WITH =)",
                b,
                &["T.a:b"],
            ),
            "The exclusion constraint \"e\" is made of \"T\".\"a\"",
        ),
        (
            one(a, "CREATE TABLE child () INHERITS (\"T\")", b, &["T.a:b"]),
            "has children by INHERITS",
        ),
        (
            one(
                a,
                "ALTER TABLE \"T\" DROP CONSTRAINT \"T_pkey\"",
                "model T {\n id Int @unique\n b String\n}",
                &["T.a:b"],
            ),
            "has no key by which its rows could be filled",
        ),
        (
            one(
                "enum E {\n x\n}\nmodel T {\n id Int @id\n e E\n}",
                "",
                "enum F {\n x\n}\nmodel T {\n id Int @id\n e F\n}",
                &["E:F"],
            ),
            "The enum \"E\" is renamed to \"F\"",
        ),
        (
            one(
                "model A {\n id Int @id\n x Int\n}\nmodel B {\n id Int @id\n}",
                "",
                "model B {\n id Int @id\n x Int\n}\nmodel C {\n id Int @id\n}",
                &["A:B", "B:C"],
            ),
            "changes hands",
        ),
        (
            one(
                a,
                "",
                "model T {\n id Int @id\n a String\n n Int @default(autoincrement())\n}",
                &[],
            ),
            "numbers its rows, which writes the whole table anew",
        ),
    ] {
        let refusal = refused(change).await;
        let told = refusal.to_string();
        assert!(told.contains(reason), "{told}");
        assert!(refusal.reasons.iter().all(|reason| !reason.help.is_empty()));
    }
}

#[tokio::test]
async fn what_only_adds_needs_no_phases() {
    let change = Change {
        before: "model T {\n id Int @id\n}",
        after: "model T {\n id Int @id\n a String?\n b Int @default(1)\n us U[]\n}\nmodel U {\n id Int @id\n tId Int\n t T @relation(fields: [tId], references: [id])\n}",
        ..Change::default()
    };
    let stage = change.stage("only_adds").await;
    assert_eq!(change.plan(&stage), Ok(None));
}

#[tokio::test]
async fn a_flag_that_is_not_needed_is_told() {
    let change = Change {
        before: "model T {\n id Int @id\n a String\n c Int\n}",
        after: "model T {\n id Int @id\n b String\n c Int\n}",
        renames: &["T.a:b"],
        usings: &["T.c=1", "U.c=1"],
        ..Change::default()
    };
    let told = told(change).await;
    assert!(told.contains("--using U.c: the schema has no model U"), "{told}");
    assert!(told.contains("Nothing that changes is in need of --using T.c="), "{told}");
}
