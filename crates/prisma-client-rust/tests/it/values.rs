//! Every type there and back, at its edges.

use prisma_client_rust::serde_json::{Value, json};
use prisma_client_rust::{BigDecimal, DateTime, FixedOffset, QueryError};

use crate::generated::{Status, every, native};
use crate::support::client;

pub(crate) fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

/// A row with small values everywhere.
pub(crate) fn every(id: i32, params: Vec<every::SetParam>) -> every::CreateUnchecked {
    every::CreateUnchecked {
        id,
        text: "text".to_owned(),
        int: 1,
        big: 2,
        float: 1.5,
        decimal: "1.5".parse().unwrap(),
        flag: true,
        moment: at("2024-02-29T12:30:00.123+10:00"),
        json: json!({"a": [1, null]}),
        bytes: vec![0, 255],
        status: Status::InProgress,
        _params: params,
    }
}

#[tokio::test]
async fn every_type_survives() {
    let (_database, client) = client("values").await;
    let empty = client.every().create_from(every(1, vec![])).await.unwrap();
    assert_eq!((empty.text.as_str(), empty.int, empty.big, empty.flag), ("text", 1, 2, true));
    assert_eq!(empty.moment, at("2024-02-29T02:30:00.123Z"));
    assert_eq!(
        (empty.json, empty.bytes, empty.status),
        (json!({"a": [1, null]}), vec![0, 255], Status::InProgress)
    );
    assert_eq!(
        (empty.text_o, empty.json_o, empty.status_o, empty.moment_o),
        (None, None, None, None)
    );
    assert_eq!((empty.texts, empty.jsons, empty.blobs), (vec![], vec![], vec![]));
    let long = "9".repeat(1_000);
    let decimals: Vec<BigDecimal> = ["0", "-0.000001", "12345678901234567890.123456789"]
        .map(|text| text.parse().unwrap())
        .to_vec();
    let params = vec![
        every::text_o::set("naïve 🦀".to_owned()),
        every::int_o::set(Some(i32::MIN)),
        every::big_o::set(Some(i64::MIN)),
        every::float_o::set(Some(f64::MIN_POSITIVE)),
        every::decimal_o::set(Some(decimals[1].clone())),
        every::flag_o::set(Some(false)),
        every::moment_o::set(Some(at("9999-12-31T23:59:59.999Z"))),
        every::json_o::set(Value::Null),
        every::bytes_o::set(Some(vec![0; 1_000_000])),
        every::status_o::set(Some(Status::Done)),
        every::texts::set(vec![
            "a".to_owned(),
            String::new(),
            "NULL".to_owned(),
            "{\"}".to_owned(),
        ]),
        every::ints::set(vec![i32::MAX, 0, i32::MIN]),
        every::bigs::set(vec![i64::MAX, i64::MIN]),
        every::floats::set(vec![0.1, f64::INFINITY, -0.0]),
        every::decimals::set(decimals.clone()),
        every::flags::set(vec![true, false]),
        every::moments::set(vec![at("0001-01-01T00:00:00Z"), at("1969-12-31T23:59:59.999Z")]),
        every::jsons::set(vec![json!(1), json!(null), json!({"k": "v"})]),
        every::blobs::set(vec![vec![], vec![1, 2, 3]]),
        every::statuses::set(vec![Status::Draft, Status::Done]),
    ];
    let full = client.every().create_from(every(2, params)).await.unwrap();
    assert_eq!(full.text_o.as_deref(), Some("naïve 🦀"));
    assert_eq!(
        (full.int_o, full.big_o, full.flag_o),
        (Some(i32::MIN), Some(i64::MIN), Some(false))
    );
    assert_eq!(full.decimal_o, Some(decimals[1].clone()));
    assert_eq!(full.moment_o, Some(at("9999-12-31T23:59:59.999Z")));
    assert_eq!(full.json_o, Some(Value::Null));
    assert_eq!(full.bytes_o.as_ref().map(Vec::len), Some(1_000_000));
    assert_eq!(full.status_o, Some(Status::Done));
    assert_eq!(full.texts, ["a", "", "NULL", "{\"}"]);
    assert_eq!(
        (full.ints.as_slice(), full.bigs.as_slice()),
        ([i32::MAX, 0, i32::MIN].as_slice(), [i64::MAX, i64::MIN].as_slice())
    );
    assert_eq!(full.floats, [0.1, f64::INFINITY, -0.0]);
    assert_eq!(full.decimals, decimals);
    assert_eq!(full.moments, [at("0001-01-01T00:00:00Z"), at("1969-12-31T23:59:59.999Z")]);
    assert_eq!(full.jsons, [json!(1), json!(null), json!({"k": "v"})]);
    assert_eq!(full.blobs, [vec![], vec![1, 2, 3]]);
    assert_eq!(full.statuses, [Status::Draft, Status::Done]);
    let read = client.every().find_unique(every::id::equals(2)).await.unwrap().unwrap();
    assert_eq!(read, full);
    let number: BigDecimal = long.parse().unwrap();
    let error = client
        .every()
        .update(every::id::equals(2), vec![every::decimal::set(number)])
        .await
        .unwrap_err();
    assert_eq!(error.code(), "P2020");
}

#[tokio::test]
async fn equals_finds_what_was_stored() {
    let (_database, client) = client("values_equal").await;
    // Microseconds that the column rounds away.
    let moment = at("2024-01-01T00:00:00.123456Z");
    let row = every(
        1,
        vec![
            every::moment_o::set(Some(moment)),
            every::float_o::set(Some(0.1)),
            every::bytes_o::set(Some(b"x".to_vec())),
        ],
    );
    let stored = client.every().create_from(row).await.unwrap();
    assert_eq!(stored.moment_o, Some(at("2024-01-01T00:00:00.123Z")));
    let finds = async |filter| client.every().count(vec![filter]).await.unwrap() == 1;
    assert!(finds(every::moment_o::equals(Some(moment))).await);
    assert!(finds(every::moment_o::in_vec(vec![moment])).await);
    assert!(finds(every::float_o::equals(Some(0.1))).await);
    assert!(finds(every::bytes_o::equals(Some(b"x".to_vec()))).await);
    assert!(finds(every::decimal::equals("1.50".parse::<BigDecimal>().unwrap())).await);
    assert!(finds(every::flag::equals(true)).await);
    assert!(finds(every::big::in_vec(vec![2, 3])).await);
    assert!(finds(every::status_o::equals(None)).await);
    assert!(!finds(every::status_o::equals(Some(Status::Done))).await);
}

#[tokio::test]
async fn rows_with_lists_are_created_in_numbers() {
    let (_database, client) = client("values_many").await;
    let rows = (0..4_000).map(|id| {
        every(id, vec![every::ints::set(vec![id, id]), every::jsons::set(vec![json!(id)])])
    });
    assert_eq!(client.every().create_many(rows.collect()).await.unwrap(), 4_000);
    let row = client.every().find_unique(every::id::equals(3_999)).await.unwrap().unwrap();
    assert_eq!((row.ints, row.jsons), (vec![3_999, 3_999], vec![json!(3_999)]));
}

#[tokio::test]
async fn native_types_survive() {
    let (_database, client) = client("native").await;
    let uuid = "0189d1c2-7b5c-7d3e-8f00-000000000001".to_owned();
    let row = client
        .native()
        .create(vec![
            native::other::set(uuid.clone()),
            native::varchar::set("five5".to_owned()),
            native::char::set("ab".to_owned()),
            native::inet::set("10.0.0.1".to_owned()),
            native::xml::set("<a/>".to_owned()),
            native::bit::set("101".to_owned()),
            native::small::set(Some(-32_768)),
            native::oid::set(Some(77)),
            native::real::set(Some(0.1)),
            native::money::set(Some("12.34".parse::<BigDecimal>().unwrap())),
            native::stamp::set(Some(at("2024-01-01T00:00:00.123456Z"))),
            native::zoned::set(Some(at("2024-01-01T10:00:00.6+10:00"))),
            native::day::set(Some(at("2024-01-01T23:00:00Z"))),
            native::time::set(Some(at("2024-01-01T12:34:56Z"))),
            native::plain::set(json!({"b": 1, "a": 2})),
            native::uuids::set(vec![uuid.clone()]),
        ])
        .await
        .unwrap();
    assert_eq!((row.id.len(), row.seven.as_bytes()[14]), (36, b'7'));
    assert_eq!(
        (row.other.as_deref(), row.uuids.as_slice()),
        (Some(uuid.as_str()), [uuid.clone()].as_slice())
    );
    assert_eq!((row.varchar.as_deref(), row.char.as_deref()), (Some("five5"), Some("ab  ")));
    assert_eq!(
        (row.inet.as_deref(), row.xml.as_deref(), row.bit.as_deref()),
        (Some("10.0.0.1/32"), Some("<a/>"), Some("101"))
    );
    assert_eq!((row.small, row.oid, row.real), (Some(-32_768), Some(77), Some(0.1)));
    assert_eq!(row.money, Some("12.34".parse().unwrap()));
    assert_eq!(row.stamp, Some(at("2024-01-01T00:00:00.123456Z")));
    assert_eq!(row.zoned, Some(at("2024-01-01T00:00:01Z")));
    assert_eq!(row.day, Some(at("2024-01-01T00:00:00Z")));
    assert_eq!(row.time, Some(at("1970-01-01T12:34:56Z")));
    let finds =
        async |filter: native::WhereParam| client.native().count(vec![filter]).await.unwrap() == 1;
    assert!(finds(native::other::equals(uuid.clone())).await);
    assert!(finds(native::other::in_vec(vec![uuid.clone()])).await);
    assert!(finds(native::uuids::has(uuid.clone())).await);
    assert!(finds(native::char::equals("ab".to_owned())).await);
    assert!(finds(native::inet::equals("10.0.0.1".to_owned())).await);
    assert!(finds(native::bit::equals("101".to_owned())).await);
    assert!(finds(native::real::equals(Some(0.1))).await);
    assert!(finds(native::oid::equals(Some(77))).await);
    assert!(finds(native::money::equals(Some("12.34".parse::<BigDecimal>().unwrap()))).await);
    assert!(finds(native::day::equals(Some(at("2024-01-01T05:00:00Z")))).await);
    assert!(finds(native::zoned::equals(Some(at("2024-01-01T00:00:01Z")))).await);
    assert!(finds(native::plain::equals(json!({"a": 2, "b": 1}))).await);
    let rows = (0..2)
        .map(|_| native::create_unchecked(vec![native::inet::set("::1".to_owned())]))
        .collect();
    assert_eq!(client.native().create_many(rows).await.unwrap(), 2);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_name() {
    let (database, client) = client("values_refused").await;
    let refused =
        async |change| -> QueryError { client.native().create(vec![change]).await.unwrap_err() };
    assert_eq!(refused(native::varchar::set("sixsix".to_owned())).await.code(), "P2000");
    let error = refused(native::other::set("no uuid".to_owned())).await;
    assert_eq!(error.code(), "P2019");
    assert!(error.to_string().contains("no uuid"), "{error}");
    let error = refused(native::varchar::set("a\0b".to_owned())).await;
    assert_eq!(
        error.to_string(),
        "Input error. `varchar`: the text holds a NUL character, which PostgreSQL cannot store"
    );
    client.every().create_from(every(1, vec![])).await.unwrap();
    let connection = database.connect().await;
    connection.batch_execute("UPDATE \"Every\" SET moment = 'infinity'").await.unwrap();
    let error = client.every().find_first(vec![]).await.unwrap_err();
    assert_eq!((error.code(), error.model()), ("P2023", Some("Every")));
    assert!(error.to_string().contains("Every.moment: the timestamp is infinite"), "{error}");
    connection.batch_execute("ALTER TYPE status_kind ADD VALUE 'new'").await.unwrap();
    connection.batch_execute("UPDATE \"Every\" SET moment = now(), status = 'new'").await.unwrap();
    let error = client.every().find_first(vec![]).await.unwrap_err();
    assert!(
        error.to_string().contains("Every.status: Value 'new' not found in enum 'Status'"),
        "{error}"
    );
}
