//! What `db restore` tells, beforehand and at its end: where a backup is of, and what others wrote meanwhile.

use std::fs;

use super::backing_up::{back_up, move_to_another_server, server, varied};
use super::restoring::wanted;
use crate::report;
use crate::restore::{self, Source};
use crate::testing::Scratch;

#[tokio::test]
async fn a_backup_of_another_server_is_not_the_latest_and_says_where_it_is_of() {
    let project = varied("restore_origin").await;
    let shelf = Scratch::new();
    let own = back_up(&project, shelf.path(), 0).await.unwrap();
    let others = back_up(&project, shelf.path(), 1).await.unwrap();
    move_to_another_server(&others);
    let source = Source::find(shelf.path(), "latest", project.url()).await.unwrap();
    assert_eq!(source.place, own.folder);
    assert_eq!(restore::look(project.url(), &source).await.unwrap().from, None);
    let named = others.folder.to_str().unwrap();
    let source = Source::find(shelf.path(), named, project.url()).await.unwrap();
    let prospect = restore::look(project.url(), &source).await.unwrap();
    assert_eq!(prospect.from.as_deref(), Some("other.example:5432"));
    let told = report::restore_prospect(project.url(), &source, &prospect);
    assert!(told.contains("of another server, at \"other.example:5432\""), "{told}");
    // Without the others there is none.
    fs::remove_dir_all(&own.folder).unwrap();
    let none = Source::find(shelf.path(), "latest", project.url()).await.unwrap_err();
    assert!(none.to_string().starts_with("there is no backup of "), "{none}");
    assert!(none.help().unwrap().contains("another server"));
}

#[tokio::test]
async fn what_is_written_during_a_restore_is_kept() {
    let project = varied("restore_written").await;
    let shelf = Scratch::new();
    back_up(&project, shelf.path(), 0).await.unwrap();
    let server = server();
    let mut source = Source::find(shelf.path(), "latest", project.url()).await.unwrap();
    restore::check(&server, project.url(), &mut source).await.unwrap();
    // No number of rows changes by the first, and none at all by the last.
    for (sql, why) in [
        ("UPDATE pupil SET name = 'late' WHERE id = 1", Some("others wrote to it (public.pupil)")),
        ("INSERT INTO \"Empty\" DEFAULT VALUES", Some("others wrote to it (public.Empty)")),
        (
            "CREATE FUNCTION late() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            Some("its structure was changed"),
        ),
        ("ANALYZE; VACUUM pupil", None),
    ] {
        let prospect = restore::look(project.url(), &source).await.unwrap();
        // It comes, writes and leaves, as a program behind a pooler does.
        for statement in sql.split("; ") {
            project.execute(statement).await;
        }
        let done =
            restore::restore(wanted(project.url(), &server), &source, &prospect, &mut |_| ())
                .await
                .unwrap();
        assert_eq!(done.kept_since.as_deref(), why, "{sql}");
        assert_eq!(done.old.is_some(), why.is_some(), "{sql}");
        let Some(old) = done.old.as_ref() else { continue };
        let told = report::restored(project.url(), &done);
        assert!(
            told.contains(why.unwrap()) && told.contains(&format!("DROP DATABASE \"{old}\";")),
            "{told}"
        );
        let old = project.url().with_database(old);
        if sql.starts_with("UPDATE") {
            let connection = postgres::connect(&old).await.unwrap();
            let late = "SELECT name FROM pupil WHERE id = 1";
            assert_eq!(connection.query_one(late, &[]).await.unwrap().get::<_, &str>(0), "late");
            connection.close().await;
        }
        postgres::database::drop_database(&old).await.unwrap();
    }
}
