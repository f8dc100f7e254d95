//! Actions of several statements, given up at any moment: all of one is there or nothing, and no connection is lost.

use std::time::Duration;

use futures_util::future::join_all;
use postgres::testing::TestDatabase;
use prisma_client_rust::nested;

use crate::generated::{PrismaClient, post, tag, user};
use crate::support::client_with;

/// Gives the action up after ever longer times, and lets it end at last.
async fn give_up<T, E: std::fmt::Debug>(action: impl AsyncFn(i32) -> Result<T, E>) {
    for (round, microseconds) in (0..).zip((0..8_000).step_by(200)) {
        let running = action(round);
        let _ = tokio::time::timeout(Duration::from_micros(microseconds), running).await;
    }
    action(-1).await.unwrap();
}

/// Both connections answer, and no transaction is open.
async fn assert_nothing_is_open(database: &TestDatabase, client: &PrismaClient) {
    let counts = tokio::join!(client.user().count(vec![]), client.tag().count(vec![]));
    counts.0.unwrap();
    counts.1.unwrap();
    let connection = database.connect().await;
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    for _ in 0..100 {
        if connection.query_one(open, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a transaction is still open");
}

#[tokio::test]
async fn rows_with_rows_inside() {
    let (database, client) = client_with("cancel_nested", "connection_limit=2").await;
    give_up(async |round| {
        let tags = post::tags::create(vec![tag::create(format!("{round}"), vec![])]);
        let posts = user::posts::create(vec![post::create("p", nested(), vec![tags])]);
        client.user().create(format!("{round}@x"), vec![posts]).await
    })
    .await;
    assert_nothing_is_open(&database, &client).await;
    let users = client.user().count(vec![]).await.unwrap();
    let whole = vec![user::posts::some(vec![post::tags::some(vec![])])];
    assert_eq!(client.user().count(whole).await.unwrap(), users);
    assert_eq!(client.post().count(vec![]).await.unwrap(), users);
    assert_eq!(client.tag().count(vec![]).await.unwrap(), users);
}

#[tokio::test]
async fn batches() {
    let (database, client) = client_with("cancel_batch", "connection_limit=2").await;
    give_up(async |round| {
        let user = client.user().create(format!("{round}@x"), vec![]);
        let tags = (0..20).map(|index| client.tag().create(format!("{round} {index}"), vec![]));
        client._batch((user, tags.collect::<Vec<_>>())).await
    })
    .await;
    assert_nothing_is_open(&database, &client).await;
    let users = client.user().count(vec![]).await.unwrap();
    assert_eq!(client.tag().count(vec![]).await.unwrap(), users * 20);
}

#[tokio::test]
async fn copies() {
    let (database, client) = client_with("cancel_copy", "connection_limit=2").await;
    give_up(async |round| {
        let rows = (0..100).map(move |index| tag::create(format!("{round} {index}"), vec![]));
        client.tag().copy_in(rows).await
    })
    .await;
    assert_nothing_is_open(&database, &client).await;
    assert_eq!(client.tag().count(vec![]).await.unwrap() % 100, 0);
}

#[tokio::test]
async fn streams() {
    let (database, client) = client_with("cancel_stream", "connection_limit=2").await;
    client.tag().copy_in((0..3_000).map(|tag| tag::create(tag.to_string(), vec![]))).await.unwrap();
    give_up(async |_| {
        let mut stream = client.tag().find_many(vec![]).stream();
        let mut rows = 0;
        while let Some(row) = stream.next().await {
            rows += i32::from(row.is_ok());
        }
        if rows == 3_000 { Ok(()) } else { Err(rows) }
    })
    .await;
    assert_nothing_is_open(&database, &client).await;
}

#[tokio::test]
async fn upserts_with_rows_inside() {
    let (database, client) = client_with("cancel_upsert", "connection_limit=2").await;
    give_up(async |_| {
        let posts = || user::posts::create(vec![post::create("p", nested(), vec![])]);
        let create = user::create("ada@x", vec![posts()]);
        let update = vec![posts(), user::age::increment(1)];
        client.user().upsert(user::email::equals("ada@x"), create, update).await
    })
    .await;
    assert_nothing_is_open(&database, &client).await;
    let ada = client.user().find_many(vec![]).await.unwrap();
    let posts = client.post().count(vec![]).await.unwrap();
    assert_eq!((ada.len(), i64::from(ada[0].age) - 18), (1, posts - 1));
}

/// Lookups follow one another on one connection: whoever gives up leaves an answer behind that is nobody else's.
#[tokio::test]
async fn lookups_beside_others() {
    let (database, client) = client_with("cancel_lookup", "connection_limit=2").await;
    let tags = (0..64).map(|tag| tag::create(tag.to_string(), vec![]));
    client.tag().copy_in(tags).await.unwrap();
    let by_name = |name: i32| client.tag().find_unique(tag::name::equals(name.to_string())).exec();
    let is_its_own = async |name: i32| {
        let found = by_name(name).await.unwrap();
        assert_eq!(found.map(|tag| tag.name), (name < 64).then(|| name.to_string()));
    };
    // As the first two are not: they are planned and prepared.
    is_its_own(0).await;
    is_its_own(1).await;
    give_up(async |round| {
        // All of them are dropped in the midst of it, or those that are slow.
        let given_up = (0..8).map(|beside| {
            let patience =
                Duration::from_micros(u64::try_from(round.max(0) * 20 + beside).unwrap());
            tokio::time::timeout(patience, by_name(beside))
        });
        let others = (50..70).map(&is_its_own);
        drop(tokio::join!(join_all(given_up), join_all(others)));
        is_its_own(round.max(0)).await;
        Ok::<_, ()>(())
    })
    .await;
    assert_nothing_is_open(&database, &client).await;
    is_its_own(3).await;
}
