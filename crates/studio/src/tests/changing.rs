//! Writing: shown before, all or nothing, and never over what somebody else wrote.

use serde_json::{Value as Json, json};

use super::{studio, studio_as};
use crate::ReadOnly;

async fn text(database: &postgres::testing::TestDatabase, sql: &str) -> String {
    let connection = database.connect().await;
    let row = connection.query_one(sql, &[]).await.expect("a row");
    row.get::<_, Option<String>>(0).unwrap_or_else(|| "null".to_owned())
}

fn rename(was: &str, name: &str) -> Json {
    json!({"model": "Student", "action": "update", "key": ["1"], "was": {"name": was}, "set": {"name": name}})
}

#[tokio::test]
async fn changes_are_shown_as_sql_and_made_together() {
    let (database, client) = studio("studio_changes").await;
    let version = text(&database, "SELECT xmin::text FROM \"Student\" WHERE id = 3").await;
    let changes = json!([
        rename("Student 1", "It's me"),
        {"model": "Student", "action": "update", "key": ["2"], "was": {"nick": "n2", "level": "beginner", "tags": "{t0}"},
         "set": {"nick": null, "level": "advanced", "tags": "{a,\"b c\"}"}},
        {"model": "Student", "action": "delete", "key": ["3"], "was": {"name": "Student 3"}, "version": version},
        {"model": "Org", "action": "insert", "set": {"name": ""}},
    ]);
    let preview =
        client.post("/api/changes", &json!({"changes": changes, "preview": true})).await.json();
    let sql: Vec<&str> =
        preview["sql"].as_array().expect("a list").iter().filter_map(Json::as_str).collect();
    assert_eq!(
        sql[0],
        "UPDATE \"public\".\"Student\" t SET \"name\" = 'It''s me', \"updatedAt\" = CURRENT_TIMESTAMP \
         WHERE t.\"id\" = '1' AND t.\"name\"::text IS NOT DISTINCT FROM 'Student 1';"
    );
    assert_eq!(text(&database, "SELECT name FROM \"Student\" WHERE id = 1").await, "Student 1");

    let saved = client.post("/api/changes", &json!({"changes": changes})).await.json();
    assert_eq!(saved, json!({"saved": 4}));
    let row =
        "SELECT concat_ws('|', coalesce(nick, 'null'), level, tags) FROM \"Student\" WHERE id = 2";
    assert_eq!(text(&database, row).await, "null|advanced|{a,\"b c\"}");
    assert_eq!(text(&database, "SELECT count(*)::text FROM \"Student\"").await, "202");
    let made = "SELECT (id ~ '^[0-9a-f-]{36}$')::text FROM \"Org\" WHERE name = ''";
    assert_eq!(text(&database, made).await, "true", "the id that Prisma's client would make");
    let is_now =
        "SELECT (\"updatedAt\" > timestamp '2026-06-01')::text FROM \"Student\" WHERE id = 1";
    assert_eq!(text(&database, is_now).await, "true");
}

#[tokio::test]
async fn nobody_overwrites_anybody() {
    let (database, client) = studio("studio_conflict").await;
    database
        .connect()
        .await
        .batch_execute("UPDATE \"Student\" SET name = 'Hers' WHERE id = 1")
        .await
        .expect("hers");
    let changes = json!([
        {"model": "Student", "action": "update", "key": ["5"], "was": {"nick": "n5"}, "set": {"nick": "x"}},
        rename("Student 1", "Mine"),
    ]);
    let answer = client.post("/api/changes", &json!({"changes": changes})).await.json();
    assert_eq!(answer["conflict"], 1);
    assert_eq!(answer["now"]["name"], "Hers");
    assert_eq!(
        text(&database, "SELECT nick FROM \"Student\" WHERE id = 5").await,
        "n5",
        "nothing of it was made"
    );
    // Another column of the same row is nobody's business.
    let other = json!([{"model": "Student", "action": "update", "key": ["1"], "was": {"nick": "n1"}, "set": {"nick": "y"}}]);
    assert_eq!(client.post("/api/changes", &json!({"changes": other})).await.json()["saved"], 1);
    // A removal is about the whole row.
    let gone =
        json!([{"model": "Student", "action": "delete", "key": ["1"], "was": {}, "version": "1"}]);
    assert_eq!(client.post("/api/changes", &json!({"changes": gone})).await.json()["conflict"], 0);
    database
        .connect()
        .await
        .batch_execute("DELETE FROM \"Student\" WHERE id = 1")
        .await
        .expect("gone");
    let answer =
        client.post("/api/changes", &json!({"changes": [rename("Hers", "Mine")]})).await.json();
    assert_eq!(answer, json!({"conflict": 0, "now": null}));
}

#[tokio::test]
async fn what_the_database_refuses_leaves_nothing() {
    let (database, client) = studio("studio_refused").await;
    let changes = json!([
        rename("Student 1", "Kept?"),
        {"model": "Student", "action": "update", "key": ["2"], "was": {"orgId": "north"}, "set": {"orgId": "nowhere"}},
    ]);
    let response = client.post("/api/changes", &json!({"changes": changes})).await;
    assert_eq!(response.status, 400);
    let said = response.json();
    assert_eq!(said["code"], "23503");
    let message = said["error"].as_str().expect("words");
    assert!(message.starts_with("Change 2 of 2: ") && message.contains("nowhere"), "{message}");
    assert_eq!(text(&database, "SELECT name FROM \"Student\" WHERE id = 1").await, "Student 1");
    for (changes, words) in [
        (
            json!([{"model": "Student", "action": "insert", "set": {"name": "x"}}]),
            "Student.orgId needs a value",
        ),
        (json!([{"model": "Student", "action": "insert", "set": {"nmae": "x"}}]), "has no field"),
        (json!([{"model": "Names", "action": "delete", "key": [], "was": {}}]), "no key"),
        (
            json!([{"model": "Student", "action": "update", "key": ["1", "2"], "was": {"name": "a"}, "set": {"name": "b"}}]),
            "no key",
        ),
        (
            json!([{"model": "Student", "action": "update", "key": ["1"], "was": {}, "set": {"name": "b"}}]),
            "what name was",
        ),
        (
            json!([{"model": "Student\"; DROP TABLE x; --", "action": "delete", "key": ["1"], "was": {}}]),
            "no model",
        ),
    ] {
        let response = client.post("/api/changes", &json!({"changes": changes})).await;
        assert!((400..500).contains(&response.status), "{changes}");
        assert!(response.body.contains(words), "{}", response.body);
    }
}

#[tokio::test]
async fn values_are_never_sql() {
    let (database, client) = studio("studio_injection").await;
    let evil = "'); DROP TABLE \"Student\"; --";
    let saved = client.post("/api/changes", &json!({"changes": [rename("Student 1", evil)]})).await;
    assert_eq!(saved.json()["saved"], 1);
    assert_eq!(text(&database, "SELECT name FROM \"Student\" WHERE id = 1").await, evil);
    let saved = client.post("/api/changes", &json!({"changes": [rename(evil, "back")]})).await;
    assert_eq!(saved.json()["saved"], 1);
}

#[tokio::test]
async fn only_reading_means_only_reading() {
    for mode in [ReadOnly::Asked, ReadOnly::Remote] {
        let (database, client) = studio_as("studio_read_only", Some(mode)).await;
        let response =
            client.post("/api/changes", &json!({"changes": [rename("Student 1", "x")]})).await;
        assert_eq!(response.status, 403);
        let response = client
            .post("/api/console", &json!({"sql": "DELETE FROM \"Pair\"", "write": true}))
            .await;
        assert_eq!(response.status, 403);
        assert_eq!(client.get("/model/Student/new").await.status, 403);
        assert_eq!(text(&database, "SELECT count(*)::text FROM \"Pair\"").await, "150");
        let page = client.page("/model/Student").await;
        assert!(page.contains("data-read-only") && !page.contains("Add a row"));
    }
}

#[tokio::test]
async fn other_sites_cannot_write() {
    let (_database, client) = studio("studio_csrf").await;
    let body = json!({"changes": [rename("Student 1", "x")]}).to_string();
    for headers in [
        vec![("Content-Type", "application/json")],
        vec![("Content-Type", "application/json"), ("Origin", "http://evil.example")],
        vec![("Content-Type", "text/plain"), ("Origin", "http://evil.example")],
    ] {
        let response = client.send("POST", "/api/changes", &body, &headers).await;
        assert_eq!(response.status, 403, "{headers:?}");
    }
    let page = client.get("/").await;
    let head = page.head.to_ascii_lowercase();
    assert!(
        head.contains("default-src 'none'") && head.contains("frame-ancestors 'none'"),
        "{head}"
    );
    assert!(head.contains("cache-control: no-store"), "{head}");
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_never_cut() {
    let (database, client) = studio("studio_cut").await;
    let alter = "DROP VIEW \"Names\"; ALTER TABLE \"Student\" ALTER nick TYPE varchar(3), ALTER name TYPE char(12)";
    database.connect().await.batch_execute(alter).await.expect("short columns");
    let too_long = json!([{"model": "Student", "action": "update", "key": ["1"], "was": {"nick": "n1"}, "set": {"nick": "toolong"}}]);
    let response = client.post("/api/changes", &json!({"changes": too_long})).await;
    assert_eq!((response.status, response.json()["code"].clone()), (400, json!("22001")));
    let page = client.page("/model/Student?f=nick:equals:n1xyz").await;
    assert!(page.contains("No rows"), "{page}");
    let page = client.page("/model/Student?f=name:equals:Student%207").await;
    assert!(page.contains("1 row<"), "{page}");
}
