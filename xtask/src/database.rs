//! Which database a command works on, and making sure that it can be reached.
//!
//! In this order: `--database-url`; what the schema's datasource names, from the environment and then from `.env`;
//! else a server of the project's own, started when needed. A schema that merely lies somewhere gets no server unasked:
//! only one in the `prisma` folder of a cargo project, or where `db start` was run before.

use std::collections::BTreeMap;
use std::env::VarError;
use std::fs;
use std::path::PathBuf;

use migrate::Databases;
use migrate::{Cache, namespaces};
use postgres::ConnectionUrl;
use postgres::server::{Server, Status};
use psl::{EnvOr, Schema};

use crate::failure::{Failure, Result};
use crate::paths;
use crate::project::Project;
use crate::terminal::{Step, is_ci, note};

/// A database, and who named it.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    /// Where applications go, through a pooler perhaps.
    pub(crate) url: ConnectionUrl,
    /// Where migrations go: `directUrl` of the datasource where it has one, since they need a session of their own.
    pub(crate) direct: ConnectionUrl,
    pub(crate) source: Source,
    /// `shadowDatabaseUrl` of the datasource, when it is set to something.
    pub(crate) shadow: Option<ConnectionUrl>,
    /// What replays of migrations made before.
    pub(crate) cache: Cache,
}

/// Where a URL comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Flag,
    /// The schema itself has it.
    Schema,
    /// A variable of the environment.
    Environment(String),
    /// A variable, and the file that sets it.
    EnvFile(String, PathBuf),
    /// Nobody named one: the project's own server.
    Own,
}

impl Database {
    /// Finds the database, and starts the project's own server when that is where it lives.
    pub(crate) fn resolve(project: &Project, schema: &Schema, flag: Option<&str>) -> Result<Self> {
        if let Some(named) = Self::named(project, schema, flag)? {
            return Ok(named);
        }
        let own = Server::for_project(&project.root);
        if !project.is_of_cargo() && own.status()? == Status::Absent {
            return Err(no_database(schema, project));
        }
        if is_ci() {
            note!(
                "warning: no database is named, so this is the project's own server and not one that lasts"
            );
        }
        Self::on_own_server(project, schema)
    }

    /// The database that somebody named; none where it is the project's own server's.
    pub(crate) fn named(
        project: &Project,
        schema: &Schema,
        flag: Option<&str>,
    ) -> Result<Option<Self>> {
        let variables = Variables::read(project, schema)?;
        let datasource = schema.datasource();
        let shadow = variables.shadow()?;
        let cache = cache_of(project);
        if let Some(flag) = flag {
            let url = parse(flag)?;
            let source = Source::Flag;
            return Ok(Some(Self { direct: url.clone(), url, source, shadow, cache }));
        }
        let Some((url, source)) = variables.url_of(Some(&naming(schema)))? else {
            return Ok(None);
        };
        let direct =
            variables.url_of(datasource.and_then(|datasource| datasource.direct_url.as_ref()))?;
        let direct = direct.map_or_else(|| url.clone(), |(direct, _)| direct);
        Ok(Some(Self { url, direct, source, shadow, cache }))
    }

    /// The database on the project's own server, which is started unless it runs.
    pub(crate) fn on_own_server(project: &Project, schema: &Schema) -> Result<Self> {
        let shadow = Variables::read(project, schema)?.shadow()?;
        let url = start_own(project)?;
        let cache = cache_of(project);
        Ok(Self { direct: url.clone(), url, source: Source::Own, shadow, cache })
    }

    /// Whether it lives on the project's own server.
    pub(crate) fn is_own(&self) -> bool {
        matches!(self.source, Source::Own)
    }

    /// For commands that replay migrations.
    pub(crate) fn for_replays(&self) -> Databases<'_> {
        Databases { main: &self.direct, shadow: self.shadow.as_ref(), cache: Some(&self.cache) }
    }

    /// `PostgreSQL database "NAME", schema "public" at "HOST:PORT"`, as Prisma introduces it.
    pub(crate) fn introduction(&self, schema: &Schema) -> String {
        let name = name_of_datasource(schema);
        let url = &self.direct;
        let place = migrate::report::location(url);
        let schemas = migrate::report::schemas_of(url, &namespaces::named(schema));
        format!(
            "Datasource \"{name}\": PostgreSQL database \"{}\", {schemas} at \"{place}\"",
            url.database()
        )
    }
}

/// How to reach the project's own server: as a URL, and with psql, which does not know the URL's `schema`.
pub(crate) fn ways_in(url: &ConnectionUrl) -> String {
    format!(
        "  DATABASE_URL=\"{}\"\n  psql \"host={} user={} dbname={}\"",
        url.redacted(),
        url.host(),
        url.user(),
        url.database()
    )
}

/// Starts the project's own server, unless it runs, and gives the URL of its database.
pub(crate) fn start_own(project: &Project) -> Result<ConnectionUrl> {
    let mut step: Option<Step> = None;
    let mut progress = |message: &str| match &step {
        Some(step) => step.doing(message),
        None => step = Some(Step::start(message)),
    };
    Ok(Server::for_project(&project.root).ensure_running(&mut progress)?)
}

/// What says where the database is.
fn naming(schema: &Schema) -> EnvOr {
    // Prisma 7 keeps the URL out of the schema; this is the variable its own config reads.
    let usual = || EnvOr::Env("DATABASE_URL".to_owned());
    schema.datasource().and_then(|datasource| datasource.url.clone()).unwrap_or_else(usual)
}

/// Where outcomes of replays are kept.
pub(crate) fn cache_of(project: &Project) -> Cache {
    Cache::new(project.root.join(".driveflow/cache"))
}

/// As Prisma says it, and what there is to do.
fn no_database(schema: &Schema, project: &Project) -> Failure {
    let (EnvOr::Env(name) | EnvOr::Literal(name)) = naming(schema);
    let schema = paths::shown(&project.schema);
    Failure::new(format!(
        "Environment variable not found: {name}.\n\nIt says where the database of {schema} is."
    ))
    .code("P1012")
    .help(format!(
        "set {name} to postgresql://USER@HOST:PORT/DATABASE, with :PASSWORD after USER, in the environment or in {env}; or name the \
         database with --database-url; or start a PostgreSQL of this schema's own: cargo xtask db start --schema {schema}",
        env = paths::shown(&project.root.join(".env"))
    ))
}

fn parse(text: &str) -> Result<ConnectionUrl> {
    Ok(text.parse::<ConnectionUrl>()?)
}

/// That another protocol is named is a mistake in the schema (P1012) to Prisma, which reads it with the variable's value.
fn of_datasource(text: &str, datasource: &str) -> Result<ConnectionUrl> {
    if !["postgresql://", "postgres://"].iter().any(|protocol| text.starts_with(protocol)) {
        return Err(Failure::new(format!(
            "Error validating datasource `{datasource}`: the URL must start with the protocol `postgresql://` or \
             `postgres://`."
        ))
        .code("P1012")
        .help("set it to postgresql://USER@HOST:PORT/DATABASE, with a password after USER and a colon"));
    }
    parse(text)
}

fn name_of_datasource(schema: &Schema) -> &str {
    schema.datasource().map_or("db", |datasource| datasource.name.text.as_str())
}

/// The variables that a datasource may name: of the environment, then of `.env` files.
struct Variables<'a> {
    schema: &'a Schema,
    /// Each with the file that sets it.
    files: BTreeMap<String, (String, PathBuf)>,
}

impl<'a> Variables<'a> {
    /// Reads `.env` at the root and beside the schema, the root's first, neither overriding what is set.
    fn read(project: &Project, schema: &'a Schema) -> Result<Self> {
        let mut files = BTreeMap::new();
        let environment = |name: &str| std::env::var(name).ok();
        for folder in [project.root.as_path(), project.schema_folder()] {
            let file = folder.join(".env");
            match fs::read_to_string(&file) {
                Ok(text) => {
                    for (name, value) in postgres::env::parse(&text, &environment) {
                        files.entry(name).or_insert((value, file.clone()));
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(Failure::new(format!(
                        "{} cannot be read: {error}",
                        paths::shown(&file)
                    )));
                }
            }
        }
        Ok(Self { schema, files })
    }

    /// What `shadowDatabaseUrl` is set to.
    fn shadow(&self) -> Result<Option<ConnectionUrl>> {
        let datasource = self.schema.datasource();
        let url =
            self.url_of(datasource.and_then(|datasource| datasource.shadow_database_url.as_ref()))?;
        Ok(url.map(|(url, _)| url))
    }

    fn url_of(&self, from: Option<&EnvOr>) -> Result<Option<(ConnectionUrl, Source)>> {
        let found = match from {
            None => None,
            Some(EnvOr::Literal(text)) => Some((text.clone(), Source::Schema)),
            Some(EnvOr::Env(name)) => self.look_up(name)?,
        };
        let Some((text, source)) = found else { return Ok(None) };
        Ok(Some((of_datasource(&text, name_of_datasource(self.schema))?, source)))
    }

    /// A variable's value.
    ///
    /// One that is set and unusable is an error: falling back to the project's own server would deploy to the wrong place
    /// in silence.
    fn look_up(&self, name: &str) -> Result<Option<(String, Source)>> {
        let found = match std::env::var(name) {
            Ok(value) => Some((value, Source::Environment(name.to_owned()))),
            Err(VarError::NotPresent) => self.files.get(name).map(|(value, file)| {
                (value.clone(), Source::EnvFile(name.to_owned(), file.clone()))
            }),
            Err(VarError::NotUnicode(_)) => {
                return Err(
                    Failure::new(format!("the variable {name} is not UTF-8 text")).code("P1012")
                );
            }
        };
        let datasource = name_of_datasource(self.schema);
        match found {
            Some((value, _)) if value.trim().is_empty() => {
                Err(Failure::new(format!(
                    "Error validating datasource `{datasource}`: You must provide a nonempty URL. The environment variable \
                     `{name}` resolved to an empty string."
                ))
                .code("P1012")
                .help(format!(
                    "set {name} to postgresql://USER@HOST:PORT/DATABASE, with a password after USER and a colon, or unset it"
                )))
            }
            found => Ok(found),
        }
    }
}
