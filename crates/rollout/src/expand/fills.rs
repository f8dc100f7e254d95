//! What `rollout.toml` says.

use std::collections::BTreeMap;

use pg_schema::quote;

use super::names::table_name;
use super::planner::{Later, Planner};
use super::unit::Unit;
use crate::{Document, Fill, Finish};

impl Planner<'_> {
    pub(super) fn document(&self) -> Document {
        let mut fills = Vec::new();
        let mut proofs = Vec::new();
        for (id, work) in &self.tables {
            let name = table_name(&self.table(*id).name, &self.base);
            let from = self.full(*id);
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
            for (unit, pending) in units {
                proofs.push(format!(
                    "SELECT {} FROM {from} AS t WHERE {pending} LIMIT 10",
                    self.shown_columns(*id, &unit.shown())
                ));
            }
            for (set, pending) in &work.mends {
                fills.push(Fill {
                    table: name.clone(),
                    set: set.clone(),
                    pending: pending.clone(),
                });
                let shown: Vec<&str> = set.iter().map(|(column, _)| column.as_str()).collect();
                proofs.push(format!(
                    "SELECT {} FROM {from} AS t WHERE {pending} LIMIT 10",
                    self.shown_columns(*id, &shown)
                ));
            }
        }
        let finish = |later: &Later| Finish {
            kind: later.kind,
            table: table_name(&self.table(later.table).name, &self.base),
            name: later.name.clone(),
            sql: later.sql.clone(),
        };
        Document {
            summary: self.summary.clone(),
            old_writes: self.is_noted().then(|| self.common.old_writes()),
            fills,
            finish: self.finishes.iter().map(finish).collect(),
            proofs,
            retires: self.retires.clone(),
        }
    }
}
