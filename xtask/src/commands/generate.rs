//! `generate`: the typed client, from the schema.
//!
//! Only files that carry the generator's header are ever replaced or removed: an `output` that points at the wrong
//! folder costs nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use codegen::{Difference, FileMap};
use psl::{EnvOr, Schema};

use super::load;
use crate::cli::{Common, Generate};
use crate::failure::{Failure, Result};
use crate::files;
use crate::paths;
use crate::paths::{plain, relative};
use crate::project::Project;
use crate::ripple;
use crate::terminal::say;

/// The generator's names in a schema: ours is the one prisma-client-rust's users have.
const PROVIDERS: [&str; 2] = ["cargo prisma", "prisma-client-rust"];

pub(super) async fn run(common: &Common, arguments: &Generate) -> Result<()> {
    let (project, schema) = load(common)?;
    let Some(client) = Client::of(&project, &schema)? else {
        return Err(Failure::new(format!("no generator in {} writes a Rust client", paths::shown(&project.schema)))
            .help("add one:\n\n  generator client {\n    provider = \"cargo prisma\"\n    output   = \"../src/prisma\"\n  }"));
    };
    if arguments.check {
        return client.check();
    }
    client.write_and_tell().await
}

/// Writes the client after a change, where the schema asks for one, and tells which lines no longer compile with it.
pub(super) async fn write_client(project: &Project, schema: &Schema) -> Result<()> {
    match Client::of(project, schema)? {
        Some(client) => client.write_and_tell().await,
        None => Ok(()),
    }
}

/// What the client should be, and where.
struct Client {
    folder: PathBuf,
    files: FileMap,
}

impl Client {
    fn of(project: &Project, schema: &Schema) -> Result<Option<Self>> {
        let is_ours = |provider: &EnvOr| matches!(provider, EnvOr::Literal(name) if PROVIDERS.contains(&name.as_str()));
        let Some(generator) =
            schema.generators().iter().find(|generator| is_ours(&generator.provider))
        else {
            return Ok(None);
        };
        let output = match &generator.output {
            Some(EnvOr::Literal(path)) => path.clone(),
            Some(EnvOr::Env(name)) => std::env::var(name).map_err(|_| {
                Failure::new(format!("Environment variable not found: {name}.")).code("P1012")
            })?,
            None => {
                return Err(Failure::new(format!(
                    "the generator \"{}\" has no `output`",
                    generator.name.text
                ))
                .help("say where the client belongs: output = \"../src/prisma\""));
            }
        };
        let folder = plain(&project.schema_folder().join(output));
        let schema_paths =
            project.source_paths()?.iter().map(|path| relative(&folder, &plain(path))).collect();
        let files = codegen::generate(schema, &codegen::Options { schema_paths });
        Ok(Some(Self { folder, files }))
    }

    fn check(&self) -> Result<()> {
        let differences = codegen::compare(&self.files, &self.on_disk()?);
        let shown = paths::shown(&self.folder);
        if differences.is_empty() {
            say!("The client in {shown} is what the schema says.");
            return Ok(());
        }
        let list: Vec<String> = differences.iter().map(ToString::to_string).collect();
        Err(Failure::new(format!(
            "the client in {shown} is not what the schema says:\n  {}",
            list.join("\n  ")
        ))
        .help("cargo xtask generate"))
    }

    async fn write_and_tell(&self) -> Result<()> {
        if self.write()? {
            ripple::show(&self.folder).await;
        }
        Ok(())
    }

    /// Whether anything had to be written.
    fn write(&self) -> Result<bool> {
        let differences = codegen::compare(&self.files, &self.on_disk()?);
        let shown = paths::shown(&self.folder);
        if differences.is_empty() {
            say!("The client in {shown} is up to date.");
            return Ok(false);
        }
        let cannot = |path: &Path, error| {
            Failure::new(format!("{} cannot be written: {error}", paths::shown(path)))
        };
        let _writing = files::writing();
        fs::create_dir_all(&self.folder).map_err(|error| cannot(&self.folder, error))?;
        for difference in &differences {
            let path = self.folder.join(difference.file());
            let written = match difference {
                Difference::Extra(_) => fs::remove_file(&path),
                Difference::Stale(name) | Difference::Missing(name) => {
                    refuse_foreign(&path)?;
                    // Renamed into place: an interruption leaves the old file or the new one, never half of one.
                    let unfinished = path.with_extension("rs.new");
                    fs::write(&unfinished, &self.files[name])
                        .and_then(|()| fs::rename(&unfinished, &path))
                }
            };
            written.map_err(|error| cannot(&path, error))?;
        }
        say!(
            "Generated the client in {shown} ({} of {} files changed).",
            differences.len(),
            self.files.len()
        );
        Ok(true)
    }

    /// The generated files that are there.
    fn on_disk(&self) -> Result<FileMap> {
        let unreadable =
            |error| Failure::new(format!("{} cannot be read: {error}", self.folder.display()));
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(unreadable(error)),
        };
        let mut files = BTreeMap::new();
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            // What cannot be read as text was not generated.
            if Path::new(&name).extension().is_some_and(|extension| extension == "rs")
                && let Ok(text) = fs::read_to_string(entry.path())
                && is_generated(&text)
            {
                files.insert(name, text);
            }
        }
        Ok(files)
    }
}

fn is_generated(text: &str) -> bool {
    text.starts_with(codegen::HEADER)
}

fn refuse_foreign(path: &Path) -> Result<()> {
    match fs::read(path) {
        Ok(bytes) if !is_generated(&String::from_utf8_lossy(&bytes)) => Err(Failure::new(format!(
            "{} was not generated, and would be overwritten",
            paths::shown(path)
        ))
        .help("point the generator's `output` at a folder of its own")),
        _ => Ok(()),
    }
}
