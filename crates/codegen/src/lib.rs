//! A schema as the Rust source of its typed client: [`generate`] is pure, deterministic, and reads and writes no file.
//!
//! What comes out is names over `prisma-client-rust`: a field is a type alias, a table is a static description, and
//! nothing is generated for an operation. So a model is a few kilobytes, however many queries there are.
//!
//! ```
//! let file = psl::SourceFile::new("schema.prisma", "model User {\n  id String @id @default(uuid())\n}\n");
//! let schema = psl::analyze(vec![file]).schema;
//! let options = codegen::Options { schema_paths: vec!["../schema.prisma".to_owned()] };
//! let files = codegen::generate(&schema, &options);
//! assert_eq!(files.keys().collect::<Vec<_>>(), ["mod.rs", "user.rs"]);
//! ```

mod client;
mod column;
mod compare;
mod data;
mod documentation;
mod enumeration;
mod fingerprint;
mod model;
mod names;
mod new_row;
mod print;

use std::collections::BTreeMap;

use psl::Schema;

pub use compare::{Difference, compare};
pub use fingerprint::fingerprint;
pub use print::HEADER;

/// File names, relative to the output folder, with their contents.
pub type FileMap = BTreeMap<String, String>;

/// What the schema does not say.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The schema's files in the order of [`Schema::files`], each as a path relative to the output folder, with `/`.
    ///
    /// The generated code looks at them while it is compiled, to notice that it is stale. Without any it does not look.
    pub schema_paths: Vec<String>,
}

/// The client of a schema: `mod.rs` with the client and the enums, and a file for each model.
///
/// Where the names of two models would be one in Rust, the later one's gets an underscore: `Foo_Bar` after `FooBar` is
/// `foo_bar_`. No URL is ever in what is generated, only the name of the variable that holds it.
///
/// The same schema and options give the same bytes. A schema with errors gives the client of what could be resolved.
pub fn generate(schema: &Schema, options: &Options) -> FileMap {
    let models: Vec<_> = schema.models().filter(|model| !model.is_ignored()).collect();
    let mut files = FileMap::new();
    files.insert("mod.rs".to_owned(), print::file(client::module(schema, &models, options)));
    for model in models {
        let name = names::file(model);
        files.insert(format!("{name}.rs"), print::file(model::module(model)));
    }
    files
}
