//! `_batch`: queries of any action together, in any shape, all or none.

use std::time::Instant;

use postgres::testing::TestDatabase;
use prisma_client_rust::prisma_errors::query_engine::{
    RecordRequiredButNotFound, UniqueKeyViolation,
};
use prisma_client_rust::{QueryError, nested, raw, serde_json::Value};

use crate::generated::{comment, post, tag, user};
use crate::support::{SCHEMA, add_post, add_user, client, client_with, emails};
use crate::way::{FAR, LATER, Way};

#[tokio::test]
async fn results_have_the_shape_of_the_batch() {
    let (_database, client) = client("batch_shape").await;
    let create = |email: &str| client.user().create(email, vec![]);
    let (ada, (bob, age), team) = client
        ._batch((
            create("ada@x"),
            (create("bob@x"), client.user().count(vec![])),
            vec![create("c@x"), create("d@x")],
        ))
        .await
        .unwrap();
    assert_eq!((ada.email.as_str(), bob.email.as_str(), age), ("ada@x", "bob@x", 2));
    assert_eq!(team.iter().map(|row| row.email.as_str()).collect::<Vec<_>>(), ["c@x", "d@x"]);
    let pairs = client._batch(vec![(create("e@x"), create("f@x"))]).await.unwrap();
    assert_eq!(pairs[0].1.email, "f@x");
    let mapped = client._batch((0..100).map(|index| create(&format!("{index}@x")))).await.unwrap();
    assert_eq!((mapped.len(), mapped[99].email.as_str()), (100, "99@x"));
    let single = client._batch(client.user().delete_many(vec![user::email::equals("ada@x")]));
    assert_eq!(single.await.unwrap(), 1);
    let none: Vec<user::Data> =
        client._batch(Vec::<prisma_client_rust::query::Create<user::Model>>::new()).await.unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn every_action_may_be_in_a_batch() {
    let (_database, client) = client("batch_actions").await;
    let ada = add_user(&client, "ada@x").await;
    add_post(&client, "p", &ada).await;
    let by_id = || user::id::equals(ada.id.clone());
    let (found, first, all, with) = client
        ._batch((
            client.user().find_unique(by_id()),
            client.user().find_first(vec![]),
            client.user().find_many(vec![]),
            client.user().find_many(vec![]).with(user::posts::fetch(vec![])),
        ))
        .await
        .unwrap();
    assert_eq!((found.as_ref(), first.as_ref(), &all[0]), (Some(&ada), Some(&ada), &ada));
    assert_eq!(with[0].posts().unwrap().len(), 1);
    let comments = vec![comment::create(1, "c", nested(), vec![])];
    let (made, many, returned, updated, touched, upserted, deep, rows, executed, deleted, gone) =
        client
            ._batch((
                client.user().create("bob@x", vec![]),
                client.tag().create_many(vec![tag::create_unchecked("a", vec![])]),
                client.tag().create_many_and_return(vec![tag::create("b", vec![])]),
                client.user().update(by_id(), vec![user::age::increment(1)]),
                client.post().update_many(vec![], vec![post::views::set(3)]),
                client.user().upsert(
                    user::email::equals("ada@x"),
                    user::create("ada@x", vec![]),
                    vec![user::age::increment(1)],
                ),
                client.post().create("deep", by_id(), vec![post::comments::create(comments)]),
                client._query_raw::<Value>(raw!("SELECT count(*) AS n FROM \"Comment\"")),
                client._execute_raw(raw!("UPDATE \"Post\" SET views = views + 1")),
                client.tag().delete(tag::name::equals("a")),
                client.tag().delete_many(vec![]),
            ))
            .await
            .unwrap();
    assert_eq!((made.email.as_str(), many, returned.len()), ("bob@x", 1, 1));
    assert_eq!((updated.age, touched, upserted.age), (19, 1, 20));
    assert_eq!((deep.title.as_str(), &rows[0]["n"], executed), ("deep", &1.into(), 2));
    assert_eq!((deleted.name.as_str(), gone), ("a", 1));
}

#[tokio::test]
async fn a_failure_anywhere_leaves_nothing() {
    let (_database, client) = client("batch_atomic").await;
    let create = |email: &str| client.user().create(email, vec![]);
    let same = client._batch((create("ada@x"), create("ada@x"), create("bob@x"))).await;
    let same = same.unwrap_err();
    assert!(same.is_prisma_error::<UniqueKeyViolation>(), "{same}");
    assert_eq!(same.model(), Some("User"));
    let absent = client.tag().delete(tag::name::equals("nothing"));
    let absent = client._batch((create("ada@x"), absent)).await.unwrap_err();
    assert!(absent.is_prisma_error::<RecordRequiredButNotFound>(), "{absent}");
    let broken = client._execute_raw(raw!("this is no SQL"));
    client._batch((create("ada@x"), broken)).await.unwrap_err();
    assert_eq!(emails(client.user().find_many(vec![])).await, [""; 0]);
}

#[tokio::test]
async fn a_missing_table_is_the_error_of_its_own_query() {
    let (database, client) = client("batch_table").await;
    database.connect().await.batch_execute("DROP TABLE \"Profile\"").await.unwrap();
    let batch =
        (client.user().count(vec![]), client.profile().count(vec![]), client.tag().count(vec![]));
    let error = client._batch(batch).await.unwrap_err();
    assert_eq!((error.code(), error.model()), ("P2021", Some("Profile")));
}

#[tokio::test]
async fn a_batch_inside_a_transaction_is_part_of_it() {
    let (_database, client) = client_with("batch_tx", "connection_limit=1").await;
    let failed = client
        ._transaction()
        .run(|tx| async move {
            let create = |email: &str| tx.user().create(email, vec![]);
            tx._batch((create("ada@x"), create("bob@x"))).await?;
            assert_eq!(tx.user().count(vec![]).await?, 2);
            tx._batch((tx.user().count(vec![]), create("ada@x"))).await?;
            Ok::<_, QueryError>(())
        })
        .await;
    assert!(failed.unwrap_err().is_prisma_error::<UniqueKeyViolation>());
    assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn statements_are_sent_together() {
    let database = TestDatabase::from_sql("batch_pipeline", SCHEMA);
    let way = Way::to(database.url()).await;
    let client = way.client(&database, "connection_limit=1").await;
    let ada = add_user(&client, "ada@x").await;
    let find = || client.user().find_unique(user::id::equals(ada.id.clone()));
    way.is(FAR);
    let count = 100;
    let start = Instant::now();
    client._batch((0..count).map(|_| find())).await.unwrap();
    // Less than a way to the server for each, let alone back.
    assert!(start.elapsed() < LATER * count, "{:?}", start.elapsed());
}

/// Runs where tasks may go from one thread to another.
async fn spawned<T: Send + 'static>(
    query: impl Future<Output = Result<T, QueryError>> + Send + 'static,
) -> T {
    tokio::spawn(query).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_query_runs_in_a_task() {
    let (_database, client) = client("batch_spawn").await;
    let users = client.user();
    let inside = vec![user::posts::create(vec![post::create("p", nested(), vec![])])];
    spawned(users.create("ada@x", inside.clone()).exec()).await;
    spawned(users.update(user::email::equals("ada@x"), inside).into_future()).await;
    spawned(users.copy_in(["b@x", "c@x"].map(|email| user::create(email, vec![]))).exec()).await;
    spawned(users.create_many_and_return(vec![user::create("d@x", vec![])]).exec()).await;
    assert_eq!(spawned(users.aggregate(vec![], user::_count::all()).exec()).await, 4);
    spawned(users.group_by(vec![], (user::age::group(), user::_count::all())).exec()).await;
    spawned(users.find_many(vec![]).take(2).page()).await;
    let mut stream = users.find_many(vec![]).with(user::posts::fetch(vec![])).stream();
    spawned(async move { stream.next().await.unwrap() }).await;
    let batch = client.clone();
    let counts = spawned(async move {
        let queries = (batch.user().count(vec![]), vec![batch.post().count(vec![])]);
        batch._batch(queries).await
    });
    assert_eq!(counts.await, (4, vec![2]));
    let retried = client
        ._transaction()
        .with_retries(1)
        .run(|tx| async move { tx.user().count(vec![]).await });
    assert_eq!(spawned(retried).await, 4);
}
