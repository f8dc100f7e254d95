//! What replays made before is not replayed again.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::dev::{self, Prepared, Ready};
use crate::replay::Databases;
use crate::testing::{Project, analyzed};
use crate::{Cache, Progress};

const USER: &str = "model User {\n  id Int @id @default(autoincrement())\n  name String\n}\n";
const WITH_AGE: &str =
    "model User {\n  id Int @id @default(autoincrement())\n  name String\n  age Int?\n}\n";
const MIGRATIONS: [(&str, &str); 3] = [
    ("01_a", "CREATE TABLE \"User\" (id SERIAL PRIMARY KEY);"),
    ("02_b", "ALTER TABLE \"User\" ADD COLUMN name TEXT;"),
    ("03_c", "ALTER TABLE \"User\" ALTER COLUMN name SET NOT NULL;"),
];

/// A project that remembers.
struct Remembering {
    project: Project,
    cache: Cache,
}

impl Remembering {
    fn new(label: &str, migrations: &[(&str, &str)]) -> Self {
        let project = Project::with(label, migrations);
        let cache = Cache::new(project.path().with_file_name("cache"));
        Self { project, cache }
    }

    fn databases(&self) -> Databases<'_> {
        Databases { cache: Some(&self.cache), ..self.project.databases() }
    }

    /// What `migrate dev` finds, and how many migrations it replays for that.
    async fn ready(&self, schema: &str) -> (Ready, usize) {
        let mut replayed = 0;
        let mut count = |progress: Progress<'_>| {
            replayed += usize::from(matches!(progress, Progress::Replaying { .. }));
        };
        let (folder, schema) = (self.project.folder(), analyzed(schema));
        match dev::prepare(&folder, &schema, self.databases(), &mut count).await.unwrap() {
            Prepared::Ready(ready) => (ready, replayed),
            Prepared::ResetRequired(required) => panic!("{}", required.text()),
        }
    }

    /// All of `migrate dev`.
    async fn dev(&self, schema: &str) {
        let before = self.project.folder();
        let (ready, _) = self.ready(schema).await;
        dev::create(&before, &ready.next, "next", SystemTime::now()).unwrap();
        self.project.deploy().await.unwrap();
        let after = self.project.folder();
        dev::remember(&before, &after, &analyzed(schema), self.databases(), &ready).await;
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.project.path().with_file_name("cache")).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

#[tokio::test]
async fn what_was_replayed_is_remembered() {
    let project = Remembering::new("cache_hit", &MIGRATIONS);
    let (first, replayed) = project.ready(USER).await;
    assert_eq!((first.applied.len(), replayed), (3, 3));
    let (again, replayed) = project.ready(USER).await;
    assert_eq!((again.applied.len(), replayed), (0, 0));
    assert!(again.next.is_empty());
    // What the schema asks for is found from what was remembered.
    let (ready, replayed) = project.ready(WITH_AGE).await;
    assert_eq!(
        (ready.next.script.as_str(), replayed),
        ("-- AlterTable\nALTER TABLE \"User\" ADD COLUMN     \"age\" INTEGER;\n", 0)
    );
}

#[tokio::test]
async fn what_is_remembered_needs_no_database() {
    let remembering = Remembering::new("cache_no_right", &MIGRATIONS);
    let project = &remembering.project;
    project.deploy().await.unwrap();
    let (url, role) = project.with_new_role().await;
    let grant = format!(
        "ALTER ROLE {role} CREATEDB; GRANT ALL ON SCHEMA public TO {role};
         GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"
    );
    project.execute(&grant).await;
    let databases = Databases { main: &url, ..remembering.databases() };
    let (folder, schema) = (project.folder(), analyzed(USER));
    dev::prepare(&folder, &schema, databases, &mut |_| ()).await.unwrap();

    project.execute(&format!("ALTER ROLE {role} NOCREATEDB CONNECTION LIMIT 1")).await;
    let again = dev::prepare(&folder, &schema, databases, &mut |_| ()).await;
    project.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    assert!(matches!(again, Ok(Prepared::Ready(_))), "{again:?}");
}

#[tokio::test]
async fn a_changed_byte_is_another_question() {
    let project = Remembering::new("cache_miss", &MIGRATIONS);
    project.ready(USER).await;
    project.project.write("04_d", "CREATE INDEX i ON \"User\" (name);");
    assert_eq!(project.ready(USER).await.1, 4, "three were remembered, the four were not");
    assert_eq!(project.ready(USER).await.1, 0);
    project.project.write("04_d", "CREATE INDEX i ON \"User\" (name);\n");
    let required = Databases { ..project.databases() };
    let mut replayed = 0;
    let prepared =
        dev::prepare(&project.project.folder(), &analyzed(USER), required, &mut |progress| {
            replayed += usize::from(matches!(progress, Progress::Replaying { .. }));
        })
        .await
        .unwrap();
    assert_eq!(replayed, 4);
    let Prepared::ResetRequired(required) = prepared else { panic!("{prepared:?}") };
    assert!(required.text().contains("`04_d` was modified after it was applied"));
    // Another program may read the same database in other words.
    let other =
        Cache::of_program(project.project.path().with_file_name("cache"), "another program");
    let other = Remembering { cache: other, project: project.project };
    other.project.write("04_d", "CREATE INDEX i ON \"User\" (name);");
    assert_eq!(other.ready(USER).await.1, 4);
}

#[tokio::test]
async fn what_is_not_whole_is_forgotten() {
    let project = Remembering::new("cache_broken", &MIGRATIONS);
    project.ready(USER).await;
    for broken in [&b""[..], b"not ours", &[0; 4096]] {
        for file in project.files() {
            fs::write(file, broken).unwrap();
        }
        assert_eq!(project.ready(USER).await.1, 3);
        assert_eq!(project.ready(USER).await.1, 0);
    }
    // Each file under the name of another.
    project.project.write("04_d", "CREATE TABLE \"Other\" (id INT PRIMARY KEY);");
    project.ready(USER).await;
    let is_outcome = |file: &&PathBuf| !file.ends_with(".gitignore");
    let files = project.files();
    let outcomes: Vec<&PathBuf> = files.iter().filter(is_outcome).collect();
    let contents: Vec<Vec<u8>> = outcomes.iter().map(|file| fs::read(file).unwrap()).collect();
    for (file, content) in outcomes.iter().zip(contents.iter().cycle().skip(1)) {
        fs::write(file, content).unwrap();
    }
    assert_eq!(project.ready(USER).await.1, 4);
}

#[tokio::test]
async fn the_last_twenty_are_kept() {
    let project = Remembering::new("cache_pruned", &[]);
    for number in 0..23 {
        project.project.write(&format!("01_{number}"), "SELECT 1;");
        project.ready("").await;
    }
    // A file of somebody else is none of ours.
    assert_eq!(project.files().len(), 20 + 1, "{:?}", project.files());
    assert_eq!(project.ready("").await.1, 0);
}

#[tokio::test]
async fn a_migration_of_ours_need_not_be_replayed() {
    let project = Remembering::new("cache_ours", &MIGRATIONS);
    project.ready(USER).await;
    project.dev(WITH_AGE).await;
    let (ready, replayed) = project.ready(WITH_AGE).await;
    assert_eq!(replayed, 0);
    assert!(ready.next.is_empty());
    // It is what a replay makes.
    let known = ready.clone();
    for file in project.files() {
        fs::remove_file(file).unwrap();
    }
    let (replayed, count) = project.ready(WITH_AGE).await;
    assert_eq!((replayed, count), (known, 4));
}

#[tokio::test]
async fn a_migration_that_needs_what_cannot_be_seen_is_replayed() {
    let project = Remembering::new("cache_function", &MIGRATIONS);
    project.ready(USER).await;
    project
        .project
        .execute("CREATE FUNCTION by_hand() RETURNS text LANGUAGE sql AS 'SELECT ''x'''")
        .await;
    let schema = "model User {\n  id Int @id @default(autoincrement())\n  name String\n  \
                  code String @default(dbgenerated(\"by_hand()\"))\n}\n";
    project.dev(schema).await;
    let prepared = project.project.folder();
    let error = dev::prepare(&prepared, &analyzed(schema), project.databases(), &mut |_| ()).await;
    assert_eq!(error.unwrap_err().code(), Some("P3006"), "the function is in no migration");
}

#[tokio::test]
async fn a_database_changed_in_the_meantime_teaches_nothing() {
    let project = Remembering::new("cache_meantime", &MIGRATIONS);
    let before = project.project.folder();
    project.ready(USER).await;
    let (ready, _) = project.ready(WITH_AGE).await;
    dev::create(&before, &ready.next, "next", SystemTime::now()).unwrap();
    project.project.deploy().await.unwrap();
    project.project.execute("CREATE TABLE stray (id int)").await;
    let (after, schema) = (project.project.folder(), analyzed(WITH_AGE));
    dev::remember(&before, &after, &schema, project.databases(), &ready).await;
    let prepared = dev::prepare(&after, &schema, project.databases(), &mut |_| ()).await.unwrap();
    let Prepared::ResetRequired(required) = prepared else { panic!("{prepared:?}") };
    assert!(required.text().contains("[+] Added tables\n  - stray"), "{}", required.text());
}
