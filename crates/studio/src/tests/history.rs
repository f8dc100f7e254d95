//! Migrations, rollouts and fills, of a folder that is on disk.

use std::fs;
use std::path::PathBuf;

use migrate::{Folder, deploy};
use postgres::testing::TestDatabase;

use super::client::Client;
use crate::{Project, Studio};

/// A folder that goes when the test is over.
struct Migrations(PathBuf);

impl Migrations {
    fn new(label: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("{label}_{}", std::process::id()));
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        Self(folder)
    }
}

impl Drop for Migrations {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn serve(database: &TestDatabase, migrations: &Migrations) -> Client {
    let project = Project {
        name: "history".to_owned(),
        schema: Box::new(|| Ok(psl::Schema::default())),
        url: database.url().clone(),
        migrations: migrations.0.clone(),
        programs: None,
    };
    let studio = Studio::bind(project, 0, None).await.expect("a free port");
    let link = studio.link();
    tokio::spawn(studio.serve(std::future::pending()));
    Client::of(&link).await
}

#[tokio::test]
async fn the_time_line_has_sql_findings_and_the_plan() {
    let database = TestDatabase::empty("studio_history");
    let migrations = Migrations::new(
        "studio_history",
        &[
            ("20260101000000_init/migration.sql", "CREATE TABLE t (id int PRIMARY KEY, a int);"),
            ("20260102000000_fill/migration.sql", "-- Its rows are filled by backfill.sql.\n"),
            ("20260102000000_fill/backfill.sql", "UPDATE t SET a = id WHERE :batch AND a IS NULL"),
        ],
    );
    let folder = Folder::read(&migrations.0).expect("a folder");
    deploy::deploy(&folder, database.url(), &mut |_| {}).await.expect("applied");
    let index = "CREATE INDEX <i> ON t (a);";
    let path = migrations.0.join("20260103000000_index");
    fs::create_dir_all(&path).expect("a folder");
    fs::write(path.join("migration.sql"), index.replace("<i>", "\"<i>\"")).expect("a file");
    let client = serve(&database, &migrations).await;

    let page = client.page("/migrations").await;
    assert!(page.contains("2 applied, 1 pending"), "{page}");
    assert!(page.contains("create-index"), "{page}");
    assert!(page.contains("What a deploy would do"), "{page}");
    assert!(!page.contains("<i>"), "{page}");
    let newest = page.find("20260103000000_index").expect("it is there");
    assert!(newest < page.rfind("20260101000000_init").expect("it is there"));

    let page = client.page("/rollouts").await;
    assert!(page.contains("20260102000000_fill") && page.contains("waiting"), "{page}");
}
