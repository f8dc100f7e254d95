//! Filters as SQL. Values are parameters, cast to what the database says of their columns.
//!
//! Conditions on relations are EXISTS, so that a row is found once however many related rows there are; NULL follows the client.

use super::json::{self, Part};
use super::{Filter, Operator, Quantifier};
use crate::failure::{Failure, Result};
use crate::model::{Field, Model, Relation, Through};
use crate::quoting::{Statement, escape_like, ident};

/// Adds the condition to a statement over the model's table under the name `t`.
pub(crate) fn push(statement: &mut Statement, model: &Model, filter: &Filter) -> Result<()> {
    push_at(statement, model, filter, 0)
}

/// Tables are called `t`, and `t1`, `t2` and so on behind relations.
fn alias(depth: usize) -> String {
    if depth == 0 { "t".to_owned() } else { format!("t{depth}") }
}

fn push_at(statement: &mut Statement, model: &Model, filter: &Filter, depth: usize) -> Result<()> {
    match filter {
        Filter::Field { name, path, operator, value } => {
            if let Ok(relation) = relation(model, name)
                && *operator == Operator::IsNull
            {
                push_related(statement, relation, Quantifier::IsNot, &[], depth)
            } else {
                let field = model.field(name)?;
                refuse_unfit(model, field, path, *operator)?;
                let alias = alias(depth);
                if field.is_document() {
                    let part = Part { column: &field.sql_of(&alias), path };
                    json::push(statement, &part, *operator, value);
                } else {
                    push_field(statement, field, &alias, *operator, value);
                }
                Ok(())
            }
        }
        Filter::Related { relation: name, quantifier, filters } => {
            let relation = relation(model, name)?;
            let fitting = Quantifier::of_relation(relation);
            if !fitting.contains(quantifier) {
                let names: Vec<&str> = fitting.iter().map(|fitting| fitting.name()).collect();
                return Err(Failure::wrong(format!(
                    "{}.{name} leads to {}, so that it is filtered by {}, not by {}",
                    model.name,
                    if relation.is_list { "any number of rows" } else { "one row at most" },
                    names.join(" or "),
                    quantifier.name()
                )));
            }
            push_related(statement, relation, *quantifier, filters, depth)
        }
    }
}

fn relation<'m>(model: &'m Model, name: &str) -> Result<&'m Relation> {
    model.relations.iter().find(|relation| relation.name == name).ok_or_else(|| {
        let names = model.relations.iter().map(|relation| relation.name.as_str());
        let near = psl::nearest(name, names);
        let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        Failure::not_found(format!("{} has no relation {name:?}{hint}", model.name))
    })
}

fn push_related(
    statement: &mut Statement,
    relation: &Relation,
    quantifier: Quantifier,
    filters: &[Filter],
    depth: usize,
) -> Result<()> {
    let (own, other) = (alias(depth), alias(depth + 1));
    let is_wanted = matches!(quantifier, Quantifier::Some | Quantifier::Is);
    let not = if is_wanted { "" } else { "NOT " };
    statement.push(&format!("{not}EXISTS (SELECT FROM {} {other}", relation.table));
    for (at, pair) in relation.pairs.iter().enumerate() {
        let before = if at == 0 { " WHERE " } else { " AND " };
        let (own_column, other_column) = (ident(&pair.own_column), ident(&pair.other_column));
        if let Some(Through { table, own_column: to_own, other_column: to_other, .. }) =
            &relation.through
        {
            let (between, to_own, to_other) =
                (alias(depth) + "_pair", ident(to_own), ident(to_other));
            statement.push(&format!(
                " JOIN {table} {between} ON {between}.{to_other} = {other}.{other_column}\
                 {before}{between}.{to_own} = {own}.{own_column}"
            ));
        } else {
            statement.push(&format!("{before}{other}.{other_column} = {own}.{own_column}"));
        }
    }
    // Every one meets them where there is none that does not.
    let is_every = quantifier == Quantifier::Every;
    statement.push(if is_every { " AND NOT (true" } else { "" });
    for filter in filters {
        let model = relation.other.as_deref().ok_or_else(|| {
            Failure::internal(format!("the columns of {} were not read", relation.to))
        })?;
        statement.push(" AND (");
        push_at(statement, model, filter, depth + 1)?;
        statement.push(")");
    }
    statement.push(if is_every { "))" } else { ")" });
    Ok(())
}

fn refuse_unfit(model: &Model, field: &Field, path: &[String], operator: Operator) -> Result<()> {
    let is = format!("{}.{} is a {}", model.name, field.name, field.shown_type);
    if !path.is_empty() && !field.is_document() {
        return Err(Failure::wrong(format!("{is}, in which no path leads anywhere")));
    }
    if Operator::of_field(field).contains(&operator) {
        return Ok(());
    }
    Err(Failure::wrong(format!("{is}, which cannot be filtered by {}", operator.name())))
}

fn push_field(
    statement: &mut Statement,
    field: &Field,
    alias: &str,
    operator: Operator,
    value: &str,
) {
    let (column, ty) = (field.sql_of(alias), field.sql_type.as_str());
    // Texts are compared as they are, so that their indexes are of use.
    let text = if field.is_text() { column.clone() } else { format!("{column}::text") };
    let (compared, compared_type) =
        if field.is_comparable() { (column.as_str(), ty) } else { (text.as_str(), "text") };
    let element = ty.strip_suffix("[]").unwrap_or(ty);
    match operator {
        Operator::HasEvery => {
            statement.push(&format!("{column} @> ")).array(&items(value), element);
        }
        Operator::HasSome => {
            statement.push(&format!("{column} && ")).array(&items(value), element);
        }
        Operator::Equals | Operator::Not if field.is_list() => {
            let sign = operator.sign();
            statement.push(&format!("{column} {sign} ")).array(&items(value), element);
        }
        Operator::InVec | Operator::NotInVec => {
            let not = if operator == Operator::NotInVec { "NOT " } else { "" };
            let items = items(value);
            if items.is_empty() {
                statement.push(if not.is_empty() { "false" } else { "true" });
                return;
            }
            statement.push(&format!("{compared} {not}IN ("));
            for (at, item) in items.iter().enumerate() {
                statement.push(if at == 0 { "" } else { ", " });
                statement.value(Some(item), compared_type);
            }
            statement.push(")");
        }
        Operator::Contains
        | Operator::StartsWith
        | Operator::EndsWith
        | Operator::ContainsInsensitive => {
            let escaped = escape_like(value);
            let pattern = match operator {
                Operator::StartsWith => format!("{escaped}%"),
                Operator::EndsWith => format!("%{escaped}"),
                _ => format!("%{escaped}%"),
            };
            let is_insensitive = operator == Operator::ContainsInsensitive;
            let like = if is_insensitive { "ILIKE" } else { "LIKE" };
            statement.push(&format!("{text} {like} ")).value(Some(&pattern), "text");
        }
        Operator::IsNull => {
            statement.push(&format!("{column} IS NULL"));
        }
        Operator::IsNotNull => {
            statement.push(&format!("{column} IS NOT NULL"));
        }
        Operator::Has => {
            statement.value(Some(value), element).push(&format!(" = ANY({column})"));
        }
        Operator::IsEmpty => {
            statement.push(&format!("pg_catalog.cardinality({column}) = 0"));
        }
        Operator::IsNotEmpty => {
            statement.push(&format!("pg_catalog.cardinality({column}) > 0"));
        }
        _ => {
            let sign = operator.sign();
            statement.push(&format!("{compared} {sign} ")).value(Some(value), compared_type);
        }
    }
}

/// What stands between commas, or, for values with commas in them, the texts of a JSON array.
fn items(value: &str) -> Vec<String> {
    if let Ok(serde_json::Value::Array(items)) = serde_json::from_str(value) {
        let text = |item: serde_json::Value| match item {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        return items.into_iter().map(text).collect();
    }
    value.split(',').map(|item| item.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_parted_by_commas_or_are_json() {
        assert_eq!(items("a, b"), ["a", "b"]);
        assert_eq!(items(r#"["a, b", 1]"#), ["a, b", "1"]);
    }
}
