//! `studio`: the schema and the data in a browser.

use std::process::{Command, Stdio};
use std::sync::Arc;

use psl::Schema;
use studio::{Answer, Programs, ReadOnly, Studio};

use crate::cli::{self, Common};
use crate::commands::open;
use crate::failure::{Failure, Result};
use crate::programs::{self, Program};
use crate::project::Project;
use crate::secrets::hide;
use crate::terminal::{note, say};

pub(super) async fn run(common: &Common, arguments: cli::Studio) -> Result<()> {
    let (project, _, database) = open(common)?;
    let is_local = database.url.is_local();
    let read_only = if arguments.read_only {
        Some(ReadOnly::Asked)
    } else {
        (!is_local && !arguments.allow_writes).then_some(ReadOnly::Remote)
    };
    let project = Arc::new(project);
    let about = studio::Project {
        name: name(&project),
        schema: {
            let project = Arc::clone(&project);
            Box::new(move || load(&project))
        },
        url: database.url.clone(),
        migrations: project.migrations(),
        programs: own_programs(&project, &database.url.expose()),
    };
    let studio = Studio::bind(about, arguments.port, read_only).await.map_err(|why| {
        Failure::new(why).help("choose another port: cargo xtask studio --port 0")
    })?;
    say!("The studio is at\n\n  {}\n", studio.link());
    match read_only {
        Some(ReadOnly::Remote) => {
            say!(
                "This database is not a local one: it is only read. `--allow-writes` would let you write."
            );
        }
        Some(ReadOnly::Asked) => say!("It is only read."),
        None => {}
    }
    say!("Ctrl-C ends it.");
    if arguments.open {
        open_browser(&studio.link_once());
    }
    // Ctrl-C drops this.
    studio.serve(std::future::pending()).await.map_err(Failure::new)
}

/// The folder's name, which is the project's.
fn name(project: &Project) -> String {
    let root = project.root.canonicalize().unwrap_or_else(|_| project.root.clone());
    root.file_name().map_or_else(|| "Studio".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn load(project: &Project) -> std::result::Result<Schema, String> {
    let analysis = project.analyze(psl::analyze).map_err(|failure| hide(&failure.message))?;
    let errors = analysis.diagnostics.iter().filter(|found| found.is_error());
    match errors.map(|error| error.message.as_str()).next() {
        None => Ok(analysis.schema),
        Some(first) => Err(format!("the schema has a mistake: {}", hide(first))),
    }
}

fn open_browser(link: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let opened = Command::new(program)
        .arg(link)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if opened.is_err() {
        note!("No browser could be opened: {program} is not there. Please open the link yourself.");
    }
}

fn own_programs(project: &Arc<Project>, url: &str) -> Option<Box<dyn Programs>> {
    Program::Health.exists_in(project).then(|| {
        let own = Own { project: Arc::clone(project), url: url.to_owned() };
        Box::new(own) as Box<dyn Programs>
    })
}

/// Health and validator, run by cargo for each page that asks.
struct Own {
    project: Arc<Project>,
    url: String,
}

impl Own {
    fn ask(&self, program: Program) -> Answer {
        let (project, url) = (Arc::clone(&self.project), self.url.clone());
        Box::pin(async move {
            let printed = programs::output(program, &project, &url, &["--format", "json"]).await;
            match printed {
                Ok(json) if json.trim().is_empty() => Err(format!(
                    "`cargo xtask {}` says nothing: does it compile?",
                    program.command()
                )),
                Ok(json) => Ok(json),
                Err(failure) => Err(failure.message),
            }
        })
    }
}

impl Programs for Own {
    fn health(&self) -> Answer {
        self.ask(Program::Health)
    }

    fn verify(&self) -> Answer {
        self.ask(Program::Validator)
    }
}
