//! The next migration: its script, and what it does to the data that is there.

use pg_schema::{
    Pair, PgSchema, Rename, Renamed, RowCounts, Step, diff, render, warnings, warnings_block,
};
use postgres::Connection;

use crate::risks::Risks;
use crate::{Error, down};

/// What the schema file asks for beyond the migrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The text of the migration's file; a comment where there is nothing to do.
    pub script: String,
    /// The text of the file beside it that takes the migration back.
    pub down: String,
    /// How many steps it takes.
    pub steps: usize,
    /// What it does to the data that is there now.
    pub risks: Risks,
}

impl Next {
    pub fn is_empty(&self) -> bool {
        self.steps == 0
    }

    /// From what is there to what is wanted, where `renames` are one thing under two names; the connection's rows are counted where their number matters.
    pub(super) async fn find(
        connection: &Connection,
        schemas: Pair<&PgSchema>,
        renames: &[Rename],
    ) -> Result<Self, Error> {
        let renamed = Renamed::new(schemas, renames);
        let schemas = Pair::new(&renamed.previous, schemas.next);
        let steps = renamed.steps(schemas.next);
        let risks = Risks::find(connection, &steps, schemas).await?;
        Ok(Self { risks, ..Self::written(&steps, schemas) })
    }

    /// What has been done already, so that there is nothing left to risk.
    pub(super) fn done(expected: &PgSchema, actual: &PgSchema) -> Self {
        let schemas = Pair::new(expected, actual);
        Self::written(&diff(schemas), schemas)
    }

    fn written(steps: &[Step], schemas: Pair<&PgSchema>) -> Self {
        // The file outlives this database: its comment says what may happen in any.
        let may_happen = warnings_block(&warnings(steps, schemas), &RowCounts::default());
        let mut script = may_happen + &render(steps, schemas);
        if !script.ends_with('\n') {
            // What is added to the end of the file is not to become part of the comment.
            script.push('\n');
        }
        let down = down::script::write(steps, schemas);
        Self { script, down, steps: steps.len(), risks: Risks::default() }
    }
}
