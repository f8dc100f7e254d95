//! `select!`, `include!` and `partial_unchecked!`: what they read, and into what.

use prisma_client_rust::SortOrder::{Asc, Desc};
use serde_json::{from_value, json, to_value};

use crate::generated::{PrismaClient, Status, comment, foo_bar_, mod_, post, tag, r#type, user};
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

post::include!(with_author { author tags: select { name } });

/// Ada leads Bob; Bob wrote `p` with the tags `blue` and `red`, and the comments `c1` to `c4`, each liked by Eve.
async fn world(client: &PrismaClient) -> post::Data {
    let ada = add_user(client, "ada@x").await;
    let bob = add_user(client, "bob@x").await;
    let leader = vec![user::leader::connect(user::id::equals(ada.id.clone()))];
    client.user().update(user::id::equals(bob.id.clone()), leader).await.unwrap();
    let post = add_post(client, "p", &bob).await;
    for number in 1..=4 {
        let of = post::id::equals(post.id);
        client.comment().create(number, format!("c{number}"), of, vec![]).await.unwrap();
        let comment = comment::post_id_number(post.id, number);
        client.like().create("eve", comment, vec![]).await.unwrap();
    }
    for name in ["red", "blue"] {
        let of = vec![tag::posts::connect(vec![post::id::equals(post.id)])];
        client.tag().create(name, of).await.unwrap();
    }
    post
}

#[tokio::test]
async fn named_selections_are_types() {
    let (_database, client) = client("select_named").await;
    world(&client).await;
    let found: Vec<only_title::Data> =
        client.post().find_many(vec![]).select(only_title::select()).await.unwrap();
    assert_eq!(found, [only_title::Data { title: "p".to_owned() }]);
    let cards = client.post().find_many(vec![]).select(card::select(2, 2)).exec().await.unwrap();
    let card: &card::Data = &cards[0];
    assert_eq!(card.author.email, "bob@x");
    let leader = card::author::leader::Data { email: "ada@x".to_owned() };
    assert_eq!(card.author.leader, Some(leader));
    let texts: Vec<_> = card.comments.iter().map(|comment| comment.text.as_str()).collect();
    assert_eq!(texts, ["c4", "c3"]);
    let like = &card.comments[0].likes[0];
    assert_eq!((like.who.as_str(), like.comment.text.as_str()), ("eve", "c4"));
}

#[tokio::test]
async fn inline_selections_take_what_is_around_them() {
    let (_database, client) = client("select_inline").await;
    let post = world(&client).await;
    let (wanted, take) = (vec![comment::number::not(4)], 1);
    let found = client
        .post()
        .find_unique(post::id::equals(post.id))
        .select(post::select!({
            status
            comments(wanted).order_by(comment::number::order(Desc)).skip(1).take(take): select {
                text
                post: select { author: select { team leader: select { email } } }
            }
            tags.order_by(tag::name::order(Asc))
            _count: select { comments(vec![comment::number::gt(1)]) tags reviewers }
        }))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.status, Status::Draft);
    assert_eq!(found.comments.len(), 1);
    assert_eq!(found.comments[0].text, "c2");
    let author = &found.comments[0].post.author;
    assert_eq!(author.leader.as_ref().map(|leader| leader.email.as_str()), Some("ada@x"));
    assert!(author.team.is_empty());
    let tags: Vec<_> = found.tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(tags, ["blue", "red"]);
    assert_eq!((found._count.comments, found._count.tags, found._count.reviewers), (3, 2, 0));
    let counted = client
        .comment()
        .find_first(vec![])
        .order_by(comment::number::order(Desc))
        .select(comment::select!({ number _count: select { likes } }))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((counted.number, counted._count.likes), (4, 1));
    let team = client
        .user()
        .find_many(vec![])
        .order_by(user::email::order(Asc))
        .select(user::select!({ team: select { email posts: select { title } } profile leader }))
        .await
        .unwrap();
    assert_eq!(team[0].team[0].posts[0].title, "p");
    assert_eq!((team[0].leader.is_none(), team[1].profile.is_none()), (true, true));
    assert_eq!(team[1].leader.as_ref().unwrap().email, "ada@x");
}

#[tokio::test]
async fn rows_that_are_written_give_what_is_selected() {
    let (_database, client) = client("select_written").await;
    let bob = add_user(&client, "bob@x").await;
    let tags = ["x", "y"].map(|name| client.tag().create(name, vec![]));
    for tag in tags {
        tag.await.unwrap();
    }
    let named = |name: &'static str| tag::name::equals(name);
    let made = client
        .post()
        .create("a", user::email::equals("bob@x"), vec![post::tags::connect(vec![named("x")])])
        .select(post::select!({ id tags _count: select { tags } author: select { email } }))
        .await
        .unwrap();
    assert_eq!((made.tags[0].name.as_str(), made._count.tags), ("x", 1));
    assert_eq!(made.author.email, "bob@x");
    let key = || post::id::equals(made.id);
    let changes = vec![post::views::increment(2), post::tags::connect(vec![named("y")])];
    let changed = client
        .post()
        .update(key(), changes)
        .select(post::select!({ views _count: select { tags } }))
        .await
        .unwrap();
    assert_eq!((changed.views, changed._count.tags), (2, 2));
    let create = user::create("new@x", vec![]);
    let upserted = client
        .user()
        .upsert(user::email::equals("new@x"), create, vec![])
        .include(user::include!({ posts leader }))
        .await
        .unwrap();
    assert_eq!((upserted.email.as_str(), upserted.age, upserted.posts.len()), ("new@x", 18, 0));
    assert!(upserted.leader.is_none());
    let gone = client.post().delete(key()).include(with_author::include()).await.unwrap();
    assert_eq!((gone.title.as_str(), gone.views, gone.author.id), ("a", 2, bob.id));
    let tags: Vec<_> = gone.tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(tags.len(), 2);
    let missing = client.post().delete(key()).select(only_title::select()).await.unwrap_err();
    assert_eq!(missing.code(), "P2025");
    let (found, count) = client
        ._batch((
            client.user().find_many(vec![]).select(user::select!({ email })),
            client.user().count(vec![]),
        ))
        .await
        .unwrap();
    assert_eq!((found.len(), count), (2, 2));
}

#[tokio::test]
async fn names_that_are_something_else_are_selected() {
    let (_database, client) = client("select_names").await;
    client.r#type().create(1, "match", vec![]).await.unwrap();
    let found = client
        .r#type()
        .find_many(vec![])
        .select(r#type::select!({ self_ r#match line_2 bool create model runtime edge_ u_8 }))
        .await
        .unwrap();
    assert_eq!((found[0].self_, found[0].r#match.as_str(), found[0].bool), (1, "match", true));
    assert_eq!(to_value(&found[0]).unwrap()["self"], 1);
    let one = client.foo_bar_().create(vec![]).await.unwrap();
    let connected = vec![mod_::one::connect(foo_bar_::id::equals(one.id))];
    let made = client
        .mod_()
        .create(connected)
        .select(mod_::select!({ one: select { id mods: include { one } } }))
        .await
        .unwrap();
    assert_eq!(made.one.unwrap().mods[0].one_id, Some(one.id));
}

post::partial_unchecked!(Change { title rating status });

#[tokio::test]
async fn changes_come_as_json() {
    let (_database, client) = client("select_partial").await;
    let bob = add_user(&client, "bob@x").await;
    let post = add_post(&client, "p", &bob).await;
    let change = async |change: serde_json::Value| {
        let change: Change = from_value(change).unwrap();
        let changed = client.post().update(post::id::equals(post.id), change.to_params());
        let row = changed.select(post::select!({ title rating status })).await.unwrap();
        to_value(row).unwrap()
    };
    let all = json!({ "title": "q", "rating": 1.5, "status": "in_progress" });
    assert_eq!(change(all.clone()).await, all);
    assert_eq!(change(json!({ "title": null, "unknown": [1] })).await, all);
    let none = json!({ "title": "q", "rating": null, "status": "in_progress" });
    assert_eq!(change(json!({ "rating": null })).await, none);
    assert!(from_value::<Change>(json!({ "title": 1 })).is_err());
    assert_eq!(from_value::<Change>(json!({})).unwrap(), Change::default());
}

#[tokio::test]
async fn rows_are_json_and_back() {
    let (_database, client) = client("select_json").await;
    let post = world(&client).await;
    let fetched = client
        .post()
        .find_unique(post::id::equals(post.id))
        .with(post::author::fetch().with(user::profile::fetch()))
        .with(post::tags::fetch(vec![]))
        .await
        .unwrap()
        .unwrap();
    let written = to_value(&fetched).unwrap();
    assert_eq!(written["authorId"], fetched.author_id);
    // Not fetched, against no row.
    assert_eq!((&written["comments"], &written["author"]["profile"]), (&json!(null), &json!(null)));
    let author = written["author"].as_object().unwrap();
    assert_eq!((author.contains_key("profile"), author.contains_key("leader")), (true, false));
    assert_eq!(from_value::<post::Data>(written).unwrap(), fetched);
    let card = client.post().find_first(vec![]).select(card::select(1, 9)).await.unwrap().unwrap();
    assert_eq!(from_value::<card::Data>(to_value(&card).unwrap()).unwrap(), card);
    let missing = from_value::<only_title::Data>(json!({})).unwrap_err();
    assert_eq!(missing.to_string(), "missing field `title`");
    // By place alone, and with names beside values of places.
    for written in [rmp_serde::to_vec(&fetched), rmp_serde::to_vec_named(&fetched)] {
        assert_eq!(rmp_serde::from_slice::<post::Data>(&written.unwrap()).unwrap(), fetched);
    }
    let written = rmp_serde::to_vec(&card).unwrap();
    assert_eq!(rmp_serde::from_slice::<card::Data>(&written).unwrap(), card);
}
