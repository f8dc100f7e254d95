//! `migrate rehearse`: the pending migrations on a copy with data, and what is written down of it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use migrate::rehearse::{self, Copied, FILE, Progress, Record, Rehearsal, Rules, Stage};
use migrate::{Folder, Options, deploy, report};
use postgres::ConnectionUrl;
use postgres::server::Server;

use super::verified;
use crate::cli::{Common, Rehearse, StatusFormat};
use crate::commands::db::backup;
use crate::commands::{introduced, load_configuration};
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::programs::{self, Program};
use crate::project::Project;
use crate::secrets::hide;
use crate::terminal::{Step, note, say, write_result};
use crate::{files, paths};

pub(super) const SEED: &str = "seed";
const CLONE: &str = "clone";

pub(super) async fn run(common: &Common, arguments: &Rehearse) -> Result<()> {
    let is_text = arguments.format == StatusFormat::Text;
    let (project, schema) = load_configuration(common)?;
    let (project, database) = if is_text {
        let (project, _, database) = introduced(common, (project, schema))?;
        (project, database)
    } else {
        let database = Database::resolve(&project, &schema, common.database_url.as_deref())?;
        (project, database)
    };
    let mut folder = Folder::read(&project.migrations())?;
    if let Some(up_to) = &arguments.up_to {
        folder = deploy::up_to(&folder, up_to)?;
    }
    let pending = rehearse::pending(&folder, &database.direct).await?;
    if pending.is_empty() {
        let nothing = "No pending migration to rehearse.";
        if is_text {
            say!("{nothing}");
        } else {
            note!("{nothing}");
        }
        return Ok(());
    }
    let data = arguments.data.as_deref().unwrap_or_else(|| usual_data(&project));
    let rehearsed =
        Box::pin(on_a_copy(&project, &folder, &database, &pending, data, arguments.load)).await?;
    let file = arguments.out.clone().unwrap_or_else(|| folder.path().join(FILE));
    files::write(&file, &rehearsed.json).map_err(|error| {
        Failure::new(format!("{} cannot be written: {error}", paths::shown(&file)))
    })?;
    if is_text {
        say!("{}\n\nWritten down in {}", rehearsed.text, paths::shown(&file));
    } else {
        write_result(&rehearsed.json)?;
    }
    if rehearsed.failure.is_none() { Ok(()) } else { Err(Failure::already_told(1)) }
}

/// What a rehearsal has come to.
#[derive(Debug)]
pub(super) struct Rehearsed {
    pub(super) text: String,
    json: String,
    pub(super) failure: Option<String>,
    /// What speaks against trusting it.
    pub(super) doubts: Vec<String>,
}

/// A project that can fill a database does.
fn usual_data(project: &Project) -> &'static str {
    if Program::Seed.exists_in(project) { SEED } else { CLONE }
}

/// Rehearses; the copy is gone afterwards, whatever happens.
pub(super) async fn on_a_copy(
    project: &Project,
    folder: &Folder,
    database: &Database,
    pending: &[String],
    data: &str,
    has_load: bool,
) -> Result<Rehearsed> {
    let url = &database.direct;
    let wanted: Vec<Program> = [Program::Seed, Program::Validator]
        .into_iter()
        .filter(|program| program.exists_in(project))
        .filter(|program| matches!(program, Program::Validator) || data == SEED)
        .collect();
    if !wanted.is_empty() {
        programs::build(project, &wanted).await?;
    }
    let step = Step::start("Making a copy to rehearse on");
    let server = Server::for_project(&project.root);
    let (copy, filled) = match data {
        SEED => seeded(project, folder, url, pending).await?,
        CLONE => (Stage::of(url, &server).await?, Filled::Before),
        dump => {
            let shelf = backup::shelf(project, None);
            (Stage::of_dump(url, &server, &shelf, dump).await?, Filled::Before)
        }
    };
    let twin = if has_load { Some(copy.twin().await?) } else { None };
    drop(step);
    let has_rules = Program::Validator.exists_in(project);
    let before = if has_rules && filled == Filled::Before {
        verified::check(project, copy.url(), verified::BEFORE).await?.unwrap_or_default()
    } else {
        verified::Findings::new()
    };
    let step = Step::start("Rehearsing");
    let mut progress = |progress: Progress<'_>| match progress {
        Progress::Measuring { name, number, of } => {
            step.doing(&format!("Rehearsing {name} ({number} of {of})"));
        }
        Progress::Loading { tables } => {
            step.doing(&format!("Rehearsing once more, with clients on {tables} tables"));
        }
    };
    let on_twin = twin.as_ref().map(Stage::url);
    let mut rehearsal = rehearse::rehearse(folder, copy.url(), on_twin, &mut progress).await?;
    drop(step);
    hide_secrets(&mut rehearsal);
    if filled == Filled::After
        && rehearsal.failure.is_none()
        && let Err(said) = seed(project, copy.url()).await?
    {
        rehearsal.failure =
            Some(format!("the seed does not fit what the migrations make:\n{}", hide(&said)));
    }
    let rules = if has_rules && rehearsal.failure.is_none() {
        rules(project, copy.url(), &before).await?
    } else if has_rules {
        Rules::Skipped("for the migrations did not come to their end".to_owned())
    } else {
        Rules::Skipped("for this project has no validator (crates/validator)".to_owned())
    };
    let words = words(data, &copy.how, &filled);
    let record = Record { rehearsal: &rehearsal, how: &copy.how, data: &words, rules: &rules };
    let rehearsed = Rehearsed {
        text: report::rehearsal(&record),
        json: record.to_json(),
        failure: record.failure(),
        doubts: record.doubts(),
    };
    if let Some(twin) = twin {
        twin.drop_now().await?;
    }
    copy.drop_now().await?;
    Ok(rehearsed)
}

/// When the rows came that the seed makes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Filled {
    Before,
    /// The seed is one of the schema after the migrations.
    After,
    Never,
}

/// A new database as it is without what is pending, with what the seed makes.
async fn seeded(
    project: &Project,
    folder: &Folder,
    url: &ConnectionUrl,
    pending: &[String],
) -> Result<(Stage, Filled)> {
    let copy = Stage::empty(url).await?;
    rehearse::bring_up_to(folder, copy.url(), pending).await?;
    if !Program::Seed.exists_in(project) {
        return Ok((copy, Filled::Never));
    }
    if pending.len() == folder.migrations().len() {
        return Ok((copy, Filled::After));
    }
    if seed(project, copy.url()).await?.is_ok() {
        return Ok((copy, Filled::Before));
    }
    // What it has made so far is no measure of anything.
    copy.drop_now().await?;
    let copy = Stage::empty(url).await?;
    rehearse::bring_up_to(folder, copy.url(), pending).await?;
    Ok((copy, Filled::After))
}

async fn seed(project: &Project, url: &ConnectionUrl) -> Result<std::result::Result<(), String>> {
    let _step = Step::start("Seeding the copy");
    let consent = ["--allow-remote", url.database()].map(str::to_owned);
    let arguments = if url.is_local() { &[][..] } else { &consent };
    programs::attempt(Program::Seed, project, &url.expose(), arguments).await
}

async fn rules(
    project: &Project,
    url: &ConnectionUrl,
    before: &verified::Findings,
) -> Result<Rules> {
    let after = verified::check(project, url, verified::AFTER).await?;
    Ok(match after {
        Some(after) => Rules::Checked {
            lines: verified::report(before, &after),
            is_worse: verified::is_worse(before, &after),
        },
        None => Rules::Skipped(
            "for `verify` could not check anything: cargo xtask verify says why".to_owned(),
        ),
    })
}

/// Scripts and what the server quotes of them may hold what is secret.
fn hide_secrets(rehearsal: &mut Rehearsal) {
    rehearsal.failure = rehearsal.failure.take().map(|failure| hide(&failure));
    let stalls = rehearsal.load.iter_mut().flat_map(|load| &mut load.stalls);
    for stall in stalls {
        stall.error = stall.error.take().map(|error| hide(&error));
    }
}

fn words(data: &str, how: &Copied, filled: &Filled) -> String {
    match (how, filled) {
        (Copied::Empty, Filled::Before) => "a new database, filled by the seed before the migrations".to_owned(),
        (Copied::Empty, Filled::After) => {
            "a new database without rows, for the seed fits it only after the migrations; seeded then".to_owned()
        }
        (Copied::Empty, Filled::Never) => {
            format!("a new database without rows, for this project has no seed; --data {CLONE} has those of the database")
        }
        (Copied::Template, _) => "a copy of the database".to_owned(),
        (Copied::Dump, _) => {
            "a copy of the database by pg_dump, as others are connected or the server lets it not be copied".to_owned()
        }
        (Copied::Given(place), _) => format!("{data}: {}", paths::shown(place)),
    }
}

/// For `deploy --require-rehearsal`: fails unless just what is pending was rehearsed, and well.
pub(super) async fn require(folder: &Folder, database: &Database, options: &Options) -> Result<()> {
    let file = folder.path().join(FILE);
    let text = read(&file)?;
    match rehearse::refusal(text.as_deref(), folder, &database.direct, options).await? {
        None => Ok(()),
        Some(why) => Err(Failure::new(format!("nothing was applied: {}", hide(&why))).help(format!(
            "cargo xtask migrate rehearse\nwrites {}, which is to come along with the migrations",
            paths::shown(&file)
        ))),
    }
}

fn read(file: &Path) -> Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let file: PathBuf = file.to_owned();
            Err(Failure::new(format!("{} cannot be read: {error}", paths::shown(&file))))
        }
    }
}
