//! Snapshots of what DriveFlow's schema becomes. That of a client is in `crates/codegen`, those of texts in `crates/migrate`.

use pg_schema::{Pair, PgSchema, diff, render};
use psl::{Schema, SourceFile};

fn schema(name: &str, text: &str) -> Schema {
    let analysis = psl::analyze(vec![SourceFile::new(name, text)]);
    assert!(analysis.diagnostics.is_empty(), "{:#?}", analysis.diagnostics);
    analysis.schema
}

#[test]
fn driveflow_as_sql() {
    let schema = schema("schema.prisma", include_str!("../prisma/schema.prisma"));
    let desired = mapping::desired_schema(&schema);
    let nothing = PgSchema::default();
    let schemas = Pair::new(&nothing, &desired);
    insta::assert_snapshot!(render(&diff(schemas), schemas));
}
