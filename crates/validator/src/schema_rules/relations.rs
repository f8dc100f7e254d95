//! Rules of relations.
//!
//! - [`Kind::Orphan`]: what a foreign key names exists. The database sees to it where the key is there and valid; a
//!   restored dump, a dropped or a NOT VALID key, or replication may let orphans in.
//! - [`Kind::Tenant`]: where both ends of a relation have an `orgId`, they have the same. Where a model has none, the
//!   rows with one that it refers to belong to the same school.

use client::prisma_client_rust::model::{Descriptor, Link, Relation};
use client::prisma_client_rust::quote;

use super::{TENANT, kebab, name};
use crate::reach::id_of;
use crate::rule::{Kind, Rule, Severity};

/// The rules of all relations of the models, in their order.
pub(super) fn rules(models: &[&'static Descriptor]) -> Vec<Rule> {
    let references = || models.iter().flat_map(|model| references(model));
    let orphans = references().map(|reference| reference.orphans());
    let tenants = references().filter_map(|reference| reference.tenants());
    let siblings = models.iter().flat_map(|model| siblings(model));
    orphans.chain(tenants).chain(siblings).collect()
}

/// A foreign key: the model that holds it, and how its columns match those of another.
struct Reference {
    model: &'static Descriptor,
    relation: &'static Relation,
    from: &'static [u16],
    to: &'static [u16],
}

fn references(model: &'static Descriptor) -> impl Iterator<Item = Reference> {
    model.relations.iter().filter_map(move |relation| match relation.link {
        Link::Keys { from, to, holds_key: true } => Some(Reference { model, relation, from, to }),
        Link::Keys { .. } | Link::Table { .. } => None,
    })
}

/// Pairs of what a model without a school of its own refers to: the first such row with each further one.
fn siblings(model: &'static Descriptor) -> Vec<Rule> {
    if tenant_column(model).is_some() {
        return Vec::new();
    }
    let mut owned =
        references(model).filter(|reference| tenant_column(reference.relation.target).is_some());
    let Some(first) = owned.next() else { return Vec::new() };
    owned.filter_map(|other| first.siblings(&other)).collect()
}

impl Reference {
    fn orphans(&self) -> Rule {
        let Self { model, relation, .. } = self;
        let target = relation.target;
        Rule {
            id: format!("orphan-{}-{}", kebab(model.name), kebab(relation.field)).into(),
            kind: Kind::Orphan,
            model: model.name,
            severity: Severity::Error,
            meaning: format!("The {} that a {} names in `{}` exists.", target.name, model.name, self.fields()).into(),
            fix: format!("Restore the {}, or delete or repoint the rows of {}.", target.name, model.name).into(),
            query: format!(
                "SELECT {id} AS id FROM {from} AS child LEFT JOIN {to} AS parent ON {on} WHERE {named} AND {missing}",
                id = id_of(model, "child"),
                from = quote::table(model),
                to = quote::table(target),
                on = self.on("child", "parent"),
                named = all(self.from, |column| format!("child.{} IS NOT NULL", name(model, column))),
                missing = format_args!("parent.{} IS NULL", name(target, self.to[0])),
            )
            .into(),
        }
    }

    fn tenants(&self) -> Option<Rule> {
        let Self { model, relation, .. } = self;
        let target = relation.target;
        let (own, other) = (tenant_column(model)?, tenant_column(target)?);
        Some(Rule {
            id: format!("tenant-{}-{}", kebab(model.name), kebab(relation.field)).into(),
            kind: Kind::Tenant,
            model: model.name,
            severity: Severity::Error,
            meaning: format!("A {} and its {} belong to the same school.", model.name, relation.field).into(),
            fix: format!("Find out which school the {} belongs to, and correct the other side.", model.name).into(),
            query: format!(
                "SELECT {id} AS id FROM {from} AS child JOIN {to} AS parent ON {on} WHERE child.{own} <> parent.{other}",
                id = id_of(model, "child"),
                from = quote::table(model),
                to = quote::table(target),
                on = self.on("child", "parent"),
            )
            .into(),
        })
    }

    /// What a model without a school of its own refers to, by this key and by `other`.
    fn siblings(&self, other: &Self) -> Option<Rule> {
        let (one, two) = (self.relation, other.relation);
        let model = self.model;
        Some(Rule {
            id: format!("tenant-{}-{}-{}", kebab(model.name), kebab(one.field), kebab(two.field)).into(),
            kind: Kind::Tenant,
            model: model.name,
            severity: Severity::Error,
            meaning: format!("The {} and the {} of a {} belong to the same school.", one.field, two.field, model.name)
                .into(),
            fix: format!("Delete the {}, or point it to rows of one school.", model.name).into(),
            query: format!(
                "SELECT {id} AS id FROM {from} AS child JOIN {first} AS one ON {on_one} JOIN {second} AS two ON {on_two} \
                 WHERE one.{} <> two.{}",
                tenant_column(one.target)?,
                tenant_column(two.target)?,
                id = id_of(model, "child"),
                from = quote::table(model),
                first = quote::table(one.target),
                second = quote::table(two.target),
                on_one = self.on("child", "one"),
                on_two = other.on("child", "two"),
            )
            .into(),
        })
    }

    /// The condition under which `child` refers to `parent`.
    fn on(&self, child: &str, parent: &str) -> String {
        let pairs = self.from.iter().zip(self.to);
        let equal = pairs.map(|(from, to)| {
            format!(
                "{parent}.{} = {child}.{}",
                name(self.relation.target, *to),
                name(self.model, *from)
            )
        });
        equal.collect::<Vec<String>>().join(" AND ")
    }

    fn fields(&self) -> String {
        let fields = self.from.iter().map(|column| self.model.columns[usize::from(*column)].field);
        fields.collect::<Vec<&str>>().join(", ")
    }
}

fn all(columns: &[u16], condition: impl Fn(u16) -> String) -> String {
    columns.iter().map(|column| condition(*column)).collect::<Vec<String>>().join(" AND ")
}

fn tenant_column(model: &Descriptor) -> Option<String> {
    model
        .columns
        .iter()
        .find(|column| column.field == TENANT)
        .map(|column| quote::identifier(column.name))
}
