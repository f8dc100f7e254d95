//! `validate` and `schema json` as people, editors and CI run them. No database is needed.

use serde_json::{Value, json};

use crate::sandbox::{PASSWORD, Run, STUDENTS, Sandbox};

/// What `validate --format json` says, and nothing else on stdout.
fn findings(run: &Run) -> Vec<Value> {
    let value: Value = serde_json::from_str(&run.stdout).expect("stdout is JSON alone");
    value.as_array().expect("an array").clone()
}

#[test]
fn a_valid_schema_is_said_to_be_valid_in_prismas_words() {
    let sandbox = Sandbox::new(STUDENTS);
    let run = sandbox.run(&["validate"]).success();
    assert_eq!(
        run.stdout,
        "Prisma schema loaded from prisma/schema.prisma\nThe schema at prisma/schema.prisma is valid 🚀\n"
    );
    assert_eq!(run.stderr, "");
    assert_eq!(sandbox.run(&["validate", "--format", "json"]).success().stdout, "[]\n");
    assert_eq!(sandbox.run(&["validate", "--format", "github"]).success().stdout, "");
}

#[test]
fn findings_are_objects_that_say_where_and_what_to_do() {
    let sandbox = Sandbox::new(&STUDENTS.replace("name String", "näm  string"));
    let run = sandbox.run(&["validate", "--format", "json"]).failure();
    assert_eq!(run.stderr, "");
    let start = STUDENTS.find("String").expect("it is there");
    let place = json!({
        "file": "prisma/schema.prisma", "line": 8, "column": 8, "end_line": 8, "end_column": 14,
        "start": start + 1, "end": start + 7,
    });
    let mut edit = place.clone();
    edit["replacement"] = json!("String");
    let mut expected = place;
    for (key, value) in [
        ("severity", json!("error")),
        (
            "message",
            json!(
                "Type \"string\" is neither a built-in type, nor refers to another model, composite type, or enum. \
                 Did you mean \"String\"?"
            ),
        ),
        ("code", json!("unknown-type")),
        ("labels", json!([])),
        ("help", Value::Null),
        ("fix", json!({"title": "write `String`", "edits": [edit]})),
    ] {
        expected[key] = value;
    }
    assert_eq!(findings(&run), [expected]);
    assert!(run.stdout.starts_with("[\n  {\"severity\":\"error\",\"message\":\""), "{run:#?}");
}

#[test]
fn warnings_are_told_and_fail_nothing() {
    let view = STUDENTS.replace(
        "model Student {",
        "generator g {\n  provider = \"x\"\n  previewFeatures = [\"deno\"]\n}\n\nmodel Student {",
    );
    let sandbox = Sandbox::new(&view);
    let run = sandbox.run(&["validate"]).success();
    assert!(run.stderr.contains("warning["), "{run:#?}");
    assert!(run.stdout.contains("is valid"), "{run:#?}");
    let run = sandbox.run(&["validate", "--format", "json"]).success();
    assert_eq!(findings(&run)[0]["severity"], "warning");
    let run = sandbox.run(&["validate", "--format", "github"]).success();
    assert!(run.stdout.starts_with("::warning file=prisma/schema.prisma,line="), "{run:#?}");
}

#[test]
fn of_several_files_the_right_one_is_named() {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("prisma/more/lesson.prisma", "model Student {\n  id Int @id\n}\n");
    sandbox.write("prisma/notes.txt", "no schema");
    let arguments = ["validate", "--schema", "prisma"];
    let run = sandbox.run(&arguments).failure();
    assert_eq!(run.stdout, "Prisma schema loaded from prisma\n");
    assert!(run.stderr.starts_with("Error: P1012\n\nerror[duplicate-name]: "), "{run:#?}");
    assert!(run.stderr.contains(" --> prisma/schema.prisma:6:7\n"), "{run:#?}");
    assert!(run.stderr.contains(" ::: prisma/more/lesson.prisma:1:7\n"), "{run:#?}");
    assert!(run.stderr.ends_with("\nValidation Error Count: 1\n"), "{run:#?}");
    let found = findings(&sandbox.run(&[&arguments[..], &["--format", "json"]].concat()).failure());
    assert_eq!(found[0]["file"], "prisma/schema.prisma");
    assert_eq!(found[0]["labels"][0]["file"], "prisma/more/lesson.prisma");
}

#[test]
fn the_folder_one_stands_in_is_a_schema_too() {
    let sandbox = Sandbox::new(STUDENTS);
    let mut command = sandbox.command(&["validate", "--schema", "."]);
    command.current_dir(sandbox.path("prisma"));
    let run = Run::of(command.output().expect("the command starts")).success();
    assert_eq!(run.stdout, "Prisma schema loaded from .\nThe schema at . is valid 🚀\n");
}

#[test]
fn a_folder_that_leads_into_itself_is_read_once() {
    let sandbox = Sandbox::new(STUDENTS);
    #[cfg(unix)]
    std::os::unix::fs::symlink(".", sandbox.path("prisma/again")).expect("links can be made");
    sandbox.run(&["validate", "--schema", "prisma"]).success();
}

#[test]
fn stdin_is_a_schema() {
    let sandbox = Sandbox::new("nonsense");
    let run = sandbox.run_with_stdin(&["validate", "--schema", "-"], STUDENTS).success();
    assert!(run.stdout.ends_with("The schema at <stdin> is valid 🚀\n"), "{run:#?}");
    let arguments = ["validate", "--schema", "-", "--format", "json"];
    let run = sandbox.run_with_stdin(&arguments, "model A {\n").failure();
    assert_eq!(findings(&run)[0]["file"], "<stdin>");
    let run = sandbox.run_with_stdin(&["schema", "json", "--schema", "-"], STUDENTS).success();
    assert!(run.stdout.contains("\"Student\""), "{run:#?}");
    let run = sandbox.run(&["migrate", "status", "--schema", "-"]).failure();
    assert!(run.stderr.contains("needs a schema that is on disk"), "{run:#?}");
}

#[test]
fn github_gets_commands_with_what_it_decodes_encoded() {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("a,b/100%.prisma", "model A {\n  a Int\n}\n\nmodel B {\n  id int @id\n}\n");
    let arguments = ["validate", "--format", "github", "--schema", "100%.prisma"];
    let mut command = sandbox.command(&arguments);
    command.current_dir(sandbox.path("a,b")).env("GITHUB_WORKSPACE", sandbox.path("."));
    let run = Run::of(command.output().expect("the command starts")).failure();
    assert_eq!(run.stderr, "");
    let commands: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        commands,
        [
            "::error file=a%2Cb/100%25.prisma,line=6,endLine=6,col=6,endColumn=9,title=P1012 unknown-type::Type \"int\" \
          is neither a built-in type, nor refers to another model, composite type, or enum. Did you mean \
          \"Int\"?%0Ahelp: write `Int`"
        ]
    );
}

#[test]
fn fixes_are_written_told_and_leave_a_valid_schema() {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("db/one.prisma", STUDENTS);
    sandbox.write("db/two.prisma", "model A {\r\n  id int @id // é\r\n  b  string\r\n}\r\n");
    let run = sandbox.run(&["validate", "--fix", "--schema", "db"]).success();
    assert_eq!(
        run.stdout,
        "Prisma schema loaded from db\n\
         Fixed db/two.prisma:2:6: write `Int`\n\
         Fixed db/two.prisma:3:6: write `String`\n\
         The schemas at db are valid 🚀\n"
    );
    assert_eq!(
        sandbox.read("db/two.prisma"),
        "model A {\r\n  id Int @id // é\r\n  b  String\r\n}\r\n"
    );
    assert_eq!(sandbox.list("db"), ["one.prisma", "two.prisma"]);
    let run = sandbox.run(&["validate", "--fix", "--schema", "db"]).success();
    assert!(!run.stdout.contains("Fixed"), "{run:#?}");
}

#[test]
fn what_cannot_be_fixed_remains_and_fails() {
    let sandbox = Sandbox::new(&STUDENTS.replace("String", "string\n  who  Whoever"));
    let run = sandbox.run(&["validate", "--fix", "--format", "json"]).failure();
    assert_eq!(run.stderr, "Fixed prisma/schema.prisma:8:8: write `String`\n");
    let found = findings(&run);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0]["message"].as_str().is_some_and(|text| text.contains("\"Whoever\"")));
    assert!(sandbox.read("prisma/schema.prisma").contains("name String\n"));
}

#[test]
fn with_stdin_fixing_is_a_filter() {
    let sandbox = Sandbox::new(STUDENTS);
    let wrong = STUDENTS.replace("String", "string");
    let arguments = ["validate", "--fix", "--schema", "-"];
    let run = sandbox.run_with_stdin(&arguments, &wrong).success();
    assert_eq!(run.stdout, STUDENTS);
    assert_eq!(run.stderr, "Fixed <stdin>:8:8: write `String`\n");
    let run = sandbox.run_with_stdin(&arguments, "model A {\n  id Foo @id\n}\n").failure();
    assert_eq!(run.stdout, "model A {\n  id Foo @id\n}\n");
    assert!(run.stderr.contains("error[unknown-type]"), "{run:#?}");
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay_and_what_is_protected_is_not_written() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let sandbox = Sandbox::new(STUDENTS);
    let wrong = STUDENTS.replace("String", "string");
    sandbox.write("real/schema.prisma", &wrong);
    let real = sandbox.path("real/schema.prisma");
    fs::set_permissions(&real, Permissions::from_mode(0o640)).expect("it is ours");
    symlink("real/schema.prisma", sandbox.path("link.prisma")).expect("links can be made");
    sandbox.run(&["validate", "--fix", "--schema", "link.prisma"]).success();
    assert_eq!(sandbox.read("real/schema.prisma"), STUDENTS);
    assert!(fs::symlink_metadata(sandbox.path("link.prisma")).expect("it is there").is_symlink());
    assert_eq!(fs::metadata(&real).expect("it is there").permissions().mode() & 0o777, 0o640);

    sandbox.write("real/schema.prisma", &wrong);
    fs::set_permissions(&real, Permissions::from_mode(0o440)).expect("it is ours");
    let run = sandbox.run(&["validate", "--fix", "--schema", "link.prisma"]).failure();
    assert!(run.stderr.contains("cannot be written: it is read-only"), "{run:#?}");
    let arguments = ["validate", "--fix", "--format", "json", "--schema", "link.prisma"];
    let found = findings(&sandbox.run(&arguments).failure());
    assert_eq!(found[0]["code"], "schema-not-written");
    assert_eq!(sandbox.read("real/schema.prisma"), wrong);
    assert_eq!(sandbox.list("real"), ["schema.prisma"]);
}

#[test]
fn a_schema_that_cannot_be_read_is_a_finding_too() {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("latin1.prisma", b"model A {\n  id Int @id // \xe9\n}\n");
    sandbox.write("empty/notes.txt", "no schema");
    for (path, says, line) in [
        ("nowhere.prisma", "file or directory not found", 1),
        ("latin1.prisma", "latin1.prisma is not UTF-8 text: byte 26, in line 2,", 2),
        ("empty", "no .prisma file in", 1),
    ] {
        for command in ["validate", "format"] {
            let run = sandbox.run(&[command, "--schema", path]).failure();
            assert!(run.stderr.starts_with("Error: ") && run.stderr.contains(says), "{run:#?}");
        }
        let run = sandbox.run(&["validate", "--schema", path, "--format", "json"]).failure();
        let found = findings(&run);
        assert_eq!(found.len(), 1, "{run:#?}");
        assert!(found[0]["message"].as_str().is_some_and(|text| text.contains(says)), "{run:#?}");
        assert!(found[0]["file"].as_str().is_some_and(|file| file.ends_with(path)), "{run:#?}");
        assert_eq!((&found[0]["severity"], &found[0]["line"]), (&json!("error"), &json!(line)));
        let run = sandbox.run(&["validate", "--schema", path, "--format", "github"]).failure();
        assert!(run.stdout.starts_with("::error file="), "{run:#?}");
        let run = sandbox.run(&["schema", "json", "--schema", path]).failure();
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn odd_bytes_are_told_and_steer_no_terminal() {
    let sandbox = Sandbox::new(&STUDENTS.replace("String", "String \0\u{1b}[2J\u{202e}"));
    for format in ["text", "json", "github"] {
        let run = sandbox.run(&["validate", "--format", format]).failure();
        for steering in ['\0', '\u{1b}', '\u{202e}'] {
            assert!(!run.stdout.contains(steering) && !run.stderr.contains(steering), "{run:#?}");
        }
    }
    let run = sandbox.run(&["validate"]).failure();
    assert!(run.stderr.contains("String ␀␛[2J\u{fffd}"), "{run:#?}");
}

#[test]
fn line_ends_of_windows_stay_and_count_for_nothing() {
    let windows = STUDENTS.replace('\n', "\r\n");
    let sandbox = Sandbox::new(&windows);
    sandbox.run(&["validate"]).success();
    sandbox.write("prisma/schema.prisma", windows.replace("Int ", "Foo "));
    let found = findings(&sandbox.run(&["validate", "--format", "json"]).failure());
    assert_eq!((&found[0]["line"], &found[0]["column"]), (&json!(7), &json!(8)));
    // The reference refuses a byte order mark.
    sandbox.write("prisma/schema.prisma", format!("\u{feff}{windows}"));
    sandbox.run(&["validate", "--fix"]).success();
    assert_eq!(sandbox.read("prisma/schema.prisma").trim_start_matches('\u{feff}'), windows);
}

#[test]
fn no_password_of_a_url_gets_out() {
    let url = format!("postgresql://u:{PASSWORD}@h/d");
    let far = " ".repeat(300);
    let schemas = [
        STUDENTS.replace("env(\"DATABASE_URL\")", &format!("\"{url}\" @foo")),
        // So long a line that the beginning of the URL is cut off where it is shown.
        STUDENTS.replace("env(\"DATABASE_URL\")", &format!("\"{url}\"{far}@foo")),
        STUDENTS.replace("name String", &format!("name String @default(\"{url}\", \"{url}\")")),
        STUDENTS.replace("name String", &format!("name Int @default(\"{url}\")")),
        STUDENTS.replace(
            "env(\"DATABASE_URL\")",
            &format!("\"postgresql://u:a \\\"{PASSWORD}@h/d\"\n  x = y"),
        ),
    ];
    for schema in schemas {
        let sandbox = Sandbox::new(&schema);
        for arguments in [
            &["validate"][..],
            &["validate", "--format", "json"],
            &["validate", "--format", "github"],
            &["validate", "--fix"],
            &["schema", "json"],
            &["format", "--check"],
        ] {
            let run = sandbox.run(arguments).failure();
            assert!(
                !run.stdout.contains(PASSWORD) && !run.stderr.contains(PASSWORD),
                "{schema}\n{run:#?}"
            );
            if arguments.contains(&"json") && arguments.contains(&"validate") {
                assert!(!findings(&run).is_empty());
            }
        }
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let sandbox = Sandbox::new(STUDENTS);
    for arguments in [&["schema", "json"][..], &["validate"], &["validate", "--help"]] {
        let mut command = sandbox.command(arguments);
        let (reader, writer) = std::io::pipe().expect("pipes can be made");
        drop(reader);
        let output = command.stdout(writer).output().expect("the command starts");
        let run = Run::of(output).success();
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn the_schema_is_json_for_other_programs() {
    let sandbox = Sandbox::new(STUDENTS);
    let run = sandbox.run(&["schema", "json"]).success();
    assert_eq!(run.stderr, "");
    let schema: Value = serde_json::from_str(&run.stdout).expect("stdout is JSON alone");
    assert_eq!(schema["models"][0]["name"], "Student");
    sandbox.write("prisma/schema.prisma", "model A {\n}\n");
    let run = sandbox.run(&["schema", "json"]).failure();
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("P1012"), "{run:#?}");
}

#[test]
fn help_needs_neither_project_nor_program() {
    let sandbox = Sandbox::new(STUDENTS);
    for (command, what) in [
        (&["seed", "--help"][..], "Fill the database with data"),
        (&["db", "seed", "-h"], "Fill the database with data"),
        (&["verify", "--help", "--schema", "nowhere.prisma"], "Check the data"),
        (&["health", "--help"], "Check the database"),
    ] {
        let run = sandbox.run(command).success();
        assert!(run.stdout.starts_with(what) && run.stdout.contains("Example:"), "{run:#?}");
    }
}
