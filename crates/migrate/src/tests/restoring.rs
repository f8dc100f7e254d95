//! `db restore` on a real server, with its real programs.

use std::fs;
use std::path::Path;

use postgres::ConnectionUrl;
use postgres::testing::TestDatabase;

use super::backing_up::{back_up, names, server, varied};
use crate::Error;
use crate::restore::{self, Prospect, Restored, Source, Wanted, Way};
use crate::testing::{Project, Scratch};

/// What the tables of [`varied`] hold.
const CONTENT: &str = r#"SELECT (SELECT md5(string_agg(p::text, ',' ORDER BY id)) FROM pupil p) || (SELECT count(*) FROM part)
    || (SELECT sum("a.b") FROM "sales ""east"" .x"."order (1)
two") || (SELECT count FROM v) || (SELECT one FROM m) || (SELECT string_agg(lo_get(oid)::text, ',') FROM pg_largeobject_metadata)"#;

/// What came after the backup.
const LATER: &str = r"DELETE FROM pupil WHERE id > 100; UPDATE pupil SET name = 'x';
    CREATE TABLE later (id int PRIMARY KEY, pupil int REFERENCES pupil); CREATE SCHEMA afterwards CREATE TABLE t (id int);
    CREATE VIEW over_it AS SELECT * FROM pupil; SELECT lo_from_bytea(0, '\xff'); INSERT INTO later VALUES (1, 1)";

pub(super) fn wanted<'a>(
    url: &'a ConnectionUrl,
    server: &'a postgres::server::Server,
) -> Wanted<'a> {
    Wanted { url, server, jobs: 2, no_owner: false, disconnect: false, keep_old: false }
}

async fn restored(
    url: &ConnectionUrl,
    shelf: &Path,
    what: &str,
    disconnect: bool,
) -> Result<(Prospect, Restored), Error> {
    let server = server();
    let mut source = Source::find(shelf, what, url).await?;
    restore::check(&server, url, &mut source).await?;
    let prospect = restore::look(url, &source).await?;
    let wanted = Wanted { disconnect, ..wanted(url, &server) };
    let done = restore::restore(wanted, &source, &prospect, &mut |_| ()).await?;
    Ok((prospect, done))
}

#[tokio::test]
async fn a_backup_takes_the_place_of_the_database() {
    let project = varied("restore_fresh").await;
    let shelf = Scratch::new();
    let name = project.url().database();
    project
        .execute(&format!(
            "ALTER DATABASE {name} SET search_path TO public, \"Odd one\"; ALTER DATABASE {name} SET timezone TO 'Asia/Tokyo';
             REVOKE CONNECT ON DATABASE {name} FROM PUBLIC; COMMENT ON DATABASE {name} IS 'it''s ours'"
        ))
        .await;
    let properties = format!(
        "SELECT array_to_string(ARRAY(SELECT unnest(s.setconfig) ORDER BY 1), '|') || array_to_string(ARRAY(SELECT unnest(d.datacl)::text ORDER BY 1), '|') || shobj_description(d.oid, 'pg_database') || d.datcollate
         FROM pg_database d JOIN pg_db_role_setting s ON s.setdatabase = d.oid WHERE datname = '{name}'"
    );
    let before = (project.value(CONTENT).await, project.value(&properties).await);
    back_up(&project, shelf.path(), 0).await.unwrap();
    project.write("2_later", LATER);
    project.deploy().await.unwrap();
    // A later backup that is not asked for; its note stays.
    let first = names(shelf.path()).remove(0);
    back_up(&project, shelf.path(), 1).await.unwrap();
    let (prospect, done) =
        restored(project.url(), shelf.path(), first.to_str().unwrap(), false).await.unwrap();
    assert_eq!(prospect.way, Way::Fresh);
    assert_eq!(prospect.migrations, Some(vec!["2_later".to_owned()]));
    let told: Vec<(&str, Option<u64>, Option<u64>)> =
        prospect.tables.iter().map(|table| (&*table.name, table.now, table.then)).collect();
    assert_eq!(
        told,
        [
            ("t", Some(0), None),
            ("_prisma_migrations", Some(2), Some(1)),
            ("later", Some(1), None),
            ("pupil", Some(100), Some(500)),
        ]
    );
    assert_eq!(done, Restored::default());
    assert_eq!((project.value(CONTENT).await, project.value(&properties).await), before);
    assert!(!project.has_table("later").await);
    assert_eq!(
        project.value("SELECT count(*) FROM _driveflow.backups").await.as_deref(),
        Some("2")
    );
    let others =
        format!("SELECT count(*) FROM pg_database WHERE datname LIKE '{}\\_before%'", &name[..30]);
    assert_eq!(project.value(&others).await.as_deref(), Some("0"), "the old one is gone");
    // The history goes on from there.
    assert_eq!(project.deploy().await.unwrap().applied, ["2_later"]);
}

#[tokio::test]
async fn without_the_right_to_make_databases_it_is_one_transaction() {
    let project = varied("restore_in_place").await;
    let (url, role) = project.with_new_role().await;
    let name = url.database();
    // All of it is the role's, as where a host gives one database to one user.
    let owner = project.url().user().to_owned();
    project.execute(&format!("ALTER DATABASE {name} OWNER TO {role}")).await;
    let give = format!(
        "DO $$ DECLARE x text; BEGIN
           FOR x IN SELECT format('ALTER TABLE %s OWNER TO {role}', c.oid::regclass) FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
           LOOP EXECUTE x; END LOOP;
           FOR x IN SELECT format('ALTER LARGE OBJECT %s OWNER TO {role}', oid) FROM pg_largeobject_metadata
           LOOP EXECUTE x; END LOOP;
         END $$; ALTER SCHEMA \"sales \"\"east\"\" .x\" OWNER TO {role}"
    );
    project.execute(&give).await;
    let before = project.value(CONTENT).await;
    let shelf = Scratch::new();
    let server = server();
    let wanted_backup = crate::backup::Wanted {
        url: &url,
        server: &server,
        shelf: shelf.path(),
        jobs: 2,
        keep: None,
        now: super::backing_up::moment(0),
    };
    let backup = crate::backup::backup(wanted_backup, &mut |_| ()).await.unwrap();
    assert_eq!(backup.unnoted, None);
    let later = postgres::connect(&url).await.unwrap();
    later.batch_execute(LATER).await.unwrap();
    later.close().await;
    let changed = project.value(CONTENT).await;
    // First a dump that ends too early: nobody sees anything of it.
    let broken = shelf.path().join("broken");
    fs::create_dir(&broken).unwrap();
    for file in fs::read_dir(backup.folder.join("dump")).unwrap() {
        let file = file.unwrap();
        let content = fs::read(file.path()).unwrap();
        let is_data = file.file_name() != "toc.dat" && content.len() > 1000;
        let kept = if is_data { &content[..content.len() / 2] } else { &content };
        fs::write(broken.join(file.file_name()), kept).unwrap();
    }
    let broken = Source::find(shelf.path(), "broken", &url).await.unwrap();
    let prospect = restore::look(&url, &broken).await.unwrap();
    let failed = restore::restore(wanted(&url, &server), &broken, &prospect, &mut |_| ()).await;
    assert!(failed.is_err());
    assert_eq!(project.value(CONTENT).await, changed, "nothing is lost");
    // What is written once it is told what is lost was told to nobody.
    let source = Source::find(shelf.path(), "latest", &url).await.unwrap();
    for write in ["UPDATE pupil SET id = id WHERE id = 7", "CREATE TABLE afterwards ()"] {
        let prospect = restore::look(&url, &source).await.unwrap();
        project.execute(write).await;
        let changed = project.value(CONTENT).await;
        let refused =
            restore::restore(wanted(&url, &server), &source, &prospect, &mut |_| ()).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("since it was told what would be lost"), "{refused}");
        assert_eq!(project.value(CONTENT).await, changed, "nothing is lost");
    }
    project.execute("DROP TABLE afterwards").await;
    let done = restored(&url, shelf.path(), "latest", false).await;
    let content = project.value(CONTENT).await;
    let has_later = project.has_table("later").await;
    let left = project.value("SELECT to_regnamespace('afterwards')").await;
    project.execute(&format!("ALTER DATABASE {name} OWNER TO {owner}; REASSIGN OWNED BY {role} TO {owner}; DROP OWNED BY {role}; DROP ROLE {role}")).await;
    let (prospect, _) = done.unwrap();
    assert_eq!(prospect.way, Way::InPlace { why: "this user may not create databases".to_owned() });
    assert_eq!(content, before);
    assert!(!has_later && left.is_none());
}

#[tokio::test]
async fn a_damaged_backup_is_refused() {
    let project = varied("restore_damaged").await;
    let shelf = Scratch::new();
    let backup = back_up(&project, shelf.path(), 0).await.unwrap();
    let refusal = async || {
        let url = project.url();
        restored(url, shelf.path(), backup.folder.to_str().unwrap(), false)
            .await
            .unwrap_err()
            .to_string()
    };
    let dump = backup.folder.join("dump");
    let largest = fs::read_dir(&dump).unwrap().map(|entry| entry.unwrap().path());
    let largest = largest.max_by_key(|file| fs::metadata(file).unwrap().len()).unwrap();
    let whole = fs::read(&largest).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    fs::write(&largest, flipped).unwrap();
    assert!(refusal().await.contains("has changed since it was made"), "{}", refusal().await);
    fs::remove_file(&largest).unwrap();
    assert!(refusal().await.ends_with(" is missing"), "{}", refusal().await);
    fs::write(&largest, whole).unwrap();
    fs::write(dump.join("more"), "x").unwrap();
    assert!(refusal().await.contains("is not one of its files"));
    fs::remove_file(dump.join("more")).unwrap();
    let manifest = backup.folder.join("backup.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(
        &manifest,
        text.replacen("\"bytes\": ", "\"bytes\": 1", 1).replacen(
            "\"sha256\": \"",
            "\"sha256\": \"0",
            1,
        ),
    )
    .unwrap();
    assert!(refusal().await.contains("its backup.json is not what was written"));
    fs::remove_file(&manifest).unwrap();
    assert!(refusal().await.ends_with("is no backup"), "{}", refusal().await);
    let nowhere = Source::find(shelf.path(), "nowhere", project.url()).await.unwrap_err();
    assert_eq!(nowhere.to_string(), "there is no nowhere");
    let latest = Source::find(shelf.path(), "latest", project.url()).await.unwrap_err();
    assert!(latest.to_string().starts_with("there is no backup of "));
    fs::write(shelf.path().join("script.sql"), "SELECT 1;").unwrap();
    let script = Source::find(shelf.path(), "script.sql", project.url()).await.unwrap_err();
    assert!(script.to_string().contains("not in a format that pg_restore reads"));
    let partial = shelf.path().join("x.partial");
    fs::create_dir(&partial).unwrap();
    let partial = Source::find(shelf.path(), "x.partial", project.url()).await.unwrap_err();
    assert!(partial.to_string().ends_with("was never finished"));
    assert_eq!(project.value("SELECT count(*) FROM pupil").await.as_deref(), Some("500"));
}

#[tokio::test]
async fn others_are_named_and_not_ended_unasked() {
    let project = varied("restore_others").await;
    let shelf = Scratch::new();
    let before = project.value(CONTENT).await;
    back_up(&project, shelf.path(), 0).await.unwrap();
    let other = project.connect().await;
    other
        .batch_execute("SET application_name TO 'billing'; DELETE FROM pupil WHERE id > 400")
        .await
        .unwrap();
    let refused = restored(project.url(), shelf.path(), "latest", false).await.unwrap_err();
    assert!(refused.to_string().contains("program billing"), "{refused}");
    assert!(refused.help().unwrap().contains("--disconnect"));
    other.batch_execute("SELECT 1").await.unwrap();
    restored(project.url(), shelf.path(), "latest", true).await.unwrap();
    assert!(other.batch_execute("SELECT 1").await.is_err());
    assert_eq!(project.value(CONTENT).await, before);
}

#[tokio::test]
async fn a_database_that_is_gone_comes_back_and_a_dump_of_others_will_do() {
    let project = varied("restore_gone").await;
    let shelf = Scratch::new();
    let before = project.value(CONTENT).await;
    let backup = back_up(&project, shelf.path(), 0).await.unwrap();
    postgres::database::drop_database(project.url()).await.unwrap();
    let (prospect, done) = restored(project.url(), shelf.path(), "latest", false).await.unwrap();
    assert!(!prospect.exists && done.created);
    assert_eq!(project.value(CONTENT).await, before);
    // The dump alone, without what we know of it, into a database of another name, as odd as it may be.
    let other = TestDatabase::empty("restore_odd");
    let odd = other.url().with_database(&format!("{} 'a=b\\ \"x\"", other.url().database()));
    let dump = backup.folder.join("dump");
    let (prospect, _) = restored(&odd, shelf.path(), dump.to_str().unwrap(), false).await.unwrap();
    assert!(!prospect.exists);
    let connection = postgres::connect(&odd).await.unwrap();
    let content: Option<String> =
        connection.query_one(&format!("SELECT ({CONTENT})::text"), &[]).await.unwrap().get(0);
    connection.close().await;
    // And a backup of it.
    let server = server();
    let wanted = crate::backup::Wanted {
        url: &odd,
        server: &server,
        shelf: shelf.path(),
        jobs: 3,
        keep: None,
        now: super::backing_up::moment(9),
    };
    let again = crate::backup::backup(wanted, &mut |_| ()).await;
    postgres::database::drop_database(&odd).await.unwrap();
    assert_eq!(content, before);
    assert_eq!(again.unwrap().manifest.rows(), 511);
}

#[tokio::test]
async fn a_database_that_has_nothing_comes_back_as_such() {
    let project = Project::new("restore_nothing");
    let shelf = Scratch::new();
    back_up(&project, shelf.path(), 0).await.unwrap();
    project.execute("CREATE TABLE later (id int)").await;
    restored(project.url(), shelf.path(), "latest", true).await.unwrap();
    assert!(!project.has_table("later").await);
}

#[tokio::test]
async fn roles_that_are_not_there_are_told_and_can_be_left_out() {
    let project: Project = varied("restore_failing").await;
    let shelf = Scratch::new();
    let backup = back_up(&project, shelf.path(), 0).await.unwrap();
    let role = format!("gone_{}", project.url().database());
    project.execute(&format!("CREATE ROLE {role}; ALTER TABLE pupil OWNER TO {role}")).await;
    let second = back_up(&project, shelf.path(), 1).await.unwrap();
    project
        .execute(&format!("REASSIGN OWNED BY {role} TO {}; DROP ROLE {role}", project.url().user()))
        .await;
    let failed = restored(project.url(), shelf.path(), second.folder.to_str().unwrap(), false)
        .await
        .unwrap_err();
    assert!(failed.help().unwrap().contains("--no-owner"), "{failed}");
    let server = server();
    let source = Source::find(shelf.path(), "latest", project.url()).await.unwrap();
    let prospect = restore::look(project.url(), &source).await.unwrap();
    let wanted = Wanted { no_owner: true, ..wanted(project.url(), &server) };
    restore::restore(wanted, &source, &prospect, &mut |_| ()).await.unwrap();
    assert_eq!(project.value("SELECT count(*) FROM pupil").await.as_deref(), Some("500"));
    backup.manifest.verify(&backup.folder).unwrap();
}

#[tokio::test]
async fn a_database_that_listens_to_another_server_is_left_alone() {
    let project = varied("restore_listens").await;
    let shelf = Scratch::new();
    back_up(&project, shelf.path(), 0).await.unwrap();
    project
        .execute("CREATE SUBSCRIPTION heard CONNECTION 'host=nowhere.invalid' PUBLICATION p WITH (connect = false)")
        .await;
    let refused = restored(project.url(), shelf.path(), "latest", true).await.unwrap_err();
    for sql in ["ALTER SUBSCRIPTION heard SET (slot_name = NONE)", "DROP SUBSCRIPTION heard"] {
        project.execute(sql).await;
    }
    assert!(refused.to_string().contains("subscription \"heard\""), "{refused}");
    assert!(refused.help().unwrap().contains("DROP SUBSCRIPTION \"heard\";"));
}

#[tokio::test]
async fn dumps_in_other_formats_will_do() {
    let project = varied("restore_formats").await;
    let before = project.value(CONTENT).await;
    let shelf = Scratch::new();
    let major = project.connect().await.server_major();
    let dump = server().client_program("pg_dump", major).unwrap().path;
    for format in ["custom", "tar"] {
        let file = shelf.path().join(format);
        let mut command = std::process::Command::new(&dump);
        command.arg(format!("--format={format}")).arg(format!("--file={}", file.display()));
        command.arg(format!("--dbname={}", project.url().database_for_programs()));
        for (name, value) in project.url().environment_for_programs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        assert!(command.status().unwrap().success());
        project.execute("DELETE FROM pupil WHERE id > 9").await;
        let (prospect, _) = restored(project.url(), shelf.path(), format, false).await.unwrap();
        assert_eq!(prospect.migrations, None);
        assert_eq!(project.value(CONTENT).await, before, "{format}");
    }
}

#[tokio::test]
async fn a_restore_that_is_stopped_leaves_the_database_and_nothing_else() {
    let project = varied("restore_stopped").await;
    // In any other database, its rows take a minute.
    let name = project.url().database();
    project
        .execute(&format!(
            "CREATE FUNCTION slow(id int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN
                 IF current_database() <> '{name}' THEN PERFORM pg_sleep(60); END IF; RETURN true; END $$;
             CREATE TABLE slow_{name} (id int CHECK (slow(id))); INSERT INTO slow_{name} VALUES (1)"
        ))
        .await;
    let before = project.value(CONTENT).await;
    let shelf = Scratch::new();
    back_up(&project, shelf.path(), 0).await.unwrap();
    let admin = postgres::database::connect_admin(project.url()).await.unwrap();
    let at_work = format!(
        "SELECT datname::text FROM pg_stat_activity WHERE query LIKE 'COPY public.slow_{name}%'"
    );
    let filling = async {
        loop {
            if let Some(row) = admin.query_opt(&at_work, &[]).await.unwrap() {
                return row.get::<_, String>(0);
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let made = tokio::select! {
        done = restored(project.url(), shelf.path(), "latest", false) => panic!("{done:?}"),
        made = filling => made,
    };
    assert_ne!(made, name);
    let left =
        admin.query_opt("SELECT FROM pg_database WHERE datname = $1", &[&made]).await.unwrap();
    admin.close().await;
    assert!(left.is_none(), "{made}");
    assert_eq!(project.value(CONTENT).await, before);
}
