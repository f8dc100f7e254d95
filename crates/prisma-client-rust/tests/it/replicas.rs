//! Reads that go to other servers. Two databases that have nothing to do with each other show which one was asked.

use postgres::testing::TestDatabase;
use prisma_client_rust::QueryError;

use crate::generated::{PrismaClient, post, user};
use crate::support::{SCHEMA, add_post, add_user};

async fn over(database: &TestDatabase, replicas: &[String]) -> PrismaClient {
    let url = database.url().expose();
    PrismaClient::_builder().with_url(url).with_replicas(replicas).build().await.unwrap()
}

/// A first database with the user `first`, others with `other`, and a client over them.
async fn client(label: &str, replicas: usize) -> (Vec<TestDatabase>, PrismaClient) {
    let mut databases = Vec::new();
    for number in 0..=replicas {
        let database = TestDatabase::from_sql(label, SCHEMA);
        let email = if number == 0 { "first".to_owned() } else { format!("other {number}") };
        add_user(&over(&database, &[]).await, &email).await;
        databases.push(database);
    }
    let urls: Vec<String> = databases[1..].iter().map(|other| other.url().expose()).collect();
    let client = over(&databases[0], &urls).await;
    (databases, client)
}

async fn who(client: &PrismaClient) -> String {
    client.user().find_first(vec![]).await.unwrap().unwrap().email
}

#[tokio::test]
async fn reads_take_turns_and_everything_else_goes_to_the_first() {
    let (_databases, client) = client("replicas", 2).await;
    let asked = [who(&client).await, who(&client).await, who(&client).await];
    assert_eq!(asked, ["other 1", "other 2", "other 1"]);
    assert_eq!(who(&client._primary()).await, "first");

    let author = client.user().find_unique(user::email::equals("first")).await.unwrap();
    assert!(author.is_none(), "it is not there");
    let author = client._primary().user().find_unique(user::email::equals("first")).await.unwrap();
    // The new row is there, and so is the one that it refers to.
    let author = author.unwrap();
    add_post(&client, "title", &author).await;
    let update = vec![post::title::set("new")];
    let post = client.post().update(post::id::equals(1), update).with(post::author::fetch());
    assert_eq!(post.await.unwrap().author().unwrap().email, "first");
    assert_eq!(client.post().count(vec![]).await.unwrap(), 0);

    let seen: Result<_, QueryError> =
        client._transaction().run(|tx| async move { tx.post().count(vec![]).await }).await;
    assert_eq!(seen.unwrap(), 1);
    assert_eq!(client._batch((client.post().count(vec![]),)).await.unwrap(), (1,));
}

#[tokio::test]
async fn what_cannot_be_reached_is_not_missed() {
    let (databases, _) = client("no_replica", 1).await;
    let nowhere = "postgresql://nobody@localhost/none?host=/nonexistent".to_owned();
    let client = over(&databases[0], &[nowhere.clone(), databases[1].url().expose()]).await;
    let asked = [who(&client).await, who(&client).await, who(&client).await];
    assert_eq!(asked, ["first", "other 1", "other 1"], "it rests for a while");
    let alone = over(&databases[0], &[nowhere]).await;
    for _ in 0..3 {
        assert_eq!(who(&alone).await, "first");
    }
}
