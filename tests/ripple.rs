//! A change of the schema ripples through compiled code: the compiler says where, naming the field.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sandbox::{Run, cargo, workspace, xtask};

const PROGRAM: &str = "//! Code written against DriveFlow's client.
mod prisma;

pub async fn note(client: &prisma::PrismaClient, id: String) -> Result<(), prisma_client_rust::QueryError> {
    use prisma::student;
    client.student().update(student::id::equals(id), vec![student::NAME::set(Some(\"Ali\".to_owned()))]).await?;
    Ok(())
}
";

/// A crate of its own on the runtime, kept between runs so that only the first compiles all of it.
struct Program {
    root: PathBuf,
    schema: String,
}

impl Program {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ripple");
        let _ = fs::remove_dir_all(root.join("src"));
        fs::create_dir_all(root.join("prisma")).expect("the target folder can be written");
        fs::create_dir_all(root.join("src")).expect("the target folder can be written");
        let runtime = workspace().join("crates/prisma-client-rust");
        let manifest = format!(
            "[package]\nname = \"ripple\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nprisma-client-rust = {{ path = {:?} }}\n",
            runtime.display().to_string()
        );
        fs::write(root.join("Cargo.toml"), manifest).expect("the manifest can be written");
        fs::copy(workspace().join("Cargo.lock"), root.join("Cargo.lock"))
            .expect("the lock file can be copied");
        let schema = fs::read_to_string(workspace().join("prisma/schema.prisma"))
            .expect("the schema is there");
        let schema = schema.replace("../crates/client/src/generated", "../src/prisma");
        Self { root, schema }
    }

    fn uses(&self, field: &str) {
        fs::write(self.root.join("src/lib.rs"), PROGRAM.replace("NAME", field))
            .expect("the program can be written");
    }

    fn schema(&self, from: &str, to: &str) {
        let schema = self.schema.replace(from, to);
        fs::write(self.root.join("prisma/schema.prisma"), schema)
            .expect("the schema can be written");
    }

    fn generate(&self) -> Run {
        let mut command = Command::new(xtask());
        command.arg("generate").current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", self.root.join("target"));
        Run::of(command.output().expect("the command starts")).success()
    }

    fn check(&self) -> Run {
        let mut command = cargo();
        command.args(["check", "--offline"]).current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", self.root.join("target")).env("CARGO_TERM_COLOR", "never");
        Run::of(command.output().expect("cargo runs"))
    }
}

const NOTES: &str = "  notes     String?\n";

#[test]
fn new_fields_compile_removed_ones_are_named_and_a_stale_client_says_what_to_run() {
    let program = Program::new();
    assert!(program.schema.contains(NOTES), "the test follows the schema");

    program.uses("nickname");
    program.schema(NOTES, "  notes     String?\n  nickname  String?\n");
    let generated = program.generate();
    assert!(generated.stdout.contains("compiles with it: ripple."), "{generated:#?}");
    program.check().success();

    program.schema("", "");
    let stale = program.check();
    assert_ne!(stale.code, Some(0), "a client older than its schema compiled");
    assert!(stale.stderr.contains("run cargo xtask generate"), "{}", stale.stderr);

    let generated = program.generate();
    assert!(
        generated.stdout.contains("The change reaches 1 line of the code that uses the client:")
            && generated.stdout.contains("\nripple\n  src/lib.rs:6:")
            && generated.stdout.contains("`nickname`"),
        "{generated:#?}"
    );
    let gone = program.check();
    assert_ne!(gone.code, Some(0), "a field that is gone compiled");
    assert!(
        gone.stderr.contains("`nickname`") && gone.stderr.contains("src/lib.rs:6"),
        "{}",
        gone.stderr
    );

    program.uses("notes");
    program.check().success();
}
