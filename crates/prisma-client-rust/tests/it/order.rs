//! Orders, pages, cursors.

use prisma_client_rust::SortOrder::{Asc, Desc};

use crate::generated::{PrismaClient, post, user};
use crate::support::{add_post, add_user, client, titles};

/// Posts `a` to `e` with falling views; `c` and `d` have a rating.
async fn posts(client: &PrismaClient) {
    let (ada, bob) = (add_user(client, "ada@x").await, add_user(client, "bob@x").await);
    for (index, title) in (0..).zip(["a", "b", "c", "d", "e"]) {
        let author = if index % 2 == 0 { &ada } else { &bob };
        let post = add_post(client, title, author).await;
        let rating = (index == 2 || index == 3).then(|| f64::from(index));
        let changes = vec![post::views::set(10 - index), post::rating::set(rating)];
        client.post().update(post::id::equals(post.id), changes).await.unwrap();
    }
}

#[tokio::test]
async fn orders_follow_one_another() {
    let (_database, client) = client("order").await;
    posts(&client).await;
    let all = || client.post().find_many(vec![]);
    assert_eq!(titles(all().order_by(post::views::order(Asc))).await, ["e", "d", "c", "b", "a"]);
    let by_author = all()
        .order_by(post::author::order(vec![user::email::order(Desc)]))
        .order_by(post::title::order(Desc));
    assert_eq!(titles(by_author).await, ["d", "b", "e", "c", "a"]);
    let by_count = client
        .user()
        .find_many(vec![])
        .order_by(user::posts::order(vec![post::_count::order(Desc)]))
        .await
        .unwrap();
    assert_eq!(
        by_count.iter().map(|user| user.email.as_str()).collect::<Vec<_>>(),
        ["ada@x", "bob@x"]
    );
}

#[tokio::test]
async fn pages() {
    let (_database, client) = client("pages").await;
    posts(&client).await;
    let all = || client.post().find_many(vec![]).order_by(post::title::order(Asc));
    assert_eq!(titles(all().take(2)).await, ["a", "b"]);
    assert_eq!(titles(all().skip(3)).await, ["d", "e"]);
    assert_eq!(titles(all().skip(1).take(2)).await, ["b", "c"]);
    assert_eq!(titles(all().take(-2)).await, ["d", "e"]);
    assert_eq!(titles(all().take(-2).skip(1)).await, ["c", "d"]);
    assert_eq!(titles(all().take(0)).await, [""; 0]);
    assert_eq!(titles(client.post().find_many(vec![post::title::gt("a")]).take(1)).await, ["b"]);
}

#[tokio::test]
async fn cursors_begin_with_their_row() {
    let (_database, client) = client("cursor").await;
    posts(&client).await;
    let ids: Vec<i32> = client
        .post()
        .find_many(vec![])
        .order_by(post::id::order(Asc))
        .await
        .unwrap()
        .iter()
        .map(|post| post.id)
        .collect();
    let at = |index: usize| post::id::equals(ids[index]);
    let all = || client.post().find_many(vec![]);
    assert_eq!(titles(all().cursor(at(2))).await, ["c", "d", "e"]);
    assert_eq!(titles(all().cursor(at(2)).take(2)).await, ["c", "d"]);
    assert_eq!(titles(all().cursor(at(2)).skip(1).take(1)).await, ["d"]);
    assert_eq!(titles(all().cursor(at(2)).take(-2)).await, ["b", "c"]);
    let by_views = all().order_by(post::views::order(Asc)).cursor(at(2));
    assert_eq!(titles(by_views).await, ["c", "b", "a"]);
    let filtered = client.post().find_many(vec![post::title::not("d")]).cursor(at(2));
    assert_eq!(titles(filtered).await, ["c", "e"]);
    assert_eq!(titles(all().cursor(post::id::equals(9_999))).await, [""; 0]);
}

#[tokio::test]
async fn cursors_go_through_null() {
    let (_database, client) = client("cursor_null").await;
    posts(&client).await;
    for direction in [Asc, Desc] {
        let all = || {
            client
                .post()
                .find_many(vec![])
                .order_by(post::rating::order(direction))
                .order_by(post::id::order(Asc))
        };
        let whole = all().await.unwrap();
        for (index, row) in whole.iter().enumerate() {
            let from = titles(all().cursor(post::id::equals(row.id))).await;
            let wanted: Vec<&str> = whole[index..].iter().map(|post| post.title.as_str()).collect();
            assert_eq!(from, wanted, "{direction:?} from {}", row.title);
        }
    }
}
