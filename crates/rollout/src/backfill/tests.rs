//! Backfills on a real server.

mod controlling;
mod filling;
mod finishing;
mod keys;
mod refusing;
mod sharing;
mod throttling;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use migrate::Folder;
use postgres::testing::TestDatabase;
use postgres::{Connection, ConnectionUrl};

use super::{Backfill, Ended, Error, Event, Options, Part, Progress, State, Work, backfills};
use crate::{Fill, TableName};

const MIGRATION: &str = "20260101000000_cents";

fn table(name: &str) -> TableName {
    TableName { schema: "public".to_owned(), name: name.to_owned() }
}

/// A backfill that fills one column.
fn fill(name: &str, column: &str, value: &str) -> Backfill {
    let work = Work::Fill(Fill {
        table: table(name),
        set: vec![(column.to_owned(), value.to_owned())],
        pending: format!("t.\"{column}\" IS DISTINCT FROM ({value})"),
    });
    Backfill { migration: MIGRATION.to_owned(), parts: vec![Part { work }] }
}

/// The backfill that a `backfill.sql` is.
fn script(text: &str) -> Result<Backfill, Error> {
    let folder = scratch();
    let place = folder.join(MIGRATION);
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("migration.sql"), "-- nothing\n").unwrap();
    fs::write(place.join(super::SCRIPT), text).unwrap();
    let read = Folder::read(&folder).unwrap();
    let found = backfills(&read, &[MIGRATION.to_owned()], "public");
    fs::remove_dir_all(&folder).unwrap();
    Ok(found?.remove(0))
}

fn scratch() -> PathBuf {
    let folder = std::env::temp_dir().join(format!(
        "backfill-{}-{}",
        std::process::id(),
        super::session::chance()
    ));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a backfill to its end.
async fn run(url: &ConnectionUrl, backfill: &Backfill) -> Result<Ended, Error> {
    run_with(url, backfill, &Options::default(), &mut |_| ()).await
}

async fn run_with(
    url: &ConnectionUrl,
    backfill: &Backfill,
    options: &Options,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Ended, Error> {
    let (_stopper, stop) = super::stop();
    let all = std::slice::from_ref(backfill);
    let ran = super::run(url, all, options, stop, tell);
    tokio::time::timeout(Duration::from_secs(40), ran).await.expect("it ends")
}

/// A run, and what happens beside it meanwhile; a run that fails is not waited for in vain.
async fn beside<T>(
    ran: impl Future<Output = Result<Ended, Error>>,
    others: impl Future<Output = T>,
) -> Ended {
    let ran = async {
        let ended = ran.await;
        if let Err(error) = &ended {
            panic!("{error:?}");
        }
        ended.unwrap()
    };
    tokio::join!(Box::pin(ran), Box::pin(others)).0
}

async fn standing(connection: &Connection, backfill: &Backfill) -> Vec<Progress> {
    super::progress(connection, std::slice::from_ref(backfill)).await.unwrap()
}

async fn value(connection: &Connection, sql: &str) -> String {
    let row = connection.query_one(&format!("SELECT ({sql})::text"), &[]).await.unwrap();
    row.get::<_, Option<String>>(0).unwrap_or_default()
}

async fn prices(label: &str, rows: u32) -> (TestDatabase, Connection) {
    let database = TestDatabase::from_sql(
        label,
        &format!(
            "CREATE TABLE item (id bigint PRIMARY KEY, price numeric(10, 2), cents integer, version integer NOT NULL DEFAULT 0);
             INSERT INTO item SELECT i, i / 100.0, NULL FROM generate_series(1, {rows}) i;"
        ),
    );
    let connection = database.connect().await;
    (database, connection)
}

const CENTS: &str = "(t.price * 100)::integer";
const WRONG: &str = "SELECT count(*) FROM item WHERE cents IS DISTINCT FROM price * 100";
