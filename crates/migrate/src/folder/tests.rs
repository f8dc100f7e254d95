//! Folders as people leave them, on a real disk.

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

use super::*;
use crate::testing::Scratch;

fn names(folder: &Folder) -> Vec<&str> {
    folder.migrations().iter().map(|migration| migration.name.as_str()).collect()
}

#[test]
fn a_missing_folder_is_an_empty_one() {
    let scratch = Scratch::new();
    let folder = Folder::read(&scratch.path().join("nowhere")).unwrap();
    assert!(folder.migrations().is_empty());
    assert!(!folder.has_lock());
}

#[test]
fn subfolders_are_migrations_and_files_are_not() {
    let scratch = Scratch::new();
    for name in ["B_x", "a_x", "20240101000000_b", "20240101000000_a"] {
        scratch.file(&format!("{name}/migration.sql"), "SELECT 1;");
    }
    scratch.file("README.md", "stray");
    scratch.file("a_x/down.sql", "stray");
    scratch.file("migration_lock.toml", "# comment\nprovider = \"postgresql\"\n");
    symlink(scratch.path().join("a_x"), scratch.path().join("latest")).unwrap();

    let folder = Folder::read(scratch.path()).unwrap();
    assert_eq!(names(&folder), ["20240101000000_a", "20240101000000_b", "a_x", "B_x"]);
    assert!(folder.has_lock());
    assert_eq!(folder.find("a_x").unwrap().script, "SELECT 1;");
}

#[test]
fn a_migration_without_a_script_is_p3015() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path().join("1_a")).unwrap();
    let error = Folder::read(scratch.path()).unwrap_err();
    let file = scratch.path().join("1_a/migration.sql");
    assert_eq!(error.code(), Some("P3015"));
    assert_eq!(error.file(), Some(&*file));
    assert!(
        error
            .to_string()
            .starts_with(&format!("Could not find the migration file at {}.", file.display()))
    );
}

#[test]
fn a_script_that_is_a_folder_or_no_text_is_named() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.path().join("1_a/migration.sql")).unwrap();
    let error = Folder::read(scratch.path()).unwrap_err();
    assert!(error.to_string().contains("1_a/migration.sql"), "{error}");

    fs::remove_dir(scratch.path().join("1_a/migration.sql")).unwrap();
    fs::write(scratch.path().join("1_a/migration.sql"), b"SELECT 1;\nSELECT '\xff';\n").unwrap();
    let error = Folder::read(scratch.path()).unwrap_err();
    assert!(error.to_string().contains("1_a/migration.sql is not UTF-8: line 2"), "{error}");
}

#[test]
fn a_name_that_is_no_text_is_named() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path().join(std::ffi::OsStr::from_bytes(b"1_\xff"))).unwrap();
    let error = Folder::read(scratch.path()).unwrap_err();
    assert!(error.to_string().contains("is not UTF-8"), "{error}");
}

#[test]
fn a_file_in_the_place_of_the_folder_is_an_error() {
    let scratch = Scratch::new();
    scratch.file("migrations", "");
    let error = Folder::read(&scratch.path().join("migrations")).unwrap_err();
    assert!(error.to_string().starts_with("could not read the migrations folder"), "{error}");
}

#[test]
fn another_database_in_the_lock_file_is_p3019() {
    let scratch = Scratch::new();
    for (text, shown) in [("provider = \"mysql\"", "`mysql`"), ("xx", "`<PROVIDER NOT FOUND>`")] {
        scratch.file("migration_lock.toml", text);
        let error = Folder::read(scratch.path()).unwrap_err();
        assert_eq!(error.code(), Some("P3019"));
        assert!(error.to_string().contains(shown), "{error}");
    }
    scratch.file("migration_lock.toml", "provider='postgres'");
    assert!(Folder::read(scratch.path()).is_ok());
}

#[test]
fn a_merge_that_is_not_settled_is_named() {
    let halves = "SELECT 1;\n<<<<<<< HEAD\nSELECT 2;\n=======\nSELECT 3;\n>>>>>>> theirs\n";
    for file in ["1_a/migration.sql", "migration_lock.toml"] {
        let scratch = Scratch::new();
        scratch.file(file, halves);
        let error = Folder::read(scratch.path()).unwrap_err();
        assert!(
            error.to_string().ends_with(&format!("{file}:2: a merge conflict that is not settled"))
        );
    }
}

#[test]
fn a_new_migration_is_there_whole_with_its_lock_file() {
    let scratch = Scratch::new();
    let path = scratch.path().join("prisma/migrations");
    let file = write_migration(&path, "1_a", "SELECT 1;\n").unwrap();
    assert_eq!(file, path.join("1_a/migration.sql"));

    let folder = Folder::read(&path).unwrap();
    assert_eq!(names(&folder), ["1_a"]);
    assert_eq!(folder.find("1_a").unwrap().script, "SELECT 1;\n");
    assert!(folder.has_lock());
    let entries = |path: &Path| fs::read_dir(path).unwrap().count();
    assert_eq!(
        (entries(&scratch.path().join("prisma")), entries(&path)),
        (1, 2),
        "no drafts are left"
    );

    let error = write_migration(&path, "1_a", "SELECT 2;\n").unwrap_err();
    assert!(error.to_string().contains("1_a already"), "{error}");
    assert_eq!(Folder::read(&path).unwrap(), folder);
}

#[test]
fn a_new_name_comes_after_all_others() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_769_851_801);
    let named = |last| name::after(last, "a", now);
    assert_eq!(named(None), "20260131093001_a");
    assert_eq!(named(Some("20260131093000_z")), "20260131093001_a");
    assert_eq!(named(Some("20260131093001_z")), "20260131093002_a", "made in the same second");
    assert_eq!(named(Some("20260131093001_0")), "20260131093002_a", "whatever the titles");
    assert_eq!(
        named(Some("20261231235959_z")),
        "20270101000000_a",
        "made by a clock that is ahead"
    );
    assert_eq!(
        named(Some("zzz")),
        "20260131093001_a",
        "no name with a moment in it could come later"
    );
}
