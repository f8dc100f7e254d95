//! `generate`: the typed client, from the schema.
//!
//! Only files that carry the generator's header are ever replaced or removed: an `output` that points at the wrong
//! folder costs nothing.

mod settings;
mod usage;

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use codegen::{Difference, FileMap, Format};
use psl::Schema;

use self::settings::Settings;
use super::load;
use crate::cli::{Common, Generate};
use crate::failure::{Failure, Result};
use crate::files;
use crate::paths;
use crate::project::Project;
use crate::ripple;
use crate::terminal::say;

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

/// Where the client is, for people, and how many of its files are not what the schema says; none where no generator
/// writes one.
pub(super) fn compare(project: &Project, schema: &Schema) -> Result<Option<(String, usize)>> {
    let Some(client) = Client::of(project, schema)? else { return Ok(None) };
    let differences = codegen::compare(&client.files, &client.on_disk()?);
    Ok(Some((client.shown(), differences.len())))
}

/// What the client should be, and where.
struct Client {
    folder: PathBuf,
    format: Format,
    files: FileMap,
    /// What of it the project's code says.
    read: Vec<String>,
}

impl Client {
    fn of(project: &Project, schema: &Schema) -> Result<Option<Self>> {
        let Some(settings) = Settings::of(project, schema)? else { return Ok(None) };
        let Settings { folder, options, read } = settings;
        let files = codegen::generate(schema, &options);
        Ok(Some(Self { folder, format: options.format, files, read }))
    }

    /// Where the client is, for people.
    fn shown(&self) -> String {
        match &self.format {
            Format::File(name) => paths::shown(&self.folder.join(name)),
            Format::Folder => paths::shown(&self.folder),
        }
    }

    fn check(&self) -> Result<()> {
        let differences = codegen::compare(&self.files, &self.on_disk()?);
        let shown = self.shown();
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
        if self.write()? && ripple::show(&self.folder).await && !self.read.is_empty() {
            say!(
                "\nThis was read in the code, and what of it is wrong the generator block may say: {}",
                self.read.join("; ")
            );
        }
        Ok(())
    }

    /// Whether anything had to be written.
    fn write(&self) -> Result<bool> {
        let differences = codegen::compare(&self.files, &self.on_disk()?);
        let shown = self.shown();
        if differences.is_empty() {
            say!("The client in {shown} is up to date.");
            return Ok(false);
        }
        let cannot = |path: &Path, error| {
            Failure::new(format!("{} cannot be written: {error}", paths::shown(path)))
        };
        let _writing = files::writing();
        fs::create_dir_all(&self.folder).map_err(|error| cannot(&self.folder, error))?;
        if self.format == Format::Folder {
            remove_other_place(&self.folder);
        }
        for difference in &differences {
            let path = self.folder.join(difference.file());
            let written = match difference {
                Difference::Extra(_) => fs::remove_file(&path),
                Difference::Stale(name) | Difference::Missing(name) => {
                    refuse_foreign(&path)?;
                    remove_other_place(&path);
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
        if let Format::File(name) = &self.format {
            // The other files of the folder are not the client's.
            let text = fs::read_to_string(self.folder.join(name)).ok();
            return Ok(text.map(|text| (name.clone(), text)).into_iter().collect());
        }
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

/// What prisma-client-rust itself begins its files with, which ours take the place of.
const UPSTREAM_HEADER: &str = "// File generated by Prisma Client Rust. DO NOT EDIT";

fn is_generated(text: &str) -> bool {
    text.starts_with(codegen::HEADER) || text.starts_with(UPSTREAM_HEADER)
}

/// Removes what was generated for a module in its other place, `post/` for `post.rs`: with both the compiler would
/// not know which to take. Where anything else is there too it stays, and the compiler tells of it.
fn remove_other_place(module: &Path) {
    let is_file = module.extension().is_some();
    let other = module.with_extension(if is_file { "" } else { "rs" });
    // What cannot be removed is told by the compiler too.
    let _ = match (is_all_generated(&other), is_file) {
        (false, _) => Ok(()),
        (true, true) => fs::remove_dir_all(other),
        (true, false) => fs::remove_file(other),
    };
}

fn is_all_generated(path: &Path) -> bool {
    match fs::read_dir(path) {
        Ok(entries) => entries
            .into_iter()
            .all(|entry| entry.is_ok_and(|entry| is_all_generated(&entry.path()))),
        Err(_) => fs::read_to_string(path).is_ok_and(|text| is_generated(&text)),
    }
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
