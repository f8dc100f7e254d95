//! Behind a pooler in transaction mode: no statement is prepared, so everything goes another way to the server.

use prisma_client_rust::SortOrder::Asc;
use prisma_client_rust::{QueryError, nested};

use crate::generated::{post, tag, user};
use crate::support::client_with;

#[tokio::test]
async fn every_way_of_sending_works_behind_a_pooler() {
    let (_database, client) = client_with("pooler", "pgbouncer=true&connection_limit=2").await;
    let people =
        (0..2_500).map(|index| user::create(format!("{index}@x"), vec![user::age::set(index)]));
    assert_eq!(client.user().copy_in(people).await.unwrap(), 2_500);
    let mut stream = client.user().find_many(vec![]).order_by(user::age::order(Asc)).stream();
    for age in 0..1_500 {
        assert_eq!(stream.next().await.unwrap().unwrap().age, age);
    }
    drop(stream);
    let tags = post::tags::create(vec![tag::create("a", vec![]), tag::create("b", vec![])]);
    let post = post::create("p", nested(), vec![tags]);
    let ada = user::posts::create(vec![post]);
    let (ada, oldest, page) = client
        ._batch((
            client.user().create("ada@x", vec![ada]),
            client.user().aggregate(vec![], user::age::max()),
            client.user().find_many(vec![]).take(3),
        ))
        .await
        .unwrap();
    assert_eq!((ada.email.as_str(), oldest, page.len()), ("ada@x", Some(2_499), 3));
    let tagged = client
        ._transaction()
        .with_retries(1)
        .run(|tx| async move {
            let found = tx.post().find_many(vec![post::tags::count(vec![]).equals(2)]);
            Ok::<_, QueryError>(found.with(post::tags::fetch(vec![])).await?.len())
        })
        .await;
    assert_eq!(tagged.unwrap(), 1);
}
