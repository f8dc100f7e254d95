//! Which database a command works on, and making sure that it can be reached.
//!
//! In this order: `--database-url`; what the schema's datasource names, from the environment and then from `.env`;
//! else a server of the project's own, started when needed.

use std::collections::BTreeMap;
use std::fs;

use postgres::ConnectionUrl;
use postgres::server::Server;
use psl::{EnvOr, Schema};

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::terminal::Step;

/// A database, and whether it lives on the project's own server.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    pub(crate) url: ConnectionUrl,
    pub(crate) is_own: bool,
    /// `shadowDatabaseUrl` of the datasource, when it is set to something.
    pub(crate) shadow: Option<ConnectionUrl>,
}

impl Database {
    /// Finds the database, and starts the project's own server when that is where it lives.
    pub(crate) fn resolve(project: &Project, schema: &Schema, flag: Option<&str>) -> Result<Self> {
        let variables = read_env_files(project)?;
        let lookup =
            |name: &str| match std::env::var(name).ok().or_else(|| variables.get(name).cloned()) {
                // Falling back to the project's own server here would deploy to the wrong place in silence.
                Some(value) if value.trim().is_empty() => Err(Failure::new(format!(
                    "the variable {name} is set, but empty"
                ))
                .code("P1012")
                .help(format!(
                    "set {name} to postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or unset it"
                ))),
                value => Ok(value),
            };
        let value = |from: &EnvOr| match from {
            EnvOr::Literal(text) => Ok(Some(text.clone())),
            EnvOr::Env(name) => lookup(name),
        };
        let datasource = schema.datasource();
        let shadow = datasource
            .and_then(|datasource| datasource.shadow_database_url.as_ref())
            .map(value)
            .transpose()?;
        let shadow = shadow.flatten().map(|text| parse(&text)).transpose()?;
        let given = match (flag, datasource.and_then(|datasource| datasource.url.as_ref())) {
            (Some(flag), _) => Some(flag.to_owned()),
            (None, Some(url)) => value(url)?,
            // Prisma 7 keeps the URL out of the schema; this is the variable its own config reads.
            (None, None) => lookup("DATABASE_URL")?,
        };
        if let Some(text) = given {
            return Ok(Self { url: parse(&text)?, is_own: false, shadow });
        }
        let url = start_own(project)?;
        Ok(Self { url, is_own: true, shadow })
    }

    /// `PostgreSQL database "NAME", schema "public" at "HOST:PORT"`, as Prisma introduces it.
    pub(crate) fn introduction(&self, schema: &Schema) -> String {
        let name = schema.datasource().map_or("db", |datasource| datasource.name.text.as_str());
        let url = &self.url;
        let place = if url.is_socket() {
            url.host().to_owned()
        } else {
            format!("{}:{}", url.host(), url.port())
        };
        format!(
            "Datasource \"{name}\": PostgreSQL database \"{}\", schema \"{}\" at \"{place}\"",
            url.database(),
            url.schema()
        )
    }
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

fn parse(text: &str) -> Result<ConnectionUrl> {
    Ok(text.parse::<ConnectionUrl>()?)
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
                    project.shown(&file)
                )));
            }
        }
    }
    Ok(variables)
}
