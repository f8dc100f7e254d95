//! `create`, `create_many`, `update`, `update_many`, `upsert`, `delete`, `delete_many`.

use prisma_client_rust::prisma_errors::query_engine::{RecordNotFound, UniqueKeyViolation};
use prisma_client_rust::{BigDecimal, SortOrder};

use crate::generated::{Status, every, fallback, ids, post, tag, user};
use crate::support::{add_post, add_user, client, emails, titles};

#[tokio::test]
async fn created_rows_have_what_prisma_would_give_them() {
    let (database, client) = client("create").await;
    let ada = client.user().create("ada@x", vec![]).await.unwrap();
    assert_eq!((ada.id.len(), ada.id.as_bytes()[14], ada.age, &ada.name), (36, b'4', 18, &None));
    assert_eq!(ada.created_at, ada.updated_at);
    assert_eq!(ada.created_at.timestamp_subsec_micros() % 1_000, 0);
    assert!((chrono_now() - ada.created_at.timestamp_millis()).abs() < 60_000);
    let stored = database
        .connect()
        .await
        .query_one("SELECT \"createdAt\"::text, age FROM people", &[])
        .await
        .unwrap();
    let moment: String = stored.get(0);
    assert!(ada.created_at.to_rfc3339().starts_with(&moment.replace(' ', "T")), "{moment} is UTC");
    let ids = client.ids().create(vec![]).await.unwrap();
    let lengths =
        [&ids.cuid, &ids.cuid_2, &ids.ulid, &ids.nanoid, &ids.nanoid_8, &ids.uuid].map(String::len);
    assert_eq!(lengths, [25, 24, 26, 21, 8, 36]);
    let given = client.ids().create(vec![ids::cuid::set("mine")]).await.unwrap();
    assert_eq!(given.cuid, "mine");
}

fn chrono_now() -> i64 {
    prisma_client_rust::chrono::Utc::now().timestamp_millis()
}

#[tokio::test]
async fn rows_are_created_by_position_and_by_name() {
    let (_database, client) = client("create_ways").await;
    let ada = add_user(&client, "ada@x").await;
    let by_id =
        client.post().create("a", user::id::equals(ada.id.clone()), vec![post::views::set(7)]);
    assert_eq!(by_id.await.unwrap().views, 7);
    let by_email = client
        .post()
        .create("b", user::email::equals("ada@x"), vec![])
        .with(post::author::fetch())
        .await;
    assert_eq!(by_email.unwrap().author().unwrap().email, "ada@x");
    client.post().create_unchecked("c", ada.id.clone(), vec![]).exec().await.unwrap();
    let named = post::Create {
        title: "d".to_owned(),
        author: user::id::equals(ada.id.clone()),
        _params: vec![],
    };
    client.post().create_from(named.clone()).await.unwrap();
    named.to_query(&client).await.unwrap();
    let all = client.post().find_many(vec![]).order_by(post::title::order(SortOrder::Asc));
    assert_eq!(titles(all).await, ["a", "b", "c", "d", "d"]);
    let error =
        client.post().create("e", user::email::equals("nobody@x"), vec![]).await.unwrap_err();
    assert!(error.is_prisma_error::<RecordNotFound>());
    let error = client.post().create("e", user::id::equals("nobody"), vec![]).await.unwrap_err();
    assert_eq!(error.code(), "P2003");
    assert_eq!(client.post().count(vec![]).await.unwrap(), 5);
}

#[tokio::test]
async fn many_rows_are_created_together() {
    let (_database, client) = client("create_many").await;
    let users = |range: std::ops::Range<i32>| {
        range
            .map(|index| user::create_unchecked(format!("{index}@x"), vec![user::age::set(index)]))
            .collect::<Vec<_>>()
    };
    assert_eq!(client.user().create_many(users(0..25_000)).await.unwrap(), 25_000);
    assert_eq!(client.user().count(vec![user::age::gte(24_000)]).await.unwrap(), 1_000);
    let error = client.user().create_many(users(24_999..25_001)).await.unwrap_err();
    assert!(error.is_prisma_error::<UniqueKeyViolation>());
    assert_eq!(client.user().count(vec![]).await.unwrap(), 25_000);
    assert_eq!(
        client.user().create_many(users(24_999..25_001)).skip_duplicates().await.unwrap(),
        1
    );
    assert_eq!(client.user().create_many(vec![]).await.unwrap(), 0);
    let mixed = vec![
        user::create_unchecked("a@x", vec![]),
        user::create_unchecked("b@x", vec![user::name::set("B".to_owned())]),
        user::create_unchecked("c@x", vec![user::name::set(None)]),
        user::create_unchecked("d@x", vec![]),
    ];
    assert_eq!(client.user().create_many(mixed).await.unwrap(), 4);
    let tags = (0..3).map(|index| tag::create_unchecked(index.to_string(), vec![])).collect();
    assert_eq!(client.tag().create_many(tags).await.unwrap(), 3);
}

#[tokio::test]
async fn a_failure_among_many_rows_leaves_none() {
    let (_database, client) = client("create_many_atomic").await;
    let rows = vec![
        user::create_unchecked("a@x", vec![]),
        user::create_unchecked("b@x", vec![user::age::set(1)]),
        user::create_unchecked("a@x", vec![]),
    ];
    client.user().create_many(rows).await.unwrap_err();
    assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
}

/// Rows that are alike are laid out while they are named, others when the query runs: in the end all are the same.
#[tokio::test]
async fn many_rows_that_begin_alike_keep_what_each_of_them_sets() {
    let (_database, client) = client("create_many_alike").await;
    let ada = add_user(&client, "ada@x").await;
    let at = |year| format!("{year}-02-03T04:05:06.789Z").parse().unwrap();
    let user = |number: i32, params| user::create_unchecked(format!("{number}@x"), params);
    let alike = |number| user(number, vec![user::age::set(number), user::name::set("Alike")]);
    let rows = vec![
        alike(0),
        alike(1),
        // In another order, twice, and with more.
        user(2, vec![user::name::set("Other"), user::age::set(2)]),
        user(3, vec![user::age::set(1), user::age::set(3), user::created_at::set(at(2001))]),
        user(4, vec![]),
        user(5, vec![user::id::set("five"), user::leader_id::set(ada.id.clone())]),
        alike(6),
        user(7, vec![user::updated_at::set(at(2002)), user::nickname::set("seven")]),
    ];
    let made = client.user().create_many_and_return(rows.clone()).await.unwrap();
    assert_eq!(client.user().delete_many(vec![user::email::not("ada@x")]).await.unwrap(), 8);
    assert_eq!(client.user().create_many(rows).await.unwrap(), 8);
    let found = client.user().find_many(vec![user::email::not("ada@x")]);
    let found = found.order_by(user::email::order(SortOrder::Asc)).await.unwrap();
    for rows in [&made, &found] {
        let held = rows.iter().map(|row| (row.email.as_str(), row.age, row.name.as_deref()));
        assert_eq!(
            held.collect::<Vec<_>>(),
            [
                ("0@x", 0, Some("Alike")),
                ("1@x", 1, Some("Alike")),
                ("2@x", 2, Some("Other")),
                ("3@x", 3, None),
                ("4@x", 18, None),
                ("5@x", 18, None),
                ("6@x", 6, Some("Alike")),
                ("7@x", 18, None),
            ]
        );
        assert_eq!((rows[5].id.as_str(), rows[5].leader_id.as_ref()), ("five", Some(&ada.id)));
        assert_eq!((rows[3].created_at, rows[7].updated_at), (at(2001), at(2002)));
        assert_eq!(rows[7].nickname.as_deref(), Some("seven"));
        let others = rows.iter().filter(|row| row.id != "five");
        assert!(others.clone().all(|row| row.id.len() == 36 && row.created_at != at(2002)));
        assert_eq!(others.map(|row| &row.id).collect::<std::collections::HashSet<_>>().len(), 7);
    }
}

#[tokio::test]
async fn many_rows_that_are_made_twice_have_ids_of_their_own() {
    let (_database, client) = client("create_many_twice").await;
    let rows = (0..3).map(|number| ids::create_unchecked(vec![ids::uuid::set(number.to_string())]));
    let query = client.ids().create_many(rows.collect());
    assert_eq!((query.clone().await.unwrap(), query.await.unwrap()), (3, 3));
    let made = client.ids().find_many(vec![]).await.unwrap();
    let ids = made.iter().map(|row| &row.cuid).collect::<std::collections::HashSet<_>>();
    assert_eq!((made.len(), ids.len()), (6, 6));
}

#[tokio::test]
async fn what_cannot_be_sent_of_many_rows_is_known_by_its_number() {
    let (_database, client) = client("create_many_refused").await;
    let user = |number: usize, params| {
        let email = if number == 4 { "\0".to_owned() } else { format!("{number}@x") };
        user::create_unchecked(email, params)
    };
    let alike: Vec<_> = (0..7).map(|number| user(number, vec![])).collect();
    let mixed = (0..7).map(|number| match number {
        0 => user(0, vec![]),
        _ => user(number, vec![user::name::set("Not alike")]),
    });
    for rows in [alike, mixed.collect()] {
        let error = client.user().create_many(rows).await.unwrap_err();
        assert_eq!((error.code(), error.model(), error.row()), ("P2019", Some("User"), Some(4)));
        assert_eq!(
            error.to_string(),
            "Input error. `email`: the text holds a NUL character, which PostgreSQL cannot store (row 4)"
        );
        assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn updates_change_what_they_name() {
    let (_database, client) = client("update").await;
    let ada = add_user(&client, "ada@x").await;
    add_user(&client, "bob@x").await;
    let update = |changes| client.user().update(user::email::equals("ada@x"), changes);
    let named = update(vec![user::name::set("Ada".to_owned())]).await.unwrap();
    assert_eq!((named.name.as_deref(), &named.id, named.age), (Some("Ada"), &ada.id, 18));
    assert_eq!(named.created_at, ada.created_at);
    assert!(named.updated_at >= ada.updated_at);
    let fixed = ada.created_at;
    assert_eq!(update(vec![user::updated_at::set(fixed)]).await.unwrap().updated_at, fixed);
    assert_eq!(update(vec![user::name::set(None)]).await.unwrap().name, None);
    assert_eq!(update(vec![user::age::increment(4)]).await.unwrap().age, 22);
    assert_eq!(update(vec![user::age::decrement(2)]).await.unwrap().age, 20);
    assert_eq!(update(vec![user::age::multiply(3)]).await.unwrap().age, 60);
    assert_eq!(update(vec![user::age::divide(2)]).await.unwrap().age, 30);
    let moved = update(vec![user::email::set("countess@x")])
        .with(user::posts::fetch(vec![]))
        .await
        .unwrap();
    assert_eq!((moved.email.as_str(), moved.posts().unwrap().len()), ("countess@x", 0));
    let missing = update(vec![user::age::set(1)]).await.unwrap_err();
    assert!(missing.is_prisma_error::<RecordNotFound>());
    assert_eq!(missing.model(), Some("User"));
    assert_eq!(
        missing.to_string(),
        "An operation failed because it depends on one or more records that were required but not found. No record \
         was found for an update."
    );
    let unchanged = client.tag().create("t", vec![]).await.unwrap();
    assert_eq!(client.tag().update(tag::name::equals("t"), vec![]).await.unwrap(), unchanged);
    client.tag().update(tag::name::equals("u"), vec![]).await.unwrap_err();
}

#[tokio::test]
async fn numbers_and_lists_change_in_place() {
    let (_database, client) = client("update_numbers").await;
    client.every().create_from(crate::values::every(1, vec![])).await.unwrap();
    let update = |changes| client.every().update(every::id::equals(1), changes);
    let row = update(vec![
        every::big::increment(5_000_000_000),
        every::float::multiply(2.0),
        every::decimal::divide(BigDecimal::from(4)),
        every::texts::push(vec!["x".to_owned()]),
        every::statuses::push(vec![Status::Done, Status::InProgress]),
    ])
    .await
    .unwrap();
    assert_eq!(row.big, 5_000_000_002);
    assert!((row.float - 3.0).abs() < f64::EPSILON);
    assert_eq!(row.decimal, "0.375".parse::<BigDecimal>().unwrap());
    assert_eq!(
        (row.texts, row.statuses),
        (vec!["x".to_owned()], vec![Status::Done, Status::InProgress])
    );
}

#[tokio::test]
async fn many_rows_are_changed_and_deleted() {
    let (_database, client) = client("update_many").await;
    let ada = add_user(&client, "ada@x").await;
    for title in ["a", "b", "c"] {
        add_post(&client, title, &ada).await;
    }
    let posts = client.post();
    assert_eq!(
        posts
            .update_many(vec![post::title::gt("a")], vec![post::views::increment(2)])
            .await
            .unwrap(),
        2
    );
    assert_eq!(posts.count(vec![post::views::equals(2)]).await.unwrap(), 2);
    assert_eq!(posts.update_many(vec![post::title::gt("a")], vec![]).await.unwrap(), 2);
    let by_relation = vec![post::author::is(vec![user::email::equals("ada@x")])];
    assert_eq!(
        posts.update_many(by_relation.clone(), vec![post::rating::set(Some(1.5))]).await.unwrap(),
        3
    );
    assert_eq!(posts.delete_many(vec![post::title::equals("a")]).await.unwrap(), 1);
    assert_eq!(posts.delete_many(by_relation).await.unwrap(), 2);
    assert_eq!(posts.delete_many(vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn upsert_makes_or_changes() {
    let (_database, client) = client("upsert").await;
    let upsert = |email: &str, age| {
        client.user().upsert(
            user::email::equals(email),
            user::create(email, vec![user::age::set(age)]),
            vec![user::age::increment(1)],
        )
    };
    let made = upsert("ada@x", 30).await.unwrap();
    assert_eq!(made.age, 30);
    let changed = upsert("ada@x", 99).with(user::posts::fetch(vec![])).await.unwrap();
    assert_eq!((changed.age, &changed.id), (31, &made.id));
    let other_key = client.user().upsert(
        user::id::equals(made.id.clone()),
        user::create("bob@x", vec![]),
        vec![user::name::set("Ada".to_owned())],
    );
    assert_eq!(other_key.await.unwrap().name.as_deref(), Some("Ada"));
    let absent =
        client.user().upsert(user::id::equals("absent"), user::create("bob@x", vec![]), vec![]);
    assert_ne!(absent.await.unwrap().id, "absent");
    let taken = client
        .user()
        .upsert(user::id::equals("absent"), user::create("bob@x", vec![]), vec![])
        .await;
    assert!(taken.unwrap_err().is_prisma_error::<UniqueKeyViolation>());
    client.tag().upsert(tag::name::equals("t"), tag::create("t", vec![]), vec![]).await.unwrap();
    client.tag().upsert(tag::name::equals("t"), tag::create("t", vec![]), vec![]).await.unwrap();
    assert_eq!(emails(client.user().find_many(vec![])).await, ["ada@x", "bob@x"]);
}

#[tokio::test]
async fn deleted_rows_are_given_back() {
    let (_database, client) = client("delete").await;
    let ada = add_user(&client, "ada@x").await;
    add_post(&client, "a", &ada).await;
    let gone = client
        .user()
        .delete(user::email::equals("ada@x"))
        .with(user::posts::fetch(vec![]))
        .await
        .unwrap();
    assert_eq!((gone.id.as_str(), gone.posts().unwrap().len()), (ada.id.as_str(), 1));
    assert_eq!(client.post().count(vec![]).await.unwrap(), 0);
    let missing = client.user().delete(user::email::equals("ada@x")).await.unwrap_err();
    assert!(missing.is_prisma_error::<RecordNotFound>());
    add_user(&client, "bob@x").await;
    assert_eq!(client.user().delete(user::email::equals("bob@x")).await.unwrap().email, "bob@x");
}

#[tokio::test]
async fn many_created_rows_are_given_back_in_their_order() {
    let (_database, client) = client("create_many_return").await;
    let rows = (0..3_000).map(|index| user::create(format!("{index}@x"), vec![])).collect();
    let made = client.user().create_many_and_return::<user::Create>(rows).await.unwrap();
    assert!(made.iter().enumerate().all(|(index, row)| row.email == format!("{index}@x")));
    let mixed = vec![
        user::create("a@x", vec![]),
        user::create("0@x", vec![user::age::set(1)]),
        user::create("b@x", vec![user::age::set(2)]),
    ];
    let made = client
        .user()
        .create_many_and_return(mixed)
        .skip_duplicates()
        .with(user::posts::fetch(vec![]))
        .await
        .unwrap();
    assert_eq!(made.iter().map(|row| row.email.as_str()).collect::<Vec<_>>(), ["a@x", "b@x"]);
    assert_eq!((made[1].age, made[1].posts().unwrap().len()), (2, 0));
}

/// What rows of any shape hold once they are there, by whatever way they came.
async fn assert_defaults(
    client: &crate::generated::PrismaClient,
    made: impl AsyncFn(Vec<fallback::CreateUnchecked>) -> i64,
) {
    let rows = vec![
        fallback::create_unchecked(vec![]),
        fallback::create_unchecked(vec![fallback::other::set(Some("x".to_owned()))]),
        fallback::create_unchecked(vec![fallback::note::set(None), fallback::many::set(vec![])]),
        fallback::create_unchecked(vec![fallback::note::set(Some("y".to_owned()))]),
    ];
    client.fallback().delete_many(vec![]).await.unwrap();
    assert_eq!(made(rows).await, 4);
    let all = client.fallback().find_many(vec![]).order_by(fallback::id::order(SortOrder::Asc));
    let all = all.await.unwrap();
    let held = all.iter().map(|row| (row.note.as_deref(), row.many.len(), row.other.as_deref()));
    assert_eq!(
        held.collect::<Vec<_>>(),
        [
            (Some("none"), 2, None),
            (Some("none"), 2, Some("x")),
            (None, 0, None),
            (Some("y"), 2, None)
        ]
    );
}

#[tokio::test]
async fn rows_of_any_shape_get_the_databases_defaults() {
    let (_database, client) = client("create_defaults").await;
    let fallback = client.fallback();
    assert_defaults(&client, async |rows| fallback.create_many(rows).await.unwrap()).await;
    assert_defaults(&client, async |rows| fallback.copy_in(rows).await.unwrap()).await;
    assert_defaults(&client, async |rows| {
        let made = fallback.create_many_and_return(rows).await.unwrap();
        i64::try_from(made.len()).unwrap()
    })
    .await;
}

#[tokio::test]
async fn a_text_that_may_be_null_takes_what_becomes_one() {
    let (_database, client) = client("write_text").await;
    let ada = add_user(&client, "ada@x").await;
    let name = async |change| {
        let changed = client.user().update(user::id::equals(&ada.id), vec![change]).await;
        changed.unwrap().name
    };
    let owned = "Ada".to_owned();
    for change in [
        user::name::set("Ada"),
        user::name::set(&owned),
        user::name::set(owned.clone()),
        user::name::set(Some("Ada".into())),
        user::name::set(std::borrow::Cow::from("Ada")),
    ] {
        assert_eq!(name(user::name::set(None)).await, None);
        assert_eq!(name(change).await.as_deref(), Some("Ada"));
        let found = [user::name::equals("Ada"), user::name::not("Bob"), user::name::not(None)];
        assert_eq!(client.user().count(found.to_vec()).await.unwrap(), 1);
    }
    assert_eq!(client.user().count(vec![user::name::equals(None)]).await.unwrap(), 0);
}
