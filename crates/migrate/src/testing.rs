//! What this crate's tests share: folders on disk that go away, and projects with a database.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use postgres::testing::TestDatabase;
use postgres::{Connection, ConnectionUrl};
use uuid::Uuid;

use crate::deploy::{Deployed, deploy};
use crate::dev::{self, Adopted, Next, Prepared, Ready, ResetRequired};
use crate::drift::{Drift, drift};
use crate::history::{History, Row};
use crate::renames::{Wanted, resolve};
use crate::replay::Databases;
use crate::{Error, Folder};

/// A folder of a test's own, removed when it is done with.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("driveflow-migrate-{}", Uuid::new_v4()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn file(&self, name: &str, text: &str) {
        let file = self.0.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A left-over folder in /tmp harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A migrations folder and a database of its own, empty at first.
pub(crate) struct Project {
    scratch: Scratch,
    pub(crate) database: TestDatabase,
}

impl Project {
    pub(crate) fn new(label: &str) -> Self {
        Self { scratch: Scratch::new(), database: TestDatabase::empty(label) }
    }

    pub(crate) fn with(label: &str, migrations: &[(&str, &str)]) -> Self {
        let project = Self::new(label);
        for (name, script) in migrations {
            project.write(name, script);
        }
        project
    }

    /// Writes or changes a migration.
    pub(crate) fn write(&self, name: &str, script: &str) {
        self.scratch.file(&format!("migrations/{name}/migration.sql"), script);
    }

    /// Writes a file beside a migration's script.
    pub(crate) fn write_beside(&self, name: &str, file: &str, text: &str) {
        self.scratch.file(&format!("migrations/{name}/{file}"), text);
    }

    /// Writes what takes a migration back.
    pub(crate) fn write_down(&self, name: &str, script: &str) {
        self.scratch.file(&format!("migrations/{name}/down.sql"), script);
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_dir_all(self.path().join(name)).unwrap();
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.scratch.path().join("migrations")
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::read(&self.path()).unwrap()
    }

    pub(crate) fn url(&self) -> &ConnectionUrl {
        self.database.url()
    }

    pub(crate) fn databases(&self) -> Databases<'_> {
        Databases { main: self.url(), shadow: None, cache: None }
    }

    pub(crate) async fn deploy(&self) -> Result<Deployed, Error> {
        deploy(&self.folder(), self.url(), &mut |_| ()).await
    }

    /// The database as a new user without any rights sees it, and that user's name. The user is to be dropped.
    pub(crate) async fn with_new_role(&self) -> (ConnectionUrl, String) {
        let role = format!("role_of_{}", self.url().database());
        self.execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'hunter2'")).await;
        let url = self.url().expose().replacen(
            &format!("//{}", self.url().user()),
            &format!("//{role}:hunter2"),
            1,
        );
        (url.parse().unwrap(), role)
    }

    pub(crate) async fn connect(&self) -> Connection {
        self.database.connect().await
    }

    pub(crate) async fn history(&self) -> Vec<Row> {
        History::new(&self.connect().await).read().await.unwrap().unwrap()
    }

    pub(crate) async fn execute(&self, sql: &str) {
        self.connect().await.batch_execute(sql).await.unwrap();
    }

    /// The first column of the first row, as text.
    pub(crate) async fn value(&self, sql: &str) -> Option<String> {
        self.connect().await.query_one(&format!("SELECT ({sql})::text"), &[]).await.unwrap().get(0)
    }

    pub(crate) async fn has_table(&self, name: &str) -> bool {
        self.value(&format!("SELECT to_regclass('\"{name}\"')")).await.is_some()
    }

    pub(crate) async fn prepare(&self, schema: &str) -> Result<Prepared, Error> {
        dev::prepare(&self.folder(), &analyzed(schema), self.databases(), &mut |_| ()).await
    }

    pub(crate) async fn ready(&self, schema: &str) -> Ready {
        match self.prepare(schema).await.unwrap() {
            Prepared::Ready(ready) => ready,
            Prepared::ResetRequired(required) => panic!("{}", required.text()),
        }
    }

    pub(crate) async fn reset_required(&self, schema: &str) -> ResetRequired {
        match self.prepare(schema).await.unwrap() {
            Prepared::ResetRequired(required) => required,
            Prepared::Ready(ready) => panic!("{ready:?}"),
        }
    }

    /// What `migrate dev` does with consent where Prisma asks for a reset.
    pub(crate) async fn adopt(&self, schema: &str, required: &ResetRequired) -> Adopted {
        let titled = ("adopt drift", SystemTime::now());
        let schema = analyzed(schema);
        dev::adopt(&self.folder(), &schema, self.databases(), required, titled, &mut |_| ())
            .await
            .unwrap()
    }

    pub(crate) async fn drift(&self, schema: &str) -> Drift {
        drift(&self.folder(), &analyzed(schema), self.databases(), &mut |_| ()).await.unwrap()
    }

    /// All of `migrate dev`: what it wrote, if anything.
    pub(crate) async fn dev(&self, schema: &str, title: &str) -> Option<Next> {
        self.dev_with(schema, title, &[]).await.unwrap()
    }

    /// As [`Project::dev`], with `--rename` for each of `renames`.
    pub(crate) async fn dev_with(
        &self,
        schema: &str,
        title: &str,
        renames: &[&str],
    ) -> Result<Option<Next>, Error> {
        let mut ready = self.ready(schema).await;
        let wanted: Vec<Wanted> =
            renames.iter().map(|text| Wanted::parse(text)).collect::<Result<_, _>>()?;
        let renames = resolve(&wanted, ready.schemas(), &analyzed(schema))?;
        if !renames.is_empty() {
            ready.next = dev::rename(self.url(), &ready, &renames).await?;
        }
        if ready.next.is_empty() {
            return Ok(None);
        }
        let name = dev::create(&self.folder(), &ready.next, title, SystemTime::now()).unwrap();
        assert_eq!(self.deploy().await.unwrap().applied, [name]);
        Ok(Some(ready.next))
    }
}

/// A schema file, or its models alone.
pub(crate) fn analyzed(schema: &str) -> psl::Schema {
    let source = "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n";
    let text = if schema.contains("datasource") {
        schema.to_owned()
    } else {
        format!("{source}\n{schema}")
    };
    let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]);
    assert!(analysis.diagnostics.is_empty(), "{:?}", analysis.diagnostics);
    analysis.schema
}
