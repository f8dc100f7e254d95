//! The studio as a browser meets it: over HTTP, on a real database.

mod browsing;
mod changing;
mod client;
mod console;
mod documents;
mod history;
mod linking;
mod paging;
mod relations;

use client::Client;
use postgres::testing::TestDatabase;
use psl::SourceFile;

use crate::{Project, ReadOnly, Studio};

/// What most tests look at.
const SCHEMA: &str = include_str!("../test_data/school.prisma");

/// The tables of the schema, save one, and some rows.
const SQL: &str = include_str!("../test_data/school.sql");

/// A studio on a database of its own.
async fn studio(label: &str) -> (TestDatabase, Client) {
    studio_as(label, None).await
}

async fn studio_as(label: &str, read_only: Option<ReadOnly>) -> (TestDatabase, Client) {
    let database = TestDatabase::from_sql(label, SQL);
    let client = serve(&database, SCHEMA, read_only).await;
    (database, client)
}

async fn serve(
    database: &TestDatabase,
    schema: &'static str,
    read_only: Option<ReadOnly>,
) -> Client {
    let project = Project {
        name: "driving".to_owned(),
        schema: Box::new(move || {
            Ok(psl::analyze(vec![SourceFile::new("schema.prisma", schema)]).schema)
        }),
        url: database.url().clone(),
        migrations: "no/such/folder".into(),
        programs: None,
    };
    let studio = Studio::bind(project, 0, read_only).await.expect("a free port");
    let link = studio.link();
    tokio::spawn(studio.serve(std::future::pending()));
    Client::of(&link).await
}
