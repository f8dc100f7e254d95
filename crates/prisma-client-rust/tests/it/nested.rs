//! Rows made inside other rows' queries: the keys are right both ways, at any depth, and all is one transaction.

use prisma_client_rust::nested;
use prisma_client_rust::prisma_errors::query_engine::{
    InputError, MissingRequiredValue, RecordRequiredButNotFound, UniqueKeyViolation,
};

use crate::generated::{comment, like, post, profile, tag, user};
use crate::support::{add_post, add_user, client};

#[tokio::test]
async fn rows_are_made_inside_a_new_row_to_any_depth() {
    let (_database, client) = client("nested_create").await;
    let likes = vec![like::create("bob", nested(), vec![]), like::create("eve", nested(), vec![])];
    let ada = client
        .user()
        .create(
            "ada@x",
            vec![
                user::leader::create(user::create("boss@x", vec![])),
                user::profile::create(profile::create("writes", nested(), vec![])),
                user::posts::create(vec![
                    post::create(
                        "first",
                        nested(),
                        vec![
                            post::tags::create(vec![
                                tag::create("rust", vec![]),
                                tag::create("sql", vec![]),
                            ]),
                            post::comments::create(vec![
                                comment::create(
                                    1,
                                    "good",
                                    nested(),
                                    vec![comment::likes::create(likes)],
                                ),
                                comment::create(2, "bad", nested(), vec![]),
                            ]),
                        ],
                    ),
                    post::create("second", nested(), vec![post::views::set(5)]),
                    post::create("third", nested(), vec![post::views::set(6)]),
                ]),
            ],
        )
        .with(user::leader::fetch())
        .with(user::profile::fetch())
        .with(
            user::posts::fetch(vec![])
                .with(post::tags::fetch(vec![]))
                .with(post::comments::fetch(vec![]).with(comment::likes::fetch(vec![]))),
        )
        .await
        .unwrap();
    assert_eq!(ada.leader().unwrap().unwrap().email, "boss@x");
    assert_eq!(ada.profile().unwrap().unwrap().bio, "writes");
    let mut posts = ada.posts().unwrap().clone();
    posts.sort_by(|one, other| one.title.cmp(&other.title));
    assert_eq!(posts.iter().map(|post| post.views).collect::<Vec<_>>(), [0, 5, 6]);
    assert!(posts.iter().all(|post| post.author_id == ada.id));
    assert_eq!(posts[0].tags().unwrap().len(), 2);
    let comments = posts[0].comments().unwrap();
    let likes: Vec<usize> = comments.iter().map(|row| row.likes().unwrap().len()).collect();
    assert_eq!((comments.len(), likes.iter().sum::<usize>()), (2, 2));
}

#[tokio::test]
async fn a_required_row_is_made_or_found_by_its_parameters() {
    let (_database, client) = client("nested_required").await;
    let create = |title: &str, author| client.post().create(title, nested(), vec![author]);
    let made = create("a", post::author::create(user::create("ada@x", vec![]))).await.unwrap();
    let or_create = || {
        post::author::connect_or_create(
            user::email::equals("ada@x"),
            user::create("ada@x", vec![user::age::set(99)]),
        )
    };
    let found = create("b", or_create()).await.unwrap();
    assert_eq!(made.author_id, found.author_id);
    let bob = post::author::connect_or_create(
        user::email::equals("bob@x"),
        user::create("bob@x", vec![user::age::set(7)]),
    );
    let other = create("c", bob).with(post::author::fetch()).await.unwrap();
    assert_eq!(other.author().unwrap().age, 7);
    let named = post::Create {
        title: "d".to_owned(),
        author: nested(),
        _params: vec![post::author::connect(user::email::equals("bob@x"))],
    };
    assert_eq!(client.post().create_from(named).await.unwrap().author_id, other.author_id);
    assert_eq!(client.user().count(vec![]).await.unwrap(), 2);
    let missing = client.post().create("e", nested(), vec![]).await.unwrap_err();
    assert!(missing.is_prisma_error::<MissingRequiredValue>());
    assert_eq!(missing.to_string(), "Missing a required value at `Post.author`");
}

#[tokio::test]
async fn a_row_that_nothing_names_is_no_row() {
    let (_database, client) = client("nested_nothing").await;
    add_user(&client, "ada@x").await;
    assert_eq!(client.user().find_unique(nested()).await.unwrap(), None);
    let refused = client.user().delete(nested()).await.unwrap_err();
    assert!(refused.is_prisma_error::<RecordRequiredButNotFound>());
    client.user().update(nested(), vec![user::age::set(1)]).await.unwrap_err();
    assert_eq!(client.user().count(vec![user::age::equals(18)]).await.unwrap(), 1);
}

#[tokio::test]
async fn rows_are_made_inside_an_update() {
    let (_database, client) = client("nested_update").await;
    let ada = add_user(&client, "ada@x").await;
    let post = add_post(&client, "p", &ada).await;
    let update = |changes| client.user().update(user::email::equals("ada@x"), changes);
    let bio = |text: &str| user::profile::create(profile::create(text, nested(), vec![]));
    update(vec![bio("one")]).await.unwrap();
    // The profile must have its user, so the first cannot be set free for the second.
    update(vec![bio("two")]).await.unwrap_err();
    let profiles = client.profile().find_many(vec![]).await.unwrap();
    assert_eq!(profiles.iter().map(|row| row.bio.as_str()).collect::<Vec<_>>(), ["one"]);
    let team =
        user::team::create(vec![user::create("bob@x", vec![]), user::create("eve@x", vec![])]);
    let lead = update(vec![team]).with(user::team::fetch(vec![])).await.unwrap();
    assert_eq!(lead.team().unwrap().len(), 2);
    let with_tags = client
        .post()
        .update(
            post::id::equals(post.id),
            vec![
                post::tags::create(vec![tag::create("a", vec![])]),
                post::tags::connect_or_create(tag::name::equals("a"), tag::create("a", vec![])),
                post::tags::connect_or_create(tag::name::equals("b"), tag::create("b", vec![])),
                post::author::create(user::create("new@x", vec![])),
            ],
        )
        .with(post::tags::fetch(vec![]))
        .with(post::author::fetch())
        .await
        .unwrap();
    assert_eq!(with_tags.tags().unwrap().len(), 2);
    assert_eq!(with_tags.author().unwrap().email, "new@x");
}

#[tokio::test]
async fn nothing_is_made_for_a_row_that_is_not_there() {
    let (_database, client) = client("nested_absent").await;
    let author = post::author::create(user::create("ada@x", vec![]));
    let error = client.post().update(post::id::equals(1), vec![author]).await.unwrap_err();
    assert!(error.is_prisma_error::<RecordRequiredButNotFound>());
    assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_failure_inside_leaves_nothing() {
    let (_database, client) = client("nested_atomic").await;
    let tags = post::tags::create(vec![tag::create("same", vec![]), tag::create("same", vec![])]);
    let posts = user::posts::create(vec![post::create("p", nested(), vec![tags])]);
    let error = client.user().create("ada@x", vec![posts]).await.unwrap_err();
    assert!(error.is_prisma_error::<UniqueKeyViolation>());
    assert_eq!((error.model(), error.fields()), (Some("Tag"), &["name".to_owned()][..]));
    assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
    assert_eq!(client.post().count(vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_list_connects_or_makes() {
    let (_database, client) = client("nested_or").await;
    let (ada, bob) = (add_user(&client, "ada@x").await, add_user(&client, "bob@x").await);
    let post = add_post(&client, "p", &ada).await;
    let comment = |number, text: &str| {
        post::comments::connect_or_create(
            comment::post_id_number(post.id, number),
            comment::create(number, text, nested(), vec![]),
        )
    };
    let update = |changes| client.post().update(post::id::equals(post.id), changes);
    update(vec![comment(1, "one"), comment(2, "two")]).await.unwrap();
    let after = update(vec![comment(1, "other"), comment(3, "three")])
        .with(
            post::comments::fetch(vec![])
                .order_by(comment::number::order(prisma_client_rust::SortOrder::Asc)),
        )
        .await
        .unwrap();
    let texts: Vec<&str> = after.comments().unwrap().iter().map(|row| row.text.as_str()).collect();
    assert_eq!(texts, ["one", "two", "three"]);
    // One that belongs to somebody else is led over.
    let team = |lead: &user::Data| {
        let member = user::create("eve@x", vec![]);
        let team = user::team::connect_or_create(user::email::equals("eve@x"), member);
        client.user().update(user::id::equals(lead.id.clone()), vec![team])
    };
    team(&ada).await.unwrap();
    let second = team(&bob).with(user::team::fetch(vec![])).await.unwrap();
    assert_eq!(second.team().unwrap()[0].leader_id.as_deref(), Some(bob.id.as_str()));
    assert_eq!(client.user().count(vec![]).await.unwrap(), 3);
}

#[tokio::test]
async fn upserts_make_rows_inside_too() {
    let (_database, client) = client("nested_upsert").await;
    let upsert = || {
        client
            .user()
            .upsert(
                user::email::equals("ada@x"),
                user::create(
                    "ada@x",
                    vec![user::posts::create(vec![post::create("made", nested(), vec![])])],
                ),
                vec![user::posts::create(vec![post::create("again", nested(), vec![])])],
            )
            .with(
                user::posts::fetch(vec![])
                    .order_by(post::id::order(prisma_client_rust::SortOrder::Asc)),
            )
    };
    for expected in [&["made"][..], &["made", "again"], &["made", "again", "again"]] {
        let ada = upsert().await.unwrap();
        let titles: Vec<_> = ada.posts().unwrap().iter().map(|post| post.title.as_str()).collect();
        assert_eq!(titles, expected);
    }
}

#[tokio::test]
async fn tasks_that_upsert_with_rows_inside_make_one_row() {
    let (_database, client) = client("nested_upsert_race").await;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let posts = || user::posts::create(vec![post::create("p", nested(), vec![])]);
                client
                    .user()
                    .upsert(
                        user::email::equals("ada@x"),
                        user::create("ada@x", vec![posts()]),
                        vec![posts()],
                    )
                    .await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(client.user().count(vec![]).await.unwrap(), 1);
    assert_eq!(client.post().count(vec![]).await.unwrap(), 16);
}

#[tokio::test]
async fn relations_of_many_rows_change_at_once() {
    let (_database, client) = client("nested_many").await;
    let ada = add_user(&client, "ada@x").await;
    let bob = add_user(&client, "bob@x").await;
    for title in ["a", "b", "c"] {
        add_post(&client, title, &ada).await;
    }
    client.tag().create("t", vec![]).await.unwrap();
    let some = || vec![post::title::gt("a")];
    let changes = vec![
        post::tags::connect(vec![tag::name::equals("t")]),
        post::author::connect(user::email::equals("bob@x")),
        post::views::increment(1),
    ];
    assert_eq!(client.post().update_many(some(), changes).await.unwrap(), 2);
    let tagged = vec![
        post::tags::some(vec![tag::name::equals("t")]),
        post::author_id::equals(bob.id.clone()),
        post::views::equals(1),
    ];
    assert_eq!(client.post().count(tagged).await.unwrap(), 2);
    // A comment has one post: it cannot be connected to two.
    let post = client.post().find_first(vec![]).await.unwrap().unwrap();
    client.comment().create(1, "c", post::id::equals(post.id), vec![]).await.unwrap();
    let take = vec![post::comments::connect(vec![comment::post_id_number(post.id, 1)])];
    let error = client.post().update_many(some(), take).await.unwrap_err();
    assert!(error.is_prisma_error::<InputError>(), "{error}");
}

#[tokio::test]
async fn half_of_an_action_is_not_committed_with_a_transaction() {
    let (_database, client) = client("nested_half").await;
    let ada = add_user(&client, "ada@x").await;
    let run = |absent: bool| {
        let author = user::id::equals(ada.id.clone());
        client._transaction().run(move |tx| async move {
            let comment = comment::post_id_number(77, 1);
            let connect = if absent { vec![comment] } else { vec![] };
            let post = tx.post().create("p", author, vec![post::comments::connect(connect)]).await;
            // Nobody looks at what became of it.
            drop(post);
            Ok::<_, prisma_client_rust::QueryError>(())
        })
    };
    assert_eq!(run(true).await.unwrap_err().code(), "P2028");
    assert_eq!(client.post().count(vec![]).await.unwrap(), 0);
    run(false).await.unwrap();
    assert_eq!(client.post().count(vec![]).await.unwrap(), 1);
    let batch = client._transaction().run(|tx| async move {
        let absent = tx.tag().delete(tag::name::equals("absent"));
        tx._batch((tx.tag().create("t", vec![]), absent)).await.unwrap_err();
        Ok::<_, prisma_client_rust::QueryError>(())
    });
    assert_eq!(batch.await.unwrap_err().code(), "P2028");
    // A row that is not there is no half of anything.
    let alone = client._transaction().run(|tx| async move {
        tx.tag().delete(tag::name::equals("absent")).await.unwrap_err();
        tx.tag().create("t", vec![]).await
    });
    assert_eq!(alone.await.unwrap().name, "t");
}
