//! What is found in the migrations folder after a command was killed, and commands that are killed while they write there.

use std::fs::File;
use std::time::{Duration, SystemTime};

use postgres::ConnectionUrl;
use postgres::testing::TestDatabase;

use super::killed::changed;
use super::{DEPLOY, name, project, run_as_told, start};
use crate::sandbox::Sandbox;

/// Each migration has its files to their ends.
pub(super) fn are_whole(sandbox: &Sandbox) {
    for migration in sandbox.list("prisma/migrations") {
        if migration == "migration_lock.toml" {
            continue;
        }
        let folder = format!("prisma/migrations/{migration}");
        let files = sandbox.list(&folder);
        assert!(files.contains(&"migration.sql".to_owned()), "{migration}: {files:?}");
        for file in files {
            let text = sandbox.read(&format!("{folder}/{file}"));
            let end = if file == "squashed.toml" { "\"\n" } else { ";\n" };
            assert!(text.ends_with(end), "{migration}/{file}: {text}");
        }
    }
}

/// What is written beside the migrations folder before it is moved there, or moved out of it before it is deleted.
fn drafts(sandbox: &Sandbox) -> Vec<String> {
    let is_draft = |name: &String| name.starts_with(".migration-");
    sandbox.list("prisma").into_iter().filter(is_draft).collect()
}

/// Kills the command as soon as the folder is so, and gives drafts that it leaves the age at which they are cleared away.
fn kill_when(sandbox: &Sandbox, url: &ConnectionUrl, arguments: &[&str], is_so: &dyn Fn() -> bool) {
    let mut command = start(sandbox, url, arguments);
    while command.try_wait().expect("it can be asked").is_none() && !is_so() {}
    // It may have been faster: then nothing was cut off, which is to be right too.
    let _ = command.kill();
    command.wait().expect("it has ended");
    for draft in drafts(sandbox) {
        let folder = File::open(sandbox.path("prisma").join(draft)).expect("it is there");
        let long_ago = SystemTime::now() - Duration::from_hours(2);
        folder.set_modified(long_ago).expect("it is ours");
    }
}

#[test]
fn dev_is_killed_while_it_writes() {
    let dev = ["migrate", "dev", "--skip-generate", "--skip-seed", "--name", "next"];
    let database = TestDatabase::empty("killed_writing");
    for moment in 0..3 {
        let sandbox = changed();
        let url = database.url().with_schema(&format!("k{moment}"));
        sandbox.run_on(&url.expose(), DEPLOY).success();
        let is_so = || match moment {
            0 => !drafts(&sandbox).is_empty(),
            1 => drafts(&sandbox)
                .iter()
                .any(|draft| sandbox.path(&format!("prisma/{draft}/down.sql")).exists()),
            _ => sandbox.list("prisma/migrations").len() > 2,
        };
        kill_when(&sandbox, &url, &dev, &is_so);
        are_whole(&sandbox);
        run_as_told(&sandbox, &url, &dev).success();
        are_whole(&sandbox);
        assert_eq!(sandbox.list("prisma/migrations").len(), 3);
        assert_eq!(drafts(&sandbox), [""; 0]);
    }
}

#[test]
fn squash_is_killed_while_it_writes() {
    let squash = ["migrate", "squash", "--force", "--name", "one"];
    let database = TestDatabase::empty("killed_squashing");
    for moment in 0..3 {
        let sandbox = project(2);
        let url = database.url().with_schema(&format!("k{moment}"));
        sandbox.run_on(&url.expose(), DEPLOY).success();
        let has = |name: &str| sandbox.path("prisma/migrations").join(name).exists();
        let is_so = || match moment {
            0 => !drafts(&sandbox).is_empty(),
            1 => sandbox.list("prisma/migrations").iter().any(|name| name.ends_with("_one")),
            _ => !has(&name(0)),
        };
        kill_when(&sandbox, &url, &squash, &is_so);
        are_whole(&sandbox);
        // Whatever is there by then is what the database has.
        sandbox.run_on(&url.expose(), &["migrate", "status"]).success();
        sandbox.run_on(&url.expose(), DEPLOY).success();
        if sandbox.list("prisma/migrations").len() > 2 {
            sandbox.run_on(&url.expose(), &squash).success();
            assert_eq!(drafts(&sandbox), [""; 0]);
        }
        are_whole(&sandbox);
        assert_eq!(sandbox.list("prisma/migrations").len(), 2, "the migration and the lock");
        sandbox.run_on(&url.expose(), DEPLOY).success();
        sandbox.run_on(&url.expose(), &["migrate", "status"]).success();
    }
}
