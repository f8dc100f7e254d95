//! Pages that follow one another by the values where the last one ended, and rows that are streamed.

use prisma_client_rust::SortOrder::{Asc, Desc};
use prisma_client_rust::prisma_errors::query_engine::InputError;
use prisma_client_rust::{Cursor, QueryError};

use crate::generated::{PrismaClient, every, post, user};
use crate::support::{add_user, client, client_with};

/// Forty posts: ratings that repeat and are missing, views that repeat.
async fn posts(client: &PrismaClient) {
    let ada = add_user(client, "ada@x").await;
    let rows = (0..40).map(|index| {
        let rating = (index % 3 != 0).then(|| f64::from(index % 5));
        post::create_unchecked(
            format!("{index:02}"),
            ada.id.clone(),
            vec![post::rating::set(rating), post::views::set(index % 4)],
        )
    });
    client.post().create_many(rows.collect::<Vec<_>>()).await.unwrap();
}

type Query = prisma_client_rust::query::FindMany<post::Model>;

/// The ids of all pages of five, each cursor through text.
async fn walk(query: impl Fn() -> Query) -> Vec<i32> {
    let mut ids = Vec::new();
    let mut after: Option<Cursor<post::Model>> = None;
    loop {
        let page = query().take(5).after(after).page().await.unwrap();
        assert!(page.rows.len() <= 5);
        ids.extend(page.rows.iter().map(|row| row.id));
        let Some(next) = page.next else { return ids };
        after = Some(next.to_string().parse().unwrap());
    }
}

#[tokio::test]
async fn pages_cover_everything_once_in_any_order() {
    let (_database, client) = client("keyset").await;
    posts(&client).await;
    for rating in [Asc, Desc] {
        for views in [Asc, Desc] {
            for id in [Asc, Desc] {
                let query = || {
                    client
                        .post()
                        .find_many(vec![post::title::gte("01")])
                        .order_by(post::rating::order(rating))
                        .order_by(post::views::order(views))
                        .order_by(post::id::order(id))
                };
                let all: Vec<i32> = query().await.unwrap().iter().map(|row| row.id).collect();
                assert_eq!(all.len(), 39);
                assert_eq!(walk(query).await, all);
            }
        }
    }
    let by_id = walk(|| client.post().find_many(vec![])).await;
    assert_eq!(by_id, (1..=40).collect::<Vec<_>>());
    // Required columns in one direction are one comparison.
    let query = || {
        client
            .post()
            .find_many(vec![])
            .order_by(post::views::order(Desc))
            .order_by(post::id::order(Desc))
    };
    let all: Vec<i32> = query().await.unwrap().iter().map(|row| row.id).collect();
    assert_eq!(walk(query).await, all);
}

#[tokio::test]
async fn a_page_does_not_need_the_row_that_it_follows() {
    let (_database, client) = client("keyset_gone").await;
    posts(&client).await;
    let query = || {
        client
            .post()
            .find_many(vec![])
            .order_by(post::views::order(Desc))
            .with(post::author::fetch())
            .take(10)
    };
    let first = query().page().await.unwrap();
    let last = first.rows.last().unwrap();
    assert_eq!(last.author().unwrap().email, "ada@x");
    client.post().delete(post::id::equals(last.id)).await.unwrap();
    let second = query().after(first.next.clone()).page().await.unwrap();
    assert_eq!(second.rows.len(), 10);
    assert!(second.rows.iter().all(|row| first.rows.iter().all(|other| other.id != row.id)));
    let plain = query().after(first.next).await.unwrap();
    assert_eq!(plain, second.rows);
}

#[tokio::test]
async fn a_cursor_fits_its_own_order_alone() {
    let (_database, client) = client("keyset_order").await;
    posts(&client).await;
    let all = || client.post().find_many(vec![]).take(5);
    let next = all().order_by(post::views::order(Asc)).page().await.unwrap().next.unwrap();
    for other in [post::views::order(Desc), post::rating::order(Asc), post::id::order(Asc)] {
        let error = all().order_by(other).after(next.clone()).await.unwrap_err();
        assert!(error.is_prisma_error::<InputError>(), "{error}");
    }
    let related = post::author::order(vec![user::email::order(Asc)]);
    assert!(all().order_by(related).page().await.unwrap_err().is_prisma_error::<InputError>());
    assert!(all().take(-5).page().await.unwrap_err().is_prisma_error::<InputError>());
    assert!(next.to_string().parse::<Cursor<user::Model>>().is_err());
    for wrong in ["", "x", "W10", "....", "W1siaWQiXV0"] {
        assert!(wrong.parse::<Cursor<post::Model>>().is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn cursors_hold_every_type() {
    let (_database, client) = client("keyset_types").await;
    client
        .every()
        .create_many((0..4).map(|id| crate::values::every(id, vec![])).collect::<Vec<_>>())
        .await
        .unwrap();
    let query = || {
        client
            .every()
            .find_many(vec![])
            .order_by(every::text::order(Asc))
            .order_by(every::big::order(Desc))
            .order_by(every::float::order(Asc))
            .order_by(every::decimal::order(Desc))
            .order_by(every::flag::order(Asc))
            .order_by(every::moment::order(Desc))
            .order_by(every::bytes::order(Asc))
            .order_by(every::status::order(Desc))
            .order_by(every::moment_o::order(Asc))
            .take(2)
    };
    let first = query().page().await.unwrap();
    let next: Cursor<every::Model> = first.next.unwrap().to_string().parse().unwrap();
    let second = query().after(next).page().await.unwrap();
    assert!(second.next.is_none());
    let ids: Vec<i32> = first.rows.iter().chain(&second.rows).map(|row| row.id).collect();
    assert_eq!(ids, [0, 1, 2, 3]);
}

/// A year of more digits than RFC 3339 knows goes through the text of a cursor too.
#[tokio::test]
async fn a_page_ends_in_a_far_year() {
    let (database, client) = client("pages_far").await;
    let rows = r#"INSERT INTO people (id, email, "createdAt", "updatedAt")
                  VALUES ('a', 'a@x', '2024-01-01', now()), ('b', 'b@x', '12020-02-03 04:05:06.789', now()), ('c', 'c@x', '12021-01-01', now())"#;
    database.connect().await.batch_execute(rows).await.unwrap();
    let query = || client.user().find_many(vec![]).order_by(user::created_at::order(Asc)).take(2);
    let next = query().page().await.unwrap().next.unwrap();
    let next: Cursor<user::Model> = next.to_string().parse().unwrap();
    let rest = query().after(next).page().await.unwrap();
    assert_eq!(rest.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["c"]);
}

#[tokio::test]
async fn any_number_of_rows_is_streamed() {
    let (_database, client) = client("stream").await;
    let people =
        (0..5_500).map(|index| user::create(format!("{index}@x"), vec![user::age::set(index)]));
    client.user().copy_in(people).await.unwrap();
    let all = || client.user().find_many(vec![user::age::gte(100)]).order_by(user::age::order(Asc));
    let mut stream = all().with(user::posts::fetch(vec![])).stream();
    let mut expected = 100;
    while let Some(row) = stream.next().await {
        let row = row.unwrap();
        assert_eq!((row.age, row.posts().unwrap().len()), (expected, 0));
        expected += 1;
    }
    assert_eq!(expected, 5_500);
    assert!(stream.next().await.is_none());
    let some: Vec<user::Data> =
        futures_util::TryStreamExt::try_collect(all().skip(10).take(2_000).stream()).await.unwrap();
    assert_eq!((some.len(), some[0].age), (2_000, 110));
    assert!(client.post().find_many(vec![]).stream().next().await.is_none());
    let from_the_end = client.user().find_many(vec![]).take(-3).stream().next().await;
    assert!(from_the_end.unwrap().unwrap_err().is_prisma_error::<InputError>());
}

#[tokio::test]
async fn a_stream_that_is_dropped_leaves_its_connection_usable() {
    let (database, client) = client_with("stream_dropped", "connection_limit=1").await;
    client
        .user()
        .copy_in((0..5_000).map(|index| user::create(format!("{index}@x"), vec![])))
        .await
        .unwrap();
    let pid = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
               AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let watcher = database.connect().await;
    let before: i32 = watcher.query_one(pid, &[]).await.unwrap().get(0);
    for _ in 0..3 {
        let mut stream = client.user().find_many(vec![]).stream();
        stream.next().await.unwrap().unwrap();
        drop(stream);
        assert_eq!(client.user().count(vec![]).await.unwrap(), 5_000);
    }
    let after: i32 = watcher.query_one(pid, &[]).await.unwrap().get(0);
    assert_eq!(before, after, "the connection is the same");
}

#[tokio::test]
async fn streams_run_beside_each_other_in_a_transaction() {
    let (_database, client) = client_with("stream_tx", "connection_limit=1").await;
    let streamed = client
        ._transaction()
        .run(|tx| async move {
            tx.user()
                .copy_in((0..2_500).map(|index| user::create(format!("{index}@x"), vec![])))
                .await?;
            let (mut one, mut other) =
                (tx.user().find_many(vec![]).stream(), tx.user().find_many(vec![]).stream());
            let mut rows = 0;
            while let Some(row) = one.next().await {
                row?;
                other.next().await.unwrap()?;
                rows += 1;
            }
            drop(other);
            tx.user().delete_many(vec![user::email::equals("0@x")]).await?;
            Ok::<_, QueryError>(rows)
        })
        .await;
    assert_eq!(streamed.unwrap(), 2_500);
    assert_eq!(client.user().count(vec![]).await.unwrap(), 2_499);
}

post::select!(title { title comments: select { text } });

#[tokio::test]
async fn what_is_selected_comes_in_pages_and_streams() {
    let (_database, client) = client("keyset_select").await;
    posts(&client).await;
    client.comment().create(1, "hello", post::id::equals(1), vec![]).await.unwrap();
    let query = || client.post().find_many(vec![]).order_by(post::views::order(Desc));
    let all: Vec<String> = query()
        .order_by(post::id::order(Asc))
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.title)
        .collect();
    let (mut found, mut after, mut comments) = (Vec::new(), None, 0);
    loop {
        // Neither the number that the pages are sorted by is selected, nor the id.
        let page = query().take(7).select(title::select()).after(after).page().await.unwrap();
        comments += page.rows.iter().map(|row| row.comments.len()).sum::<usize>();
        found.extend(page.rows.into_iter().map(|row| row.title));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((found, comments), (all.clone(), 1));
    let mut rows = query().order_by(post::id::order(Asc)).select(title::select()).stream();
    let mut streamed = Vec::new();
    while let Some(row) = rows.next().await {
        streamed.push(row.unwrap().title);
    }
    assert_eq!(streamed, all);
    let mut rows = query().include(post::include!({ author })).stream();
    assert_eq!(rows.next().await.unwrap().unwrap().author.email, "ada@x");
}
