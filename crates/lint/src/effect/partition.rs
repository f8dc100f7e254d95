//! Whether the rows of a table are known to belong into a partition without being read.

use sql::statement::{Bounds, LockMode as L, Name};

use super::{Build, Work};
use crate::bounds::rules_out;
use crate::catalog::{ConstraintKind, Missing, Table};
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
        let known: Vec<_> = checks(table).flat_map(conditions).collect();
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

    /// What is done to the rows of a table that becomes a partition: they are read to see that they belong there, or for what the
    /// whole table has and it has not.
    pub(super) fn attached(&mut self, parent: &Name, partition: &Name, bounds: &Bounds) -> Work {
        let missing = self.catalog.missing(parent, partition);
        for referred in self.catalog.referred(parent) {
            // A key of its own becomes a part of the whole table's.
            let is_own = self.catalog.referred(partition).contains(&referred);
            let lock = if is_own { L::AccessExclusive } else { L::ShareRowExclusive };
            self.touch(&referred, lock, Work::None);
        }
        match missing {
            Some(Missing::Index) => Work::Index,
            None if self.fits(parent, partition, bounds) => Work::None,
            Some(Missing::ForeignKey) | None => Work::Scan,
        }
    }

    /// Whether conditions that hold for the partition for all the rest rule out what belongs into a new one.
    fn has_none_of(&self, parent: &Name, default: &Name, bounds: &Bounds) -> bool {
        let (Some(parent), Some(table)) = (self.catalog.table(parent), self.catalog.table(default))
        else {
            return false;
        };
        let Some([column]) = parent.partition_key.as_ref().map(|key| key.columns.as_slice()) else {
            return false;
        };
        let ty = table.columns.get(column).map_or("", |column| column.ty.as_str());
        checks(table).any(|condition| rules_out(condition, column, ty, bounds))
    }

    /// That nothing in the partition for all the rest belongs into the new one is seen by reading it.
    pub(super) fn empty_of_others(&mut self, parent: &Name, bounds: &Bounds) {
        if *bounds == Bounds::Default {
            return;
        }
        if let Some(default) = self.catalog.default_partition(parent) {
            let work =
                if self.has_none_of(parent, &default, bounds) { Work::None } else { Work::Scan };
            self.touch(&default, L::AccessExclusive, work);
        }
    }
}

/// The conditions that hold for all rows.
fn checks(table: &Table) -> impl Iterator<Item = &str> {
    let valid = table.constraints.values().filter(|constraint| constraint.is_valid);
    valid.filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Check(condition) => Some(condition.as_str()),
        _ => None,
    })
}
