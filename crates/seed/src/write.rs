//! The one way rows get into the database: in bulk, keeping what is already there.

use chrono::{DateTime, FixedOffset, Utc};
use client::PrismaClient;
use client::prisma_client_rust::model::Model;
use client::prisma_client_rust::query::Actions;
use client::prisma_client_rust::set::Insert;

use crate::Error;
use crate::summary::Table;

/// Writes rows within a transaction and counts them.
#[derive(Debug)]
pub(crate) struct Writer<'a> {
    client: &'a PrismaClient,
    tables: Vec<Table>,
}

/// A moment as the client takes it.
pub(crate) fn stamp(moment: DateTime<Utc>) -> DateTime<FixedOffset> {
    moment.fixed_offset()
}

impl<'a> Writer<'a> {
    pub(crate) fn new(client: &'a PrismaClient) -> Self {
        Self { client, tables: Vec::new() }
    }

    /// Writes the rows that are not there yet; the model is that of the rows. A row that is there, by its id or another
    /// unique key, stays as it is: whoever changed it since had a reason.
    pub(crate) async fn rows<M: Model>(
        &mut self,
        rows: Vec<impl Into<Insert<M>>>,
    ) -> Result<(), Error> {
        let (model, count) = (M::descriptor().name, rows.len());
        let made = Actions::<M>::new(self.client).create_many(rows).skip_duplicates().exec().await;
        let made = made.map_err(|source| Error::Rows { model, source })?;
        self.tables.push(Table {
            model,
            rows: count,
            made: usize::try_from(made).unwrap_or_default(),
        });
        Ok(())
    }

    /// What became of each table.
    pub(crate) fn finish(self) -> Vec<Table> {
        self.tables
    }
}
