//! `migrate diff`: what leads from one side to another, where a side is anything that has a database's shape.
//!
//! Nothing is changed anywhere, but for the database in which migrations are replayed. A server is asked only where a
//! side lives on one or has to be replayed.

use std::collections::BTreeSet;

use pg_schema::{Pair, PgSchema, Renamed, Step, diff, drift_summary, render, statements};
use postgres::{ConnectionUrl, introspect};

use crate::folder::{Folder, Migration};
use crate::renames::{Wanted, resolve};
use crate::replay::{Cache, Databases, Memory};
use crate::shadow::{self, Shadow};
use crate::{Error, Progress, namespaces};

/// One side of a comparison.
#[derive(Debug, Clone, Copy)]
pub enum Side<'a> {
    /// A database without anything, not even its schema `public`.
    Empty,
    /// What a schema file asks for.
    Schema(&'a psl::Schema),
    /// What migrations make.
    Migrations(&'a Folder),
    /// What migrations make once their open rollouts are contracted.
    Contracted(&'a Folder),
    /// What is there.
    Database(&'a ConnectionUrl),
}

/// Where migrations are replayed; needed only where a side consists of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReplayIn<'a> {
    /// A database beside which one may be made for the moment.
    pub beside: Option<&'a ConnectionUrl>,
    /// A database set aside for this, which is emptied; it counts for more.
    pub shadow: Option<&'a ConnectionUrl>,
    /// Where outcomes of replays are kept; none replays each time.
    pub cache: Option<&'a Cache>,
}

/// What leads from one side to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    schemas: Pair<PgSchema>,
    steps: Vec<Step>,
}

impl Comparison {
    /// Whether the two sides are the same.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// As SQL; a comment where there is nothing to do.
    pub fn script(&self) -> String {
        render(&self.steps, self.schemas.as_ref())
    }

    /// In words.
    pub fn summary(&self) -> String {
        drift_summary(&self.steps, self.schemas.as_ref())
    }

    /// Each step by its name, with its statements.
    pub fn steps(&self) -> impl Iterator<Item = (&'static str, Vec<String>)> {
        self.steps.iter().map(|step| (step.name(), statements(step, self.schemas.as_ref())))
    }
}

/// Compares two sides. `schemas` are the database's schemas to look at where neither side is a schema file, which names
/// its own; none are those of the connections.
///
/// `wanted` are renames, which only a schema file can be the target of: new names are those in it.
///
/// Fails with P1003 where a database does not exist, P3006 where a migration does not replay, P3014 where no database can
/// be made to replay in.
pub async fn compare(
    sides: Pair<Side<'_>>,
    schemas: &[String],
    replay: ReplayIn<'_>,
    wanted: &[Wanted],
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Comparison, Error> {
    if !wanted.is_empty() && !matches!(sides.next, Side::Schema(_)) {
        return Err(nothing_to_rename_to());
    }
    let default_namespace = default_namespace(sides, replay);
    let named = named_schemas(sides);
    let namespaces = match (&named[..], schemas) {
        ([], []) => vec![default_namespace.to_owned()],
        ([], schemas) => schemas.to_vec(),
        (_, _) => named,
    };
    let reader = Reader { sides, default_namespace, namespaces: &namespaces, replay };
    let previous = reader.read(sides.previous, progress).await?;
    let next = reader.read(sides.next, progress).await?;
    let mut schemas = Pair::new(previous, next);
    if let Side::Schema(schema) = sides.next {
        let renames = resolve(wanted, schemas.as_ref(), schema)?;
        let renamed = Renamed::new(schemas.as_ref(), &renames);
        let steps = renamed.steps(&schemas.next);
        schemas.previous = renamed.previous;
        return Ok(Comparison { schemas, steps });
    }
    if !knows_extensions(sides.previous) {
        schemas.next.extensions.clear();
    }
    Ok(towards_a_database(schemas))
}

/// What leads to a database, or to nothing. A schema file leaves it to the connection where its names are; everything
/// else is somewhere, so that all is named in full.
///
/// It is the reference's script but for the predicates of indexes: without `partialIndexes` that one leaves them out, and
/// makes indexes over all rows of them, which may be impossible.
pub(crate) fn towards_a_database(mut schemas: Pair<PgSchema>) -> Comparison {
    schemas.previous.names_in_full = true;
    schemas.next.names_in_full = true;
    mapping::as_read(&mut schemas.next);
    if !schemas.previous.is_desired {
        mapping::as_read(&mut schemas.previous);
    }
    let steps = diff(schemas.as_ref());
    Comparison { schemas, steps }
}

/// Whether extensions are compared at all: those of a database only where a schema file says that it could name them.
fn knows_extensions(side: Side<'_>) -> bool {
    let Side::Schema(schema) = side else { return false };
    let mut features = schema.generators().iter().flat_map(|generator| &generator.preview_features);
    features.any(|feature| feature == "postgresqlExtensions")
}

/// Where names are that say no schema: what a URL says, `public` where there is none.
fn default_namespace<'a>(sides: Pair<Side<'a>>, replay: ReplayIn<'a>) -> &'a str {
    let both = [sides.previous, sides.next];
    let of_databases = both.into_iter().filter_map(|side| match side {
        Side::Database(url) => Some(url),
        _ => None,
    });
    let of_replays = both.into_iter().filter_map(|side| match side {
        Side::Migrations(_) | Side::Contracted(_) => replay.shadow.or(replay.beside),
        _ => None,
    });
    of_databases.chain(of_replays).next().map_or(mapping::DEFAULT_NAMESPACE, ConnectionUrl::schema)
}

/// The schemas that the datasources of either side name.
fn named_schemas(sides: Pair<Side<'_>>) -> Vec<String> {
    let schemas = [sides.previous, sides.next].into_iter().filter_map(|side| match side {
        Side::Schema(schema) => Some(schema),
        _ => None,
    });
    let names: BTreeSet<String> = schemas.flat_map(namespaces::named).collect();
    names.into_iter().collect()
}

struct Reader<'a> {
    sides: Pair<Side<'a>>,
    default_namespace: &'a str,
    namespaces: &'a [String],
    replay: ReplayIn<'a>,
}

impl Reader<'_> {
    async fn read(
        &self,
        side: Side<'_>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<PgSchema, Error> {
        match side {
            Side::Empty => Ok(PgSchema {
                default_namespace: self.default_namespace.to_owned(),
                ..PgSchema::default()
            }),
            Side::Schema(schema) => Ok(mapping::desired_schema_in(schema, self.default_namespace)),
            Side::Database(url) => {
                let connection = postgres::connect(url).await?;
                let schema = introspect(&connection, self.namespaces).await?;
                connection.close().await;
                Ok(schema)
            }
            Side::Migrations(folder) | Side::Contracted(folder) => {
                let mut migrations: Vec<&Migration> = folder.migrations().iter().collect();
                if matches!(side, Side::Contracted(_)) {
                    migrations.extend(folder.open_rollouts().map(|open| &open.contract));
                }
                let memory = self.memory().await?;
                if let Some(schema) = memory.as_ref().and_then(|memory| memory.recall(&migrations))
                {
                    return Ok(schema);
                }
                let shadow = self.open_shadow().await?;
                shadow.replay(folder, &migrations, progress).await?;
                let schema = shadow.describe(self.namespaces).await?;
                shadow.close().await?;
                if let Some(memory) = memory {
                    memory.remember(&migrations, &schema);
                }
                Ok(schema)
            }
        }
    }

    /// What is remembered of replays in this place; nothing where no server says what a replay depends on.
    ///
    /// Fails where the database that was set aside is one of those that are compared, as a replay in it would.
    async fn memory(&self) -> Result<Option<Memory<'_>>, Error> {
        let ReplayIn { beside, shadow, cache: Some(cache) } = self.replay else { return Ok(None) };
        let Some(place) = shadow.or(beside) else { return Ok(None) };
        let Ok(connection) = postgres::connect(place).await else { return Ok(None) };
        if shadow.is_some() {
            shadow::refuse_same(&connection, &self.compared()).await?;
        }
        let main = place.with_schema(self.default_namespace);
        let databases = Databases { main: &main, shadow, cache: None };
        let memory = Memory::new(cache, &connection, databases, self.namespaces).await.ok();
        connection.close().await;
        Ok(memory)
    }

    async fn open_shadow(&self) -> Result<Shadow, Error> {
        if let Some(shadow) = self.replay.shadow {
            let shadow = shadow.with_schema(self.default_namespace);
            return Shadow::set_aside(&shadow, &self.compared(), self.namespaces).await;
        }
        let Some(beside) = self.replay.beside else { return Err(nowhere_to_replay()) };
        Shadow::open(&beside.with_schema(self.default_namespace), None, self.namespaces).await
    }

    /// The databases that are compared.
    fn compared(&self) -> Vec<&ConnectionUrl> {
        let sides = [self.sides.previous, self.sides.next].into_iter();
        let databases = sides.filter_map(|side| match side {
            Side::Database(url) => Some(url),
            _ => None,
        });
        databases.collect()
    }
}

fn nowhere_to_replay() -> Error {
    Error::plain(
        "You must pass the --shadow-database-url if you want to diff a migrations directory.",
    )
    .with_help(
        "the migrations are run in it, so it must be a database of its own, whose contents may go:\n  \
         cargo xtask migrate diff … --shadow-database-url postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
    )
}

fn nothing_to_rename_to() -> Error {
    Error::plain("--rename needs a schema file to compare with: it is the new names that it says.")
        .with_help("cargo xtask migrate diff … --to-schema prisma/schema.prisma --rename OLD:NEW")
}
