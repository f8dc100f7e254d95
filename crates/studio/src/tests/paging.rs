//! Orders: pages that follow each other without gaps, whichever indexes there are.

use postgres::testing::TestDatabase;

use super::browsing::{column, link};
use super::client::Client;
use super::{serve, studio};

#[tokio::test]
async fn pages_follow_each_other_without_gaps_in_every_order() {
    let (database, client) = studio("studio_paging").await;
    follow_every_order(&database, &client).await;
}

#[tokio::test]
async fn nor_have_they_gaps_where_an_index_is_of_one_field_only() {
    let (database, client) = studio("studio_paging_indexed").await;
    let connection = database.connect().await;
    let sql = "CREATE INDEX ON \"Student\" (level); CREATE INDEX ON \"Student\" (nick DESC);
               CREATE INDEX ON \"Student\" (score); CREATE INDEX ON \"Student\" (name text_pattern_ops)";
    connection.batch_execute(sql).await.expect("indexes");
    follow_every_order(&database, &client).await;
    // Few values and many, null among them, and a value that a filter leaves nothing of.
    let page = client.page("/model/Student?sort=level&f=level%3Aequals%3Aadvanced&size=500").await;
    assert_eq!(column(&page, "id").len(), 40);
}

async fn follow_every_order(database: &TestDatabase, client: &Client) {
    let connection = database.connect().await;
    for (sort, order) in [
        ("", "id"),
        ("sort=-id", "id DESC"),
        ("sort=name", "name, id"),
        ("sort=nick", "nick, id"),
        ("sort=-nick", "nick DESC, id DESC"),
        ("sort=level", "level, id"),
        ("sort=-level", "level DESC, id DESC"),
        ("sort=-score", "score DESC, id DESC"),
        ("sort=score", "score, id"),
        ("f=nick%3Ais_null%3A&sort=nick", "id"),
    ] {
        let filter = if sort.starts_with("f=") { "WHERE nick IS NULL" } else { "" };
        let sql = format!("SELECT id::text AS shown FROM \"Student\" {filter} ORDER BY {order}");
        let rows = connection.query(&sql, &[]).await.expect("rows");
        let expected: Vec<String> = rows.iter().map(|row| row.get(0)).collect();

        let mut found = Vec::new();
        let mut pages = Vec::new();
        let mut path = Some(format!("/model/Student?{sort}&size=20"));
        while let Some(there) = path {
            let page = client.page(&there).await;
            let ids = column(&page, "id");
            found.extend(ids.clone());
            pages.push(ids);
            path = link(&page, "next");
        }
        assert_eq!(found, expected, "{sort}");
        // And from the end back to the start.
        let mut path = Some(format!("/model/Student?{sort}&size=20&end=1"));
        let mut back = Vec::new();
        while let Some(there) = path {
            let page = client.page(&there).await;
            back.splice(0..0, column(&page, "id"));
            path = link(&page, "prev");
        }
        assert_eq!(back, expected, "{sort}, backwards");
    }
}

/// A table of which a sort is felt, and the orders that its indexes know.
const MARKS: &str = r#"
CREATE TABLE "Mark" (id int PRIMARY KEY, kind int NOT NULL, place int NOT NULL, code int NOT NULL, stamp int NOT NULL);
INSERT INTO "Mark" SELECT n, n % 1000 / 900, n % 7, n, 200000 - n FROM generate_series(1, 120000) n;
CREATE INDEX ON "Mark" (kind);
CREATE INDEX ON "Mark" (place, id);
CREATE UNIQUE INDEX ON "Mark" (code);
CREATE INDEX ON "Mark" (stamp) WHERE stamp > 0;
ANALYZE;
"#;

#[tokio::test]
async fn an_order_that_needs_an_index_says_which() {
    let schema = "datasource db {\n provider = \"postgresql\"\n}\n\nmodel Mark {\n id Int @id\n kind Int\n place Int\n code Int\n stamp Int\n}\n";
    let database = TestDatabase::from_sql("studio_wanted_index", MARKS);
    let client = serve(&database, schema, None).await;
    for (query, wanted) in [
        ("sort=kind", Some("@@index([kind, id])")),
        ("sort=-kind&end=1", Some("@@index([kind, id])")),
        ("sort=stamp", Some("@@index([stamp, id])")),
        ("sort=place", None),
        ("sort=-place", None),
        ("sort=code", None),
        ("sort=id", None),
        ("", None),
        ("sort=stamp&f=code%3Alt%3A9", None),
    ] {
        let page = client.page(&format!("/model/Mark?{query}")).await;
        match wanted {
            Some(wanted) => assert!(page.contains(wanted), "{query}: {wanted}"),
            None => assert!(!page.contains("@@index"), "{query}"),
        }
    }
    let page = client.page("/model/Mark?sort=kind&size=3&after=%5B%220%22%2C%22119899%22%5D").await;
    assert_eq!(
        column(&page, "id"),
        ["120000", "900", "901"],
        "the next value begins where one ends"
    );
}
