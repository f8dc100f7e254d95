//! `format` as people, editors and CI run it. What it makes of a schema is `crates/psl`'s to test.

use crate::sandbox::Sandbox;

const UNTIDY: &str = "datasource db {\nprovider = \"postgresql\"\nurl = env(\"DATABASE_URL\")\n}\n\nmodel A {\nid Int @id\nlongName String\n}\n";

const TIDY: &str = "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n}\n\nmodel A {\n  id       Int    @id\n  longName String\n}\n";

const VERDICT: &str =
    "Error: There are unformatted files. Run cargo xtask format to format them.\n\n";

#[test]
fn an_untidy_file_is_written_and_then_checks() {
    let sandbox = Sandbox::new(UNTIDY);
    let check = sandbox.run(&["format", "--check"]).failure();
    assert_eq!(check.stdout, "Prisma schema loaded from prisma/schema.prisma\n");
    assert_eq!(check.stderr, format!("{VERDICT}prisma/schema.prisma\n"));
    assert_eq!(sandbox.read("prisma/schema.prisma"), UNTIDY);

    let run = sandbox.run(&["format"]).success();
    let (first, second) = run.stdout.split_once('\n').expect("two lines");
    assert_eq!(first, "Prisma schema loaded from prisma/schema.prisma");
    assert!(
        second.starts_with("Formatted prisma/schema.prisma in ") && second.ends_with("ms 🚀\n"),
        "{run:#?}"
    );
    assert_eq!(run.stderr, "");
    assert_eq!(sandbox.read("prisma/schema.prisma"), TIDY);

    let check = sandbox.run(&["format", "--check"]).success();
    assert!(check.stdout.ends_with("\nAll files are formatted correctly!\n"), "{check:#?}");
}

#[test]
fn of_a_folder_only_what_changes_is_written() {
    let sandbox = Sandbox::new(TIDY);
    sandbox.write("prisma/b.prisma", "enum E {\n  a\n}\n");
    sandbox.write("prisma/c/d.prisma", "enum F {\na\n}\n");
    let modified = || {
        let metadata = std::fs::metadata(sandbox.path("prisma/b.prisma")).expect("it is there");
        metadata.modified().expect("the system knows")
    };
    let before = modified();
    let check = sandbox.run(&["format", "--check", "--schema", "prisma"]).failure();
    assert_eq!(check.stderr, format!("{VERDICT}prisma/c/d.prisma\n"));
    let run = sandbox.run(&["format", "--schema", "prisma"]).success();
    assert!(run.stdout.contains("\nFormatted prisma in "), "{run:#?}");
    assert_eq!(sandbox.read("prisma/c/d.prisma"), "enum F {\n  a\n}\n");
    assert_eq!(modified(), before);
}

#[test]
fn what_is_wrong_beyond_the_layout_is_told_after_writing() {
    let sandbox = Sandbox::new(&UNTIDY.replace("String", "Strong"));
    let run = sandbox.run(&["format"]).failure();
    assert!(run.stdout.contains("\nFormatted "), "{run:#?}");
    assert!(run.stderr.contains("error[unknown-type]"), "{run:#?}");
    assert!(run.stderr.contains(" --> prisma/schema.prisma:8:12\n"), "{run:#?}");
    assert_eq!(sandbox.read("prisma/schema.prisma"), TIDY.replace("String", "Strong"));
}

#[test]
fn what_is_no_schema_language_is_left_as_it_is() {
    let text = UNTIDY.replace("longName String", "!!!");
    let sandbox = Sandbox::new(&text);
    for arguments in [&["format"][..], &["format", "--check"]] {
        let run = sandbox.run(arguments).failure();
        assert!(run.stderr.contains("error[invalid-line]"), "{run:#?}");
        assert!(!run.stdout.contains("ormatted"), "{run:#?}");
        assert_eq!(sandbox.read("prisma/schema.prisma"), text);
    }
    let run = sandbox.run_with_stdin(&["format", "--schema", "-"], &text).failure();
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("<stdin>:8:1"), "{run:#?}");
}

#[test]
fn with_stdin_it_is_a_filter() {
    let sandbox = Sandbox::new(TIDY);
    let arguments = ["format", "--schema", "-"];
    let run = sandbox.run_with_stdin(&arguments, UNTIDY).success();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), (TIDY, ""));

    // An editor wants the layout of what is being written, and is told the rest.
    let run = sandbox.run_with_stdin(&arguments, UNTIDY.replace("String", "Strong")).success();
    assert_eq!(run.stdout, TIDY.replace("String", "Strong"));
    assert!(run.stderr.contains("error[unknown-type]"), "{run:#?}");

    let check = ["format", "--check", "--schema", "-"];
    let run = sandbox.run_with_stdin(&check, TIDY).success();
    assert_eq!(run.stderr, "All files are formatted correctly!\n");
    assert_eq!(run.stdout, "");
    let run = sandbox.run_with_stdin(&check, UNTIDY).failure();
    assert_eq!((run.stdout.as_str(), run.stderr), ("", format!("{VERDICT}<stdin>\n")));
}

#[test]
fn a_password_is_kept_in_the_text_and_out_of_everything_else() {
    let url = "\"postgresql://u:s3cr3t-in-url@h/d\"";
    let sandbox = Sandbox::new(TIDY);
    let text = UNTIDY.replace("env(\"DATABASE_URL\")", url).replace("String", "Strong");
    let run = sandbox.run_with_stdin(&["format", "--schema", "-"], &text).success();
    assert!(run.stdout.contains(url) && !run.stderr.contains("s3cr3t"), "{run:#?}");
}
