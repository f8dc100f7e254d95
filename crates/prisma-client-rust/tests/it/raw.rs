//! SQL written by hand.

use prisma_client_rust::serde_json::{Value, json};
use prisma_client_rust::{PrismaValue, QueryError, raw};

use crate::support::{add_user, client, client_with};

#[tokio::test]
async fn rows_are_read_by_their_names() {
    let (_database, client) = client("raw").await;
    add_user(&client, "ada@x").await;
    add_user(&client, "bob@x").await;
    let query = raw!(
        "SELECT email, age FROM people WHERE email = {} AND age = {}",
        "ada@x".into(),
        PrismaValue::Int(18)
    );
    let rows: Vec<Value> = client._query_raw(query).exec().await.unwrap();
    assert_eq!(rows, [json!({"email": "ada@x", "age": 18})]);
    let rows: Vec<std::collections::BTreeMap<String, i64>> =
        client._query_raw(raw!("SELECT count(*) AS n FROM people")).await.unwrap();
    assert_eq!(rows[0]["n"], 2);
    let values = "SELECT {}::bool a, {}::int8 b, {}::float8 c, {}::numeric d, {}::timestamp e, {}::jsonb f, {}::bytea g, \
                  {}::text[] h, {}::uuid i, NULL j";
    let moment = "2024-01-01T00:00:00Z".parse().unwrap();
    let query = raw!(
        values,
        true.into(),
        PrismaValue::BigInt(i64::MAX),
        1.5.into(),
        PrismaValue::Decimal("1.25".parse().unwrap()),
        PrismaValue::DateTime(moment),
        PrismaValue::Json(json!({"k": [1]})),
        PrismaValue::Bytes(vec![1, 2]),
        PrismaValue::List(vec!["x".into(), PrismaValue::Null]),
        "0189d1c2-7b5c-7d3e-8f00-000000000001".into()
    );
    let rows: Vec<Value> = client._query_raw(query).await.unwrap();
    let wanted = json!({
        "a": true, "b": i64::MAX, "c": 1.5, "d": "1.25", "e": "2024-01-01T00:00:00+00:00", "f": {"k": [1]},
        "g": [1, 2], "h": ["x", null], "i": "0189d1c2-7b5c-7d3e-8f00-000000000001", "j": null
    });
    assert_eq!(rows, [wanted]);
}

#[tokio::test]
async fn statements_tell_their_rows() {
    let (_database, client) = client("raw_execute").await;
    add_user(&client, "ada@x").await;
    let hostile = "'; DROP TABLE people; --";
    let update = raw!("UPDATE people SET name = {}", hostile.into());
    assert_eq!(client._execute_raw(update).await.unwrap(), 1);
    let rows: Vec<Value> = client._query_raw(raw!("SELECT name FROM people")).await.unwrap();
    assert_eq!(rows, [json!({"name": hostile})]);
}

#[tokio::test]
async fn mistakes_are_told() {
    let (_database, client) = client("raw_errors").await;
    let error = client._execute_raw(raw!("SELECT nonsense")).await.unwrap_err();
    assert_eq!(error.code(), "P2022");
    let error = client._execute_raw(raw!("SELEKT 1")).await.unwrap_err();
    assert!(error.to_string().starts_with("Raw query failed. Code: `42601`."), "{error}");
    let error = client._query_raw::<i32>(raw!("SELECT 1 AS one")).await.unwrap_err();
    assert_eq!(error.code(), "P2023");
    let error = client._execute_raw(raw!("SELECT {}::int4", true.into())).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Input error. Parameter 1: a Boolean does not fit a parameter of type int4"
    );
}

/// What is set within a statement is nobody else's either.
#[tokio::test]
async fn what_functions_set_is_not_left_to_the_next_query() {
    let (_database, client) = client_with("raw_sets", "connection_limit=1").await;
    let _: Vec<Value> = client
        ._query_raw(raw!("SELECT set_config('work_mem', '77MB', false), pg_advisory_lock(7)::text"))
        .await
        .unwrap();
    client._execute_raw(raw!("SELECT 1 AS a INTO TEMP leaked")).exec().await.unwrap();
    let left = "SELECT current_setting('work_mem') AS m, to_regclass('leaked')::text AS t, \
                (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks";
    let rows: Vec<Value> = client._query_raw(raw!(left)).await.unwrap();
    assert!(rows[0]["m"] != "77MB" && rows[0]["t"].is_null() && rows[0]["locks"] == 0, "{rows:?}");
    // In a transaction it holds to its end, and no longer.
    client
        ._transaction()
        .run(|tx| async move {
            let _: Vec<Value> =
                tx._query_raw(raw!("SELECT set_config('search_path', 'pg_temp', false)")).await?;
            Ok::<_, QueryError>(())
        })
        .await
        .unwrap();
    let rows: Vec<Value> =
        client._query_raw(raw!("SELECT count(*) AS n FROM people")).await.unwrap();
    assert_eq!(rows, [json!({"n": 0})]);
}
