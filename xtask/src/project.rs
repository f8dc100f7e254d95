//! Where things are: the project's root, its schema files, its migrations.

mod config;
mod lookup;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use psl::SourceFile;

use self::config::Value;
use self::lookup::Found;
use crate::failure::{Failure, Result};
use crate::paths;
use crate::terminal::note;

/// What stands for stdin where a path is asked for.
pub(crate) const STDIN: &str = "-";

/// The folder a command works on.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// Holds `prisma/`, `.env` and, when used, `.driveflow/`.
    pub(crate) root: PathBuf,
    /// A file, or a folder of `*.prisma` files.
    pub(crate) schema: PathBuf,
    /// Where the migrations are, if a config says so.
    configured_migrations: Option<PathBuf>,
}

impl Project {
    /// Prisma's look-up: the flag, then what `prisma.config.ts` says, then what `package.json` says, then `schema.prisma`,
    /// then `prisma/schema.prisma`; from a subfolder, the same in the folders above, so that commands work anywhere in the
    /// workspace.
    pub(crate) fn find(flag: Option<&Path>) -> Result<Self> {
        if let Some(flag) = flag {
            return Self::named(flag, "--schema");
        }
        let Found { schema, named_in } = lookup::find(&lookup::here()?)?;
        let project = Self::of(schema);
        Ok(Self { root: named_in.unwrap_or_else(|| project.root.clone()), ..project })
    }

    /// The project whose schema is where a flag says.
    pub(crate) fn named(path: &Path, flag: &str) -> Result<Self> {
        if path == Path::new(STDIN) {
            return Err(Failure::new("this command needs a schema that is on disk")
                .help("`validate`, `format` and `schema json` read one from stdin"));
        }
        let schema = lookup::here()?.join(path);
        lookup::require(&schema).map_err(|why| {
            Failure::new(format!(
                "Could not load `{flag}` from provided path `{}`: {why}",
                path.display()
            ))
        })?;
        Ok(Self::of(schema))
    }

    fn of(schema: PathBuf) -> Self {
        let config = lookup::here().ok().and_then(|here| lookup::config(&here));
        let configured_migrations = config.and_then(|config| match config.migrations {
            Value::Said(folder) => Some(folder),
            Value::Absent => None,
            Value::Computed => {
                note!(
                    "warning: {} is not run, and says where the migrations are only when it is; they are looked for beside \
                     the schema",
                    paths::shown(&config.file)
                );
                None
            }
        });
        Self { root: root_of(&schema), schema, configured_migrations }
    }

    /// The `prisma.config.ts` that Prisma would run, where there is one.
    pub(crate) fn config_file() -> Option<PathBuf> {
        lookup::config(&lookup::here().ok()?).map(|config| config.file)
    }

    pub(crate) fn schema_folder(&self) -> &Path {
        if self.schema.is_dir() { &self.schema } else { self.schema.parent().unwrap_or(&self.root) }
    }

    /// Whether the schema is in the `prisma` folder of a cargo workspace or package, as in a house like this one.
    pub(crate) fn is_of_cargo(&self) -> bool {
        self.root.join("Cargo.toml").is_file() && self.root != own_folder(&self.schema)
    }

    pub(crate) fn migrations(&self) -> PathBuf {
        let usual = || self.datasource_folder().join("migrations");
        self.configured_migrations.clone().unwrap_or_else(usual)
    }

    /// Where migrations and views are, as in Prisma: beside the file that has the datasource.
    pub(crate) fn datasource_folder(&self) -> PathBuf {
        // Whatever cannot be read is told by whoever needs it.
        let paths = if self.schema.is_dir() { self.source_paths() } else { Ok(Vec::new()) };
        let has_datasource = |path: &PathBuf| {
            let text = fs::read_to_string(path).unwrap_or_default();
            text.contains("datasource") && {
                let file = SourceFile::new(path.display().to_string(), text);
                psl::analyze_configuration(vec![file]).schema.datasource().is_some()
            }
        };
        let file = paths.unwrap_or_default().into_iter().find(has_datasource);
        let folder = file.as_deref().and_then(Path::parent);
        folder.unwrap_or_else(|| self.schema_folder()).to_owned()
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

/// `prisma/schema.prisma` belongs to the folder above `prisma`, and so does the folder `prisma/schema`; any other schema to
/// its own folder.
fn root_of(schema: &Path) -> PathBuf {
    let folder = own_folder(schema);
    let above = |folder: &Path| folder.parent().unwrap_or(folder).to_owned();
    if folder.ends_with("prisma") {
        return above(&folder);
    }
    match folder.parent().filter(|parent| schema.is_dir() && parent.ends_with("prisma")) {
        Some(prisma) => above(prisma),
        None => folder,
    }
}

/// The folder that the schema is, or is in. A link is taken for what it stands for only where `..` makes that necessary:
/// a `prisma` that leads elsewhere belongs to the folder that it is in.
fn own_folder(schema: &Path) -> PathBuf {
    let folder = if schema.is_dir() { schema } else { schema.parent().unwrap_or(schema) };
    if folder.components().any(|component| component == Component::ParentDir) {
        return folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    }
    // Without `.`, which would hide the name.
    folder.components().collect()
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
