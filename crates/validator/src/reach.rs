//! Which of the rows that break a rule are asked for: those of a school, those of late.
//!
//! A condition on what a rule found, not on what it looks at: whether two bookings overlap is not told by one of them.

use chrono::{DateTime, Utc};
use client::MODELS;
use client::prisma_client_rust::PrismaValue;
use client::prisma_client_rust::model::{Descriptor, Link, Relation};
use client::prisma_client_rust::quote;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Rows of this school only; those that belong to no school are left out.
    pub org: Option<String>,
    /// Rows that were made or changed since; those of tables that do not say are not left out.
    pub since: Option<DateTime<Utc>>,
}

/// A condition in SQL, with `{}` for each value.
#[derive(Debug, Default)]
pub(crate) struct Condition {
    pub(crate) text: String,
    pub(crate) values: Vec<PrismaValue>,
}

impl Reach {
    /// The condition on `offending."id"`, for rows of the model.
    pub(crate) fn condition(&self, model: &str) -> Condition {
        let Some(model) = MODELS.iter().copied().find(|other| other.name == model) else {
            return Condition::default();
        };
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        if let Some(org) = &self.org {
            let condition = of_school(model, "subject", 0);
            let condition = condition.unwrap_or_else(|| "false AND {} = ''".to_owned());
            values.extend(condition.matches("{}").map(|_| PrismaValue::String(org.clone())));
            conditions.push(condition);
        }
        if let (Some(since), Some(column)) = (self.since, changed(model)) {
            conditions.push(format!("subject.{column} >= {{}}"));
            values.push(PrismaValue::DateTime(since.fixed_offset()));
        }
        if conditions.is_empty() {
            return Condition::default();
        }
        let id = id_of(model, "subject");
        let text = format!(
            " WHERE EXISTS (SELECT FROM {} AS subject WHERE {id} = offending.\"id\" AND {})",
            quote::table(model),
            conditions.join(" AND ")
        );
        Condition { text, values }
    }
}

/// The condition that a row belongs to a school, as the client's `tenant(..)` takes it: by its own column, else by all
/// that it cannot be without. Nothing for what belongs to none.
fn of_school(model: &'static Descriptor, row: &str, depth: usize) -> Option<String> {
    if let Some(column) = model.columns.iter().find(|column| column.tenant) {
        return Some(format!("{row}.{} = {{}}", quote::identifier(column.name)));
    }
    let owner = |relation: &'static Relation| {
        let Link::Keys { from, to, .. } = relation.link else { return None };
        let parent = format!("parent{depth}");
        let condition = of_school(relation.target, &parent, depth + 1)?;
        let on = from.iter().zip(to).map(|(from, to)| {
            format!(
                "{parent}.{} = {row}.{}",
                quote::identifier(relation.target.columns[usize::from(*to)].name),
                quote::identifier(model.columns[usize::from(*from)].name)
            )
        });
        let on: Vec<String> = on.collect();
        Some(format!(
            "EXISTS (SELECT FROM {} AS {parent} WHERE {} AND {condition})",
            quote::table(relation.target),
            on.join(" AND ")
        ))
    };
    let owners: Vec<String> =
        model.relations.iter().filter(|relation| relation.tenant).filter_map(owner).collect();
    if owners.is_empty() { None } else { Some(owners.join(" AND ")) }
}

/// The column that says when a row was last touched.
fn changed(model: &Descriptor) -> Option<String> {
    let column = |field: &str| model.columns.iter().find(|column| column.field == field);
    column("updatedAt").or_else(|| column("createdAt")).map(|column| quote::identifier(column.name))
}

/// The text that names a row.
pub(crate) fn id_of(model: &Descriptor, row: &str) -> String {
    let column = |column: &u16| {
        format!("{row}.{}", quote::identifier(model.columns[usize::from(*column)].name))
    };
    match model.id {
        [only] => format!("{}::text", column(only)),
        columns => {
            format!(
                "concat_ws(', ', {})",
                columns.iter().map(column).collect::<Vec<String>>().join(", ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_belongs_to_the_school_of_what_it_is_part_of() {
        let reach = Reach { org: Some("a".to_owned()), since: None };
        assert_eq!(
            reach.condition("TripPoint").text,
            r#" WHERE EXISTS (SELECT FROM "TripPoint" AS subject WHERE subject."id"::text = offending."id" AND EXISTS (SELECT FROM "Trip" AS parent0 WHERE parent0."id" = subject."tripId" AND EXISTS (SELECT FROM "Lesson" AS parent1 WHERE parent1."id" = parent0."lessonId" AND parent1."orgId" = {})))"#
        );
        let two = reach.condition("RateCardItem");
        assert_eq!((two.text.matches("{}").count(), two.values.len()), (2, 2), "{}", two.text);
        assert!(reach.condition("Org").text.ends_with(r#"AND subject."id" = {})"#));
        assert!(reach.condition("WebhookEvent").text.contains("false"));
    }

    #[test]
    fn what_does_not_say_when_is_not_left_out() {
        let reach = Reach { org: None, since: Some(DateTime::UNIX_EPOCH) };
        assert!(reach.condition("Booking").text.ends_with(r#"AND subject."updatedAt" >= {})"#));
        assert!(reach.condition("Trip").text.ends_with(r#"AND subject."createdAt" >= {})"#));
        assert!(reach.condition("StudentGuardian").text.is_empty());
        assert!(Reach::default().condition("Booking").text.is_empty());
    }
}
