//! Expressions of people: what their names stand for.

use pg_schema::{Column, Pair, TableId, quote};
use sql::Expression;

use super::derive::is_in_words;
use super::formula::{Formula, Join, Place};
use super::names::full;
use super::planner::{Key, Planner};

impl Planner<'_> {
    /// A formula over a row of the table. Names that both sides know are those of the old one where `is_of_old`.
    pub(super) fn formula(
        &self,
        ids: Pair<TableId>,
        sql: &str,
        is_of_old: bool,
    ) -> Result<Formula, String> {
        let read = Expression::read(sql).map_err(|problem| problem.to_string())?;
        let table = self.key(&self.table(ids.previous).name);
        let mut places = Vec::new();
        for column in &read.columns {
            places.push(match &column.qualifier {
                None => Place::Own(self.own_column(ids, &column.name, is_of_old)?),
                Some(qualifier) => self.joined(&table, ids, qualifier, &column.name, is_of_old)?,
            });
        }
        let mut formula = Formula::new(sql, read, places);
        let has_words = formula
            .inputs()
            .into_iter()
            .any(|name| self.column(ids, name).is_some_and(|column| is_in_words(&column.ty)));
        let is_plain =
            matches!(&formula.read().shape, sql::Shape::Column | sql::Shape::AtTimeZone(..));
        let casts_plainly = formula.read().types.iter().all(|ty| {
            let bare = ty.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
            matches!(
                bare.as_str(),
                "int"
                    | "integer"
                    | "int4"
                    | "bigint"
                    | "int8"
                    | "smallint"
                    | "int2"
                    | "text"
                    | "varchar"
                    | "numeric"
                    | "decimal"
                    | "boolean"
                    | "bool"
                    | "uuid"
                    | "jsonb"
            )
        });
        if (has_words && !is_plain) || !casts_plainly {
            formula.is_fixed = false;
        }
        Ok(formula)
    }

    /// A column by what it is called in between.
    fn column(&self, ids: Pair<TableId>, name: &str) -> Option<&Column> {
        let name_of = &self.table(ids.previous).name;
        let expanded = self.expanded.table_id(name_of).map(|id| self.expanded.table_at(id));
        expanded
            .and_then(|table| table.column(name))
            .or_else(|| self.table(ids.previous).column(name))
    }

    fn own_column(
        &self,
        ids: Pair<TableId>,
        name: &str,
        is_of_old: bool,
    ) -> Result<String, String> {
        let (old, new) = (self.table(ids.previous), self.next.table_at(ids.next));
        let key = self.key(&old.name);
        let is_interim = |name: &str| {
            self.interim
                .get(&key)
                .is_some_and(|names| names.values().any(|interim| interim == name))
        };
        let find = |name: &str| {
            let from_new = || new.column(name).map(|_| self.interim(&key, name).to_owned());
            let from_old = || old.column(name).map(|_| name.to_owned());
            if is_of_old { from_old().or_else(from_new) } else { from_new().or_else(from_old) }
        };
        let by_field = || {
            let model = self.model(&key)?;
            let (_, column) = model.fields.iter().find(|(field, _)| field == name)?;
            if is_of_old { Some(self.old_of(&key, column)) } else { find(column) }
        };
        if is_interim(name) && old.column(name).is_none() {
            return Ok(name.to_owned());
        }
        find(name).or_else(by_field).ok_or_else(|| {
            let columns = || old.columns.iter().chain(&new.columns);
            let close = columns().find(|column| column.name.eq_ignore_ascii_case(name));
            let hint = close.map_or(String::new(), |column| {
                format!(
                    "; names with capitals are written in quotes: {}",
                    quote::ident(&column.name)
                )
            });
            format!("{} has no column {}{hint}", self.shown(&old.name), quote::ident(name))
        })
    }

    fn joined(
        &self,
        table: &Key,
        ids: Pair<TableId>,
        qualifier: &str,
        name: &str,
        is_of_old: bool,
    ) -> Result<Place, String> {
        let model = self.model(table);
        let relation = model.and_then(|model| {
            model.relations.iter().find(|it| it.field.eq_ignore_ascii_case(qualifier))
        });
        let Some(relation) = relation else {
            let is_itself = qualifier == table.1
                || model.is_some_and(|model| model.name.eq_ignore_ascii_case(qualifier));
            if is_itself {
                return Ok(Place::Own(self.own_column(ids, name, is_of_old)?));
            }
            let known: Vec<&str> = model
                .into_iter()
                .flat_map(|model| &model.relations)
                .map(|relation| relation.field.as_str())
                .collect();
            let known = if known.is_empty() {
                "it has no relation to one row".to_owned()
            } else {
                format!("its relations to one row are {}", known.join(", "))
            };
            return Err(format!(
                "{} has no relation {qualifier}: {known}",
                self.field_model(table)
            ));
        };
        let other = self.key(&relation.table);
        let found = self.base.table_id(&relation.table).map(|id| self.base.table_at(id));
        let field = self
            .model(&other)
            .and_then(|model| model.fields.iter().find(|(field, _)| field == name))
            .map(|(_, column)| self.old_of(&other, column));
        let column = match found {
            None => {
                return Err(format!("{} is new and has no rows yet", self.shown(&relation.table)));
            }
            Some(table) if table.column(name).is_some() => name.to_owned(),
            Some(table) => {
                field.filter(|column| table.column(column).is_some()).ok_or_else(|| {
                    format!("{} has no column {}", self.shown(&relation.table), quote::ident(name))
                })?
            }
        };
        let on = relation.references.iter().zip(&relation.columns);
        Ok(Place::Joined(
            Join {
                table: full(&relation.table, &self.base),
                on: on
                    .map(|(there, here)| (self.old_of(&other, there), self.old_of(table, here)))
                    .collect(),
            },
            column,
        ))
    }

    fn field_model(&self, table: &Key) -> String {
        self.model(table).map_or_else(|| table.1.clone(), |model| model.name.clone())
    }

    /// The column that has the old values of a column of the next schema.
    fn old_of(&self, table: &Key, column: &str) -> String {
        let interim = self.interim(table, column);
        let twins = self.twins.get(table);
        let old = twins.and_then(|twins| twins.iter().find(|(_, new)| *new == interim));
        old.map_or_else(|| interim.to_owned(), |(old, _)| old.clone())
    }
}
