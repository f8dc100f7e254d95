//! Rows that are made together are those that are made one by one: `create_many`, `create_many_and_return`, `copy_in` and
//! rows inside a row, of random rows of every type that set something else each.

use postgres::Connection;
use prisma_client_rust::serde_json::{Value, json};
use prisma_client_rust::{BigDecimal, DateTime, FixedOffset, nested};

use crate::generated::{PrismaClient, Status, every, fallback, native, post, user};
use crate::model::chance::{Chance, TEXTS};
use crate::model::seeds;
use crate::support::{client, client_with};
use crate::values::{at, every};

/// Sets of rows of one seed.
const ROUNDS: usize = 4;

/// Rows one after the other often set the same, and sometimes in another order, or one of it twice.
fn params<P: Clone>(
    chance: &mut Chance,
    kinds: i32,
    value: fn(&mut Chance, i32) -> P,
) -> Vec<Vec<P>> {
    let mut rows = Vec::new();
    for _ in 0..=chance.below(4) {
        let mut set = chance.some(6, |chance| chance.below(kinds));
        for _ in 0..=chance.below(3) {
            if !set.is_empty() && chance.once_in(4) {
                set.rotate_left(1);
            }
            let mut row: Vec<P> = set.iter().map(|kind| value(chance, *kind)).collect();
            if chance.once_in(8) {
                row.extend(set.first().map(|kind| value(chance, *kind)));
            }
            rows.push(row);
        }
    }
    rows
}

fn text(chance: &mut Chance) -> String {
    chance.pick(&TEXTS).to_owned()
}

fn moment(chance: &mut Chance) -> DateTime<FixedOffset> {
    at(chance.pick(&[
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999500Z",
        "2024-02-29T23:30:00.123456-05:00",
        "2024-01-01T00:00:00.5+10:00",
        "9999-12-31T23:59:59Z",
    ]))
}

fn decimal(chance: &mut Chance) -> BigDecimal {
    chance.pick(&["0", "-0.000001", "12.34", "1e3", "12345678901234567890.125"]).parse().unwrap()
}

fn document(chance: &mut Chance) -> Value {
    chance.pick(&[json!(null), json!("\"\\"), json!([]), json!({"b": [1, null], "a": "🦀"})])
}

fn bytes(chance: &mut Chance) -> Vec<u8> {
    chance.pick(&[vec![], vec![0], vec![255, b'\\', b'{']])
}

fn status(chance: &mut Chance) -> Status {
    chance.pick(&[Status::Draft, Status::InProgress, Status::Done])
}

fn any_every(chance: &mut Chance, kind: i32) -> every::SetParam {
    match kind {
        0 => every::text_o::set(chance.maybe(text)),
        1 => every::int_o::set(chance.maybe(|chance| chance.below(9))),
        2 => every::big_o::set(chance.maybe(|_| i64::MIN)),
        3 => every::float_o::set(chance.maybe(|_| -0.5)),
        4 => every::decimal_o::set(chance.maybe(decimal)),
        5 => every::flag_o::set(chance.maybe(|chance| chance.once_in(2))),
        6 => every::moment_o::set(chance.maybe(moment)),
        7 => every::json_o::set(chance.maybe(document)),
        8 => every::bytes_o::set(chance.maybe(bytes)),
        9 => every::status_o::set(chance.maybe(status)),
        10 => every::texts::set(chance.some(3, text)),
        11 => every::ints::set(chance.some(3, |chance| chance.below(9))),
        12 => every::bigs::set(chance.some(2, |_| i64::MAX)),
        13 => every::floats::set(chance.some(2, |_| f64::INFINITY)),
        14 => every::decimals::set(chance.some(3, decimal)),
        15 => every::flags::set(chance.some(3, |chance| chance.once_in(2))),
        16 => every::moments::set(chance.some(3, moment)),
        17 => every::jsons::set(chance.some(3, document)),
        18 => every::blobs::set(chance.some(3, bytes)),
        19 => every::statuses::set(chance.some(3, status)),
        20 => every::text::set(text(chance)),
        21 => every::int::increment(chance.below(9)),
        _ => every::ints::push(chance.some(2, |chance| chance.below(9))),
    }
}

fn any_native(chance: &mut Chance, kind: i32) -> native::SetParam {
    let uuid =
        |chance: &mut Chance| format!("0000ABCD-0000-0000-0000-00000000000{}", chance.below(9));
    match kind {
        0 => native::other::set(chance.maybe(uuid)),
        1 => native::varchar::set(
            chance.maybe(|chance| chance.pick(&["", "five5", "ü🦀"]).to_owned()),
        ),
        2 => native::char::set(chance.maybe(|chance| chance.pick(&["", "a", "abcd"]).to_owned())),
        3 => {
            native::inet::set(chance.maybe(|chance| chance.pick(&["::1", "10.0.0.1/8"]).to_owned()))
        }
        4 => native::xml::set(chance.maybe(|_| "<a b=\"c\"/>".to_owned())),
        5 => native::bit::set(chance.maybe(|_| "101".to_owned())),
        6 => native::oid::set(chance.maybe(|chance| chance.below(9))),
        7 => native::real::set(chance.maybe(|_| 0.1)),
        8 => {
            native::money::set(chance.maybe(|chance| chance.pick(&["1.25", "-7"]).parse().unwrap()))
        }
        9 => native::stamp::set(chance.maybe(moment)),
        10 => native::zoned::set(chance.maybe(moment)),
        11 => native::day::set(chance.maybe(moment)),
        12 => native::time::set(chance.maybe(moment)),
        13 => native::plain::set(chance.maybe(document)),
        14 => native::uuids::set(chance.some(3, uuid)),
        _ => native::seven::set(uuid(chance)),
    }
}

fn any_fallback(chance: &mut Chance, kind: i32) -> fallback::SetParam {
    match kind {
        0 => fallback::note::set(chance.maybe(text)),
        1 => fallback::many::set(chance.some(3, |chance| chance.below(9))),
        _ => fallback::other::set(chance.maybe(text)),
    }
}

fn any_post(chance: &mut Chance, kind: i32) -> post::SetParam {
    let number = |chance: &mut Chance| f64::from(chance.below(9)) / 4.0;
    match kind {
        0 => post::status::set(status(chance)),
        1 => post::views::set(chance.below(9)),
        2 => post::rating::set(chance.maybe(number)),
        3 => post::price::set(chance.maybe(|chance| chance.below(9).into())),
        4 => post::title::set(text(chance)),
        _ => post::author::connect(user::id::equals(chance.pick(&["ada", "bob"]))),
    }
}

/// A table as text, in the order of a number, and empty after that. What only one client makes is left out.
async fn take(sql: &Connection, table: &str, order: &str) -> Vec<String> {
    let rows = format!(
        "SELECT (to_jsonb(t) - CASE '{table}' WHEN 'Native' THEN '{{id}}' ELSE '{{}}' END::text[] || CASE WHEN \
         to_jsonb(t)->>'seven' NOT LIKE '0000%' THEN '{{\"seven\": 7}}' ELSE '{{}}' END::jsonb)::text FROM \"{table}\" t \
         ORDER BY {order}"
    );
    let rows = sql.query(&rows, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    sql.batch_execute(&format!("TRUNCATE \"{table}\" RESTART IDENTITY CASCADE")).await.unwrap();
    rows
}

/// Makes rows in each of the ways and compares what is there then.
macro_rules! same {
    ($client:ident, $sql:ident, $model:ident $table:literal $order:literal, $rows:expr, $at:expr) => {{
        let rows: Vec<$model::CreateUnchecked> = $rows;
        let number = i64::try_from(rows.len()).unwrap();
        let mut single = Vec::new();
        for row in rows.clone() {
            single.push($client.$model().create_from(row).await.unwrap());
        }
        let expected = take($sql, $table, $order).await;
        let many = $client.$model().create_many(rows.clone());
        assert_eq!(many.clone().await.unwrap(), number, "{}", $at);
        assert_eq!(take($sql, $table, $order).await, expected, "create_many, {}", $at);
        let counted = $client._batch((many.clone(), $client.$model().count(vec![]))).await.unwrap();
        assert_eq!(
            (counted, take($sql, $table, $order).await),
            ((number, number), expected.clone()),
            "_batch, {}",
            $at
        );
        let made = $client.$model().create_many_and_return(rows.clone()).await.unwrap();
        assert_eq!(take($sql, $table, $order).await, expected, "create_many_and_return, {}", $at);
        let copied = $client.$model().copy_in(rows).await.unwrap();
        assert_eq!(
            (copied, take($sql, $table, $order).await),
            (number, expected),
            "copy_in, {}",
            $at
        );
        (single, made)
    }};
}

async fn compare(seed: u64, client: &PrismaClient, sql: &Connection) {
    let mut chance = Chance::new(seed);
    for round in 0..ROUNDS {
        let at = format!("seed {seed}, round {round}");
        let rows = params(&mut chance, 23, any_every);
        let rows: Vec<_> = (0..).zip(rows).map(|(id, params)| every(id, params)).collect();
        let (single, made) = same!(client, sql, every "Every" "id", rows, at);
        assert_eq!(single, made, "{at}");

        let rows = (0..).zip(params(&mut chance, 16, any_native)).map(|(number, mut params)| {
            params.push(native::small::set(Some(number)));
            native::create_unchecked(params)
        });
        let (single, made) = same!(client, sql, native "Native" "small", rows.collect(), at);
        for (single, made) in single.into_iter().zip(made) {
            let (id, seven) = (single.id.clone(), single.seven.clone());
            assert_eq!(single, native::Data { id, seven, ..made }, "{at}");
        }

        let rows = params(&mut chance, 3, any_fallback);
        let rows = rows.into_iter().map(fallback::create_unchecked).collect();
        let (single, made) = same!(client, sql, fallback "Fallback" "id", rows, at);
        assert_eq!(single, made, "{at}");

        let rows = params(&mut chance, 6, any_post);
        let rows: Vec<_> =
            rows.into_iter().map(|params| post::create_unchecked("t", "ada", params)).collect();
        let (single, made) = same!(client, sql, post "Post" "id", rows, at);
        assert_eq!(single, made, "{at}");

        let rows = params(&mut chance, 5, any_post);
        let ada = || user::id::equals("ada");
        for row in rows.clone() {
            client.post().create("t", ada(), row).await.unwrap();
        }
        let expected = take(sql, "Post", "id").await;
        let rows: Vec<_> = rows.into_iter().map(|row| post::create("t", nested(), row)).collect();
        client.user().update(ada(), vec![user::posts::create(rows)]).await.unwrap();
        assert_eq!(take(sql, "Post", "id").await, expected, "inside a row, {at}");
    }
}

#[tokio::test]
async fn rows_made_together_are_those_made_one_by_one() {
    for parameters in ["", "pgbouncer=true"] {
        let (database, client) = client_with("many", parameters).await;
        let sql = database.connect().await;
        for id in ["ada", "bob"] {
            client.user().create(id, vec![user::id::set(id)]).await.unwrap();
        }
        for seed in seeds() {
            compare(seed, &client, &sql).await;
        }
    }
}

/// Where a statement is full, the next row is the first of another one, whatever it sets.
#[tokio::test]
async fn no_row_is_lost_where_a_statement_is_full() {
    let (database, client) = client("many_limits").await;
    let sql = database.connect().await;
    // How many rows, and whether they set a list.
    for parts in [
        vec![(9_999, false), (2, true)],
        vec![(10_000, false), (1, true), (1, false)],
        vec![(10_001, false), (1, true)],
        vec![(999, true), (2, false)],
        vec![(1_000, true), (1, false), (1_000, true)],
        vec![(1_001, true), (1, false)],
    ] {
        let sets = parts.iter().flat_map(|(count, list)| std::iter::repeat_n(*list, *count));
        let rows = (0..).zip(sets).map(|(id, list)| {
            let ints = list.then(|| every::ints::set(vec![id; usize::from(id % 3 != 0)]));
            let mut row = every(id, ints.into_iter().collect());
            row.text = format!("{id} {list}");
            row
        });
        let made = client.every().create_many_and_return(rows.collect()).await.unwrap();
        assert!((0..).zip(&made).all(|(id, row)| row.id == id), "{parts:?}");
        let right = "SELECT count(*) FROM \"Every\" WHERE ints IS NOT DISTINCT FROM CASE WHEN text = id || ' false' THEN NULL \
                     WHEN id % 3 = 0 THEN '{}' ELSE ARRAY[id] END AND texts IS NULL";
        let right: i64 = sql.query_one(right, &[]).await.unwrap().get(0);
        let number: usize = parts.iter().map(|(count, _)| count).sum();
        assert_eq!((right, made.len()), (i64::try_from(number).unwrap(), number), "{parts:?}");
        client.every().delete_many(vec![]).await.unwrap();
    }
}
