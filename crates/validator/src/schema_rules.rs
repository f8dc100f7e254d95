//! Rules that follow from the schema alone, made of the client's description of it. Nothing is listed here: a new model,
//! column or relation is checked as soon as the client knows it.
//!
//! - `relations`: what a foreign key names exists, and is of the same school;
//! - `nulls`, `duplicates`, `values`: what the schema forbids and a database may hold all the same, since a constraint was
//!   dropped, never made, or not validated;
//! - `ranges`: keys that will not fit much longer.
//!
//! Where the database itself guarantees that a rule is kept, the catalog says so and no table is read.

mod duplicates;
mod nulls;
mod ranges;
mod relations;
mod values;

use client::prisma_client_rust::model::Descriptor;
use client::prisma_client_rust::quote;

use crate::rule::Rule;

/// The field that names the school a row belongs to.
const TENANT: &str = "orgId";

/// The rules of all models, in their order.
pub(crate) fn rules(models: &[&'static Descriptor]) -> Vec<Rule> {
    let mut rules = relations::rules(models);
    rules.extend(models.iter().filter_map(|model| nulls::rule(model)));
    rules.extend(models.iter().flat_map(|model| duplicates::rules(model)));
    rules.extend(models.iter().flat_map(|model| values::rules(model)));
    rules.extend(models.iter().flat_map(|model| ranges::rules(model)));
    rules
}

/// A column as SQL names it.
fn name(model: &Descriptor, column: u16) -> String {
    quote::identifier(model.columns[usize::from(column)].name)
}

/// A column's name as a text in SQL.
fn literal(model: &Descriptor, column: u16) -> String {
    quote::literal(model.columns[usize::from(column)].name)
}

/// The table as `regclass`.
fn class(model: &Descriptor) -> String {
    format!("{}::regclass", quote::literal(&quote::table(model)))
}

/// `RateCardItem` and `rateCardItem` to `rate-card-item`.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}
