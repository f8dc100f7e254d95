//! What the random histories of `model` found, each as the shortest case.

use prisma_client_rust::SortOrder::{Asc, Desc};

use crate::generated::{post, user};
use crate::support::{add_post, add_user, client, emails};

#[tokio::test]
async fn nobody_is_disconnected_where_nobody_is_named() {
    let (_database, client) = client("found_disconnect").await;
    let ada = add_user(&client, "ada@x").await;
    let lead = || vec![user::leader::connect(user::id::equals(ada.id.clone()))];
    client.user().create("bob@x", lead()).await.unwrap();
    let free = |team| client.user().update(user::email::equals("ada@x"), vec![team]);
    free(user::team::disconnect(vec![])).await.unwrap();
    assert_eq!(emails(client.user().find_many(vec![user::leader::is(vec![])])).await, ["bob@x"]);
    // Of one, no name means whoever is there.
    client
        .user()
        .update(user::email::equals("bob@x"), vec![user::leader::disconnect()])
        .await
        .unwrap();
    assert_eq!(client.user().count(vec![user::leader::is(vec![])]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_set_by_a_key_that_may_be_null_frees_who_has_none() {
    let (_database, client) = client("found_set").await;
    let ada = add_user(&client, "ada@x").await;
    for (email, nickname) in [("bob@x", None), ("eve@x", Some("eve".to_owned()))] {
        let lead = user::leader::connect(user::id::equals(ada.id.clone()));
        client.user().create(email, vec![lead, user::nickname::set(nickname)]).await.unwrap();
    }
    let team = user::team::set(vec![user::nickname::equals("eve".to_owned())]);
    client.user().update(user::email::equals("ada@x"), vec![team]).await.unwrap();
    assert_eq!(emails(client.user().find_many(vec![user::leader::is(vec![])])).await, ["eve@x"]);
}

#[tokio::test]
async fn a_cursor_counts_orders_by_relations() {
    let (_database, client) = client("found_cursor").await;
    for (author, titles) in [("zoe@x", ["a", "b"]), ("ada@x", ["c", "d"])] {
        let author = add_user(&client, author).await;
        for title in titles {
            add_post(&client, title, &author).await;
        }
    }
    let from = async |title: &str, direction| {
        let at = client.post().find_first(vec![post::title::equals(title)]).await.unwrap().unwrap();
        let query = client
            .post()
            .find_many(vec![])
            .order_by(post::author::order(vec![user::email::order(direction)]))
            .order_by(post::id::order(Asc))
            .cursor(post::id::equals(at.id));
        query.await.unwrap().into_iter().map(|post| post.title).collect::<String>()
    };
    assert_eq!((from("d", Asc).await, from("a", Asc).await), ("dab".to_owned(), "ab".to_owned()));
    assert_eq!((from("b", Desc).await, from("c", Desc).await), ("bcd".to_owned(), "cd".to_owned()));
    let by_posts = client
        .user()
        .find_many(vec![])
        .order_by(user::posts::order(vec![post::_count::order(Desc)]))
        .cursor(user::email::equals("zoe@x"));
    assert!(emails(by_posts).await.contains(&"zoe@x".to_owned()));
}
