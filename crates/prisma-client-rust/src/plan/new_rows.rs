//! The new rows of one query, until they are arrays.

use std::fmt;

use super::Scope;
use super::arrays::Arrays;
use super::changes::Changes;
use super::defaults::{self, ColumnDefault};
use crate::error::QueryError;
use crate::model::Descriptor;
use crate::set::{ColumnChange, SetNode};
use crate::value::PrismaValue;

/// New rows in their order, with what each of them sets.
#[derive(Clone)]
pub(crate) struct NewRows {
    /// Whether they are laid out as they come.
    at_once: bool,
    /// The number of the first of them, where who made them knows them by numbers.
    first: Option<u64>,
    /// The columns of those that are laid out, as each of them names them.
    named: Vec<u16>,
    /// The first rows: those that a loop makes are alike, and are held but once, in the form in which they are sent.
    laid_out: Vec<Arrays>,
    /// Which of these cannot be sent, and why.
    refused: Option<(usize, String)>,
    /// From the first on that is not like them.
    rows: Vec<Vec<SetNode>>,
}

impl NewRows {
    /// For all rows of a query. Those that are laid out at once are beyond the guards of a tenant.
    pub(crate) fn new(at_once: bool) -> Self {
        Self { at_once, first: Some(0), ..Self::of(Vec::new()) }
    }

    /// Some of the rows of a query, their relations as columns already.
    pub(crate) fn of(rows: Vec<Vec<ColumnChange>>) -> Self {
        let (named, laid_out) = (Vec::new(), Vec::new());
        let rows = rows.into_iter().map(nodes).collect();
        Self { at_once: false, first: None, named, laid_out, refused: None, rows }
    }

    /// Those that begin with the row of this number.
    pub(crate) fn numbered_from(self, first: u64) -> Self {
        Self { first: Some(first), ..self }
    }

    /// One more.
    pub(crate) fn push(&mut self, model: &'static Descriptor, row: Vec<SetNode>) {
        if !self.is_like_the_others(&row) {
            self.rows.push(row);
            return;
        }
        if !self.laid_out.last().is_some_and(Arrays::has_room) {
            self.laid_out.push(Arrays::new(model, |column| self.named.contains(&column)));
        }
        if let (Some(last), None) = (self.laid_out.last_mut(), &self.refused)
            && let Err(reason) = last.append(model, &row)
        {
            let number = self.laid_out.iter().map(|arrays| arrays.rows).sum();
            self.refused = Some((number, reason));
        }
    }

    /// Whether the row names the same columns in the same order as all before it.
    fn is_like_the_others(&mut self, row: &[SetNode]) -> bool {
        if !self.at_once || !self.rows.is_empty() {
            return false;
        }
        if self.named.is_empty() {
            self.named = distinct(row).unwrap_or_default();
        }
        let columns = row.iter().map(SetNode::column);
        !row.is_empty() && columns.eq(self.named.iter().map(|column| Some(*column)))
    }

    /// All of them laid out, with what the client gives new rows.
    ///
    /// Relations have to be named by their keys, since the rows are made together. New arrays begin where the columns change,
    /// so that the order of the rows stays. A column that is NULL where it is not set does not change anything: all rows set
    /// it if one does.
    pub(crate) fn arrays(
        self,
        scope: Scope<'_>,
        model: &'static Descriptor,
        now: &PrismaValue,
    ) -> Result<Vec<Arrays>, QueryError> {
        let Self { named, laid_out, refused, rows, first, .. } = self;
        debug_assert!(laid_out.is_empty() || scope.tenant.is_none(), "no guard has seen them");
        let unsendable = |number: usize, reason: &str| {
            let error = QueryError::unsendable(reason).of(model);
            match (first, u64::try_from(number)) {
                (Some(first), Ok(number)) => error.in_row(first + number),
                _ => error,
            }
        };
        if let Some((number, reason)) = refused {
            return Err(unsendable(number, &reason));
        }
        let runs = runs(scope, model, rows, now)?;
        let unset = |column: u16| {
            let names = |columns: &Vec<u16>| columns.contains(&column);
            let is_set = || names(&named) || runs.iter().any(|run| names(&run.columns));
            let is_null = || model.column(column).is_null_unless_set() && is_set();
            defaults::of(scope, model, column).or_else(|| is_null().then_some(ColumnDefault::Null))
        };
        let defaults: Vec<Option<ColumnDefault<'_>>> = model.indices().map(unset).collect();
        let (mut all, mut number) = (Vec::new(), 0);
        for arrays in laid_out {
            let (rows, completed) = (arrays.rows, arrays.completed(model, &defaults, now));
            all.push(completed.map_err(|reason| unsendable(number, &reason))?);
            number += rows;
        }
        for Run { columns: mut needed, rows } in runs {
            // The others have a value in any case.
            needed.retain(|column| defaults[usize::from(*column)].is_none());
            needed.sort_unstable();
            needed.dedup();
            let is_set =
                |column: u16| defaults[usize::from(column)].is_some() || needed.contains(&column);
            let mut fits = all.last().is_some_and(|last: &Arrays| last.needs(&needed, &defaults));
            for row in rows {
                if !fits || !all.last().is_some_and(Arrays::has_room) {
                    all.push(Arrays::new(model, is_set));
                    fits = true;
                }
                if let Some(last) = all.last_mut() {
                    last.set(row);
                    last.fill(&defaults, now);
                    last.guard(scope, model);
                    last.push(model).map_err(|reason| unsendable(number, &reason))?;
                }
                number += 1;
            }
        }
        Ok(all)
    }
}

impl fmt::Debug for NewRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let laid_out: usize = self.laid_out.iter().map(|arrays| arrays.rows).sum();
        match laid_out {
            0 => self.rows.fmt(f),
            _ => write!(f, "{laid_out} rows that set {:?}, {:?}", self.named, self.rows),
        }
    }
}

/// The columns of a row that sets nothing else, and each of them once.
fn distinct(row: &[SetNode]) -> Option<Vec<u16>> {
    let columns: Vec<u16> = row.iter().map(SetNode::column).collect::<Option<_>>()?;
    let is_first = |(place, column): (usize, &u16)| !columns[..place].contains(column);
    columns.iter().enumerate().all(is_first).then_some(columns)
}

fn nodes(columns: Vec<ColumnChange>) -> Vec<SetNode> {
    columns.into_iter().map(SetNode::Column).collect()
}

/// Rows one after the other that name the same columns in the same order.
struct Run {
    columns: Vec<u16>,
    rows: Vec<Vec<SetNode>>,
}

/// The rows with their relations as columns.
fn runs(
    scope: Scope<'_>,
    model: &'static Descriptor,
    rows: Vec<Vec<SetNode>>,
    now: &PrismaValue,
) -> Result<Vec<Run>, QueryError> {
    let mut runs: Vec<Run> = Vec::new();
    for mut row in rows {
        if row.iter().any(|node| node.column().is_none()) {
            let columns = Changes::columns_of(scope, model, row, now)?;
            row = nodes(columns);
        }
        let columns = row.iter().filter_map(SetNode::column);
        match runs.last_mut() {
            Some(run) if columns.clone().eq(run.columns.iter().copied()) => run.rows.push(row),
            _ => runs.push(Run { columns: columns.collect(), rows: vec![row] }),
        }
    }
    Ok(runs)
}
