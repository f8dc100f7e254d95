//! The new table takes the place of the old one, and nothing is lost by that.

use super::*;

#[tokio::test]
async fn a_column_that_came_meanwhile_is_not_dropped_with_the_old_table() {
    let (_database, connection) = points("came").await;
    let files = planned(&connection, "point").await;
    apply(&connection, &files.migration).await.unwrap();
    fill(&connection, &files).await;
    connection
        .batch_execute("ALTER TABLE point ADD note text; UPDATE point SET note = 'kept'")
        .await
        .unwrap();
    let refused = apply(&connection, &files.contract).await.unwrap_err();
    assert!(
        refused.contains("column note of") && refused.contains("migrate abort 20260101000000"),
        "{refused}"
    );
    assert_eq!(value(&connection, "SELECT count(*) FROM point WHERE note = 'kept'").await, "20");
    connection.batch_execute("ALTER TABLE point DROP note, ALTER n TYPE bigint").await.unwrap();
    let refused = apply(&connection, &files.contract).await.unwrap_err();
    assert!(refused.contains("column n of") && refused.contains("bigint"), "{refused}");
    connection.batch_execute("ALTER TABLE point ALTER n TYPE integer").await.unwrap();
    apply(&connection, &files.contract).await.unwrap();
    assert_eq!(value(&connection, "SELECT count(*) FROM point").await, "20");
}

#[tokio::test]
async fn names_with_much_in_common_stay_apart() {
    let (_database, connection) = points("alike").await;
    let long = "point_index_with_a_name_that_is_longer_than_fifty_bytes";
    connection
        .batch_execute(&format!(
            "CREATE INDEX {long}_a ON point (n); CREATE INDEX {long}_b ON point (n, at)"
        ))
        .await
        .unwrap();
    let files = planned(&connection, "point").await;
    apply(&connection, &files.migration).await.unwrap();
    fill(&connection, &files).await;
    apply(&connection, &files.contract).await.unwrap();
    let count =
        format!("SELECT count(*) FROM pg_class WHERE relkind = 'I' AND relname LIKE '{long}%'");
    assert_eq!(value(&connection, &count).await, "2");
}
