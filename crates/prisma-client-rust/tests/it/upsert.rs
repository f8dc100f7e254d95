//! Upserts at the same moment: one row, no error, by every kind of key.

use prisma_client_rust::QueryError;

use crate::generated::{comment, like, post, user};
use crate::support::{add_post, add_user, client};

const TASKS: i32 = 64;

/// Runs the same query in many tasks, and fails where one of them fails.
async fn race<T: Send + 'static, F: Future<Output = Result<T, QueryError>> + Send + 'static>(
    query: impl Fn(i32) -> F,
) {
    let tasks: Vec<_> = (0..TASKS).map(|task| tokio::spawn(query(task))).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_row_is_left_by_a_key_of_one_column() {
    let (_database, client) = client("upsert_one").await;
    race(|_| {
        let create = user::create("ada@x", vec![user::age::set(1)]);
        let older = vec![user::age::increment(1)];
        client.user().upsert(user::email::equals("ada@x"), create, older).exec()
    })
    .await;
    let all = client.user().find_many(vec![]).await.unwrap();
    assert_eq!((all.len(), all[0].age), (1, TASKS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_row_is_left_by_an_optional_key() {
    let (_database, client) = client("upsert_optional").await;
    race(|task| {
        let nickname = vec![user::nickname::set("ada".to_owned()), user::age::set(1)];
        let create = user::create(format!("{task}@x"), nickname);
        let older = vec![user::age::increment(1)];
        client.user().upsert(user::nickname::equals("ada".to_owned()), create, older).exec()
    })
    .await;
    let all = client.user().find_many(vec![]).await.unwrap();
    assert_eq!((all.len(), all[0].age), (1, TASKS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_row_is_left_by_a_key_of_several_columns() {
    let (_database, client) = client("upsert_compound").await;
    let ada = add_user(&client, "ada@x").await;
    let post = add_post(&client, "p", &ada).await;
    client.comment().create(1, "c", post::id::equals(post.id), vec![]).await.unwrap();
    race(|task| {
        let create = comment::create_unchecked(post.id, 2, "new", vec![]);
        let text = vec![comment::text::set(task.to_string())];
        client.comment().upsert(comment::post_id_number(post.id, 2), create, text).exec()
    })
    .await;
    race(|_| {
        let create = like::create_unchecked(post.id, 1, "bob", vec![]);
        client.like().upsert(like::once(post.id, 1, "bob"), create, vec![]).exec()
    })
    .await;
    assert_eq!(client.comment().count(vec![]).await.unwrap(), 2);
    assert_eq!(client.like().count(vec![]).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_row_is_left_where_the_key_is_in_a_relation() {
    let (_database, client) = client("upsert_relation").await;
    let ada = add_user(&client, "ada@x").await;
    let post = add_post(&client, "p", &ada).await;
    race(|_| {
        let create = comment::create(2, "new", post::id::equals(post.id), vec![]);
        let text = vec![comment::text::set("old".to_owned())];
        client.comment().upsert(comment::post_id_number(post.id, 2), create, text).exec()
    })
    .await;
    assert_eq!(client.comment().count(vec![comment::text::equals("old")]).await.unwrap(), 1);
}
