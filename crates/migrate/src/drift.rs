//! Three schemas that ought to be one: what the schema file asks for, what the migrations make, and what the
//! database has.
//!
//! Compared as `migrate dev` compares them, so that what Prisma cannot express (views, checks, triggers, policies,
//! expression indexes …) is no drift. Looking changes nothing in the database.

mod ended;

use pg_schema::Pair;
use postgres::introspect;

use crate::dev::{Replayed, replay};
use crate::diagnose::diagnose;
pub use crate::difference::Difference;
use crate::folder::Folder;
use crate::history::History;
use crate::replay::Databases;
use crate::rollouts::without_early;
use crate::{Error, Progress};

/// How the three differ, two by two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// From what the applied migrations make to what the database has: drift in the strict sense.
    pub database: Difference,
    /// From what all migrations make, pending ones and the contracts of open rollouts too, to what the schema file asks
    /// for: the next migration.
    pub schema: Difference,
    /// From what the database has, with the contracts of the rollouts that are open, to what the schema file asks for.
    pub apart: Difference,
    /// The open rollouts, because of which the database is not yet what the schema file asks for.
    pub open: Vec<String>,
}

impl Drift {
    /// Whether a migration is missing: one that nobody wrote, or one that somebody ran by hand.
    pub fn is_any(&self) -> bool {
        !(self.database.is_empty() && self.schema.is_empty())
    }
}

/// Compares the three, for which it replays the migrations in a shadow database.
///
/// Fails with P1003 where there is no database, P3006 where a migration does not replay, P3014 where no shadow
/// database can be made.
pub async fn drift(
    folder: &Folder,
    schema: &psl::Schema,
    databases: Databases<'_>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Drift, Error> {
    let desired = mapping::desired_schema_in(schema, databases.main.schema());
    let connection = postgres::connect(databases.main).await?;
    let rows = History::new(&connection).read().await?;
    let diagnosis = diagnose(folder, rows.as_deref());
    let Replayed { applied, all, end } =
        replay(&connection, folder, &diagnosis, databases, &desired.namespaces, progress).await?;
    let mut actual = introspect(&connection, &desired.namespaces).await?;
    connection.close().await;
    without_early(&mut actual, &applied, folder, &diagnosis);
    let open = folder.open_rollouts().map(|rollout| rollout.name.clone()).collect();
    let database = Difference::drift(Pair::new(&applied, &actual), &desired);
    if let Some(end) = &end {
        ended::take_contracts(&mut actual, Pair::new(&all, end));
    }
    Ok(Drift {
        database,
        schema: Difference::between(Pair::new(end.as_ref().unwrap_or(&all), &desired)),
        apart: Difference::between(Pair::new(&actual, &desired)),
        open,
    })
}
