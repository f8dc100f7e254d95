//! Links between rows, many to many: made and undone among the changes that are collected.

use postgres::testing::TestDatabase;
use serde_json::{Value as Json, json};

use super::relations::{SCHEMA, SQL, workshop};
use super::serve;
use crate::ReadOnly;

fn link(action: &str, relation: &str, key: &str, other: &str) -> Json {
    json!({"model": "Person", "action": action, "key": [key], "relation": relation, "other": [other]})
}

#[tokio::test]
async fn links_are_shown_as_sql_and_saved_with_other_changes() {
    let (database, client) = workshop("studio_link").await;
    let changes = json!([
        link("link", "skills", "4", "c:drive"),
        link("unlink", "skills", "1", "park"),
        // Column A has the one whose field comes first.
        link("link", "friends", "4", "1"),
    ]);
    let preview = client.post("/api/changes", &json!({"changes": changes, "preview": true})).await;
    assert_eq!(
        preview.json()["sql"],
        json!([
            "INSERT INTO \"people\".\"_PersonToSkill\" (\"A\", \"B\") VALUES ('4', 'c:drive');",
            "DELETE FROM \"people\".\"_PersonToSkill\" WHERE \"A\" = '1' AND \"B\" = 'park';",
            "INSERT INTO \"people\".\"_Friends\" (\"B\", \"A\") VALUES ('4', '1');",
        ])
    );
    let answer = client.post("/api/changes", &json!({ "changes": changes })).await;
    assert_eq!(answer.json(), json!({"saved": 3}));
    let connection = database.connect().await;
    let sql = "SELECT string_agg(\"A\" || '-' || \"B\", ' ' ORDER BY \"A\", \"B\") FROM people.\"_PersonToSkill\"";
    let pairs: String = connection.query_one(sql, &[]).await.expect("a row").get(0);
    assert_eq!(pairs, "1-c:drive 2-park 3-rally 4-c:drive");
    let page = client.page("/model/Person/row?key=%5B%224%22%5D").await;
    assert!(page.contains("data-other=\"c:drive\"") && page.contains("Skill, one row"), "{page}");
}

#[tokio::test]
async fn a_link_that_somebody_else_undid_is_a_conflict() {
    let (database, client) = workshop("studio_unlink").await;
    let connection = database.connect().await;
    let sql = "DELETE FROM people.\"_PersonToSkill\" WHERE \"B\" = 'park'";
    connection.batch_execute(sql).await.expect("it runs");
    let changes =
        json!([link("link", "skills", "4", "sail"), link("unlink", "skills", "1", "park")]);
    let answer = client.post("/api/changes", &json!({ "changes": changes })).await;
    assert_eq!(answer.json(), json!({"conflict": 1, "now": null}));
    let sql = "SELECT count(*) FROM people.\"_PersonToSkill\" WHERE \"B\" = 'sail'";
    let count: i64 = connection.query_one(sql, &[]).await.expect("a row").get(0);
    assert_eq!(count, 0, "all or nothing");
}

#[tokio::test]
async fn what_cannot_be_linked_is_refused() {
    let (_database, client) = workshop("studio_link_wrong").await;
    for (change, told) in [
        (link("link", "skills", "1", "park"), "duplicate key"),
        (link("link", "skills", "1", "no such"), "foreign key"),
        (link("link", "skills", "x", "park"), "invalid input syntax for type integer"),
        (link("link", "jobs", "1", "1"), "Person.jobs is no many-to-many relation"),
        (link("link", "nothing", "1", "1"), "Person.nothing is no many-to-many relation"),
        (link("unlink", "skills", "1", "'; DROP TABLE people.persons; --"), "conflict"),
    ] {
        let answer = client.post("/api/changes", &json!({ "changes": [change] })).await;
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
    }
    assert!(client.page("/model/Person").await.contains("Dora"));
}

#[tokio::test]
async fn nothing_is_linked_where_one_only_reads() {
    let database = TestDatabase::from_sql("studio_link_read", SQL);
    let client = serve(&database, SCHEMA, Some(ReadOnly::Asked)).await;
    let page = client.page("/model/Person/row?key=%5B%221%22%5D").await;
    assert!(page.contains("data-other=\"park\""), "it is shown");
    assert!(!page.contains("data-unlink") && !page.contains("class=\"link\""), "{page}");
    let changes = json!([link("link", "skills", "4", "sail")]);
    assert_eq!(client.post("/api/changes", &json!({ "changes": changes })).await.status, 403);
}
