//! `copy_in`: rows by binary COPY.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream;
use prisma_client_rust::prisma_errors::query_engine::{
    ForeignKeyViolation, InputError, InputValueTooLong, UniqueKeyViolation, ValueOutOfRange,
};
use prisma_client_rust::{QueryError, SortOrder};

use crate::generated::{every, ids, native, post, user};
use crate::support::{add_user, client, client_with};

#[tokio::test]
async fn rows_have_the_clients_defaults_and_the_databases() {
    let (_database, client) = client("copy").await;
    let rows = (0..30_000).map(|index| user::create(format!("{index}@x"), vec![]));
    assert_eq!(client.user().copy_in(rows).await.unwrap(), 30_000);
    let last = client.user().find_unique(user::email::equals("29999@x")).await.unwrap().unwrap();
    assert_eq!((last.id.len(), last.age, last.name.is_none()), (36, 18, true));
    assert_eq!(last.created_at, last.updated_at);
    assert_eq!(client.user().copy_in(Vec::<user::Create>::new()).await.unwrap(), 0);
    // Rows that set nothing, or something else each.
    assert_eq!(client.ids().copy_in((0..3).map(|_| ids::create(vec![]))).await.unwrap(), 3);
    let mixed = vec![
        user::create("a@x", vec![]),
        user::create("b@x", vec![user::age::set(5)]),
        user::create("c@x", vec![user::name::set("C".to_owned()), user::age::set(6)]),
        user::create("d@x", vec![]),
    ];
    assert_eq!(client.user().copy_in(mixed).await.unwrap(), 4);
    let named = client
        .user()
        .find_many(vec![user::email::lt("e"), user::email::gt("a")])
        .order_by(user::email::order(SortOrder::Asc))
        .await
        .unwrap();
    assert_eq!(named.iter().map(|user| user.age).collect::<Vec<_>>(), [18, 5, 6, 18]);
}

#[tokio::test]
async fn every_type_survives() {
    let (_database, client) = client("copy_types").await;
    client.every().create_from(crate::values::every(0, vec![])).await.unwrap();
    assert_eq!(
        client.every().copy_in((1..4).map(|id| crate::values::every(id, vec![]))).await.unwrap(),
        3
    );
    let all = client.every().find_many(vec![]).order_by(every::id::order(SortOrder::Asc));
    let all = all.await.unwrap();
    for row in &all {
        let alike = every::Data { id: row.id, ..all[0].clone() };
        assert_eq!(*row, alike);
    }
    // Types that COPY takes in no form of ours go another way.
    let rows = (0..2_500).map(|_| {
        native::create(vec![
            native::inet::set("10.0.0.1".to_owned()),
            native::money::set("1.25".parse().ok()),
        ])
    });
    assert_eq!(client.native().copy_in(rows).await.unwrap(), 2_500);
    let rows =
        [native::create(vec![native::small::set(Some(-3)), native::char::set("ab".to_owned())])];
    assert_eq!(client.native().copy_in(rows).await.unwrap(), 1);
    let one = client.native().find_first(vec![native::small::equals(Some(-3))]).await.unwrap();
    assert_eq!(one.unwrap().char.as_deref(), Some("ab  "));
}

#[tokio::test]
async fn an_error_names_its_row_and_nothing_is_written() {
    let (_database, client) = client_with("copy_errors", "connection_limit=1").await;
    let ada = add_user(&client, "ada@x").await;
    let emails = ["b@x", "c@x", "ada@x", "d@x"];
    let error =
        client.user().copy_in(emails.map(|email| user::create(email, vec![]))).await.unwrap_err();
    assert!(error.is_prisma_error::<UniqueKeyViolation>());
    assert_eq!(
        (error.row(), error.model(), error.fields()),
        (Some(2), Some("User"), &["email".to_owned()][..])
    );
    assert_eq!(error.to_string(), "Unique constraint failed on the fields: (`email`) (row 2)");
    // The first of another COPY, since it sets other columns.
    let rows = vec![
        user::create("b@x", vec![]),
        user::create("c@x", vec![user::age::set(1)]),
        user::create("ada@x", vec![user::age::set(1)]),
    ];
    assert_eq!(client.user().copy_in(rows).await.unwrap_err().row(), Some(2));
    let rows = [40, 40_000].map(|small| native::create(vec![native::small::set(Some(small))]));
    let error = client.native().copy_in(rows).await.unwrap_err();
    assert!(error.is_prisma_error::<ValueOutOfRange>(), "{error}");
    assert_eq!(error.row(), Some(1));
    assert!(error.to_string().contains("`small`"), "{error}");
    let rows =
        ["five5", "longer"].map(|text| native::create(vec![native::varchar::set(text.to_owned())]));
    let error = client.native().copy_in(rows).await.unwrap_err();
    assert!(error.is_prisma_error::<InputValueTooLong>(), "{error}");
    assert_eq!((error.row(), error.fields()), (Some(1), &["varchar".to_owned()][..]));
    let rows = ["a", "b\0"].map(|title| post::create_unchecked(title, ada.id.clone(), vec![]));
    let error = client.post().copy_in(rows).await.unwrap_err();
    assert!(error.is_prisma_error::<InputError>() && error.row() == Some(1), "{error}");
    // Where INSERT stands for COPY, and after a row of another shape.
    let rows = ["", "10.0.0.1", "::1", "\0"].map(|text| match text {
        "" => native::create(vec![]),
        text => native::create(vec![native::inet::set(text.to_owned())]),
    });
    let error = client.native().copy_in(rows).await.unwrap_err();
    assert!(error.is_prisma_error::<InputError>() && error.row() == Some(3), "{error}");
    let rows = ["nobody"].map(|author| post::create_unchecked("t", author, vec![]));
    let error = client.post().copy_in(rows).await.unwrap_err();
    assert!(error.is_prisma_error::<ForeignKeyViolation>(), "{error}");
    let rows = [post::create("t", user::email::equals("ada@x"), vec![])];
    assert!(client.post().copy_in(rows).await.unwrap_err().is_prisma_error::<InputError>());
    assert_eq!(client.user().count(vec![]).await.unwrap(), 1);
    assert_eq!(client.post().count(vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_stream_waits_for_the_server() {
    let (_database, client) = client("copy_stream").await;
    let made = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&made);
    let long = "x".repeat(10_000);
    let rows = stream::iter((0..).map(move |index| {
        counted.fetch_add(1, Ordering::Relaxed);
        user::create(format!("{index}@x"), vec![user::name::set(long.clone())])
    }));
    // Without an end, given up after a while: what was made is what the server took in that time, and nothing stays.
    let copy = client.user().copy_in_stream(rows).exec();
    assert!(tokio::time::timeout(std::time::Duration::from_millis(300), copy).await.is_err());
    let stopped = made.load(Ordering::Relaxed);
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(made.load(Ordering::Relaxed), stopped);
    assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_copy_in_a_transaction_is_part_of_it() {
    let (_database, client) = client_with("copy_tx", "connection_limit=1").await;
    let copied = client
        ._transaction()
        .run(|tx| async move {
            add_user(&tx, "ada@x").await;
            let rows = ["b@x", "c@x"].map(|email| user::create(email, vec![]));
            tx.user().copy_in(rows).await?;
            assert_eq!(tx.user().count(vec![]).await?, 3);
            Ok::<_, QueryError>(())
        })
        .await;
    copied.unwrap();
    let failed = client
        ._transaction()
        .run(|tx| async move {
            add_user(&tx, "d@x").await;
            let rows = ["e@x", "f\0@x"].map(|email| user::create(email, vec![]));
            tx.user().copy_in(rows).await.unwrap_err();
            Ok::<_, QueryError>(())
        })
        .await;
    assert_eq!(failed.unwrap_err().code(), "P2028");
    assert_eq!(client.user().count(vec![]).await.unwrap(), 3);
}
