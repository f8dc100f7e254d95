//! `select!` and `include!`: what they read, and into what.

use prisma_client_rust::SortOrder::Desc;

use crate::generated::{comment, post, user};
use crate::support::{add_post, add_user, client};

post::select!(only_title { title });

post::select!((number: i32, take: i64) => card {
    id
    title
    author: select { email leader: select { email } }
    comments(vec![comment::number::gte(number)])
        .order_by(comment::number::order(Desc))
        .take(take): select { text likes: include { comment } }
});

#[tokio::test]
async fn named() {
    let (_database, client) = client("select_named").await;
    let ada = add_user(&client, "ada@x").await;
    let bob = add_user(&client, "bob@x").await;
    client
        .user()
        .update(
            user::id::equals(bob.id.clone()),
            vec![user::leader::connect(user::id::equals(ada.id.clone()))],
        )
        .await
        .unwrap();
    let post = add_post(&client, "p", &bob).await;
    for number in 1..=4 {
        let made = client
            .comment()
            .create(number, format!("c{number}"), post::id::equals(post.id), vec![])
            .await
            .unwrap();
        client
            .like()
            .create("eve", comment::post_id_number(made.post_id, made.number), vec![])
            .await
            .unwrap();
    }
    let found: Vec<only_title::Data> =
        client.post().find_many(vec![]).select(only_title::select()).await.unwrap();
    assert_eq!(found, [only_title::Data { title: "p".to_owned() }]);
    let cards: Vec<card::Data> =
        client.post().find_many(vec![]).select(card::select(2, 2)).exec().await.unwrap();
    let card = &cards[0];
    assert_eq!(card.author.email, "bob@x");
    assert_eq!(card.author.leader, Some(card::author::leader::Data { email: "ada@x".to_owned() }));
    let texts: Vec<_> = card.comments.iter().map(|comment| comment.text.as_str()).collect();
    assert_eq!(texts, ["c4", "c3"]);
    assert_eq!(card.comments[0].likes[0].who, "eve");
    assert_eq!(card.comments[0].likes[0].comment.text, "c4");
    println!("{}", serde_json::to_string(card).unwrap());
}
