//! A database and a client for each test, and rows that tests have in common.

use postgres::testing::TestDatabase;
use prisma_client_rust::QueryError;

use crate::generated::{PrismaClient, post, user};

pub(crate) const SCHEMA: &str = include_str!("schema.sql");

/// A client over a fresh database; the database goes when the test ends.
pub(crate) async fn client(label: &str) -> (TestDatabase, PrismaClient) {
    client_with(label, "").await
}

/// The same, with more in the query of the URL.
///
/// With `TEST_POOLER_PORT` the way goes through a pooler that listens there and lets anybody in to every database of the
/// test server: the whole suite behind pgbouncer.
pub(crate) async fn client_with(label: &str, parameters: &str) -> (TestDatabase, PrismaClient) {
    let database = TestDatabase::from_sql(label, SCHEMA);
    let mut url = database.url().expose();
    if let Ok(port) = std::env::var("TEST_POOLER_PORT") {
        url = format!(
            "postgresql://postgres@127.0.0.1:{port}/{}?pgbouncer=true",
            database.url().database()
        );
    }
    if !parameters.is_empty() {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(parameters);
    }
    let client = PrismaClient::_builder().with_url(url).build().await.unwrap();
    (database, client)
}

pub(crate) async fn add_user(client: &PrismaClient, email: &str) -> user::Data {
    client.user().create(email, vec![]).await.unwrap()
}

pub(crate) async fn add_post(
    client: &PrismaClient,
    title: &str,
    author: &user::Data,
) -> post::Data {
    client.post().create(title, user::id::equals(author.id.clone()), vec![]).await.unwrap()
}

/// The titles that a query found, in its order.
pub(crate) async fn titles(
    query: impl IntoFuture<Output = Result<Vec<post::Data>, QueryError>>,
) -> Vec<String> {
    query.await.unwrap().into_iter().map(|post| post.title).collect()
}

/// The emails that a query found, in their own order.
pub(crate) async fn emails(
    query: impl IntoFuture<Output = Result<Vec<user::Data>, QueryError>>,
) -> Vec<String> {
    let mut emails: Vec<String> = query.await.unwrap().into_iter().map(|user| user.email).collect();
    emails.sort();
    emails
}
