//! When a new value of an enum may be used in the transaction that adds it, as the server says.

use super::*;

#[tokio::test]
async fn a_value_is_used_early_where_the_server_refuses_it() {
    let (_database, connection, version) = database().await;
    let schema = scripts(version).0;
    for text in [
        "ALTER TYPE mood ADD VALUE 'mad'; INSERT INTO priced (felt) VALUES ('mad')",
        "CREATE TYPE fresh AS ENUM ('a'); ALTER TYPE fresh ADD VALUE 'b'; CREATE TABLE f (a fresh); INSERT INTO f VALUES ('b')",
        "CREATE TYPE fresh AS ENUM ('a'); ALTER TYPE mood ADD VALUE 'mad'; INSERT INTO priced (felt) VALUES ('mad')",
    ] {
        let history = [
            Source { name: "1", text: &schema, is_judged: false, is_pending: false },
            Source { name: "2", text, is_judged: true, is_pending: false },
        ];
        let findings = check(&history, &[], version).remove(0).findings;
        let is_found = findings.iter().any(|finding| finding.rule == "enum-value-used-early");
        connection.batch_execute("BEGIN").await.unwrap();
        let is_refused = connection.batch_execute(text).await.is_err();
        connection.batch_execute("ROLLBACK").await.unwrap();
        assert_eq!(is_found, is_refused, "{text}");
    }
    connection.close().await;
}
