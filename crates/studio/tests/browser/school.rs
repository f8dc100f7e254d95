//! A studio on a database of its own, and a browser that has it open.

use std::thread;

use postgres::testing::TestDatabase;
use psl::SourceFile;
use studio::{Project, Studio};
use tokio::runtime::{Builder, Runtime};

use crate::chromium::Browser;

const SCHEMA: &str = include_str!("../../test_data/school.prisma");
const SQL: &str = include_str!("../../test_data/school.sql");

pub(crate) struct School {
    pub(crate) database: TestDatabase,
    pub(crate) browser: Browser,
    address: String,
}

impl School {
    /// None where the machine has no browser.
    pub(crate) fn open(label: &str) -> Option<Self> {
        Self::open_on(label, SCHEMA, SQL)
    }

    /// The workshop instead, which has every kind of relation.
    pub(crate) fn open_workshop(label: &str) -> Option<Self> {
        let schema = include_str!("../../test_data/workshop.prisma");
        Self::open_on(label, schema, include_str!("../../test_data/workshop.sql"))
    }

    fn open_on(label: &str, schema: &'static str, sql: &str) -> Option<Self> {
        let mut browser = Browser::start()?;
        let database = TestDatabase::from_sql(label, sql);
        let project = Project {
            name: "school".to_owned(),
            schema: Box::new(move || {
                Ok(psl::analyze(vec![SourceFile::new("schema.prisma", schema)]).schema)
            }),
            url: database.url().clone(),
            migrations: "no/such/folder".into(),
            programs: None,
        };
        let runtime = runtime();
        let studio = runtime.block_on(Studio::bind(project, 0, None)).expect("a free port");
        let link = studio.link();
        // Ends with the process: it is only this test's.
        thread::spawn(move || runtime.block_on(studio.serve(std::future::pending())));
        browser.go(&link);
        let (address, _) = link.split_once("/?").expect("a link with a token");
        let address = address.to_owned();
        Some(Self { database, browser, address })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    pub(crate) fn go(&mut self, path: &str) {
        let url = self.url(path);
        self.browser.go(&url);
    }

    /// Runs SQL beside the studio, as somebody else would.
    pub(crate) fn meanwhile(&self, sql: &str) {
        let runtime = runtime();
        runtime.block_on(async {
            self.database.connect().await.batch_execute(sql).await.expect("it runs");
        });
    }

    /// The first value of a query.
    pub(crate) fn value(&self, sql: &str) -> String {
        let runtime = runtime();
        runtime.block_on(async {
            let connection = self.database.connect().await;
            connection.query_one(sql, &[]).await.expect("a row").get(0)
        })
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}
