//! `migrate diff`: what leads from one side to another, in words, as SQL or as JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use migrate::compare::{Comparison, ReplayIn, Side, compare};
use migrate::renames::Wanted;
use migrate::{Cache, Folder};
use pg_schema::Pair;
use postgres::ConnectionUrl;
use psl::Schema;
use serde_json::json;

use super::shown_in;
use crate::cli::{Common, Diff, DiffFormat, DiffFrom, DiffSide, DiffTo};
use crate::commands::{load_configuration, renames};
use crate::database::{Database, cache_of};
use crate::failure::{Failure, Result};
use crate::files;
use crate::paths;
use crate::project::Project;
use crate::sources::Sources;
use crate::terminal::{Step, write_result};

/// What `--exit-code` ends with where there is a difference.
const NOT_EMPTY: u8 = 2;

pub(super) async fn run(common: &Common, arguments: Diff) -> Result<()> {
    let Diff { from, to, shadow_database_url, script, format, output, exit_code, renames } =
        arguments;
    let wanted = renames::parse(&renames)?;
    let named = named(from, to)?;
    let sides = Pair {
        previous: Loaded::load(named.previous, common, "from")?,
        next: Loaded::load(named.next, common, "to")?,
    };
    let comparison = find(&sides, common, shadow_database_url.as_deref(), &wanted).await?;
    write(&told(&comparison, script, format), output.as_deref())?;
    if exit_code && !comparison.is_empty() {
        return Err(Failure::already_told(NOT_EMPTY));
    }
    Ok(())
}

async fn find(
    sides: &Pair<Loaded>,
    common: &Common,
    shadow: Option<&str>,
    wanted: &[Wanted],
) -> Result<Comparison> {
    let schemas = schemas_of_project(common);
    let is_replayed = sides.previous.is_migrations() || sides.next.is_migrations();
    let sides = sides.as_ref().map(Loaded::side);
    if !is_replayed {
        return Ok(compare(sides, &schemas, ReplayIn::default(), wanted, &mut |_| ()).await?);
    }
    let place = ReplayPlace::find(common, shadow)?;
    let step = Step::start("Replaying the migrations");
    Ok(compare(sides, &schemas, place.replay(), wanted, &mut shown_in(&step)).await?)
}

/// The one side that each of `--from-…` and `--to-…` names.
fn named(from: DiffFrom, to: DiffTo) -> Result<Pair<DiffSide>> {
    let (mut from, mut to) = (from.sides(), to.sides());
    if from.len() == 1
        && to.len() == 1
        && let (Some(previous), Some(next)) = (from.pop(), to.pop())
    {
        return Ok(Pair { previous, next });
    }
    let mut wrong = String::new();
    for (count, which) in [(from.len(), "from"), (to.len(), "to")] {
        if count != 1 {
            let _ = write!(
                wrong,
                "\n{count} `--{which}-...` parameter(s) provided. 1 must be provided."
            );
        }
    }
    Err(Failure::new(wrong).help("cargo xtask migrate diff --help"))
}

/// A side with everything that is needed to read it.
enum Loaded {
    Empty,
    Schema(Schema),
    Migrations(Folder),
    Database(ConnectionUrl),
}

impl Loaded {
    fn load(named: DiffSide, common: &Common, which: &str) -> Result<Self> {
        let project = |path: &Path, kind: &str| Project::named(path, &format!("--{which}-{kind}"));
        Ok(match named {
            DiffSide::Empty => Self::Empty,
            DiffSide::Schema(path) => Self::Schema(project(&path, "schema")?.load()?),
            DiffSide::Datasource(path) => {
                let (project, schema) = match path {
                    Some(path) => {
                        let project = project(&path, "schema-datasource")?;
                        let schema = project.load_configuration()?;
                        (project, schema)
                    }
                    None => load_configuration(common)?,
                };
                let flag = common.database_url.as_deref();
                Self::Database(Database::resolve(&project, &schema, flag)?.direct)
            }
            DiffSide::Migrations(path) => Self::Migrations(read_folder(&path)?),
            DiffSide::Url(url) => Self::Database(url.parse()?),
        })
    }

    fn side(&self) -> Side<'_> {
        match self {
            Self::Empty => Side::Empty,
            Self::Schema(schema) => Side::Schema(schema),
            Self::Migrations(folder) => Side::Migrations(folder),
            Self::Database(url) => Side::Database(url),
        }
    }

    fn is_migrations(&self) -> bool {
        matches!(self, Self::Migrations(_))
    }
}

/// A folder that is missing, or some other folder, is not one without migrations: everything would seem to be new.
fn read_folder(path: &Path) -> Result<Folder> {
    let folder = Folder::read(path)?;
    if folder.has_lock() {
        return Ok(folder);
    }
    Err(Failure::new(
        "Could not determine the connector from the migrations directory (missing migration_lock.toml).",
    )
    .help(format!("name the folder that holds the migrations; this was {}", paths::shown(path))))
}

/// Where migrations are replayed, if there are any to replay.
#[derive(Default)]
struct ReplayPlace {
    beside: Option<ConnectionUrl>,
    shadow: Option<ConnectionUrl>,
    cache: Option<Cache>,
}

impl ReplayPlace {
    /// The flag, then what the project has set aside or its database; its own server is started only here. Outside of a
    /// project what counts is the variable that projects mostly use.
    fn find(common: &Common, flag: Option<&str>) -> Result<Self> {
        if let Some(flag) = flag {
            let project = Project::find(common.schema.as_deref()).ok();
            let cache = project.as_ref().map(cache_of);
            return Ok(Self { shadow: Some(flag.parse()?), beside: None, cache });
        }
        let url = common.database_url.as_deref();
        if common.schema.is_some() || Project::find(None).is_ok() {
            let (project, schema) = load_configuration(common)?;
            let database = Database::resolve(&project, &schema, url)?;
            let Database { direct, shadow, cache, .. } = database;
            return Ok(Self { beside: Some(direct), shadow, cache: Some(cache) });
        }
        let url = url.map(str::to_owned).or_else(|| std::env::var("DATABASE_URL").ok());
        let url = url.map(|url| url.parse::<ConnectionUrl>()).transpose()?;
        Ok(Self { beside: url, shadow: None, cache: None })
    }

    fn replay(&self) -> ReplayIn<'_> {
        let Self { beside, shadow, cache } = self;
        ReplayIn { beside: beside.as_ref(), shadow: shadow.as_ref(), cache: cache.as_ref() }
    }
}

/// The schemas that the project's datasource names, for sides that name none. Without a project, or with one that cannot
/// be read, they are those of the connections.
fn schemas_of_project(common: &Common) -> Vec<String> {
    let Ok(project) = Project::find(common.schema.as_deref()) else { return Vec::new() };
    let Ok(sources) = Sources::of(&project, paths::shown) else { return Vec::new() };
    migrate::namespaces::named(&psl::analyze(sources.files).schema)
}

fn told(comparison: &Comparison, script: bool, format: DiffFormat) -> String {
    let text = match format {
        DiffFormat::Json => json(comparison),
        DiffFormat::Text if script => comparison.script(),
        DiffFormat::Text => comparison.summary(),
    };
    if text.ends_with('\n') { text } else { text + "\n" }
}

fn json(comparison: &Comparison) -> String {
    let steps: Vec<_> = comparison
        .steps()
        .map(|(name, statements)| json!({ "step": name, "statements": statements }))
        .collect();
    let value = json!({
        "isEmpty": comparison.is_empty(),
        "summary": comparison.summary(),
        "script": comparison.script(),
        "steps": steps,
    });
    format!("{value:#}")
}

/// To stdout, or to a file whose folder is made where it is missing.
fn write(text: &str, output: Option<&Path>) -> Result<()> {
    let Some(file) = output else { return write_result(text) };
    let _writing = files::writing();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(file, text))
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", paths::shown(file))))
}
