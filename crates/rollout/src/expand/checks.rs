//! New checks, and rows that a new check, unique or foreign key refuses: what is said for a column that does not change is how
//! they are mended.

use pg_schema::{Index, IndexAlgorithm, Pair, TableId, quote};

use super::derive;
use super::formula::Formula;
use super::keys::{AT_ONCE, beside};
use super::names::{self, full, idents};
use super::planner::{Further, Later, Planner, shell};
use super::unit::{Mend, Unit};
use crate::FinishKind;

impl Planner<'_> {
    pub(super) fn find_checks(&mut self) {
        let mut checks = Vec::new();
        for entry in self.request.checks {
            let model = self.request.models.iter().find(|model| model.name == entry.model);
            let ids = model.and_then(|model| {
                Some(Pair::new(
                    self.base.table_id(&model.table)?,
                    self.next.table_id(&model.table)?,
                ))
            });
            let flag = format!("--check {}", shell(&format!("{}.{}=…", entry.model, entry.name)));
            let Some(ids) = ids else {
                let what = format!("{flag}: there is no table of a model {}.", entry.model);
                self.refuse(what, "a check is of a model whose table is there: Model.name=EXPR");
                continue;
            };
            if self.table(ids.previous).checks.iter().any(|check| check.name == entry.name) {
                let what = format!("{flag}: the table has a constraint of that name.");
                self.refuse(what, "choose another name");
                continue;
            }
            match self.formula(ids, &entry.expression, false) {
                Ok(check) if check.has_joins() => self.refuse(
                    format!("{flag}: a check looks at its own row, and at no other table."),
                    "leave the relation out",
                ),
                Ok(check) => checks.push((ids, entry.name.clone(), check)),
                Err(problem) => self.refuse(
                    format!("{flag}: {problem}."),
                    "a check is made of the columns of one row: \"priceCents\" >= 0",
                ),
            }
        }
        for (ids, name, check) in &checks {
            self.find_check(*ids, name, check);
        }
        self.find_mends(&checks);
    }

    fn find_check(&mut self, ids: Pair<TableId>, name: &str, check: &Formula) {
        let table = self.full(ids.previous);
        let shown = self.shown(&self.table(ids.previous).name);
        let what = format!("new check {} in {shown}{AT_ONCE}", quote::ident(name));
        self.summary.push(what);
        let quoted = quote::ident(name).to_string();
        let condition = check.bare();
        self.own.push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {quoted} CHECK ({condition}) NOT VALID"
        ));
        self.undo.push(format!("ALTER TABLE {table} DROP CONSTRAINT {quoted}"));
        let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {quoted}");
        self.finishes.push(Later {
            kind: FinishKind::Validate,
            table: ids.previous,
            name: name.to_owned(),
            sql: validate.clone(),
            again: validate,
        });
    }

    /// For each column that stays as it is and has an expression: the rows that get it.
    fn find_mends(&mut self, checks: &[(Pair<TableId>, String, Formula)]) {
        for id in self.base.table_ids() {
            let table = self.table(id).clone();
            let Some(next) = self.next.table_id(&table.name) else { continue };
            let (ids, key) = (Pair::new(id, next), self.key(&table.name));
            let mut mended = Vec::new();
            for column in &table.columns {
                let is_changed = self.takers.contains(&(key.clone(), column.name.clone()))
                    || self.next.table_at(next).column(&column.name).is_none();
                if is_changed {
                    continue;
                }
                let checks: Vec<&Formula> = checks
                    .iter()
                    .filter(|(of, _, check)| {
                        of.previous == id && check.own().any(|name| name == column.name)
                    })
                    .map(|(_, _, check)| check)
                    .collect();
                let pending: Vec<String> = self.offenders(id, &column.name);
                if checks.is_empty() && pending.is_empty() {
                    continue;
                }
                self.takers.push((key.clone(), column.name.clone()));
                let Some(sql) = self.using(&key, &column.name) else { continue };
                let value = match self.formula(ids, sql, true) {
                    Ok(value) => derive::cast_to(value, column, &self.base),
                    Err(problem) => {
                        let what =
                            format!("--using {}={sql}: {problem}.", self.field(&key, &column.name));
                        self.refuse(what, "an expression is made of the columns of one row");
                        continue;
                    }
                };
                mended.push(column.name.as_str());
                let work = self.work(id);
                for pending in pending {
                    let (column, value) = (column.name.clone(), value.over("t"));
                    work.mends.push(Further { column, value, pending, is_proven: true });
                }
                for check in checks {
                    work.units.push(Unit::Mend(Mend {
                        column: column.name.clone(),
                        check: check.clone(),
                        value: value.clone(),
                    }));
                }
            }
            self.find_lookups(id, &mended);
        }
    }

    /// Rows that stand in the way of a new unique or foreign key over the column.
    fn offenders(&self, id: TableId, column: &str) -> Vec<String> {
        let table = self.table(id);
        let name = full(&table.name, &self.base);
        let mut pending = Vec::new();
        for (columns, key) in self.new_uniques(id, column) {
            let same: Vec<String> =
                columns.iter().map(|name| format!("o.{0} = t.{0}", quote::ident(name))).collect();
            let of = |row: &str| {
                let columns: Vec<String> =
                    key.iter().map(|it| format!("{row}.{}", quote::ident(it))).collect();
                columns.join(", ")
            };
            pending.push(format!(
                "EXISTS (SELECT FROM {name} AS o WHERE {} AND ({}) < ({}))",
                same.join(" AND "),
                of("o"),
                of("t")
            ));
        }
        for (of, key) in &self.keys {
            let is_new = *of == id && key.columns.iter().any(|name| name == column);
            if !is_new || key.columns.iter().any(|name| table.column(name).is_none()) {
                continue;
            }
            let nulls: Vec<String> = key
                .columns
                .iter()
                .map(|it| format!("t.{} IS NOT NULL", quote::ident(it)))
                .collect();
            let same = key.columns.iter().zip(&key.referenced_columns);
            let same: Vec<String> = same
                .map(|(here, there)| {
                    format!("r.{} = t.{}", quote::ident(there), quote::ident(here))
                })
                .collect();
            pending.push(format!(
                "{} AND NOT EXISTS (SELECT FROM {} AS r WHERE {})",
                nulls.join(" AND "),
                full(&key.referenced_table, &self.base),
                same.join(" AND ")
            ));
        }
        pending
    }

    /// The columns of new uniques over what the table has, this column among them, each with those by which its rows are
    /// told apart.
    fn new_uniques<'a>(
        &'a self,
        id: TableId,
        column: &'a str,
    ) -> impl Iterator<Item = (Vec<&'a str>, Vec<String>)> {
        let table = self.table(id);
        let indexes = self.indexes.iter().filter(move |(of, index)| *of == id && index.unique);
        indexes.filter_map(move |(_, index)| {
            let columns = index.columns().filter(|columns| columns.contains(&column))?;
            let has_all = columns.iter().all(|name| table.column(name).is_some());
            has_all.then(|| (columns, self.row_key(id)))
        })
    }

    /// Indexes by which rows with the same values are found: without one each batch would read the whole table.
    fn find_lookups(&mut self, id: TableId, mended: &[&str]) {
        let table = self.table(id).clone();
        let mut wanted: Vec<Vec<String>> = Vec::new();
        for (columns, key) in mended.iter().flat_map(|column| self.new_uniques(id, column)) {
            let leads = |index: &Index| {
                let is_plain =
                    index.predicate.is_none() && index.algorithm == IndexAlgorithm::BTree;
                let of = index.columns().filter(|_| is_plain && index.valid).unwrap_or_default();
                let first = of.get(..columns.len());
                first.is_some_and(|first| first.iter().all(|name| columns.contains(name)))
            };
            if table.indexes.iter().any(leads) {
                continue;
            }
            let rest = key.iter().map(String::as_str).filter(|name| !columns.contains(name));
            let all: Vec<String> = columns.iter().copied().chain(rest).map(str::to_owned).collect();
            if !wanted.contains(&all) {
                wanted.push(all);
            }
        }
        for columns in wanted {
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            let index = Index::new(self.own_name(), &columns);
            let (sql, _) = beside(&self.create_index(id, &index));
            let name = names::full(&table.name.sibling(&index.name), &self.base);
            let gone = format!("DROP INDEX IF EXISTS {name}");
            self.undo_indexes.push(gone.clone());
            self.lookups.push(Later {
                kind: FinishKind::Index,
                table: id,
                name: index.name,
                sql,
                again: gone,
            });
        }
    }

    /// The columns that a row of the table is known by.
    pub(super) fn row_key(&self, id: TableId) -> Vec<String> {
        let table = self.table(id);
        if let Some(key) = &table.primary_key {
            return key.columns.clone();
        }
        let is_required = |name: &&str| {
            table.column(name).is_some_and(|it| it.arity == pg_schema::Arity::Required)
        };
        let unique = table.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
        let mut keys = unique.filter_map(pg_schema::Index::columns);
        let key = keys.find(|columns| columns.iter().all(is_required)).unwrap_or_default();
        key.into_iter().map(str::to_owned).collect()
    }

    /// The key's columns of a row named `t`, with commas.
    pub(super) fn shown_columns(&self, id: TableId, more: &[&str]) -> String {
        let mut columns = self.row_key(id);
        columns.extend(more.iter().map(|name| (*name).to_owned()));
        let mut seen = std::collections::BTreeSet::new();
        columns.retain(|name| seen.insert(name.clone()));
        columns.iter().map(|name| format!("t.{}", idents(&[name]))).collect::<Vec<_>>().join(", ")
    }
}
