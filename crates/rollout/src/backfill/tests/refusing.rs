//! Rows and statements that the server refuses, and what is left then.

use super::*;

#[tokio::test]
async fn the_row_that_is_refused_is_named() {
    let (database, connection) = prices("refused", 5_000).await;
    connection.batch_execute("UPDATE item SET price = 99999999 WHERE id = 3210").await.unwrap();
    let backfill = fill("item", "cents", CENTS);
    let error = run(database.url(), &backfill).await.unwrap_err();
    let said = error.to_string();
    assert!(said.contains("\"id\" = '3210'") && said.contains("integer out of range"), "{said}");
    assert!(error.help().unwrap_or_default().contains("backfill run"), "{:?}", error.help());
    let standing = &standing(&connection, &backfill).await[0];
    assert_eq!(
        (standing.state, standing.changed),
        (State::Running, 3_209),
        "what is before it is done"
    );
    assert!(standing.error.as_ref().is_some_and(|error| error.contains("3210")), "{standing:?}");

    connection.batch_execute("UPDATE item SET price = 1 WHERE id = 3210").await.unwrap();
    run(database.url(), &backfill).await.unwrap();
    assert_eq!(value(&connection, WRONG).await, "0");
    let after = &super::standing(&connection, &backfill).await[0];
    assert_eq!((after.changed, &after.error), (5_000, &None));
}

#[tokio::test]
async fn a_statement_that_is_wrong_is_told_at_once() {
    let (database, connection) = prices("wrong", 100).await;
    let backfill = fill("item", "cents", "t.nothing");
    let error = run(database.url(), &backfill).await.unwrap_err();
    assert!(error.to_string().contains("column t.nothing does not exist"), "{error}");
    assert_eq!(value(&connection, "SELECT count(*) FROM item WHERE cents IS NOT NULL").await, "0");
}

#[tokio::test]
async fn rows_that_a_policy_hides_are_not_passed_over_in_silence() {
    let (database, connection) = prices("policy", 100).await;
    let role = format!("filler_{}", std::process::id());
    connection
        .batch_execute(&format!(
            "DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN;
             GRANT CREATE ON DATABASE \"{}\" TO {role}; GRANT ALL ON item TO {role};
             ALTER TABLE item ENABLE ROW LEVEL SECURITY;
             CREATE POLICY high ON item USING (id > 50)",
            database.url().database()
        ))
        .await
        .unwrap();
    let url = database.url().expose();
    let user = format!("://{}@", database.url().user());
    let url: ConnectionUrl = url.replace(&user, &format!("://{role}@")).parse().unwrap();
    assert_eq!(url.user(), role);
    let error = run(&url, &fill("item", "cents", CENTS)).await.unwrap_err();
    assert!(error.to_string().contains("row-level security"), "{error}");
    connection
        .batch_execute(&format!(
            "DROP SCHEMA _driveflow CASCADE; DROP OWNED BY {role}; DROP ROLE {role}"
        ))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_statement_that_writes_the_key_it_goes_along_is_refused() {
    let (database, connection) = prices("rekeyed", 5_000).await;
    let backfill = script("UPDATE item SET version = 1, id = id + 100000 WHERE (:batch);").unwrap();
    let error = run(database.url(), &backfill).await.unwrap_err();
    assert!(error.to_string().contains("sets \"id\", a column of the key item_pkey"), "{error}");
    assert!(error.help().unwrap_or_default().contains("--zero-downtime"), "{error:?}");
    assert_eq!(value(&connection, "SELECT max(id) FROM item").await, "5000");

    // Along another key it goes.
    connection
        .batch_execute("ALTER TABLE item ADD number integer; UPDATE item SET number = id; ALTER TABLE item ALTER number SET NOT NULL, ADD UNIQUE (number)")
        .await
        .unwrap();
    run(database.url(), &backfill).await.unwrap();
    let wrong = "SELECT count(*) FROM item WHERE id <> number + 100000 OR version <> 1";
    assert_eq!(value(&connection, wrong).await, "0");
}
