//! What the new columns of a group are made of, and the old ones: as it was said, or derived, or asked for.

use pg_schema::{Arity, Column, ColumnType, Pair, TableId, column_type, quote};

use super::derive;
use super::formula::Formula;
use super::planner::{Planner, Shrunk};
use super::unit::New;

impl Planner<'_> {
    pub(super) fn forward(
        &mut self,
        ids: Pair<TableId>,
        column: &Column,
        interim: &Column,
        one_to_one: Option<&Pair<String>>,
        olds: &[Column],
    ) -> Option<Formula> {
        let table = self.table(ids.previous).name.clone();
        let key = self.key(&table);
        let shown = format!("{}.{}", self.shown(&table), quote::ident(&column.name));
        let full = self.types();
        if self.has_using(&key, &column.name) {
            let value = self.given(ids, &column.name, true)?;
            if let Some(name) = value.changing() {
                let what = format!(
                    "The value of {shown} changes by itself ({name}), so that no two sides can be equal."
                );
                self.refuse(what, "make it of columns alone");
                return None;
            }
            return Some(derive::cast_to(value, interim, &full));
        }
        let Some(names) = one_to_one else {
            let from: Vec<String> =
                olds.iter().map(|old| quote::ident(&old.name).to_string()).collect();
            let what = format!("The column {shown} is made of {}: how?", from.join(", "));
            self.ask(&key, &column.name, what, "EXPR");
            return None;
        };
        let columns = self.columns(ids, names)?.map(Clone::clone);
        let columns = columns.as_ref();
        if columns.previous.arity == Arity::Nullable && columns.next.arity == Arity::Required {
            let what = format!("The column {shown} is to be required: what do NULLs become?");
            let example = format!("coalesce({}, …)", quote::ident(&names.previous));
            self.ask(&key, &column.name, what, &example);
            return None;
        }
        if let Some(shrunk) = self.shrunk(&columns.next.ty).cloned() {
            return self.forward_of_enum(ids, columns, interim, &shrunk);
        }
        let change = self.changes(columns).ty;
        let derived = derive::forward(Pair::new(columns.previous, interim), change, &full);
        if derived.is_none() {
            let what = format!(
                "The column {shown} changes its type from {} to {}, and values may be cut, rounded or refused: how are they \
                 to be changed?",
                column_type(columns.previous, &self.base),
                column_type(columns.next, &self.next)
            );
            let example = format!(
                "{}::{}",
                quote::ident(&names.previous),
                column_type(columns.next, &self.next)
            );
            let example = match (&columns.previous.ty, &columns.next.ty) {
                (ColumnType::Timestamp(_), ColumnType::Timestamptz(_))
                | (ColumnType::Timestamptz(_), ColumnType::Timestamp(_)) => {
                    format!("{} AT TIME ZONE 'UTC'", quote::ident(&names.previous))
                }
                _ => example,
            };
            self.ask(&key, &column.name, what, &example);
        }
        derived
    }

    pub(super) fn forward_of_enum(
        &mut self,
        ids: Pair<TableId>,
        columns: Pair<&Column>,
        interim: &Column,
        shrunk: &Shrunk,
    ) -> Option<Formula> {
        let table = self.table(ids.previous).name.clone();
        let key = self.key(&table);
        let full = self.types();
        let old = quote::ident(&columns.previous.name);
        let is_enum = columns.previous.ty == columns.next.ty
            || matches!(&columns.previous.ty, ColumnType::Enum(name)
                if matches!(&columns.next.ty, ColumnType::Enum(next) if self.key(name) == self.key(next)));
        let is_list = columns.map(|column| column.arity == Arity::List);
        let all_renamed = shrunk.removed.iter().all(|value| shrunk.renamed.contains_key(value));
        if !is_enum || is_list.differs() || !all_renamed {
            let what = format!(
                "The enum of {}.{} loses {}: what becomes of {}?",
                self.shown(&table),
                quote::ident(&columns.next.name),
                shrunk.removed.join(", "),
                if shrunk.removed.len() == 1 { "it" } else { "them" }
            );
            let first = shrunk.removed.first().map_or("", String::as_str);
            let example = if is_list.previous {
                format!("array_remove({old}::text[], {})", quote::literal(first))
            } else {
                format!(
                    "CASE {old}::text WHEN {} THEN … ELSE {old}::text END",
                    quote::literal(first)
                )
            };
            self.ask(&key, &columns.next.name, what, &example);
            return None;
        }
        let sql = if is_list.previous {
            shrunk.renamed.iter().fold(format!("{old}::text[]"), |sql, (from, to)| {
                format!("array_replace({sql}, {}, {})", quote::literal(from), quote::literal(to))
            })
        } else {
            let cases = shrunk.renamed.iter().map(|(from, to)| {
                format!("WHEN {} THEN {} ", quote::literal(from), quote::literal(to))
            });
            let cases: Vec<String> = cases.collect();
            format!("CASE {old}::text {}ELSE {old}::text END", cases.concat())
        };
        let formula = self.formula(ids, &sql, true).ok()?;
        Some(derive::cast_to(formula, interim, &full))
    }

    pub(super) fn backward(
        &mut self,
        ids: Pair<TableId>,
        old: &Column,
        one_to_one: Option<&Pair<String>>,
        interims: &[(Column, Column)],
        new: &[New],
    ) -> Option<Formula> {
        let table = self.table(ids.previous).name.clone();
        let key = self.key(&table);
        let is_same_name = one_to_one.is_some_and(|names| !names.differs());
        let full = self.types();
        if !is_same_name && self.has_using(&key, &old.name) {
            let value = self.given(ids, &old.name, false)?;
            return Some(derive::cast_to(value, old, &full));
        }
        let derived = match (new, interims) {
            ([New { forward, .. }], [(_, interim)]) => {
                derive::backward(Pair::new(old, interim), forward, &old.name, &interim.name)
            }
            _ => None,
        };
        if let Some(sql) = &derived
            && let Ok(value) = self.formula(ids, sql, true)
        {
            return Some(if old.ty == interims[0].1.ty {
                value
            } else {
                derive::cast_to(value, old, &full)
            });
        }
        // What was not said of the way there is to be said first.
        if !is_same_name && !new.is_empty() {
            let from: Vec<String> = interims
                .iter()
                .map(|(_, interim)| quote::ident(&interim.name).to_string())
                .collect();
            let what = format!(
                "What the new release writes to {} the old one reads in {}.{}: how is it made of it?",
                from.join(", "),
                self.shown(&table),
                quote::ident(&old.name)
            );
            self.ask(&key, &old.name, what, "EXPR");
        }
        None
    }
}
