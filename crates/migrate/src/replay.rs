//! What migrations make of an empty database: remembered where the same ones were replayed before, else found out in
//! a shadow database, which is made for the first list that is not remembered.

mod cache;

use pg_schema::PgSchema;
use postgres::{Connection, ConnectionUrl};

pub use cache::Cache;
pub(crate) use cache::Memory;

use crate::folder::{Folder, Migration};
use crate::shadow::Shadow;
use crate::{Error, Progress};

/// Where migrations are compared with a database.
#[derive(Debug, Clone, Copy)]
pub struct Databases<'a> {
    pub main: &'a ConnectionUrl,
    /// A database set aside for the shadow; none makes one on the same server.
    pub shadow: Option<&'a ConnectionUrl>,
    /// Where outcomes of replays are kept; none replays each time.
    pub cache: Option<&'a Cache>,
}

/// Replays of one folder's migrations in one place.
pub(crate) struct Replay<'a> {
    folder: &'a Folder,
    databases: Databases<'a>,
    namespaces: &'a [String],
    memory: Option<Memory<'a>>,
    shadow: Option<Shadow>,
    /// What the shadow database holds, as described when it was there.
    last: Option<(Vec<&'a Migration>, PgSchema)>,
}

impl<'a> Replay<'a> {
    /// `connection` leads to the main database: its server is asked what else a replay depends on.
    pub(crate) async fn new(
        connection: &Connection,
        folder: &'a Folder,
        databases: Databases<'a>,
        namespaces: &'a [String],
    ) -> Self {
        let memory = match databases.cache {
            // A server that does not say what a replay depends on has its migrations replayed.
            Some(cache) => Memory::new(cache, connection, databases, namespaces).await.ok(),
            None => None,
        };
        Self { folder, databases, namespaces, memory, shadow: None, last: None }
    }

    /// What these migrations of the folder make, in this order.
    ///
    /// Fails with P3006 where one does not replay on an empty database, P3014 where no shadow database can be made.
    pub(crate) async fn schema_of(
        &mut self,
        migrations: &[&'a Migration],
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<PgSchema, Error> {
        if let Some((last, schema)) = &self.last
            && last == migrations
        {
            return Ok(schema.clone());
        }
        if let Some(schema) = self.memory.as_ref().and_then(|memory| memory.recall(migrations)) {
            return Ok(schema);
        }
        // In a box: it is rare and large.
        let schema = Box::pin(self.run(migrations, progress)).await?;
        self.remember(migrations, &schema);
        self.last = Some((migrations.to_vec(), schema.clone()));
        Ok(schema)
    }

    /// Keeps what these migrations make for replays to come.
    pub(crate) fn remember(&self, migrations: &[&Migration], schema: &PgSchema) {
        if let Some(memory) = &self.memory {
            memory.remember(migrations, schema);
        }
    }

    /// Drops the shadow database, if there is one, and waits for it.
    pub(crate) async fn close(self) -> Result<(), Error> {
        match self.shadow {
            Some(shadow) => shadow.close().await,
            None => Ok(()),
        }
    }

    async fn run(
        &mut self,
        migrations: &[&'a Migration],
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<PgSchema, Error> {
        let there = self.last.take().map_or_else(Vec::new, |(last, _)| last);
        let shadow = match &mut self.shadow {
            Some(shadow) => shadow,
            empty => {
                let Databases { main, shadow, .. } = self.databases;
                empty.insert(Shadow::open(main, shadow, self.namespaces).await?)
            }
        };
        let rest = if let Some(rest) = migrations.strip_prefix(there.as_slice()) {
            rest
        } else {
            // One that was run is not among these, or others come before it.
            shadow.empty(self.databases.main, self.namespaces).await?;
            migrations
        };
        shadow.replay(self.folder, rest, progress).await?;
        shadow.describe(self.namespaces).await
    }
}
