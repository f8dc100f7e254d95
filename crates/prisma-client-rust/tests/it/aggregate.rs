//! Calculations over rows, over groups of them, and over related rows.

use prisma_client_rust::BigDecimal;
use prisma_client_rust::SortOrder::{Asc, Desc};
use prisma_client_rust::prisma_errors::query_engine::InputError;

use crate::generated::{PrismaClient, Status, every, native, post, tag, user};
use crate::support::{add_user, client, emails};

/// Ada has posts of 1, 2 and 3 views, Bob one of 10; what Bob's costs is known.
async fn posts(client: &PrismaClient) -> (user::Data, user::Data) {
    let (ada, bob) = (add_user(client, "ada@x").await, add_user(client, "bob@x").await);
    let price: BigDecimal = "2.50".parse().unwrap();
    let row = |title: &str, author: &user::Data, views: i32, more| {
        let params = [vec![post::views::set(views)], more].concat();
        post::create_unchecked(title, author.id.clone(), params)
    };
    let rows = vec![
        row("a", &ada, 1, vec![]),
        row("b", &ada, 2, vec![post::status::set(Status::Done)]),
        row("c", &ada, 3, vec![post::status::set(Status::Done)]),
        row("d", &bob, 10, vec![post::price::set(Some(price)), post::rating::set(Some(0.5))]),
    ];
    client.post().create_many(rows).await.unwrap();
    (ada, bob)
}

#[tokio::test]
async fn everything_is_calculated_in_its_type() {
    let (_database, client) = client("aggregate").await;
    posts(&client).await;
    let (rows, prices, authors) = client
        .post()
        .aggregate(
            vec![],
            (post::_count::all(), post::price::count(), post::author_id::count_distinct()),
        )
        .await
        .unwrap();
    assert_eq!((rows, prices, authors), (4, 1, 2));
    let calculations = (
        (post::views::sum(), post::views::avg(), post::views::min(), post::views::max()),
        (post::price::sum(), post::price::avg(), post::price::min(), post::rating::avg()),
        (post::title::min(), post::title::max(), post::status::max()),
    );
    let few = || vec![post::views::lt(10)];
    let (views, prices, others) =
        client.post().aggregate(vec![], calculations.clone()).await.unwrap();
    assert_eq!(views, (Some(16), Some(4.0), Some(1), Some(10)));
    let price: BigDecimal = "2.50".parse().unwrap();
    assert_eq!(prices, (Some(price.clone()), Some(price.clone()), Some(price), Some(0.5)));
    assert_eq!(others, (Some("a".into()), Some("d".into()), Some(Status::Done)));
    let (_, prices, _) = client.post().aggregate(few(), calculations).await.unwrap();
    assert_eq!(prices, (None, None, None, None));
    let none = client.post().aggregate(vec![post::views::gt(99)], post::views::sum()).exec().await;
    assert_eq!(none.unwrap(), None);
    let user = client.user().aggregate(vec![], (user::created_at::max(),)).await.unwrap();
    assert!(user.0.is_some());
}

#[tokio::test]
async fn every_type_can_be_calculated_with() {
    let (_database, client) = client("aggregate_types").await;
    for id in 1..=2 {
        client.every().create_from(crate::values::every(id, vec![])).await.unwrap();
    }
    let every = client
        .every()
        .aggregate(
            vec![],
            (
                (every::int::sum(), every::int::avg(), every::int::max()),
                (every::big::sum(), every::big::avg(), every::big::max()),
                (every::float::sum(), every::float::avg(), every::float::max()),
                (every::decimal::sum(), every::decimal::avg(), every::decimal::max()),
                (every::moment::min(), every::bytes::count(), every::flag::count_distinct()),
            ),
        )
        .await
        .unwrap();
    assert!(every.0.0.is_some() && every.1.0.is_some() && every.4.0.is_some());
    let of = |small: i32, money: &str| {
        let money: BigDecimal = money.parse().unwrap();
        client.native().create(vec![
            native::small::set(Some(small)),
            native::oid::set(Some(small)),
            native::real::set(Some(f64::from(small))),
            native::money::set(Some(money)),
            native::inet::set("10.0.0.1".to_owned()),
        ])
    };
    of(1, "1.25").await.unwrap();
    of(2, "2.50").await.unwrap();
    let native = client
        .native()
        .aggregate(
            vec![],
            (
                (native::small::sum(), native::oid::sum(), native::oid::avg(), native::oid::max()),
                (native::real::sum(), native::real::avg(), native::real::max()),
                (native::money::sum(), native::money::avg(), native::money::max()),
                (native::id::min(), native::inet::max(), native::id::count_distinct()),
            ),
        )
        .await
        .unwrap();
    assert_eq!(native.0, (Some(3), Some(3), Some(1.5), Some(2)));
    assert_eq!(native.1, (Some(3.0), Some(1.5), Some(2.0)));
    assert_eq!(native.2.0, Some("3.75".parse().unwrap()));
    assert_eq!((native.3.1.as_deref(), native.3.2), (Some("10.0.0.1/32"), 2));
    let big = vec![
        crate::values::every(3, vec![every::big::set(i64::MAX)]),
        crate::values::every(4, vec![every::big::set(i64::MAX)]),
    ];
    for row in big {
        client.every().create_from(row).await.unwrap();
    }
    let error = client.every().aggregate(vec![], every::big::sum()).await.unwrap_err();
    assert_eq!(error.code(), "P2020");
}

#[tokio::test]
async fn groups_are_chosen_sorted_and_paged() {
    let (_database, client) = client("group_by").await;
    let (ada, bob) = posts(&client).await;
    let columns = (post::author_id::group(), post::_count::all(), post::views::sum());
    let groups = || client.post().group_by(vec![], columns.clone());
    let all = groups().order_by(post::views::sum().order(Desc)).await.unwrap();
    assert_eq!(all, [(bob.id.clone(), 1, Some(10)), (ada.id.clone(), 3, Some(6))]);
    let all = groups().order_by(post::_count::order(Desc)).take(1).exec().await.unwrap();
    assert_eq!(all, [(ada.id.clone(), 3, Some(6))]);
    let all = groups().order_by(post::_count::order(Desc)).skip(1).await.unwrap();
    assert_eq!(all, [(bob.id.clone(), 1, Some(10))]);
    let one = groups().having(post::_count::all().gt(1)).having(post::views::avg().lte(2.0));
    assert_eq!(one.await.unwrap(), [(ada.id.clone(), 3, Some(6))]);
    let none = groups().having(post::views::max().equals(10)).having(post::title::min().lt("b"));
    assert_eq!(none.await.unwrap(), []);
    let states = client
        .post()
        .group_by(
            vec![post::author_id::equals(ada.id.clone())],
            (post::status::group(), post::rating::group(), post::price::sum()),
        )
        .order_by(post::status::order(Asc))
        .await
        .unwrap();
    assert_eq!(states, [(Status::Draft, None, None), (Status::Done, None, None)]);
    let by_status = client
        .post()
        .group_by(vec![], post::_count::all())
        .having(post::status::max().equals(Status::Done))
        .await;
    assert_eq!(by_status.unwrap(), [4]);
    let error = groups().order_by(post::title::order(Asc)).await.unwrap_err();
    assert!(error.is_prisma_error::<InputError>());
    assert!(error.to_string().contains("`title`"), "{error}");
    let author = post::author::order(vec![user::email::order(Asc)]);
    assert!(groups().order_by(author).await.unwrap_err().is_prisma_error::<InputError>());
    let (batched, total) = client
        ._batch((groups().take(1), client.post().aggregate(vec![], post::_count::all())))
        .await
        .unwrap();
    assert_eq!((batched.len(), total), (1, 4));
}

#[tokio::test]
async fn related_rows_are_counted_to_find_and_to_sort() {
    let (_database, client) = client("relation_count").await;
    let (ada, _) = posts(&client).await;
    add_user(&client, "eve@x").await;
    let find = |filter| client.user().find_many(vec![filter]);
    assert_eq!(emails(find(user::posts::count(vec![]).gte(2))).await, ["ada@x"]);
    assert_eq!(emails(find(user::posts::count(vec![]).equals(0))).await, ["eve@x"]);
    assert_eq!(emails(find(user::posts::count(vec![]).not(0))).await, ["ada@x", "bob@x"]);
    let popular = || user::posts::count(vec![post::views::gt(5)]);
    assert_eq!(emails(find(popular().gt(0))).await, ["bob@x"]);
    assert_eq!(emails(find(popular().lt(1))).await, ["ada@x", "eve@x"]);
    let sorted = |order| async {
        let all = client.user().find_many(vec![]).order_by(order).order_by(user::email::order(Asc));
        all.await.unwrap().into_iter().map(|user| user.email).collect::<Vec<_>>()
    };
    let by_count = user::posts::order(vec![post::_count::order(Desc)]);
    assert_eq!(sorted(by_count).await, ["ada@x", "bob@x", "eve@x"]);
    assert_eq!(sorted(popular().order(Desc)).await, ["bob@x", "ada@x", "eve@x"]);
    assert_eq!(sorted(user::posts::order(vec![])).await, ["ada@x", "bob@x", "eve@x"]);
    let tags = post::tags::create(vec![tag::create("a", vec![]), tag::create("b", vec![])]);
    let first = client.post().find_first(vec![post::author_id::equals(ada.id)]).await.unwrap();
    client.post().update(post::id::equals(first.unwrap().id), vec![tags]).await.unwrap();
    let tagged = client.post().count(vec![post::tags::count(vec![]).equals(2)]).await.unwrap();
    assert_eq!(tagged, 1);
}
