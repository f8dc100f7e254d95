//! The committed client is what the schema gives today.

use std::path::Path;

use codegen::FileMap;

#[test]
fn the_client_is_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("../../prisma/schema.prisma")).unwrap();
    let analysis = psl::analyze(vec![psl::SourceFile::new("prisma/schema.prisma", text)]);
    assert!(!analysis.has_errors(), "{:?}", analysis.diagnostics);
    let options = codegen::Options {
        schema_paths: vec!["../../../../prisma/schema.prisma".to_owned()],
        migrations: Some("../../prisma/migrations".to_owned()),
        module_path: "crate::generated".to_owned(),
        tenant: analysis.schema.generators().iter().find_map(codegen::Tenant::of),
        ..codegen::Options::default()
    };
    let expected = codegen::generate(&analysis.schema, &options);
    let mut actual = FileMap::new();
    for entry in std::fs::read_dir(root.join("src/generated")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        actual.insert(name, std::fs::read_to_string(path).unwrap());
    }
    let differences: Vec<String> =
        codegen::compare(&expected, &actual).iter().map(ToString::to_string).collect();
    assert!(
        differences.is_empty(),
        "{}\n\nrun cargo xtask generate and commit what it writes",
        differences.join("\n")
    );
    // Half of the promise is that it stays small: 5 KB a model.
    let models = analysis.schema.models().count();
    let bytes: usize = expected.values().map(String::len).sum();
    assert!(bytes / models <= 5 * 1024, "{bytes} bytes for {models} models");
}

#[test]
fn the_client_lists_every_model_of_the_schema() {
    let text = include_str!("../../../prisma/schema.prisma");
    let schema = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]).schema;
    let names: Vec<&str> = client::MODELS.iter().map(|model| model.name).collect();
    assert_eq!(names, schema.models().map(psl::ModelWalker::name).collect::<Vec<_>>());
}
