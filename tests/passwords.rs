//! No password in any output, wherever in a schema it is; and none lost for that.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::sandbox::{Run, Sandbox};

const PASSWORD: &str = "s3cr3t";

const VALID: &str = r#"datasource db {
  provider = "postgresql"
  url      = "postgresql://u:s3cr3t@h/db"
}

generator g {
  provider    = "x"
  databaseUrl = "postgresql://u:s3cr3t@h/db"
  password    = "s3cr3t"
}

/// See postgresql://u:s3cr3t@h/db and "don't".
model Student {
  id   Int    @id
  name String @default("postgresql:\/\/u:s3cr3t@h/db")
}
"#;

#[test]
fn a_valid_schema_has_none_in_its_json() {
    let sandbox = Sandbox::new(VALID);
    let run = sandbox.run(&["schema", "json"]).success();
    assert!(!run.stdout.contains(PASSWORD), "{run:#?}");
    let schema: Value = serde_json::from_str(&run.stdout).expect("stdout is JSON alone");
    assert_eq!(
        schema["models"][0]["documentation"],
        "See postgresql://u:******@h/db and \"don't\"."
    );
    let config = &schema["generators"][0]["config"];
    assert_eq!(config["databaseUrl"], "postgresql://u:******@h/db");
    assert_eq!(config["password"], "******");
}

#[test]
fn a_fix_that_holds_one_is_applied_but_not_shown() {
    let wrong =
        VALID.replace("\"postgresql://u:s3cr3t@h/db\"\n}", "'postgresql://u:s3cr3t@h/db'\n}");
    let sandbox = Sandbox::new(&wrong.replace("name String", "name string"));
    let run = sandbox.run(&["validate", "--format", "json"]).failure();
    assert!(!run.stdout.contains(PASSWORD) && !run.stdout.contains("***"), "{run:#?}");
    let found: Vec<Value> = serde_json::from_str(&run.stdout).expect("stdout is JSON alone");
    assert_eq!((&found[0]["code"], &found[0]["fix"]), (&"invalid-line".into(), &Value::Null));
    // Others are offered as ever.
    assert_eq!(found[1]["fix"]["edits"][0]["replacement"], "String", "{run:#?}");
    let run = sandbox.run(&["validate"]).failure();
    assert!(run.stderr.contains("+   url      = \"postgresql://u:******@h/db\""), "{run:#?}");
    assert!(!run.stderr.contains(PASSWORD), "{run:#?}");
    // Colours begin and end within the line, and are no part of the URL.
    let mut command = sandbox.command(&["validate"]);
    let run = Run::of(command.env("CLICOLOR_FORCE", "1").output().expect("the command starts"));
    let coloured = "\u{1b}[92m\"postgresql://u:******@h/db\"\u{1b}[0m";
    assert!(run.stderr.contains(coloured), "{run:#?}");
    sandbox.run(&["validate", "--fix"]).success();
    assert_eq!(sandbox.read("prisma/schema.prisma"), VALID);
}

/// The line is all that is shown of it: it does not matter what is wrong there.
#[test]
fn what_is_no_url_as_it_should_be_hides_none() {
    for url in [
        r#""postgresql:\/\/u:s3cr3t@h/db" @foo"#,
        r#""host=h password=s3cr3t" @foo"#,
        r#""u:s3cr3t@h/db" @foo"#,
        "postgresql://u:p s3cr3t@h/db",
        "'u:s3cr3t@h/db'",
    ] {
        let sandbox = Sandbox::new(&format!(
            "datasource db {{\n  provider = \"postgresql\"\n  url = {url}\n}}\n"
        ));
        for format in ["text", "json", "github"] {
            let run = sandbox.run(&["validate", "--format", format]).failure();
            assert!(!run.stdout.contains(PASSWORD), "{url}\n{run:#?}");
            assert!(!run.stderr.contains(PASSWORD), "{url}\n{run:#?}");
            assert!(format != "text" || run.stderr.contains("***"), "{url}\n{run:#?}");
        }
    }
}

#[test]
fn an_apostrophe_after_the_word_hides_nothing() {
    let sandbox = Sandbox::new("// the password's hash\nmodel A {\n  id Foo @id // isn't\n}\n");
    let run = sandbox.run(&["validate"]).failure();
    assert!(run.stderr.contains("3 |   id Foo @id // isn't"), "{run:#?}");
}

#[test]
fn a_line_of_nothing_but_urls_takes_no_time() {
    let sandbox =
        Sandbox::new(&VALID.replace("@id\n", &format!("@id // {}\n", "://".repeat(100_000))));
    let begun = Instant::now();
    sandbox.run(&["validate"]).success();
    sandbox
        .write("prisma/schema.prisma", sandbox.read("prisma/schema.prisma").replace("Int", "Foo"));
    sandbox.run(&["validate"]).failure();
    assert!(begun.elapsed() < Duration::from_secs(20), "it took {:?}", begun.elapsed());
}
