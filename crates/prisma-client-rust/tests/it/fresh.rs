//! The generated client of the test schema is what codegen makes of it today.

use std::path::Path;

use codegen::FileMap;

const SCHEMA: &str = include_str!("schema.prisma");

#[test]
fn the_test_client_is_fresh() {
    let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", SCHEMA)]);
    assert!(!analysis.has_errors(), "{:?}", analysis.diagnostics);
    let options = codegen::Options {
        schema_paths: vec!["../schema.prisma".to_owned()],
        module_path: "crate::generated".to_owned(),
        ..codegen::Options::default()
    };
    let expected = codegen::generate(&analysis.schema, &options);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/generated");
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
        "{differences:?}: in crates/prisma-client-rust/tests/it, run\n  cargo run -p codegen --example write -- \
         schema.prisma generated ../schema.prisma"
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
