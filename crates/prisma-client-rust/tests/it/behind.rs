//! Behind a pooler that gives every transaction another connection: everything works, what the URL says holds, and
//! nothing is left for whoever gets the connection next.

use postgres::testing::TestDatabase;
use prisma_client_rust::serde_json::{Value, json};
use prisma_client_rust::{QueryError, nested, raw};

use crate::generated::{PrismaClient, Status, every, post, tag, user};
use crate::middleman::Middleman;
use crate::support::SCHEMA;
use crate::values;

/// A schema whose name needs quotes, behind a pooler of three connections.
async fn behind(label: &str, parameters: &str) -> (TestDatabase, Middleman, PrismaClient) {
    let sql = SCHEMA.replace("\"public\"", "\"a b\"");
    let database = TestDatabase::from_sql(label, &format!("SET search_path TO \"a b\"; {sql}"));
    let parameters = format!("schema=a%20b&application_name=mine&{parameters}");
    let pooler = Middleman::new(database.url(), 3, &parameters).await;
    let client = PrismaClient::_builder().with_url(pooler.url().expose()).build().await.unwrap();
    (database, pooler, client)
}

/// Asks each of the pooler's connections what the client before left there.
async fn assert_nothing_is_left(pooler: &Middleman) {
    let config = pooler.url().expose();
    let (address, _) = config.split_once('?').unwrap();
    let url = format!("{address}?pgbouncer=true");
    let stranger = postgres::pool(&url.parse().unwrap(), Some(1)).unwrap();
    let stranger = stranger.get().await.unwrap();
    for _ in 0..3 {
        let sql = "SELECT current_setting('search_path'), current_setting('statement_timeout'), \
                   (SELECT string_agg(statement, ';') FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors WHERE name <> '')";
        let rows = stranger.query_typed(sql, &[]).await.unwrap();
        let row = &rows[0];
        assert_eq!((row.get(0), row.get(1)), ("\"$user\", public", "0"));
        assert_eq!((row.get::<_, Option<&str>>(2), row.get::<_, i64>(3)), (None, 0));
    }
}

#[tokio::test]
async fn all_actions_work() {
    let (_database, pooler, client) = behind("behind_actions", "connection_limit=2").await;
    for round in 0..4 {
        let email = format!("{round}@x");
        let posts = user::posts::create(vec![post::create(
            "p",
            nested(),
            vec![
                post::status::set(Status::Done),
                post::tags::create(vec![tag::create(format!("t{round}"), vec![])]),
            ],
        )]);
        let ada = client.user().create(email.clone(), vec![posts]).await.unwrap();
        let key = || user::email::equals(email.clone());
        client.user().update(key(), vec![user::age::increment(1)]).await.unwrap();
        client
            .user()
            .upsert(key(), user::create(email.clone(), vec![]), vec![user::age::set(7)])
            .await
            .unwrap();
        let people = vec![
            user::create(format!("{round}a@x"), vec![]),
            user::create(format!("{round}b@x"), vec![]),
        ];
        assert_eq!(client.user().create_many_from(people).await.unwrap(), 2);
        let found = client
            .user()
            .find_unique(key())
            .with(
                user::posts::fetch(vec![post::status::equals(Status::Done)])
                    .with(post::tags::fetch(vec![])),
            )
            .await
            .unwrap()
            .unwrap();
        assert_eq!((found.age, found.posts().unwrap()[0].tags().unwrap().len()), (7, 1));
        client
            .every()
            .create_from(values::every(round, vec![every::statuses::set(vec![Status::Done])]))
            .await
            .unwrap();
        let statuses =
            vec![every::statuses::push(vec![Status::Draft]), every::status::set(Status::Draft)];
        let row = client.every().update(every::id::equals(round), statuses).await.unwrap();
        assert_eq!((row.statuses, row.status), (vec![Status::Done, Status::Draft], Status::Draft));
        let rows = (10..13).map(move |n| values::every(round * 100 + n, vec![]));
        assert_eq!(client.every().copy_in(rows).await.unwrap(), 3);
        let mut stream = client.user().find_many(vec![]).stream();
        while let Some(row) = stream.next().await {
            drop(row.unwrap());
        }
        let (deleted, count) = client
            ._batch((
                client.user().delete_many(vec![user::email::ends_with("b@x")]),
                client.user().count(vec![]),
            ))
            .await
            .unwrap();
        assert_eq!((deleted, count), (1, 2 * i64::from(round) + 2));
        assert_eq!(
            client.user().delete(user::email::equals(format!("{round}a@x"))).await.unwrap().age,
            18
        );
        client.user().create(format!("{round}a@x"), vec![]).await.unwrap();
        assert_eq!(ada.id, found.id);
    }
    assert_nothing_is_left(&pooler).await;
}

#[tokio::test]
async fn raw_queries_find_the_schema_and_leave_nothing() {
    let (_database, pooler, client) = behind("behind_raw", "connection_limit=2").await;
    for round in 0..6 {
        client.every().create_from(values::every(round, vec![])).await.unwrap();
        let rows: Vec<Value> = client
            ._query_raw(raw!("SELECT id, status FROM \"Every\" WHERE id = {}", round.into()))
            .await
            .unwrap();
        assert_eq!(rows, [json!({"id": round, "status": "in_progress"})]);
        let change =
            raw!("UPDATE \"Every\" SET status = {} WHERE id = {}", "draft".into(), round.into());
        assert_eq!(client._execute_raw(change).await.unwrap(), 1);
        let found = client
            ._transaction()
            .run(|tx| async move {
                let status: Vec<Value> = tx
                    ._query_raw(raw!("SELECT status FROM \"Every\" WHERE id = {}", round.into()))
                    .await?;
                tx._execute_raw(raw!("DELETE FROM \"Every\" WHERE id < {}", 0.into())).await?;
                Ok::<_, QueryError>(status)
            })
            .await
            .unwrap();
        assert_eq!(found, [json!({"status": "draft"})]);
        let (tables, count) = client
            ._batch((
                client._query_raw::<Value>(raw!("SELECT current_schema() AS s")),
                client.every().count(vec![]),
            ))
            .await
            .unwrap();
        assert_eq!((tables, count), (vec![json!({"s": "a b"})], i64::from(round) + 1));
    }
    client._execute_raw(raw!("VACUUM \"a b\".\"Every\"")).await.unwrap();
    for sql in [
        "SET statement_timeout TO '7s'",
        "SET search_path TO nowhere",
        "CREATE TEMP TABLE mine ()",
        "PREPARE mine AS SELECT 1",
    ] {
        client._execute_raw(raw!(sql)).await.unwrap();
        for commits in [true, false] {
            let (controller, tx) = client._transaction().begin().await.unwrap();
            tx._execute_raw(raw!(sql)).await.unwrap();
            if commits {
                controller.commit(tx).await.unwrap();
            } else {
                controller.rollback(tx).await.unwrap();
            }
        }
        let mine: Vec<Value> =
            client._query_raw(raw!("SELECT to_regclass('mine')::text AS mine")).await.unwrap();
        assert_eq!(mine, [json!({"mine": null})]);
    }
    assert_nothing_is_left(&pooler).await;
}

#[tokio::test]
async fn the_time_of_a_statement_holds() {
    let (_database, pooler, client) =
        behind("behind_timeout", "connection_limit=2&statement_timeout=200ms").await;
    client.user().create("ada@x", vec![]).await.unwrap();
    let slow = client._query_raw::<Value>(raw!("SELECT pg_sleep(30)::text")).exec().await;
    assert_eq!(slow.unwrap_err().code(), "P1008");
    let slow = client
        ._transaction()
        .run(|tx| async move { tx._execute_raw(raw!("SELECT pg_sleep(30)")).await })
        .await;
    assert_eq!(slow.unwrap_err().code(), "P1008");
    let (locker, tx) = client._transaction().begin().await.unwrap();
    tx.user().update_many(vec![], vec![user::age::set(1)]).await.unwrap();
    let waiting =
        client.user().update(user::email::equals("ada@x"), vec![user::age::set(2)]).exec();
    assert_eq!(waiting.await.unwrap_err().code(), "P1008");
    locker.rollback(tx).await.unwrap();
    assert_eq!(client.user().count(vec![user::age::equals(18)]).await.unwrap(), 1);
    assert_nothing_is_left(&pooler).await;
}

/// Bare names lead to the URL's schema in whatever is written by hand, not in queries alone.
#[tokio::test]
async fn what_is_defined_by_hand_is_in_the_schema_of_the_url() {
    let (database, _pooler, client) = behind("behind_schema", "connection_limit=2").await;
    for sql in [
        "CREATE TABLE made (a int)",
        "ALTER TABLE made ADD b int",
        "COMMENT ON TABLE made IS 'by hand'",
        "DO $$ BEGIN INSERT INTO made VALUES (1, 2); END $$",
        "CREATE PROCEDURE add_more() LANGUAGE sql AS $$ INSERT INTO made VALUES (3, 4) $$",
        "CALL add_more()",
        "CREATE INDEX CONCURRENTLY ON \"a b\".made (a)",
        "CREATE TABLE gone ()",
        "DROP TABLE gone",
    ] {
        client
            ._execute_raw(raw!(sql))
            .exec()
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let connection = database.connect().await;
    let rows = connection.query("SELECT a + b FROM \"a b\".made ORDER BY a", &[]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.get::<_, i32>(0)).collect::<Vec<_>>(), [3, 7]);
    let elsewhere = "SELECT count(*) FROM pg_class WHERE relname IN ('made', 'gone') AND relnamespace <> '\"a b\"'::regnamespace";
    assert_eq!(connection.query_one(elsewhere, &[]).await.unwrap().get::<_, i64>(0), 0);
}
