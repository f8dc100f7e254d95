//! Whether the rows of a table are known to belong into a partition without being read.

use sql::statement::{Bounds, LockMode as L, Name};

use super::{Build, Work};
use crate::catalog::{ConstraintKind, Table};
use crate::expression::conditions;

impl Build<'_> {
    /// Whether conditions that hold for the rows of a table say that they belong into the partition that it becomes. Of a key of
    /// several columns nothing is said.
    pub(super) fn fits(&self, parent: &Name, partition: &Name, bounds: &Bounds) -> bool {
        let (Some(parent), Some(table)) =
            (self.catalog.table(parent), self.catalog.table(partition))
        else {
            return false;
        };
        let Some([column]) = parent.partition_key.as_ref().map(|key| key.columns.as_slice()) else {
            return false;
        };
        if !self.is_never_null(table, column) {
            return false;
        }
        let ty = table.columns.get(column).map_or("", |column| column.ty.as_str());
        let known = known(table);
        let says = |operator: &str, value: &str| {
            known.iter().any(|condition| condition.is(column, operator, value, ty))
        };
        match bounds {
            Bounds::Range { from, to } => {
                let ([from], [to]) = (from.as_slice(), to.as_slice()) else { return false };
                (from.eq_ignore_ascii_case("minvalue") || says(">=", from))
                    && (to.eq_ignore_ascii_case("maxvalue") || says("<", to))
            }
            Bounds::List(values) => {
                known.iter().any(|condition| condition.is_among(column, values, ty))
            }
            Bounds::Hash | Bounds::Default => false,
        }
    }

    /// That nothing in the partition for all the rest belongs into the new one is seen by reading it.
    pub(super) fn empty_of_others(&mut self, parent: &Name, bounds: &Bounds) {
        if *bounds == Bounds::Default {
            return;
        }
        if let Some(default) = self.catalog.default_partition(parent) {
            self.touch(&default, L::AccessExclusive, Work::Scan);
        }
    }
}

/// What is known to hold for all rows.
fn known(table: &Table) -> Vec<crate::expression::Condition> {
    let valid = table.constraints.values().filter(|constraint| constraint.is_valid);
    let checks = valid.filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Check(condition) => Some(conditions(condition)),
        _ => None,
    });
    checks.flatten().collect()
}
