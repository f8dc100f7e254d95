//! The console: what is typed, in one transaction that cannot write unless asked.

use serde_json::json;

use super::studio;

#[tokio::test]
async fn statements_give_rows_and_counts() {
    let (_database, client) = studio("studio_console").await;
    let sql = "SELECT id, nick FROM \"Student\" WHERE id IN (3, 4) ORDER BY id; SELECT 1 AS one -- the end";
    let answer = client.post("/api/console", &json!({"sql": sql})).await.json();
    assert_eq!(answer[0]["columns"], json!(["id", "nick"]));
    assert_eq!(answer[0]["rows"], json!([["3", "n3"], ["4", null]]));
    assert_eq!(answer[1]["rows"], json!([["1"]]));
    let sql = "SELECT n FROM generate_series(1, 100000) n";
    let answer = client.post("/api/console", &json!({"sql": sql})).await.json();
    assert_eq!(answer[0]["rows"].as_array().map(Vec::len), Some(1_000));
    assert_eq!(answer[0]["is_cut"], true);
}

#[tokio::test]
async fn nothing_is_written_unasked() {
    let (database, client) = studio("studio_console_read").await;
    for sql in [
        "DELETE FROM \"Pair\"",
        "SET transaction_read_only = off; DELETE FROM \"Pair\"",
        "SET TRANSACTION READ WRITE; DELETE FROM \"Pair\"",
        "SELECT set_config('transaction_read_only', 'off', true); DELETE FROM \"Pair\"",
        "COMMIT; DELETE FROM \"Pair\"",
        "ROLLBACK; DELETE FROM \"Pair\"",
        "WITH gone AS (DELETE FROM \"Pair\" RETURNING 1) SELECT * FROM gone",
        "DO $$ BEGIN DELETE FROM \"Pair\"; END $$",
        "EXPLAIN ANALYZE DELETE FROM \"Pair\"",
        "SELECT nextval('\"Student_id_seq\"')",
        "CREATE TABLE x (a int)",
    ] {
        let response = client.post("/api/console", &json!({"sql": sql})).await;
        assert!(response.status >= 400, "{sql}: {}", response.body);
    }
    let connection = database.connect().await;
    let count: i64 =
        connection.query_one("SELECT count(*) FROM \"Pair\"", &[]).await.expect("rows").get(0);
    assert_eq!(count, 150);
    // The next request finds a connection that is as it should be.
    let answer =
        client.post("/api/console", &json!({"sql": "SHOW transaction_read_only"})).await.json();
    assert_eq!(answer[0]["rows"], json!([["on"]]));
}

#[tokio::test]
async fn writing_keeps_all_or_nothing() {
    let (database, client) = studio("studio_console_write").await;
    let sql = "DELETE FROM \"Pair\" WHERE a = 1; SELECT nonsense";
    let response = client.post("/api/console", &json!({"sql": sql, "write": true})).await;
    assert_eq!(response.status, 400);
    assert!(
        response.body.contains("nonsense") && response.body.contains("42703"),
        "{}",
        response.body
    );
    let sql = "DELETE FROM \"Pair\" WHERE a = 1; SELECT count(*) FROM \"Pair\"";
    let answer = client.post("/api/console", &json!({"sql": sql, "write": true})).await.json();
    assert_eq!(answer[0]["count"], 15);
    assert_eq!(answer[1]["rows"], json!([["135"]]));
    let connection = database.connect().await;
    let count: i64 =
        connection.query_one("SELECT count(*) FROM \"Pair\"", &[]).await.expect("rows").get(0);
    assert_eq!(count, 135);
}

#[tokio::test]
async fn what_is_set_in_the_console_meets_nobody_else() {
    let (_database, client) = studio("studio_console_set").await;
    let sql = "SET session_replication_role = replica; SET work_mem = '77MB'";
    assert_eq!(client.post("/api/console", &json!({"sql": sql, "write": true})).await.status, 200);
    let insert =
        json!([{"model": "Student", "action": "insert", "set": {"orgId": "nowhere", "name": "x"}}]);
    let response = client.post("/api/changes", &json!({"changes": insert})).await;
    assert_eq!(response.json()["code"], "23503", "the key still holds");
    let answer = client.post("/api/console", &json!({"sql": "SHOW work_mem"})).await.json();
    assert_ne!(answer[0]["rows"], json!([["77MB"]]));
}

#[tokio::test]
async fn a_query_that_writes_comes_to_its_end() {
    let (database, client) = studio("studio_console_whole").await;
    let sql = "CREATE TABLE log (i int); \
               CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql AS 'INSERT INTO log VALUES (i) RETURNING i'; \
               SELECT f(i) FROM generate_series(1, 5000) i";
    let answer = client.post("/api/console", &json!({"sql": sql, "write": true})).await.json();
    assert_eq!(answer[2]["is_cut"], true, "{answer}");
    let connection = database.connect().await;
    let count: i64 =
        connection.query_one("SELECT count(*) FROM log", &[]).await.expect("rows").get(0);
    assert_eq!(count, 5_000);
}
