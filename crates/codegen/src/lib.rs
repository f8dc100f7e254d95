//! A schema as the Rust source of its typed client: [`generate`] is pure, deterministic, and reads and writes no file.
//!
//! What comes out is names over `prisma-client-rust`: a field is a type alias, a table is a static description, and
//! nothing is generated for an operation. So a model is a few kilobytes, however many queries there are.
//!
//! ```
//! let file = psl::SourceFile::new("schema.prisma", "model User {\n  id String @id @default(uuid())\n}\n");
//! let schema = psl::analyze(vec![file]).schema;
//! let options = codegen::Options { schema_paths: vec!["../schema.prisma".to_owned()], ..Default::default() };
//! let files = codegen::generate(&schema, &options);
//! assert_eq!(files.keys().collect::<Vec<_>>(), ["mod.rs", "user.rs"]);
//! ```

mod client;
mod column;
mod compare;
mod data;
mod descriptor;
mod documentation;
mod enumeration;
mod fields;
mod fingerprint;
mod model;
mod names;
mod new_row;
mod print;
mod tenant;
mod types;
mod usage;
mod variants;

use std::collections::{BTreeMap, BTreeSet};

use psl::Schema;

use tenant::Members;

pub use compare::{Difference, compare};
pub use fingerprint::fingerprint;
pub use print::HEADER;
pub use tenant::{Tenant, TenantProblem, tenant_problem};
pub use usage::Usage;

/// File names, relative to the output folder, with their contents.
pub type FileMap = BTreeMap<String, String>;

/// What the schema's models do not say.
#[derive(Debug, Clone)]
pub struct Options {
    /// The schema's files in the order of [`Schema::files`], each as a path relative to the output folder, with `/`.
    ///
    /// The generated code looks at them while it is compiled, to notice that it is stale. Without any it does not look.
    pub schema_paths: Vec<String>,
    /// Where the client will be in its crate, with or without `crate::`; empty for the root. The macros of the models
    /// name it, so that it must be visible from wherever they are used.
    pub module_path: String,
    /// How the client is laid out.
    pub format: Format,
    /// The folder of the migrations, where there is one, as a path relative to the folder of the crate's `Cargo.toml`.
    ///
    /// It is looked at while the client is compiled, where the runtime has its feature `migrations`.
    pub migrations: Option<String>,
    /// What makes rows a tenant's, where the client is to have `tenant(..)`. [`tenant_problem`] says whether it can.
    pub tenant: Option<Tenant>,
    /// How arguments are given.
    pub arguments: Arguments,
    /// Which variants of prisma-client-rust's parameters are there.
    pub variants: Variants,
    /// The types that have names of their own, each a model's module and a field or a query in it: `user::email::Type`,
    /// `user::FindManyQuery`.
    pub types: Chosen<(String, String)>,
    /// The relations that rows hold as `Vec<post::Data>` and `Box<user::Data>`, in the place of a `Fetched` around them,
    /// by the names of their fields in Rust. Past some thirty models that lead to each other so, the compiler asks for a
    /// higher `recursion_limit`.
    pub plain: Chosen<String>,
}

/// Whether an argument that is a text is given as whatever becomes a `String`, or has the schema's type itself, so that
/// `into` finds out what to make.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Arguments {
    /// `equals("x")`, `client.user().create("x", vec![])`.
    #[default]
    Converted,
    /// `equals(x.into())`, and `client.user().create("x", vec![])`: prisma-client-rust 0.7.
    Mixed,
    /// `equals(x.into())`, `client.user().create(x.into(), vec![])`: prisma-client-rust 0.6.
    Exact,
}

/// Which variants of prisma-client-rust's parameters a client has. They say again what fields say, and each takes its time
/// to compile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Variants {
    /// None.
    #[default]
    None,
    /// Those of what names a row: `UniqueWhereParam::IdEquals(..)`.
    Keys,
    /// These, and others by their names: `SetName`, `Id` of `WhereParam::Id(..)`.
    Named(Chosen<String>),
}

/// Those of a client's names that are made in prisma-client-rust's way, which is dearer than ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen<T> {
    /// All of them.
    All,
    /// These.
    Only(BTreeSet<T>),
}

impl<T> Default for Chosen<T> {
    fn default() -> Self {
        Self::Only(BTreeSet::new())
    }
}

impl<T: Ord> Chosen<T> {
    fn has(&self, name: &T) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(name),
        }
    }
}

impl Options {
    /// The segments of [`module_path`](Self::module_path) after `crate`.
    fn module_path(&self) -> impl Iterator<Item = &str> {
        let segments = self.module_path.split("::").map(str::trim);
        segments.filter(|segment| !matches!(*segment, "" | "crate"))
    }
}

/// The generator's `client_format`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Format {
    /// `mod.rs` and a file for each model.
    #[default]
    Folder,
    /// Everything in one file of this name.
    File(String),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            schema_paths: Vec::new(),
            module_path: "crate::prisma".to_owned(),
            format: Format::Folder,
            migrations: None,
            tenant: None,
            arguments: Arguments::default(),
            variants: Variants::default(),
            types: Chosen::default(),
            plain: Chosen::default(),
        }
    }
}

/// Where in its crate a client is that is written to `output`, if each folder below `src` is a module; the last name
/// alone where there is no `src`.
///
/// ```
/// assert_eq!(codegen::module_path("../crates/app/src/db/prisma"), "db::prisma");
/// assert_eq!(codegen::module_path("../src/prisma.rs"), "prisma");
/// assert_eq!(codegen::module_path("generated"), "generated");
/// ```
pub fn module_path(output: &str) -> String {
    let output = output.strip_suffix(".rs").unwrap_or(output);
    let parts: Vec<&str> =
        output.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")).collect();
    let src = parts.iter().rposition(|part| *part == "src").map(|src| src + 1);
    parts[src.unwrap_or(parts.len().saturating_sub(1))..].join("::")
}

/// The client of a schema: the client itself and the enums, and a module for each model.
///
/// Where the names of two models would be one in Rust, the later one's gets an underscore: `Foo_Bar` after `FooBar` is
/// `foo_bar_`. No URL is ever in what is generated, only the name of the variable that holds it.
///
/// The same schema and options give the same bytes. A schema with errors gives the client of what could be resolved.
pub fn generate(schema: &Schema, options: &Options) -> FileMap {
    let models: Vec<_> = schema.models().filter(|model| !model.is_ignored()).collect();
    let members = Members::of(schema, options);
    let client = print::file(client::module(schema, &models, &members, options));
    match &options.format {
        Format::Folder => {
            let mut files = FileMap::from([("mod.rs".to_owned(), client)]);
            for model in models {
                let name = names::file(model);
                files.insert(
                    format!("{name}.rs"),
                    print::file(model::module(model, &members, options)),
                );
            }
            files
        }
        Format::File(name) => {
            let modules = models.into_iter().map(|model| {
                print::inline_module(&names::module(model), model::module(model, &members, options))
            });
            FileMap::from([(name.clone(), client + &modules.collect::<String>())])
        }
    }
}
