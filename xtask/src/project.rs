//! Where things are: the project's root, its schema files, its migrations.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use psl::Schema;

use crate::failure::{Failure, Result};
use crate::findings;
use crate::paths;
use crate::sources::Sources;

/// What stands for stdin where a path is asked for.
pub(crate) const STDIN: &str = "-";

/// The folder a command works on.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// Holds `prisma/`, `.env` and, when used, `.driveflow/`.
    pub(crate) root: PathBuf,
    /// A file, or a folder of `*.prisma` files.
    pub(crate) schema: PathBuf,
}

impl Project {
    /// Prisma's look-up: the flag, then `schema.prisma`, then `prisma/schema.prisma`; from a subfolder, the same in
    /// the folders above, so that commands work anywhere in the workspace.
    pub(crate) fn find(flag: Option<&Path>) -> Result<Self> {
        let here = std::env::current_dir()
            .map_err(|error| Failure::new(format!("the current folder cannot be read: {error}")))?;
        if let Some(flag) = flag {
            if flag == Path::new(STDIN) {
                return Err(Failure::new("this command needs a schema that is on disk")
                    .help("`validate`, `format` and `schema json` read one from stdin"));
            }
            let schema = here.join(flag);
            if let Err(error) = schema.metadata() {
                let why = match error.kind() {
                    ErrorKind::NotFound => "file or directory not found".to_owned(),
                    _ => error.to_string(),
                };
                return Err(Failure::new(format!(
                    "Could not load `--schema` from provided path `{}`: {why}",
                    flag.display()
                )));
            }
            return Ok(Self { root: root_of(&schema), schema });
        }
        for folder in here.ancestors() {
            for candidate in ["schema.prisma", "prisma/schema.prisma"] {
                let schema = folder.join(candidate);
                if schema.is_file() {
                    return Ok(Self { root: root_of(&schema), schema });
                }
            }
        }
        Err(Failure::new(
            "Could not find Prisma Schema that is required for this command.\nChecked: schema.prisma and \
             prisma/schema.prisma, here and in every folder above",
        )
        .help("name it: cargo xtask --schema path/to/schema.prisma …"))
    }

    pub(crate) fn schema_folder(&self) -> &Path {
        if self.schema.is_dir() { &self.schema } else { self.schema.parent().unwrap_or(&self.root) }
    }

    pub(crate) fn migrations(&self) -> PathBuf {
        self.schema_folder().join("migrations")
    }

    /// Reads and analyses the schema; any error in it ends the command with all of them shown.
    pub(crate) fn load(&self) -> Result<Schema> {
        let sources = Sources::of(self, paths::shown)?;
        let analysis = psl::analyze(sources.files);
        findings::end_on_errors(&analysis.diagnostics, analysis.schema.files())?;
        Ok(analysis.schema)
    }

    /// The schema's files, sorted, as [`Schema::files`] has them.
    pub(crate) fn source_paths(&self) -> Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        if self.schema.is_dir() {
            collect_schema_files(&self.schema, &mut BTreeSet::new(), &mut paths)?;
            paths.sort();
            if paths.is_empty() {
                let folder = paths::shown(&self.schema);
                return Err(Failure::new(format!("no .prisma file in {folder} or its folders"))
                    .help("name the folder that holds the schema, or one of its files"));
            }
        } else {
            paths.push(self.schema.clone());
        }
        Ok(paths)
    }
}

/// `prisma/schema.prisma` belongs to the folder above `prisma`; any other schema to its own folder.
fn root_of(schema: &Path) -> PathBuf {
    let folder = if schema.is_dir() { schema } else { schema.parent().unwrap_or(schema) };
    let root = if folder.ends_with("prisma") { folder.parent().unwrap_or(folder) } else { folder };
    root.canonicalize().unwrap_or_else(|_| root.to_owned())
}

/// `seen` holds the folders that were read: links may lead back to one of them.
fn collect_schema_files(
    folder: &Path,
    seen: &mut BTreeSet<PathBuf>,
    paths: &mut Vec<PathBuf>,
) -> Result<()> {
    let unreadable = |error| Failure::new(format!("{} cannot be read: {error}", folder.display()));
    if !seen.insert(folder.canonicalize().map_err(unreadable)?) {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            collect_schema_files(&path, seen, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "prisma") {
            paths.push(path);
        }
    }
    Ok(())
}
