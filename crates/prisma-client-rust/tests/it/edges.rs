//! Values at the edges of what a type holds, and just beyond them.

use prisma_client_rust::serde_json::{self, Value, json};
use prisma_client_rust::{BigDecimal, DateTime, FixedOffset, raw};

use crate::generated::{every, native, post, user};
use crate::support::{add_user, client};
use crate::values::every;

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

#[tokio::test]
async fn numbers_at_the_edge() {
    let (_database, client) = client("edge_numbers").await;
    client.every().create_from(every(1, vec![])).await.unwrap();
    let set = async |change| client.every().update(every::id::equals(1), vec![change]).await;
    for big in [i64::MIN, i64::MAX, 0, -1] {
        assert_eq!(set(every::big::set(big)).await.unwrap().big, big);
        assert_eq!(client.every().count(vec![every::big::equals(big)]).await.unwrap(), 1);
    }
    set(every::big::set(i64::MAX)).await.unwrap();
    assert_eq!(set(every::big::increment(1)).await.unwrap_err().code(), "P2020");
    assert_eq!(set(every::int::set(i32::MIN)).await.unwrap().int, i32::MIN);
    assert_eq!(set(every::int::decrement(1)).await.unwrap_err().code(), "P2020");
    for float in [f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, 5e-324, -0.0] {
        let stored = set(every::float::set(float)).await.unwrap().float;
        assert_eq!(stored.to_bits(), float.to_bits());
        assert_eq!(client.every().count(vec![every::float::equals(float)]).await.unwrap(), 1);
    }
    assert!(set(every::float::set(f64::NAN)).await.unwrap().float.is_nan());
    // PostgreSQL holds all NaN for equal.
    assert_eq!(client.every().count(vec![every::float::equals(f64::NAN)]).await.unwrap(), 1);
    let lists = set(every::floats::set(vec![f64::NAN, f64::NEG_INFINITY])).await.unwrap().floats;
    assert!(lists[0].is_nan() && lists[1] == f64::NEG_INFINITY);
}

#[tokio::test]
async fn decimals_of_a_thousand_digits() {
    let (database, client) = client("edge_decimals").await;
    let connection = database.connect().await;
    connection.batch_execute(r#"ALTER TABLE "Every" ALTER "decimalO" TYPE numeric"#).await.unwrap();
    for text in [
        "9".repeat(1_000),
        format!("-0.{}1", "0".repeat(999)),
        format!("{0}.{0}", "12345678".repeat(62)),
    ] {
        let number: BigDecimal = text.parse().unwrap();
        let row = every(1, vec![every::decimal_o::set(Some(number.clone()))]);
        assert_eq!(client.every().create_from(row).await.unwrap().decimal_o, Some(number.clone()));
        let equal = every::decimal_o::equals(Some(number));
        assert_eq!(client.every().delete_many(vec![equal]).await.unwrap(), 1);
    }
    client.every().create_from(every(1, vec![])).await.unwrap();
    for odd in ["NaN", "Infinity", "-Infinity"] {
        let sql = format!(r#"UPDATE "Every" SET "decimalO" = '{odd}'"#);
        if connection.batch_execute(&sql).await.is_err() {
            // Before PostgreSQL 14 a numeric has no infinity.
            continue;
        }
        let error = client.every().find_first(vec![]).await.unwrap_err();
        assert_eq!((error.code(), error.model()), ("P2023", Some("Every")));
        assert!(error.to_string().contains("Every.decimalO"), "{error}");
    }
}

#[tokio::test]
async fn moments_at_the_edge() {
    let (database, client) = client("edge_moments").await;
    client.every().create_from(every(1, vec![])).await.unwrap();
    let far = [
        "9999-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "-0044-03-15T12:00:00Z",
        "+262142-12-31T23:59:59Z",
        "-4712-01-01T00:00:00Z",
    ];
    for text in far {
        let moment: DateTime<FixedOffset> =
            text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        let set = vec![every::moment::set(moment), every::moments::set(vec![moment])];
        let row = client.every().update(every::id::equals(1), set).await.unwrap();
        assert_eq!((row.moment, row.moments), (moment, vec![moment]), "{text}");
        assert_eq!(
            client
                .every()
                .count(vec![every::moment::lte(moment), every::moment::gte(moment)])
                .await
                .unwrap(),
            1
        );
    }
    let beyond = DateTime::<prisma_client_rust::chrono::Utc>::MAX_UTC.fixed_offset();
    let error = client
        .every()
        .update(every::id::equals(1), vec![every::moment::set(beyond)])
        .await
        .unwrap_err();
    assert_eq!(error.code(), "P2020");
    client.native().create(vec![]).await.unwrap();
    let connection = database.connect().await;
    for odd in ["infinity", "-infinity"] {
        let sql = format!(
            r#"UPDATE "Every" SET moment = '2000-01-01', moments = '{{{odd}}}'; UPDATE "Native" SET day = '{odd}'"#
        );
        connection.batch_execute(&sql).await.unwrap();
        let error = client.every().find_first(vec![]).await.unwrap_err();
        assert!(error.to_string().contains("Every.moments: the timestamp is infinite"), "{error}");
        let error = client.native().find_first(vec![]).await.unwrap_err();
        assert!(error.to_string().contains("Native.day: the date is infinite"), "{error}");
    }
    let day = at("2000-02-29T00:00:00Z");
    client.native().update_many(vec![], vec![native::day::set(Some(day))]).await.unwrap();
    assert_eq!(client.native().find_first(vec![]).await.unwrap().unwrap().day, Some(day));
}

#[tokio::test]
async fn a_hundred_megabytes() {
    let (database, client) = client("edge_large").await;
    // The server's compression is not what is tried here.
    let plain = r#"ALTER TABLE "Every" ALTER bytes SET STORAGE EXTERNAL"#;
    database.connect().await.batch_execute(plain).await.unwrap();
    let large: Vec<u8> = (0..=u8::MAX).collect::<Vec<u8>>().repeat(100 * 4 * 1024);
    client.every().create_from(every(1, vec![])).await.unwrap();
    let set = vec![every::bytes::set(large.clone())];
    assert_eq!(client.every().update_many(vec![], set).await.unwrap(), 1);
    let row = client.every().find_unique(every::id::equals(1)).await.unwrap().unwrap();
    assert!(row.bytes == large);
}

#[tokio::test]
async fn lists_and_documents_of_nothing() {
    let (database, client) = client("edge_nothing").await;
    let row = every(1, vec![every::ints::set(vec![]), every::json_o::set(Value::Null)]);
    let row = client.every().create_from(row).await.unwrap();
    assert_eq!((row.ints.as_slice(), row.json_o), ([].as_slice(), Some(Value::Null)));
    client.every().create_from(every(2, vec![every::json_o::set(None)])).await.unwrap();
    // The document `null` is one, and no document is none.
    let ids = async |filter| -> Vec<i32> {
        client.every().find_many(vec![filter]).await.unwrap().iter().map(|row| row.id).collect()
    };
    assert_eq!(ids(every::json_o::equals(Value::Null)).await, [1]);
    assert_eq!(ids(every::json_o::equals(None)).await, [2]);
    assert_eq!(ids(every::json_o::not(None)).await, [1]);
    assert_eq!(ids(every::ints::is_empty(true)).await, [1]);
    let connection = database.connect().await;
    connection.batch_execute(r#"UPDATE "Every" SET ints = '{1,NULL}' WHERE id = 1"#).await.unwrap();
    let error = client.every().find_unique(every::id::equals(1)).await.unwrap_err();
    assert!(error.to_string().contains("Every.ints"), "{error}");
    // No type of a schema is a list of lists.
    connection
        .batch_execute(r#"UPDATE "Every" SET ints = '{{1,2},{3,4}}' WHERE id = 1"#)
        .await
        .unwrap();
    let error = client.every().find_unique(every::id::equals(1)).await.unwrap_err();
    assert!(
        error.to_string().contains("Every.ints: array contains too many dimensions"),
        "{error}"
    );
}

#[tokio::test]
async fn documents_hold_what_json_can() {
    let (_database, client) = client("edge_json").await;
    client.every().create_from(every(1, vec![])).await.unwrap();
    let set = async |value: &Value| {
        client.every().update(every::id::equals(1), vec![every::json::set(value.clone())]).await
    };
    let deep = (0..120).fold(json!(1), |inner, _| json!([inner]));
    for value in
        [json!("🦀\u{7f}\u{1}"), json!({"": {"a.b": [{}]}}), json!(u64::MAX), json!(1e308), deep]
    {
        assert_eq!(set(&value).await.unwrap().json, value);
    }
    for value in [json!("a\0b"), json!([{"a\0": 1}])] {
        let error = set(&value).await.unwrap_err();
        assert_eq!((error.code(), error.model()), ("P2019", Some("Every")));
        assert!(error.to_string().contains("`json`: the text holds a NUL character"), "{error}");
    }
    // What only looks like one is a text.
    assert_eq!(set(&json!("\\u0000")).await.unwrap().json, json!("\\u0000"));
    // Half of a pair is no text in Rust: no such value can be made.
    assert!(serde_json::from_str::<Value>(r#""\ud800""#).is_err());
}

#[tokio::test]
async fn a_nul_is_refused_wherever_it_stands() {
    let (_database, client) = client("edge_nul").await;
    add_user(&client, "ada@x").await;
    let ada = || user::email::equals("ada@x");
    let nul = || "\0".to_owned();
    let title = || vec![post::title::contains("\0")];
    let refused = [
        ("email", client.user().create("a\0b", vec![]).await.unwrap_err()),
        ("name", client.user().update(ada(), vec![user::name::set(nul())]).await.unwrap_err()),
        (
            "name",
            client.user().update_many(vec![], vec![user::name::set(nul())]).await.unwrap_err(),
        ),
        ("name", client.user().count(vec![user::name::contains("\0")]).await.unwrap_err()),
        ("name", client.user().count(vec![user::name::in_vec(vec![nul()])]).await.unwrap_err()),
        ("title", client.user().count(vec![user::posts::some(title())]).await.unwrap_err()),
        ("email", client.user().find_unique(user::email::equals("\0")).await.unwrap_err()),
        ("email", client.user().create_many_from(users()).await.unwrap_err()),
        ("email", client.user().create_many_and_return(users()).await.unwrap_err()),
        ("email", client.user().copy_in(users()).await.unwrap_err()),
        (
            "email",
            client
                ._batch((client.user().count(vec![]), client.user().create("\0", vec![])))
                .await
                .unwrap_err(),
        ),
        (
            "name",
            client
                .user()
                .upsert(ada(), user::create("ada@x", vec![]), vec![user::name::set(nul())])
                .await
                .unwrap_err(),
        ),
    ];
    for (field, error) in refused {
        assert_eq!((error.code(), error.model()), ("P2019", Some("User")), "{error:?}");
        let said = format!("`{field}`: the text holds a NUL character");
        assert!(error.to_string().contains(&said), "{error}");
    }
    let lists = [
        ("texts", vec![every::texts::set(vec![nul()])]),
        ("jsons", vec![every::jsons::set(vec![json!({"a": "\0"})])]),
    ];
    for (field, set) in lists {
        let error = client.every().create_from(every(1, set)).await.unwrap_err();
        assert_eq!((error.code(), error.model()), ("P2019", Some("Every")), "{error:?}");
        assert!(error.to_string().contains(&format!("`{field}`: the text")), "{error}");
    }
    let filters = [
        every::texts::has(nul()),
        every::texts::has_some(vec![nul()]),
        every::json::equals(json!("\0")),
    ];
    for filter in filters {
        let error = client.every().count(vec![filter]).await.unwrap_err();
        assert_eq!(error.code(), "P2019", "{error:?}");
    }
    let path = vec![every::json::path(vec![nul()]), every::json::equals(json!(1))];
    assert_eq!(client.every().count(path).await.unwrap_err().code(), "P2019");
    for sql in ["SELECT {}::text, {}::text", "SELECT {}::text, {}::jsonb"] {
        let error = client._execute_raw(raw!(sql, "a".into(), "\0".into())).await.unwrap_err();
        assert_eq!(error.code(), "P2019", "{error:?}");
        assert!(error.to_string().contains("Parameter 2: the text holds a NUL"), "{error}");
    }
    let error = client._execute_raw(raw!("SELECT '\0'")).await.unwrap_err();
    assert_eq!(error.code(), "P2019", "{error:?}");
    assert_eq!(client.user().count(vec![]).await.unwrap(), 1);
}

/// The second of these is refused.
fn users() -> Vec<user::Create> {
    vec![user::create("b", vec![]), user::create("a\0", vec![])]
}
