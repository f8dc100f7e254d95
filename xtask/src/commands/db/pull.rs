//! `db pull`: writes the schema that the database has into the files that are there.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use mapping::pull::{PullOptions, Pulled, ViewDefinition, configuration_only};
use migrate::report;
use psl::{Analysis, Schema, SourceFile};

use crate::cli::{Common, Pull};
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::sources::Sources;
use crate::terminal::{note, say, write_result};
use crate::{files, findings, paths};

/// Where Prisma puts what is in no file of a folder yet.
const NEW_FILE: &str = "introspected.prisma";

pub(super) async fn run(common: &Common, arguments: &Pull) -> Result<()> {
    let started = Instant::now();
    let project = Project::find(common.schema.as_deref())?;
    let sources = Sources::of(&project, paths::shown)?;
    let told = Told { schema: &sources.shown, is_print: arguments.print };
    told.loaded();
    let analysis = psl::analyze(sources.files.clone());
    refuse_invalid(&analysis, arguments.force, &told)?;
    let new_file = new_file(&project);
    let shown = paths::shown(&new_file);
    let previous = if arguments.force {
        configuration_only(&analysis.schema, &shown)
    } else {
        analysis.schema
    };
    let database = Database::resolve(&project, &previous, common.database_url.as_deref())?;
    told.begins(&database, &previous);
    let namespaces = (!arguments.schemas.is_empty()).then_some(arguments.schemas.as_slice());
    let options = PullOptions { new_file: &shown, namespaces };
    let pulled = migrate::pull::pull(&database.direct, &previous, &options).await;
    let pulled = pulled.map_err(|error| told.failed(error))?;
    if arguments.print {
        print(&pulled)?;
        warn_of_errors(&pulled);
        return Ok(());
    }
    if arguments.force {
        replace(&sources, &new_file, &pulled)?;
    } else {
        write(&sources, &new_file, &pulled)?;
    }
    write_views(&project.datasource_folder(), &pulled.views)?;
    say!("{}\n", report::pull::introspected(&pulled, told.schema, started.elapsed()));
    warn_of_errors(&pulled);
    Ok(())
}

/// What is told on the way, of which nothing is where the schema itself goes to stdout.
struct Told<'a> {
    schema: &'a str,
    is_print: bool,
}

impl Told<'_> {
    fn loaded(&self) {
        self.say(&format!("Prisma schema loaded from {}", self.schema));
    }

    fn begins(&self, database: &Database, schema: &Schema) {
        let introduction = database.introduction(schema);
        self.say(&format!("{introduction}\n\n- {}", report::pull::introspecting(self.schema)));
    }

    fn ends_badly(&self) {
        self.say(&format!("✖ {}", report::pull::introspecting(self.schema)));
    }

    fn failed(&self, error: migrate::Error) -> Failure {
        self.ends_badly();
        match error.code() {
            Some("P4001") => Failure::new(report::pull::database_is_empty()),
            Some("P1003") => Failure::new(report::pull::database_is_missing()),
            _ => error.into(),
        }
    }

    fn say(&self, line: &str) {
        if !self.is_print {
            say!("{line}");
        }
    }
}

/// A schema with errors cannot be kept. With `--force`, only what says where the database is has to be right.
fn refuse_invalid(analysis: &Analysis, is_forced: bool, told: &Told<'_>) -> Result<()> {
    let is_valid = analysis.diagnostics.iter().all(|diagnostic| !diagnostic.is_error());
    let is_enough = is_forced && analysis.schema.datasource().is_some();
    if is_valid || is_enough {
        return Ok(());
    }
    told.say("");
    told.ends_badly();
    told.say("");
    let refused = findings::end_on_errors(&analysis.diagnostics, analysis.schema.files());
    note!("\n{}\n", report::pull::schema_is_invalid());
    refused
}

/// It is written in any case, as Prisma does: the structure in it is what was asked for, and a person can mend it.
fn warn_of_errors(pulled: &Pulled) {
    let files: Vec<SourceFile> =
        pulled.files.iter().filter(|file| !file.text().is_empty()).cloned().collect();
    let analysis = psl::analyze(files);
    let files = analysis.schema.files();
    findings::warn_of_errors(report::pull::result_is_invalid(), &analysis.diagnostics, files);
}

/// The schema's only file, or one of its own beside those of a folder.
fn new_file(project: &Project) -> PathBuf {
    if project.schema.is_dir() { project.schema.join(NEW_FILE) } else { project.schema.clone() }
}

fn print(pulled: &Pulled) -> Result<()> {
    let text = match pulled.files.as_slice() {
        [file] => format!("{}\n", file.text()),
        files => {
            let mut files: Vec<&SourceFile> = files.iter().collect();
            files.sort_by_key(|file| file.path());
            let texts = files.iter().map(|file| format!("// {}\n{}\n", file.path(), file.text()));
            texts.collect::<Vec<_>>().concat()
        }
    };
    // As the reference ends it.
    write_result(&(text + "\n"))?;
    let warnings = report::pull::warnings_as_comments(pulled);
    if !warnings.is_empty() {
        note!("{warnings}");
    }
    Ok(())
}

/// Each block stays in its file; what is new may get a file of its own, which is written first: what it lacks then is in
/// none of the others either.
fn write(sources: &Sources, new_file: &Path, pulled: &Pulled) -> Result<()> {
    if let Some(new) = pulled.files.get(sources.files.len()) {
        create(new_file, new.text())?;
    }
    Ok(sources.write(pulled.files.iter().map(SourceFile::text))?)
}

/// One file takes the place of all.
fn replace(sources: &Sources, new_file: &Path, pulled: &Pulled) -> Result<()> {
    let Some(new) = pulled.files.first() else { return Ok(()) };
    let is_it = |file: &SourceFile| file.path() == new.path();
    if sources.files.iter().any(is_it) {
        let texts = sources.files.iter();
        sources.write(texts.map(|file| if is_it(file) { new.text() } else { file.text() }))?;
    } else {
        create(new_file, new.text())?;
    }
    let _writing = files::writing();
    for file in sources.files.iter().filter(|file| !is_it(file)) {
        fs::remove_file(file.path())
            .map_err(|error| Failure::new(format!("{} cannot be removed: {error}", file.path())))?;
    }
    Ok(())
}

/// The queries of views, as `views/SCHEMA/VIEW.sql` beside the schema.
fn write_views(folder: &Path, views: &[ViewDefinition]) -> Result<()> {
    for view in views {
        let [namespace, name] = [&view.namespace, &view.name].map(|name| file_name(name));
        let folder = folder.join("views").join(namespace);
        let file = folder.join(format!("{name}.sql"));
        let _writing = files::writing();
        fs::create_dir_all(&folder)
            .and_then(|()| files::write(&file, &format!("{}\n", view.sql)))
            .map_err(|error| not_written(&file, &error))?;
    }
    Ok(())
}

/// A name of the database's as one in a folder: it leads to no other folder, and to none above.
fn file_name(name: &str) -> String {
    let is_only_dots = name.bytes().all(|byte| byte == b'.');
    name.replace(|c| matches!(c, '/' | '\\') || (is_only_dots && c == '.'), "_")
}

fn create(path: &Path, text: &str) -> Result<()> {
    let _writing = files::writing();
    files::create(path, text).map_err(|error| not_written(path, &error))
}

fn not_written(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} cannot be written: {error}", paths::shown(path)))
}
