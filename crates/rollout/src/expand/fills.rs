//! What `rollout.toml` says.

use std::collections::BTreeMap;

use pg_schema::{TableId, quote};

use super::names::table_name;
use super::planner::{Later, Planner};
use super::unit::Unit;
use crate::{Document, Fill, Finish};

impl Planner<'_> {
    pub(super) fn document(&self) -> Document {
        let mut fills = Vec::new();
        for (id, work) in &self.tables {
            let name = table_name(&self.table(*id).name, &self.base);
            let units: Vec<(&Unit, String)> =
                work.units.iter().filter_map(|unit| Some((unit, unit.pending()?))).collect();
            if !units.is_empty() {
                let is_only = units.len() == 1;
                let mut set: BTreeMap<String, String> = BTreeMap::new();
                for (unit, pending) in &units {
                    for (column, value) in unit.fill() {
                        let value = if is_only {
                            value
                        } else {
                            // A value that is right already may be more exact than what would be made of the other side.
                            let as_is = set
                                .get(&column)
                                .cloned()
                                .unwrap_or_else(|| format!("t.{}", quote::ident(&column)));
                            format!("CASE WHEN {pending} THEN {value} ELSE {as_is} END")
                        };
                        set.insert(column, value);
                    }
                }
                let pending: Vec<&str> =
                    units.iter().map(|(_, pending)| pending.as_str()).collect();
                let pending = match pending[..] {
                    [one] => one.to_owned(),
                    _ => format!("({})", pending.join(") OR (")),
                };
                fills.push(Fill { table: name.clone(), set: set.into_iter().collect(), pending });
            }
            for further in &work.mends {
                fills.push(Fill {
                    table: name.clone(),
                    set: vec![(further.column.clone(), further.value.clone())],
                    pending: further.pending.clone(),
                });
            }
        }
        let finish = |later: &Later| Finish {
            kind: later.kind,
            table: table_name(self.name(later.table), &self.base),
            name: later.name.clone(),
            sql: later.sql.clone(),
        };
        Document {
            summary: self.summary.clone(),
            old_writes: self.is_noted().then(|| self.common.old_writes()),
            prepare: self.lookups.iter().map(finish).collect(),
            fills,
            finish: self.finishes.iter().map(finish).collect(),
            proofs: self.proofs().into_iter().map(|(_, proof)| proof).collect(),
            retires: self.retires.clone(),
        }
    }

    /// Queries that find a row in which something is still to be filled, each with its table.
    pub(super) fn proofs(&self) -> Vec<(TableId, String)> {
        let mut proofs = Vec::new();
        for (id, work) in &self.tables {
            let mut push = |shown: &[&str], pending: &str| {
                let columns = self.shown_columns(*id, shown);
                let table = self.full(*id);
                proofs.push((
                    *id,
                    format!("SELECT {columns} FROM {table} AS t WHERE {pending} LIMIT 10"),
                ));
            };
            for unit in &work.units {
                if let Some(pending) = unit.pending() {
                    push(&unit.shown(), &pending);
                }
            }
            for further in work.mends.iter().filter(|further| further.is_proven) {
                push(&[&further.column], &further.pending);
            }
        }
        proofs
    }
}
