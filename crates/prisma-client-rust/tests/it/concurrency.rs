//! Many queries at once through few connections.

use crate::generated::{PrismaClient, user};
use crate::support::{add_user, client_with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_share_the_connections() {
    let (_database, client) = client_with("concurrent", "connection_limit=8&pool_timeout=60").await;
    let ada = add_user(&client, "ada@x").await;
    let tasks: Vec<_> = (0..2_000)
        .map(|_| {
            let (client, id) = (client.clone(), ada.id.clone());
            tokio::spawn(async move {
                client.user().find_unique(user::id::equals(id)).await.unwrap().unwrap().email
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "ada@x");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn upserts_of_one_row_all_count() {
    let (_database, client) = client_with("concurrent_upsert", "connection_limit=8").await;
    let upsert = |client: PrismaClient| async move {
        let row = user::create("ada@x", vec![user::age::set(1)]);
        client
            .user()
            .upsert(user::email::equals("ada@x"), row, vec![user::age::increment(1)])
            .await
            .unwrap();
    };
    let tasks: Vec<_> = (0..50).map(|_| tokio::spawn(upsert(client.clone()))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let ada = client.user().find_unique(user::email::equals("ada@x")).await.unwrap().unwrap();
    assert_eq!(ada.age, 50);
}

#[tokio::test]
async fn queries_of_one_transaction_take_turns() {
    let (_database, client) = client_with("concurrent_tx", "connection_limit=2").await;
    client
        ._transaction()
        .run(|tx| async move {
            let (ada, bob) = tokio::join!(
                tx.user().create("ada@x", vec![]).exec(),
                tx.user().create("bob@x", vec![]).exec()
            );
            ada?;
            bob.map(drop)
        })
        .await
        .unwrap();
    assert_eq!(client.user().count(vec![]).await.unwrap(), 2);
}

#[tokio::test]
async fn behind_a_pooler_nothing_is_prepared() {
    let (_database, client) = client_with("pooler", "pgbouncer=true&connection_limit=1").await;
    add_user(&client, "ada@x").await;
    assert_eq!(client.user().count(vec![user::email::starts_with("ada")]).await.unwrap(), 1);
    let prepared: Vec<prisma_client_rust::serde_json::Value> = client
        ._query_raw(prisma_client_rust::raw!(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement NOT LIKE '%pg_prepared%'"
        ))
        .await
        .unwrap();
    assert_eq!(prepared[0]["count"], 0);
}
