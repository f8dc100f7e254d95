//! Every action given up at each of its await points: no connection is lost, no transaction stays open, and the same
//! client goes on.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use postgres::testing::TestDatabase;
use prisma_client_rust::{QueryError, nested, raw, serde_json::Value};

use crate::generated::{PrismaClient, post, tag, user};
use crate::support::{add_user, client_with};

type Action = fn(PrismaClient) -> Pin<Box<dyn Future<Output = Result<(), QueryError>> + Send>>;

/// Connections of the pool.
const CONNECTIONS: usize = 2;

/// Polls a future so many times at most, then drops it; what it gave, if it got that far.
async fn polled<F: Future + Unpin>(mut future: F, most: usize) -> Option<F::Output> {
    let mut polls = 0;
    poll_fn(move |context| {
        polls += 1;
        match Pin::new(&mut future).poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if polls == most => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

macro_rules! actions {
    ($($name:ident: |$client:ident| $action:expr;)+) => {
        [$((stringify!($name), (|$client: PrismaClient| Box::pin(async move { $action; Ok(()) })) as Action)),+]
    };
}

#[tokio::test]
async fn every_action_can_be_given_up_anywhere() {
    let limit = format!("connection_limit={CONNECTIONS}&pool_timeout=20");
    let (database, client) = client_with("abandoned", &limit).await;
    add_user(&client, "ada@x").await;
    let actions = actions! {
        find_unique: |client| client.user().find_unique(user::email::equals("ada@x")).with(user::posts::fetch(vec![])).await?;
        find_first: |client| client.user().find_first(vec![]).await?;
        find_many: |client| client.user().find_many(vec![]).with(user::posts::fetch(vec![]).with(post::tags::fetch(vec![]))).await?;
        count: |client| client.user().count(vec![]).await?;
        create: |client| client.user().create(unique(), vec![]).await?;
        nested: |client| client.user().create(unique(), vec![user::posts::create(vec![
            post::create("p", nested(), vec![post::tags::create(vec![tag::create(unique(), vec![])])])
        ])]).await?;
        create_many: |client| client.user().create_many_from((0..3).map(|_| user::create(unique(), vec![])).collect::<Vec<_>>()).await?;
        update: |client| client.user().update(user::email::equals("ada@x"), vec![user::age::increment(1)]).await?;
        connect: |client| client.user().update(user::email::equals("ada@x"), vec![user::team::set(vec![])]).await?;
        update_many: |client| client.user().update_many(vec![], vec![user::age::set(1)]).await?;
        upsert: |client| client.user().upsert(user::email::equals("ada@x"), user::create("ada@x", vec![]), vec![user::age::set(1)]).await?;
        upsert_of_another_key: |client| client.user().upsert(user::id::equals("absent"), user::create(unique(), vec![]), vec![]).await?;
        delete: |client| drop(client.user().delete(user::email::equals(unique())).await);
        delete_many: |client| client.user().delete_many(vec![user::email::equals("nobody@x")]).await?;
        query_raw: |client| client._query_raw::<Value>(raw!("SELECT {}::int AS one", 1.into())).await?;
        execute_raw: |client| client._execute_raw(raw!("UPDATE people SET age = {}", 2.into())).await?;
        copy_in: |client| client.user().copy_in((0..50).map(|_| user::create(unique(), vec![]))).await?;
        stream: |client| {
            let mut stream = client.user().find_many(vec![]).stream();
            while let Some(row) = stream.next().await {
                drop(row?);
            }
        };
        batch: |client| client._batch((
            client.user().create(unique(), vec![]),
            client.user().count(vec![]),
            client.user().create(unique(), vec![user::posts::create(vec![post::create("p", nested(), vec![])])]),
        )).await?;
        transaction: |client| client._transaction().run(|tx| async move {
            let _ = tx.user().create(unique(), vec![]).await?;
            let _ = tx.user().copy_in((0..3).map(|_| user::create(unique(), vec![]))).await?;
            tx.user().count(vec![]).await
        }).await?;
        controller: |client| {
            let (controller, tx) = client._transaction().begin().await?;
            let _ = tx.user().create(unique(), vec![]).await?;
            controller.rollback(tx).await?;
        };
    };
    for (name, action) in actions {
        let mut polls = 0;
        loop {
            polls += 1;
            assert!(polls < 1_000, "{name} never ends");
            let done = polled(action(client.clone()), polls).await;
            assert_works(&client, name, polls).await;
            if let Some(done) = done {
                done.unwrap_or_else(|error| panic!("{name}: {error:?}"));
                break;
            }
        }
        assert_idle(&database, name).await;
    }
}

fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};

    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{}@x", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// All of the pool's connections can be had at once, and each is outside of any transaction.
async fn assert_works(client: &PrismaClient, name: &str, polls: usize) {
    let mut open = Vec::new();
    for _ in 0..CONNECTIONS {
        let begun = client._transaction().with_max_wait(20_000).begin().await;
        let (controller, tx) = begun.unwrap_or_else(|error| panic!("{name}, {polls}: {error}"));
        assert_eq!(tx.user().count(vec![user::email::equals("ada@x")]).await.unwrap(), 1, "{name}");
        open.push((controller, tx));
    }
    for (controller, tx) in open {
        controller.rollback(tx).await.unwrap();
    }
}

async fn assert_idle(database: &TestDatabase, name: &str) {
    let sql = "SELECT count(*) FILTER (WHERE state <> 'idle'), count(*) FROM pg_stat_activity \
               WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let connection = database.connect().await;
    let mut found = (0_i64, 0_i64);
    for _ in 0..100 {
        let row = connection.query_one(sql, &[]).await.unwrap();
        found = (row.get(0), row.get(1));
        if found.0 == 0 && found.1 <= i64::try_from(CONNECTIONS).unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{name}: {} of {} sessions are busy", found.0, found.1);
}
