//! Which database a command works on, and making sure that it can be reached.
//!
//! In this order: `--database-url`; what the schema's datasource names, from the environment and then from `.env`;
//! else a server of the project's own, started when needed. A schema that merely lies somewhere gets no server unasked:
//! only one in the `prisma` folder of a cargo project, or where `db start` was run before.

use std::collections::BTreeMap;
use std::env::VarError;
use std::fs;

use migrate::dev::Databases;
use migrate::{Cache, namespaces};
use postgres::ConnectionUrl;
use postgres::server::{Server, Status};
use psl::{EnvOr, Schema};

use crate::failure::{Failure, Result};
use crate::paths;
use crate::project::Project;
use crate::terminal::{Step, is_ci, note};

/// A database, and whether it lives on the project's own server.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    /// Where applications go, through a pooler perhaps.
    pub(crate) url: ConnectionUrl,
    /// Where migrations go: `directUrl` of the datasource where it has one, since they need a session of their own.
    pub(crate) direct: ConnectionUrl,
    pub(crate) is_own: bool,
    /// `shadowDatabaseUrl` of the datasource, when it is set to something.
    pub(crate) shadow: Option<ConnectionUrl>,
    /// What replays of migrations made before.
    pub(crate) cache: Cache,
}

impl Database {
    /// Finds the database, and starts the project's own server when that is where it lives.
    pub(crate) fn resolve(project: &Project, schema: &Schema, flag: Option<&str>) -> Result<Self> {
        let variables = read_env_files(project)?;
        let value = |from: &EnvOr| match from {
            EnvOr::Literal(text) => Ok(Some(text.clone())),
            EnvOr::Env(name) => look_up(name, &variables, name_of_datasource(schema)),
        };
        let datasource = schema.datasource();
        let url_of = |from: Option<&EnvOr>| -> Result<Option<ConnectionUrl>> {
            let text = from.map(value).transpose()?.flatten();
            text.map(|text| of_datasource(&text, name_of_datasource(schema))).transpose()
        };
        let cache = Cache::new(project.root.join(".driveflow/cache"));
        let shadow =
            url_of(datasource.and_then(|datasource| datasource.shadow_database_url.as_ref()))?;
        if let Some(flag) = flag {
            let url = parse(flag)?;
            return Ok(Self { direct: url.clone(), url, is_own: false, shadow, cache });
        }
        // Prisma 7 keeps the URL out of the schema; this is the variable its own config reads.
        let usual = EnvOr::Env("DATABASE_URL".to_owned());
        let named = datasource.and_then(|datasource| datasource.url.as_ref()).unwrap_or(&usual);
        if let Some(url) = url_of(Some(named))? {
            let direct = url_of(datasource.and_then(|datasource| datasource.direct_url.as_ref()))?;
            return Ok(Self {
                direct: direct.unwrap_or_else(|| url.clone()),
                url,
                is_own: false,
                shadow,
                cache,
            });
        }
        let own = Server::for_project(&project.root);
        if !project.is_of_cargo() && own.status()? == Status::Absent {
            return Err(no_database(named, project));
        }
        if is_ci() {
            note!(
                "warning: no database is named, so this is the project's own server and not one that lasts"
            );
        }
        let url = start_own(project)?;
        Ok(Self { direct: url.clone(), url, is_own: true, shadow, cache })
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

/// As Prisma says it, and what there is to do. `named` is what would say where the database is.
fn no_database(named: &EnvOr, project: &Project) -> Failure {
    let (EnvOr::Env(name) | EnvOr::Literal(name)) = named;
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

/// A variable's value, from the environment and then from `.env`.
///
/// One that is set and unusable is an error: falling back to the project's own server would deploy to the wrong place
/// in silence.
fn look_up(
    name: &str,
    files: &BTreeMap<String, String>,
    datasource: &str,
) -> Result<Option<String>> {
    let value = match std::env::var(name) {
        Ok(value) => Some(value),
        Err(VarError::NotPresent) => files.get(name).cloned(),
        Err(VarError::NotUnicode(_)) => {
            return Err(
                Failure::new(format!("the variable {name} is not UTF-8 text")).code("P1012")
            );
        }
    };
    match value {
        Some(value) if value.trim().is_empty() => {
            Err(Failure::new(format!(
                "Error validating datasource `{datasource}`: You must provide a nonempty URL. The environment variable \
                 `{name}` resolved to an empty string."
            ))
            .code("P1012")
            .help(format!(
                "set {name} to postgresql://USER@HOST:PORT/DATABASE, with a password after USER and a colon, or unset it"
            )))
        }
        value => Ok(value),
    }
}

/// `.env` at the root and beside the schema, the root's first, neither overriding what is set.
fn read_env_files(project: &Project) -> Result<BTreeMap<String, String>> {
    let mut variables = BTreeMap::new();
    let environment = |name: &str| std::env::var(name).ok();
    for folder in [project.root.as_path(), project.schema_folder()] {
        let file = folder.join(".env");
        match fs::read_to_string(&file) {
            Ok(text) => {
                for (name, value) in postgres::env::parse(&text, &environment) {
                    variables.entry(name).or_insert(value);
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
    Ok(variables)
}
