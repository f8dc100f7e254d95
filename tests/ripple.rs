//! A change of the schema ripples through compiled code: the compiler says where, naming the field.

use std::fs;

use crate::program::Program;
use crate::sandbox::workspace;

const PROGRAM: &str = "//! Code written against DriveFlow's client.
mod prisma;

pub async fn note(client: &prisma::PrismaClient, id: String) -> Result<(), prisma_client_rust::QueryError> {
    use prisma::student;
    client.student().update(student::id::equals(id), vec![student::NAME::set(Some(\"Ali\".to_owned()))]).await?;
    Ok(())
}
";

/// DriveFlow's schema and a program that sets a field of a student.
struct Ripple {
    program: Program,
    schema: String,
}

impl Ripple {
    fn new() -> Self {
        let schema = fs::read_to_string(workspace().join("prisma/schema.prisma"))
            .expect("the schema is there");
        let schema = schema.replace("../crates/client/src/generated", "../src/prisma");
        Self { program: Program::new("ripple", 2024, &[], ""), schema }
    }

    fn uses(&self, field: &str) {
        self.program.write("src/lib.rs", &PROGRAM.replace("NAME", field));
    }

    fn schema(&self, from: &str, to: &str) {
        self.program.write("prisma/schema.prisma", &self.schema.replace(from, to));
    }
}

const NOTES: &str = "  notes     String?\n";

#[test]
fn new_fields_compile_removed_ones_are_named_and_a_stale_client_says_what_to_run() {
    let ripple = Ripple::new();
    let program = &ripple.program;
    assert!(ripple.schema.contains(NOTES), "the test follows the schema");

    ripple.uses("nickname");
    ripple.schema(NOTES, "  notes     String?\n  nickname  String?\n");
    let generated = program.generate();
    assert!(generated.stdout.contains("compiles with it: ripple."), "{generated:#?}");
    program.check().success();

    ripple.schema("", "");
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

    ripple.uses("notes");
    program.check().success();
}
