//! `docs`: the schema as a document that is committed and checked. No database is needed.

use crate::sandbox::{STUDENTS, Sandbox};

#[test]
fn a_document_is_written_and_found_out_once_it_is_stale() {
    let sandbox = Sandbox::new(STUDENTS);
    let arguments = ["docs", "--format", "markdown", "--out", "schema.md"];
    let check = [arguments.as_slice(), &["--check"]].concat();
    let run = sandbox.run(&check).failure();
    assert!(run.stderr.contains("schema.md"), "{run:#?}");
    sandbox.run(&arguments).success();
    assert!(sandbox.read("schema.md").contains("```mermaid\nerDiagram\n    \"Student\" {"));
    sandbox.run(&check).success();
    sandbox
        .write("prisma/schema.prisma", STUDENTS.replace("name String", "name String\n  age Int?"));
    let run = sandbox.run(&check).failure();
    assert!(run.stderr.contains("is not what the schema says"), "{run:#?}");
    sandbox.run(&arguments).success();
    assert!(sandbox.read("schema.md").contains("| age | Int? |"));
}

#[test]
fn each_format_goes_to_stdout_and_says_nothing_else() {
    let sandbox = Sandbox::new(STUDENTS);
    for (format, start) in [
        ("html", "<!DOCTYPE html>"),
        ("markdown", "# Schema"),
        ("mermaid", "erDiagram"),
        ("dbml", "Table Student {"),
        ("svg", "<svg "),
    ] {
        let run = sandbox.run(&["docs", "--format", format]).success();
        assert!(run.stdout.starts_with(start), "{run:#?}");
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn a_schema_with_mistakes_is_no_document() {
    let sandbox = Sandbox::new(&STUDENTS.replace("String", "Strin"));
    let run = sandbox.run(&["docs", "--out", "schema.html"]).failure();
    assert!(run.stderr.contains("Strin"), "{run:#?}");
    assert!(!sandbox.path("schema.html").exists());
}
