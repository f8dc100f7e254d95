//! Code that queries, tested without a database.

use prisma_client_rust::prisma_errors::query_engine::UniqueKeyViolation;
use prisma_client_rust::{PrismaValue, QueryError, raw};
use serde_json::{Value, json};

use crate::generated::{PrismaClient, Status, post, tag, user};

async fn title(client: &PrismaClient, id: i32) -> Result<Option<String>, QueryError> {
    let post = client.post().find_unique(post::id::equals(id)).exec().await?;
    Ok(post.map(|post| post.title))
}

fn a_post(title: &str) -> post::Data {
    post::Data {
        id: 1,
        title: title.to_owned(),
        status: Status::Draft,
        views: 0,
        rating: None,
        price: None,
        author_id: "a".to_owned(),
        author: None,
        reviewers: None,
        tags: None,
        comments: None,
    }
}

#[tokio::test]
async fn a_query_is_answered_as_expected() {
    let (client, mock) = PrismaClient::_mock();
    mock.expect(client.post().find_unique(post::id::equals(1)), a_post("one")).await;
    mock.expect(client.post().find_unique(post::id::equals(2)), None).await;
    assert_eq!(title(&client, 1).await.unwrap().as_deref(), Some("one"));
    assert_eq!(title(&client.clone(), 1).await.unwrap().as_deref(), Some("one"), "again too");
    assert_eq!(title(&client, 2).await.unwrap(), None);

    let error = title(&client, 3).await.unwrap_err();
    assert_eq!(error.code(), "P2016");
    assert!(error.to_string().contains("FindUnique") && error.to_string().contains('3'), "{error}");
    // Another model's query that says the same is another one.
    mock.expect(client.post().find_first(vec![]), a_post("first")).await;
    assert!(client.ids().find_first(vec![]).await.is_err());
}

#[tokio::test]
async fn answers_come_in_their_order_and_the_last_stays() {
    let (client, mock) = PrismaClient::_mock();
    let count = || client.post().count(vec![post::views::gt(1)]);
    for number in [1, 2] {
        mock.expect(count(), number).await;
    }
    mock.expect_error::<UniqueKeyViolation, _>(count(), "taken").await;
    assert_eq!((count().await.unwrap(), count().exec().await.unwrap()), (1, 2));
    for _ in 0..2 {
        let error = count().await.unwrap_err();
        assert!(error.is_prisma_error::<UniqueKeyViolation>());
        assert_eq!(error.to_string(), "taken");
    }
}

#[tokio::test]
async fn every_action_has_answers() {
    let (client, mock) = PrismaClient::_mock();
    let create = || client.post().create("t", user::id::equals("a"), vec![]);
    let update = || client.post().update(post::id::equals(1), vec![post::views::increment(1)]);
    let rows = || client._query_raw::<Value>(raw!("SELECT {}", PrismaValue::Int(1)));
    let sums = || client.post().aggregate(vec![], (post::_count::all(), post::views::sum()));
    mock.expect(create(), a_post("t")).await;
    mock.expect(update().with(post::author::fetch()), a_post("u")).await;
    mock.expect(rows(), vec![json!({ "a": 1 })]).await;
    mock.expect(client._execute_raw(raw!("VACUUM")), 0).await;
    mock.expect(client.post().delete_many(vec![]), 7).await;
    mock.expect(sums(), (3, Some(4))).await;
    let tags = |name: &str| {
        let rows = vec![tag::create_unchecked("a", vec![]), tag::create_unchecked(name, vec![])];
        client.tag().create_many(rows)
    };
    mock.expect(tags("b"), 2).await;
    assert_eq!(tags("b").await.unwrap(), 2);
    assert!(tags("c").await.is_err(), "with other values it is another query");
    assert_eq!(create().await.unwrap().title, "t");
    assert!(update().await.is_err(), "without the relation it is another query");
    assert_eq!(update().with(post::author::fetch()).await.unwrap().title, "u");
    assert_eq!(rows().await.unwrap(), [json!({ "a": 1 })]);
    assert_eq!(client._execute_raw(raw!("VACUUM")).await.unwrap(), 0);
    assert_eq!(sums().await.unwrap(), (3, Some(4)));

    let (made, (deleted, found)) =
        client._batch((create(), (client.post().delete_many(vec![]), rows()))).await.unwrap();
    assert_eq!((made.title.as_str(), deleted, found.len()), ("t", 7, 1));
    let deleted: Result<i64, QueryError> =
        client._transaction().run(|tx| async move { tx.post().delete_many(vec![]).await }).await;
    assert_eq!(deleted.unwrap(), 7);
}
