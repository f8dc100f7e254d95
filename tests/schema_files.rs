//! The schema's files as they are read and written: nothing half written, nothing taken from anybody.
#![cfg(unix)]

use std::fs::{self, File, Metadata, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use crate::sandbox::{Run, Sandbox, xtask};

const WRONG: &str = "model A {\n  id int @id\n}\n";
const RIGHT: &str = "model A {\n  id Int @id\n}\n";

const NOBODY: u32 = 65534;

fn metadata(path: &Path) -> Metadata {
    fs::metadata(path).expect("it is there")
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
}

/// Runs the command as somebody who may not write everything: nobody, where the tests are root's.
fn fix_as_nobody(sandbox: &Sandbox, schema: &str) -> Run {
    let mut command = sandbox.command(&["validate", "--fix", "--schema", schema]);
    if is_root(sandbox) {
        // Where it was built is for root alone, perhaps.
        fs::copy(xtask(), sandbox.path("xtask")).expect("it can be copied");
        let mut copy = std::process::Command::new(sandbox.path("xtask"));
        copy.args(command.get_args()).current_dir(sandbox.path(".")).uid(NOBODY).gid(NOBODY);
        command = copy;
    }
    Run::of(command.output().expect("the command starts"))
}

fn is_root(sandbox: &Sandbox) -> bool {
    metadata(&sandbox.path(".")).uid() == 0
}

#[test]
fn where_the_folder_takes_no_file_the_file_is_written_itself() {
    let sandbox = Sandbox::new("");
    sandbox.write("db/a.prisma", WRONG);
    set_mode(&sandbox.path("db/a.prisma"), 0o666);
    set_mode(&sandbox.path("db"), 0o555);
    fix_as_nobody(&sandbox, "db/a.prisma").success();
    set_mode(&sandbox.path("db"), 0o755);
    assert_eq!(sandbox.read("db/a.prisma"), RIGHT);
}

/// Only root can make a file that belongs to somebody else.
#[test]
fn a_file_of_somebody_else_stays_theirs() {
    let sandbox = Sandbox::new("");
    if !is_root(&sandbox) {
        return;
    }
    sandbox.write("db/a.prisma", WRONG);
    let (folder, file) = (sandbox.path("db"), sandbox.path("db/a.prisma"));
    chown(&folder, Some(NOBODY), Some(NOBODY)).expect("we are root");
    set_mode(&file, 0o644);
    let run = fix_as_nobody(&sandbox, "db/a.prisma").failure();
    assert!(run.stderr.contains("a.prisma cannot be written: Permission denied"), "{run:#?}");
    assert_eq!(sandbox.read("db/a.prisma"), WRONG);
    set_mode(&file, 0o666);
    fix_as_nobody(&sandbox, "db/a.prisma").success();
    assert_eq!(sandbox.read("db/a.prisma"), RIGHT);
    assert_eq!((metadata(&file).uid(), metadata(&file).gid()), (0, 0));
    assert_eq!(sandbox.list("db"), ["a.prisma"]);

    // And root gives away what it writes for others.
    sandbox.write("db/a.prisma", WRONG);
    chown(&file, Some(NOBODY), Some(NOBODY)).expect("we are root");
    sandbox.run(&["validate", "--fix", "--schema", "db/a.prisma"]).success();
    assert_eq!((metadata(&file).uid(), metadata(&file).gid()), (NOBODY, NOBODY));
}

#[test]
fn all_names_of_a_file_lead_to_the_new_text() {
    let sandbox = Sandbox::new("");
    sandbox.write("db/a.prisma", WRONG);
    fs::hard_link(sandbox.path("db/a.prisma"), sandbox.path("other")).expect("links can be made");
    sandbox.run(&["validate", "--fix", "--schema", "db"]).success();
    assert_eq!(sandbox.read("other"), RIGHT);
    assert_eq!(metadata(&sandbox.path("other")).nlink(), 2);
}

#[test]
fn of_several_files_all_are_written_or_none() {
    let sandbox = Sandbox::new("");
    sandbox.write("db/a.prisma", WRONG);
    sandbox.write("db/b.prisma", WRONG.replace('A', "B"));
    set_mode(&sandbox.path("db/b.prisma"), 0o444);
    let run = sandbox.run(&["validate", "--fix", "--schema", "db"]).failure();
    assert!(run.stderr.contains("db/b.prisma cannot be written: it is read-only"), "{run:#?}");
    assert!(!run.stdout.contains("Fixed") && !run.stderr.contains("written before"), "{run:#?}");
    assert_eq!(sandbox.read("db/a.prisma"), WRONG);
    assert_eq!(sandbox.list("db"), ["a.prisma", "b.prisma"]);
    set_mode(&sandbox.path("db/b.prisma"), 0o644);
    sandbox.run(&["validate", "--fix", "--schema", "db"]).success();
    assert_eq!(sandbox.read("db/a.prisma"), RIGHT);
}

#[test]
fn a_file_that_cannot_be_written_says_nothing_against_the_schema() {
    let sandbox = Sandbox::new(WRONG);
    set_mode(&sandbox.path("prisma/schema.prisma"), 0o444);
    let run = sandbox.run(&["validate", "--fix", "--format", "github"]).failure();
    assert_eq!(
        run.stdout,
        "::error file=prisma/schema.prisma,line=1,endLine=1,col=1,endColumn=1,title=schema-not-written::\
         prisma/schema.prisma cannot be written: it is read-only\n"
    );
}

#[test]
fn a_file_of_4_gib_is_refused_unread() {
    let sandbox = Sandbox::new("");
    let file = File::create(sandbox.path("prisma/schema.prisma")).expect("it can be written");
    file.set_len(1 << 32).expect("it has holes only");
    for command in [&["validate"][..], &["format"], &["schema", "json"], &["migrate", "status"]] {
        let run = sandbox.run(command).failure();
        assert!(
            run.stderr.contains("schema.prisma cannot be read: it has 4 GiB or more"),
            "{run:#?}"
        );
    }
}
