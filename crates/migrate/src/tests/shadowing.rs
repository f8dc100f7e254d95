//! The shadow database: where it is, and that it goes.

use std::time::Duration;

use postgres::ConnectionUrl;
use postgres::database::database_exists;
use uuid::{Builder, Uuid};

use crate::Error;
use crate::folder::{Folder, Migration};
use crate::shadow::{PREFIX, Shadow};
use crate::testing::Project;

#[tokio::test]
async fn a_shadow_database_goes_in_any_case() {
    let project = Project::new("shadow");
    for at_once in [true, false] {
        let shadow = Shadow::open(project.url(), None, &[]).await.unwrap();
        let url = shadow.url().clone();
        assert!(url.database().starts_with("prisma_migrate_shadow_db_"));
        assert!(database_exists(&url).await.unwrap());
        if at_once {
            // As when the command is cancelled or fails.
            drop(shadow);
        } else {
            shadow.close().await.unwrap();
        }
        assert!(!database_exists(&url).await.unwrap());
    }
}

#[tokio::test]
async fn a_cancelled_dev_leaves_no_shadow_database() {
    let project = Project::new("shadow_cancelled");
    let mark = project.url().database();
    project.write("1_a", &format!("SELECT pg_sleep(60), '{mark}';"));
    let connection = project.connect().await;
    let find = "SELECT datname FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() \
                AND query LIKE '%' || $1 || '%'";
    let shadow = async {
        loop {
            if let Some(row) = connection.query_opt(find, &[&mark]).await.unwrap() {
                break row.get::<_, String>(0);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let name = tokio::select! {
        prepared = project.prepare("") => panic!("dev was too fast: {prepared:?}"),
        name = shadow => name,
    };
    assert!(name.starts_with(crate::shadow::PREFIX), "{name}");
    assert!(!database_exists(&project.url().with_database(&name)).await.unwrap());
}

#[tokio::test]
async fn the_main_database_is_no_shadow() {
    let project = Project::new("main_shadow");
    project.execute("CREATE TABLE precious (a int)").await;
    // The same place by another name: no comparison of texts would know it.
    let host = project.url().host();
    let other = match host {
        "127.0.0.1" => "localhost".to_owned(),
        "localhost" => "127.0.0.1".to_owned(),
        folder => format!("{folder}/."),
    };
    let renamed = project.url().expose().replace(host, &other);
    assert_ne!(renamed, project.url().expose());
    for same in [project.url().with_schema("other"), renamed.parse().unwrap()] {
        let error = Shadow::open(project.url(), Some(&same), &[]).await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("appears to be the same as the main database"), "{text}");
        assert!(project.has_table("precious").await);
    }
}

#[tokio::test]
async fn a_given_shadow_database_is_emptied_and_kept() {
    let project = Project::with("given_shadow", &[("1_a", "CREATE TABLE t (a int)")]);
    let given = Project::new("given");
    given.execute("CREATE TABLE old (a int)").await;
    let folder = project.folder();
    let shadow = Shadow::open(project.url(), Some(given.url()), &[]).await.unwrap();
    let all: Vec<_> = folder.migrations().iter().collect();
    shadow.replay(&folder, &all, &mut |_| ()).await.unwrap();
    shadow.close().await.unwrap();
    assert!(given.has_table("t").await && !given.has_table("old").await);
}

/// Objects in no schema, or in one that no schema file names.
const BESIDE: &str = "CREATE SCHEMA audit; CREATE TABLE audit.log (a int); CREATE TABLE t (a int);
    CREATE PUBLICATION p FOR TABLE t;
    CREATE FUNCTION audit.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF tg_tag LIKE 'DROP%' THEN RAISE 'no drops'; END IF; END $$;
    CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION audit.refuse();
    CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
    CREATE FOREIGN TABLE audit.far (a int) SERVER s;";

#[tokio::test]
async fn nothing_survives_its_emptying() {
    let project = Project::with("shadow_beside", &[("1_a", BESIDE)]);
    let given = Project::new("given_beside");
    let folder = project.folder();
    for given in [None, Some(given.url())] {
        let mut shadow = Shadow::open(project.url(), given, &[]).await.unwrap();
        shadow.replay(&folder, &all(&folder), &mut |_| ()).await.unwrap();
        shadow.empty(project.url(), &[]).await.unwrap();
        assert_eq!(shadow.describe(&["public".to_owned()]).await.unwrap().tables, []);
        shadow.replay(&folder, &all(&folder), &mut |_| ()).await.unwrap();
        shadow.close().await.unwrap();
    }
    // The next command that uses it.
    let shadow = Shadow::open(project.url(), Some(given.url()), &[]).await.unwrap();
    shadow.replay(&folder, &all(&folder), &mut |_| ()).await.unwrap();
    shadow.close().await.unwrap();
}

#[tokio::test]
async fn what_was_left_behind_long_ago_is_dropped() {
    let project = Project::new("shadow_swept");
    let admin = project.connect().await;
    let now: i64 =
        admin.query_one("SELECT extract(epoch FROM now())::int8 * 1000", &[]).await.unwrap().get(0);
    let made = |minutes_ago: u64| {
        let random: [u8; 10] = Uuid::new_v4().as_bytes()[6..].try_into().unwrap();
        let time = now.unsigned_abs() - minutes_ago * 60_000;
        format!("{PREFIX}{}", Builder::from_unix_timestamp_millis(time, &random).into_uuid())
    };
    let (old, used, young) = (made(70), made(70), made(50));
    let prismas = format!("{PREFIX}{}", Uuid::new_v4());
    for name in [&old, &young, &prismas] {
        admin.batch_execute(&format!("CREATE DATABASE \"{name}\"")).await.unwrap();
    }
    // Until somebody is connected, a command of another test may drop it.
    let user = loop {
        let _ = admin.batch_execute(&format!("CREATE DATABASE \"{used}\"")).await;
        if let Ok(user) = postgres::connect(&project.url().with_database(&used)).await {
            break user;
        }
    };
    Shadow::open(project.url(), None, &[]).await.unwrap().close().await.unwrap();
    user.close().await;
    let mut left = Vec::new();
    for name in [&old, &used, &young, &prismas] {
        left.push(database_exists(&project.url().with_database(name)).await.unwrap());
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS \"{name}\"")).await.unwrap();
    }
    assert_eq!(left, [false, true, true, true]);
}

/// A project whose user may not make databases.
struct Poor {
    project: Project,
    role: String,
    url: ConnectionUrl,
}

impl Poor {
    async fn new(label: &str, migrations: &[(&str, &str)]) -> Self {
        let project = Project::with(label, migrations);
        let (url, role) = project.with_new_role().await;
        let database = project.url().database();
        project.execute(&format!("GRANT CREATE ON DATABASE {database} TO {role}")).await;
        Self { project, role, url }
    }

    async fn open(&self) -> Shadow {
        Shadow::open(&self.url, None, &["public".to_owned()]).await.unwrap()
    }

    async fn replay(&self) -> Result<Shadow, Error> {
        let shadow = self.open().await;
        let folder = self.project.folder();
        shadow.replay(&folder, &all(&folder), &mut |_| ()).await?;
        Ok(shadow)
    }

    async fn schemas(&self) -> Option<String> {
        self.project
            .value("SELECT string_agg(nspname, ' ') FROM pg_namespace WHERE nspname ~ 'driveflow'")
            .await
    }

    /// The role goes before its database does.
    async fn end(self) {
        let role = &self.role;
        self.project.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    }
}

fn all(folder: &Folder) -> Vec<&Migration> {
    folder.migrations().iter().collect()
}

const STAYING: [(&str, &str); 4] = [
    (
        "1_a",
        "CREATE TYPE \"Role\" AS ENUM ('A', 'B');
         CREATE TYPE pair AS (a int, b text);
         CREATE TABLE \"User\" (id SERIAL PRIMARY KEY, \"role\" \"Role\" NOT NULL DEFAULT 'A', p pair, tags text[]);
         CREATE TABLE \"Post\" (id BIGINT GENERATED BY DEFAULT AS IDENTITY, author INT NOT NULL, twice int
             GENERATED ALWAYS AS (author * 2) STORED, CONSTRAINT positive CHECK (author > 0));
         CREATE TABLE \"Old\" (id int);
         ALTER TABLE \"Post\" ADD CONSTRAINT fk FOREIGN KEY (author) REFERENCES \"User\" (id) ON DELETE CASCADE;
         COMMENT ON TABLE \"User\" IS 'who'; COMMENT ON COLUMN \"User\".id IS 'which';
         COMMENT ON TYPE \"Role\" IS 'what'",
    ),
    (
        "2_b",
        "BEGIN;
         CREATE TYPE \"Role_new\" AS ENUM ('A', 'C');
         ALTER TABLE \"User\" ALTER COLUMN \"role\" DROP DEFAULT;
         ALTER TABLE \"User\" ALTER COLUMN \"role\" TYPE \"Role_new\" USING (\"role\"::text::\"Role_new\");
         ALTER TYPE \"Role\" RENAME TO \"Role_old\"; ALTER TYPE \"Role_new\" RENAME TO \"Role\";
         DROP TYPE \"Role_old\"; ALTER TABLE \"User\" ALTER COLUMN \"role\" SET DEFAULT 'C';
         COMMIT;",
    ),
    ("3_c", "CREATE INDEX CONCURRENTLY \"User_role_idx\" ON \"User\" (\"role\") WHERE id > 1"),
    (
        "4_d",
        "DROP TABLE \"Old\";
         CREATE SEQUENCE counter; ALTER TABLE \"Post\" ADD n int DEFAULT nextval('counter');
         ALTER TABLE \"Post\" ADD c text DEFAULT upper('c');
         CREATE VIEW seen AS SELECT u.id, p.c FROM \"User\" u JOIN \"Post\" p ON p.author = u.id;
         INSERT INTO \"User\" (\"role\") VALUES ('C');
         SELECT setval(pg_get_serial_sequence('\"User\"', 'id'), 50);",
    ),
];

#[tokio::test]
async fn without_databases_a_schema_does() {
    let poor = Poor::new("shadow_schema", &STAYING).await;
    // The real ones have the same names, and are not to be touched.
    poor.project
        .execute(
            "CREATE TABLE \"Old\" (precious int); CREATE TABLE \"User\" (id serial); CREATE SEQUENCE counter;
             GRANT ALL ON SCHEMA public TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;
             GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO PUBLIC",
        )
        .await;
    let mut shadow = poor.replay().await.unwrap();
    let described = shadow.describe(&["public".to_owned()]).await.unwrap();
    shadow.empty(&poor.url, &[]).await.unwrap();
    assert_eq!(shadow.describe(&[]).await.unwrap().tables, []);
    shadow.close().await.unwrap();
    assert_eq!(poor.schemas().await, None);
    assert!(poor.project.has_table("Old").await);
    assert_eq!(poor.project.value("SELECT last_value FROM counter").await.as_deref(), Some("1"));
    assert_eq!(poor.project.value("SELECT count(*) FROM \"User\"").await.as_deref(), Some("0"));

    let folder = poor.project.folder();
    let shadow = Shadow::open(poor.project.url(), None, &[]).await.unwrap();
    shadow.replay(&folder, &all(&folder), &mut |_| ()).await.unwrap();
    let in_database = shadow.describe(&[]).await.unwrap();
    shadow.close().await.unwrap();
    assert_eq!(described, in_database, "it is described as if it were a database of its own");
    poor.end().await;
}

#[tokio::test]
async fn a_script_that_leaves_its_schema_is_not_run() {
    let scripts =
        [("1_a", "CREATE TABLE t (a int);"), ("2_b", "\nALTER TABLE public.t ADD b int;")];
    let poor = Poor::new("shadow_leaving", &scripts).await;
    let error = poor.replay().await.unwrap_err();
    let text = error.to_string();
    assert_eq!(error.code(), Some("P3014"), "{text}");
    assert!(text.contains("Original error: ERROR: permission denied to create database"), "{text}");
    assert!(text.ends_with("2_b/migration.sql:2: a name says its schema, public"), "{text}");
    let help = error.help().unwrap();
    assert!(help.contains(&format!("ALTER ROLE \"{}\" CREATEDB;", poor.role)), "{help}");
    assert!(help.contains("shadowDatabaseUrl"), "{help}");
    assert_eq!(poor.schemas().await, None);

    let several = ["public".to_owned(), "sales".to_owned()];
    let error = Shadow::open(&poor.url, None, &several).await.unwrap_err();
    assert!(error.to_string().contains("needs more than one schema"), "{error}");
    poor.end().await;
}

#[tokio::test]
async fn a_column_called_begin_hides_nothing() {
    let script =
        "CREATE FUNCTION span(begin int, finish int) RETURNS int LANGUAGE sql AS 'SELECT 1';
                  BEGIN; CREATE TABLE t (a int); COMMIT; DROP TABLE \"Old\";";
    let poor = Poor::new("shadow_begin", &[("1_a", script)]).await;
    let role = &poor.role;
    poor.project
        .execute(&format!("CREATE TABLE \"Old\" (a int); ALTER TABLE \"Old\" OWNER TO {role}"))
        .await;
    let error = poor.replay().await.unwrap_err();
    assert_eq!(error.code(), Some("P3014"), "{error}");
    assert!(error.to_string().contains("runs code that is not looked into"), "{error}");
    assert!(poor.project.has_table("Old").await);
    poor.end().await;
}

#[tokio::test]
async fn what_is_in_another_schema_is_not_the_scripts_fault() {
    for (label, script) in [
        ("shadow_type", "CREATE TABLE t (a citext);"),
        ("shadow_function", "CREATE TABLE t (a text DEFAULT elsewhere());"),
    ] {
        let poor = Poor::new(label, &[("1_a", script)]).await;
        poor.project
            .execute(
                "CREATE DOMAIN citext AS text;
                 CREATE FUNCTION elsewhere() RETURNS text LANGUAGE sql AS 'SELECT NULL::text'",
            )
            .await;
        let error = poor.replay().await.unwrap_err();
        assert_eq!(error.code(), Some("P3014"), "{error}");
        assert!(error.to_string().contains("needs what is in another schema"), "{error}");
        poor.end().await;
    }
    let drop = "CREATE TABLE t (a int); ALTER TABLE t DROP CONSTRAINT nothing;";
    let poor = Poor::new("shadow_faulty", &[("1_a", drop)]).await;
    assert_eq!(poor.replay().await.unwrap_err().code(), Some("P3006"));
    poor.end().await;
}

#[tokio::test]
async fn a_script_that_fails_leaves_nothing() {
    let scripts = [("1_a", "CREATE TABLE t (a int);"), ("2_b", "BEGIN;\nSELECT nothing;\nCOMMIT;")];
    let poor = Poor::new("shadow_failing", &scripts).await;
    let error = poor.replay().await.unwrap_err();
    let text = error.to_string();
    assert_eq!(error.code(), Some("P3006"), "{text}");
    assert!(text.contains("Migration `2_b` failed") && text.contains("nothing"), "{text}");
    assert_eq!(poor.schemas().await, None);
    poor.end().await;
}

#[tokio::test]
async fn a_schema_goes_when_its_command_does() {
    let poor = Poor::new("shadow_dropped", &STAYING).await;
    drop(poor.replay().await.unwrap());
    // The server hears of it when it next looks: until then nobody sees anything either.
    assert_eq!(poor.schemas().await, None);
    poor.end().await;
}

#[tokio::test]
async fn without_any_right_both_ways_are_told() {
    let project = Project::new("no_right");
    let (url, role) = project.with_new_role().await;
    let error = Shadow::open(&url, None, &[]).await.unwrap_err();
    project.execute(&format!("DROP ROLE {role}")).await;
    assert_eq!(error.code(), Some("P3014"), "{error}");
    assert!(error.to_string().contains("may not make a schema in this database either"), "{error}");
    let help = error.help().unwrap();
    assert!(help.contains("CREATEDB") && help.contains("GRANT CREATE ON DATABASE"), "{help}");
}

#[tokio::test]
async fn what_one_transaction_cannot_do_is_told() {
    let scripts = [
        ("1_a", "CREATE TYPE \"Role\" AS ENUM ('A'); CREATE TABLE t (r \"Role\");"),
        ("2_b", "ALTER TYPE \"Role\" ADD VALUE 'B';"),
        ("3_c", "ALTER TABLE t ALTER r SET DEFAULT 'B';"),
    ];
    let poor = Poor::new("shadow_enum", &scripts).await;
    match poor.replay().await {
        Ok(shadow) => {
            assert!(poor.project.connect().await.server_major() >= 17);
            shadow.close().await.unwrap();
        }
        Err(error) => {
            assert_eq!(error.code(), Some("P3014"), "{error}");
            assert!(error.to_string().contains("uses an enum value that another"), "{error}");
        }
    }
    poor.end().await;
}

#[tokio::test]
async fn no_event_trigger_hears_of_a_shadow() {
    let poor = Poor::new("shadow_heard", &STAYING).await;
    poor.project
        .execute(
            "CREATE FUNCTION hear() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
                 RAISE 'heard of %', tg_tag; END $$;
             CREATE EVENT TRIGGER \"Ear\" ON ddl_command_end EXECUTE FUNCTION hear()",
        )
        .await;
    let error = Shadow::open(&poor.url, None, &[]).await.unwrap_err();
    assert_eq!(error.code(), Some("P3014"), "{error}");
    assert!(error.to_string().contains("event trigger \"Ear\" would hear"), "{error}");
    assert!(error.help().unwrap().contains("shadowDatabaseUrl"), "{error}");
    poor.project.execute("ALTER EVENT TRIGGER \"Ear\" DISABLE").await;
    poor.replay().await.unwrap().close().await.unwrap();
    poor.end().await;
}
