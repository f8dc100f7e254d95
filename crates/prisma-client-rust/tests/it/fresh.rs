//! The generated clients of the test schemas are what codegen makes of them today.

use std::path::Path;

use codegen::FileMap;

const SCHEMA: &str = include_str!("schema.prisma");

#[test]
fn the_test_client_is_fresh() {
    let command =
        "cargo run -p codegen --example write -- schema.prisma generated ../schema.prisma";
    is_fresh(SCHEMA, "generated", "crate::generated", command);
}

#[test]
fn the_client_with_tenants_is_fresh() {
    let schema = include_str!("tenant/schema.prisma");
    let command = "cargo xtask generate --schema tenant/schema.prisma";
    is_fresh(schema, "tenant/generated", "crate::tenant::generated", command);
}

#[test]
fn the_client_with_tenants_of_another_type_is_fresh() {
    let schema = include_str!("tenant/uuid/schema.prisma");
    let command = "cargo xtask generate --schema tenant/uuid/schema.prisma";
    is_fresh(schema, "tenant/uuid/generated", "crate::tenant::uuid::generated", command);
}

fn is_fresh(schema: &str, folder: &str, module_path: &str, command: &str) {
    let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", schema)]);
    assert!(!analysis.has_errors(), "{:?}", analysis.diagnostics);
    let options = codegen::Options {
        schema_paths: vec!["../schema.prisma".to_owned()],
        module_path: module_path.to_owned(),
        tenant: analysis.schema.generators().iter().find_map(codegen::Tenant::of),
        ..codegen::Options::default()
    };
    let expected = codegen::generate(&analysis.schema, &options);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(folder);
    let mut actual = FileMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        actual.insert(name, std::fs::read_to_string(path).unwrap());
    }
    let differences: Vec<String> =
        codegen::compare(&expected, &actual).iter().map(ToString::to_string).collect();
    assert!(
        differences.is_empty(),
        "{differences:?}: in crates/prisma-client-rust/tests/it, run\n  {command}"
    );
}

#[test]
fn the_compiler_and_codegen_have_one_fingerprint() {
    let large = "model A {\n  id Int @id\n}\n".repeat(1_000);
    for files in
        [&[][..], &[""][..], &["a", "b"], &["ab"], &["12345678"], &["123456789", SCHEMA], &[&large]]
    {
        let bytes: Vec<&[u8]> = files.iter().map(|file| file.as_bytes()).collect();
        assert_eq!(prisma_client_rust::schema_hash(&bytes), codegen::fingerprint(&bytes));
    }
    let split = [b"a".as_slice(), b"b".as_slice()];
    assert_ne!(codegen::fingerprint(&split), codegen::fingerprint(&[b"ab"]));
}
