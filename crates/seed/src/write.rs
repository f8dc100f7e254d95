//! The one way rows get into the database: in bulk, keeping what is already there, or by COPY where nothing is.

use std::time::Instant;

use chrono::{DateTime, FixedOffset, Utc};
use client::PrismaClient;
use client::prisma_client_rust::QueryError;
use client::prisma_client_rust::model::Model;
use client::prisma_client_rust::query::Actions;
use client::prisma_client_rust::set::Insert;

use crate::Error;
use crate::summary::{Table, add};

/// Rows of one statement: what is held at a time of rows that come one by one.
const BATCH: usize = 10_000;

/// Writes rows within a transaction and counts them.
#[derive(Debug)]
pub(crate) struct Writer {
    client: PrismaClient,
    way: Way,
    tables: Vec<Table>,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A row that is there, by its id or another unique key, stays as it is: whoever changed it since had a reason.
    Keeping,
    /// By COPY, which fails where a row is there.
    Copying,
}

/// A moment as the client takes it.
pub(crate) fn stamp(moment: DateTime<Utc>) -> DateTime<FixedOffset> {
    moment.fixed_offset()
}

impl Writer {
    pub(crate) fn new(client: PrismaClient, way: Way) -> Self {
        Self { client, way, tables: Vec::new() }
    }

    /// Writes the rows that are not there yet; the model is that of the rows.
    pub(crate) async fn rows<M: Model>(
        &mut self,
        rows: Vec<impl Into<Insert<M>> + Send + 'static>,
    ) -> Result<(), Error> {
        self.stream(rows.into_iter()).await
    }

    /// The same of rows that are made as they are written.
    pub(crate) async fn stream<M: Model, R: Into<Insert<M>> + Send + 'static>(
        &mut self,
        rows: impl Iterator<Item = R> + Send + 'static,
    ) -> Result<(), Error> {
        let model = M::descriptor().name;
        let start = Instant::now();
        let written = match self.way {
            Way::Keeping => self.keep(rows).await,
            Way::Copying => {
                let made = Actions::<M>::new(&self.client).copy_in(rows).exec().await;
                made.map(|made| (made, made))
            }
        };
        let (rows, made) = written.map_err(|source| Error::Rows { model, source })?;
        let [rows, made] = [rows, made].map(|count| usize::try_from(count).unwrap_or_default());
        add(&mut self.tables, Table { model, rows, made, took: start.elapsed() });
        Ok(())
    }

    /// How many rows there were, and how many of them were not there yet.
    async fn keep<M: Model, R: Into<Insert<M>>>(
        &self,
        mut rows: impl Iterator<Item = R>,
    ) -> Result<(i64, i64), QueryError> {
        let (mut count, mut made) = (0, 0);
        loop {
            let batch: Vec<R> = rows.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok((count, made));
            }
            count += i64::try_from(batch.len()).unwrap_or(i64::MAX);
            made += Actions::<M>::new(&self.client)
                .create_many_from(batch)
                .skip_duplicates()
                .exec()
                .await?;
        }
    }

    /// Counts rows that are there and that nothing is to be done about.
    pub(crate) fn there<M: Model>(&mut self, rows: i64) {
        let rows = usize::try_from(rows).unwrap_or_default();
        let model = M::descriptor().name;
        add(&mut self.tables, Table { model, rows, made: 0, took: std::time::Duration::ZERO });
    }

    /// What became of each table.
    pub(crate) fn finish(self) -> Vec<Table> {
        self.tables
    }
}
