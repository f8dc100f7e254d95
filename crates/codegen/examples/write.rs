//! Writes the client of a schema file: `cargo run -p codegen --example write -- SCHEMA OUTPUT SCHEMA_FROM_OUTPUT`.
//!
//! For work on this crate itself, when `cargo xtask generate` cannot be built.

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [schema, output, from_output] = arguments.as_slice() else {
        return Err(
            "three paths are needed: the schema, the output folder, the schema as seen from there"
                .into(),
        );
    };
    let analysis =
        psl::analyze(vec![psl::SourceFile::new(schema, std::fs::read_to_string(schema)?)]);
    for diagnostic in &analysis.diagnostics {
        eprintln!("{diagnostic:?}");
    }
    let options = codegen::Options {
        schema_paths: vec![from_output.clone()],
        module_path: codegen::module_path(output),
        ..codegen::Options::default()
    };
    std::fs::create_dir_all(output)?;
    for (name, text) in codegen::generate(&analysis.schema, &options) {
        std::fs::write(Path::new(output).join(name), text)?;
    }
    Ok(())
}
