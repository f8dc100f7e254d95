//! `find_unique`, `find_first`, `find_many`, `count`: conditions on columns.

use prisma_client_rust::{QueryMode, and, not, or};

use crate::generated::{PrismaClient, Status, every, post, user};
use crate::support::{add_post, add_user, client, emails, titles};

/// Three people: Ada with a name and a nickname, Bob with a name, and one without either.
async fn people(client: &PrismaClient) {
    let user = client.user();
    user.create(
        "ada@x",
        vec![
            user::name::set(Some("Ada".to_owned())),
            user::nickname::set("countess".to_owned()),
            user::age::set(36),
        ],
    )
    .await
    .unwrap();
    user.create("bob@x", vec![user::name::set("Bob".to_owned()), user::age::set(50)])
        .await
        .unwrap();
    user.create("eve@x", vec![]).await.unwrap();
}

#[tokio::test]
async fn unique_keys_find_one_row_or_none() {
    let (_database, client) = client("find_unique").await;
    people(&client).await;
    let ada = client.user().find_unique(user::email::equals("ada@x")).await.unwrap().unwrap();
    assert_eq!(ada.name.as_deref(), Some("Ada"));
    assert_eq!(
        client.user().find_unique(user::id::equals(ada.id.clone())).exec().await.unwrap().unwrap(),
        ada
    );
    let by_nickname =
        client.user().find_unique(user::nickname::equals("countess".to_owned())).await.unwrap();
    assert_eq!(by_nickname.unwrap().id, ada.id);
    assert!(client.user().find_unique(user::email::equals("nobody@x")).await.unwrap().is_none());
}

#[tokio::test]
async fn comparisons_of_text() {
    let (_database, client) = client("find_text").await;
    people(&client).await;
    let find = |filters| emails(client.user().find_many(filters));
    assert_eq!(find(vec![]).await.len(), 3);
    assert_eq!(find(vec![user::email::equals("bob@x")]).await, ["bob@x"]);
    assert_eq!(find(vec![user::email::not("bob@x")]).await, ["ada@x", "eve@x"]);
    assert_eq!(
        find(vec![user::email::in_vec(vec!["bob@x".to_owned(), "zoe@x".to_owned()])]).await,
        ["bob@x"]
    );
    assert_eq!(find(vec![user::email::in_vec(vec![])]).await, [""; 0]);
    assert_eq!(
        find(vec![user::email::not_in_vec(vec!["bob@x".to_owned()])]).await,
        ["ada@x", "eve@x"]
    );
    assert_eq!(find(vec![user::email::not_in_vec(vec![])]).await.len(), 3);
    assert_eq!(find(vec![user::email::lt("bob@x")]).await, ["ada@x"]);
    assert_eq!(find(vec![user::email::lte("bob@x")]).await, ["ada@x", "bob@x"]);
    assert_eq!(find(vec![user::email::gt("bob@x")]).await, ["eve@x"]);
    assert_eq!(find(vec![user::email::gte("bob@x")]).await, ["bob@x", "eve@x"]);
    assert_eq!(find(vec![user::email::contains("b@")]).await, ["bob@x"]);
    assert_eq!(find(vec![user::email::starts_with("e")]).await, ["eve@x"]);
    assert_eq!(find(vec![user::email::ends_with("a@x")]).await, ["ada@x"]);
    assert_eq!(find(vec![user::age::gt(18), user::age::lt(50)]).await, ["ada@x"]);
}

#[tokio::test]
async fn null_is_found_only_when_asked_for() {
    let (_database, client) = client("find_null").await;
    people(&client).await;
    let find = |filters| emails(client.user().find_many(filters));
    assert_eq!(find(vec![user::name::equals(None)]).await, ["eve@x"]);
    assert_eq!(find(vec![user::name::not(None)]).await, ["ada@x", "bob@x"]);
    assert_eq!(find(vec![user::name::not(Some("Ada".to_owned()))]).await, ["bob@x"]);
    assert_eq!(find(vec![user::name::not_in_vec(vec!["Ada".to_owned()])]).await, ["bob@x"]);
    assert_eq!(find(vec![not![user::name::equals(Some("Ada".to_owned()))]]).await, ["bob@x"]);
    assert_eq!(find(vec![user::nickname::equals(None)]).await, ["bob@x", "eve@x"]);
}

#[tokio::test]
async fn conditions_join() {
    let (_database, client) = client("find_join").await;
    people(&client).await;
    let find = |filters| emails(client.user().find_many(filters));
    let (ada, bob) = (|| user::email::equals("ada@x"), || user::email::equals("bob@x"));
    assert_eq!(find(vec![or![ada(), bob()]]).await, ["ada@x", "bob@x"]);
    assert_eq!(find(vec![or![]]).await, [""; 0]);
    assert_eq!(find(vec![and![ada(), user::age::equals(36)]]).await, ["ada@x"]);
    assert_eq!(find(vec![and![]]).await.len(), 3);
    assert_eq!(find(vec![not![ada(), user::age::equals(36)]]).await, ["bob@x", "eve@x"]);
    assert_eq!(find(vec![not![or![ada(), bob()]], user::age::equals(18)]).await, ["eve@x"]);
    assert_eq!(client.user().count(vec![user::age::gte(36)]).await.unwrap(), 2);
    assert_eq!(client.user().count(vec![]).exec().await.unwrap(), 3);
}

#[tokio::test]
async fn insensitive_comparisons_see_no_case() {
    let (_database, client) = client("find_mode").await;
    people(&client).await;
    let find = |filters| emails(client.user().find_many(filters));
    let mode = || user::name::mode(QueryMode::Insensitive);
    assert_eq!(find(vec![user::name::equals(Some("ADA".to_owned()))]).await, [""; 0]);
    assert_eq!(find(vec![user::name::equals(Some("ADA".to_owned())), mode()]).await, ["ada@x"]);
    assert_eq!(find(vec![mode(), user::name::contains("DA")]).await, ["ada@x"]);
    assert_eq!(find(vec![mode(), user::name::starts_with("bO")]).await, ["bob@x"]);
    assert_eq!(find(vec![mode(), user::name::in_vec(vec!["BOB".to_owned()])]).await, ["bob@x"]);
    assert_eq!(find(vec![mode(), user::name::not(Some("BOB".to_owned()))]).await, ["ada@x"]);
    assert_eq!(
        find(vec![user::name::mode(QueryMode::Default), user::name::contains("DA")]).await,
        [""; 0]
    );
}

#[tokio::test]
async fn what_looks_like_sql_or_a_pattern_is_text() {
    let (_database, client) = client("find_injection").await;
    let strange = [
        "'; DROP TABLE people; --",
        "\"people\"",
        "$1",
        "{}",
        "100%",
        "a_b",
        "back\\slash",
        "line\nbreak",
        "naïve 🦀",
        "",
    ];
    for text in strange {
        client.user().create(text, vec![user::name::set(text.to_owned())]).await.unwrap();
    }
    for text in strange {
        let found = client.user().find_unique(user::email::equals(text)).await.unwrap().unwrap();
        assert_eq!(found.name.as_deref(), Some(text));
        if !text.is_empty() {
            for filter in [
                user::name::contains(text),
                user::name::starts_with(text),
                user::name::ends_with(text),
            ] {
                assert_eq!(emails(client.user().find_many(vec![filter])).await, [text], "{text:?}");
            }
        }
    }
    assert_eq!(client.user().count(vec![user::name::contains("%")]).await.unwrap(), 1);
    assert_eq!(client.user().count(vec![]).await.unwrap(), 10);
}

#[tokio::test]
async fn enums_are_compared_by_value() {
    let (_database, client) = client("find_enum").await;
    let ada = add_user(&client, "ada@x").await;
    for (title, status) in [("a", Status::Draft), ("b", Status::InProgress), ("c", Status::Done)] {
        client
            .post()
            .create(title, user::id::equals(ada.id.clone()), vec![post::status::set(status)])
            .await
            .unwrap();
    }
    let find = |filters| {
        titles(
            client
                .post()
                .find_many(filters)
                .order_by(post::title::order(prisma_client_rust::SortOrder::Asc)),
        )
    };
    assert_eq!(find(vec![post::status::equals(Status::Done)]).await, ["c"]);
    assert_eq!(find(vec![post::status::not(Status::Done)]).await, ["a", "b"]);
    assert_eq!(
        find(vec![post::status::in_vec(vec![Status::Done, Status::Draft])]).await,
        ["a", "c"]
    );
    assert_eq!(
        find(vec![post::status::not_in_vec(vec![Status::Done, Status::Draft])]).await,
        ["b"]
    );
}

#[tokio::test]
async fn lists_are_searched() {
    let (_database, client) = client("find_list").await;
    let row = |id, texts: &[&str]| {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        crate::values::every(
            id,
            vec![every::texts::set(texts), every::statuses::set(vec![Status::Done])],
        )
    };
    client
        .every()
        .create_many(vec![row(1, &["a", "b"]), row(2, &["b"]), row(3, &[])])
        .await
        .unwrap();
    let find = async |filter| {
        let mut ids: Vec<i32> = client
            .every()
            .find_many(vec![filter])
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.id)
            .collect();
        ids.sort_unstable();
        ids
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(find(every::texts::has("a".to_owned())).await, [1]);
    assert_eq!(find(every::texts::has_every(texts(&["a", "b"]))).await, [1]);
    assert_eq!(find(every::texts::has_some(texts(&["a", "b"]))).await, [1, 2]);
    assert_eq!(find(every::texts::is_empty(true)).await, [3]);
    assert_eq!(find(every::texts::is_empty(false)).await, [1, 2]);
    assert_eq!(find(every::texts::equals(texts(&["a", "b"]))).await, [1]);
    assert_eq!(find(every::texts::not(texts(&["a", "b"]))).await, [2, 3]);
    assert_eq!(find(every::statuses::has(Status::Done)).await, [1, 2, 3]);
}

#[tokio::test]
async fn documents_are_searched() {
    use prisma_client_rust::serde_json::json;

    let (_database, client) = client("find_json").await;
    let row = |id, json| crate::values::every(id, vec![every::json_o::set(Some(json))]);
    client
        .every()
        .create_many(vec![
            row(1, json!({"a": {"b": "hello"}, "n": 1})),
            row(2, json!({"a": {"b": "help"}, "n": 20})),
            row(3, json!([1, 2, 3])),
            crate::values::every(4, vec![]),
        ])
        .await
        .unwrap();
    let find = async |filters| {
        let mut ids: Vec<i32> = client
            .every()
            .find_many(filters)
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.id)
            .collect();
        ids.sort_unstable();
        ids
    };
    let path =
        |path: &[&str]| every::json_o::path(path.iter().map(|key| (*key).to_owned()).collect());
    assert_eq!(find(vec![every::json_o::equals(Some(json!([1, 2, 3])))]).await, [3]);
    assert_eq!(find(vec![every::json_o::equals(None)]).await, [4]);
    assert_eq!(
        find(vec![path(&["a", "b"]), every::json_o::equals(Some(json!("help")))]).await,
        [2]
    );
    assert_eq!(
        find(vec![path(&["a", "b"]), every::json_o::string_starts_with("hel")]).await,
        [1, 2]
    );
    assert_eq!(find(vec![path(&["a", "b"]), every::json_o::string_contains("lo")]).await, [1]);
    assert_eq!(find(vec![path(&["n"]), every::json_o::gt(json!(5))]).await, [2]);
    assert_eq!(find(vec![every::json_o::array_contains(json!([3, 1]))]).await, [3]);
    assert_eq!(find(vec![every::json_o::array_starts_with(json!(1))]).await, [3]);
    assert_eq!(find(vec![every::json_o::array_ends_with(json!(3))]).await, [3]);
}

#[tokio::test]
async fn first_is_by_the_order_and_then_the_id() {
    let (_database, client) = client("find_first").await;
    let ada = add_user(&client, "ada@x").await;
    for title in ["b", "a", "c"] {
        add_post(&client, title, &ada).await;
    }
    let first = client.post().find_first(vec![]).await.unwrap().unwrap();
    assert_eq!(first.title, "b");
    let last = client
        .post()
        .find_first(vec![])
        .order_by(post::title::order(prisma_client_rust::SortOrder::Desc));
    assert_eq!(last.await.unwrap().unwrap().title, "c");
    let skipped = client.post().find_first(vec![]).skip(1).await.unwrap().unwrap();
    assert_eq!(skipped.title, "a");
    assert_eq!(client.post().find_first(vec![]).take(-1).await.unwrap().unwrap().title, "c");
    assert!(client.post().find_first(vec![post::title::equals("z")]).await.unwrap().is_none());
}
