//! The filters above a table: each with its way out, and a form for another one, which needs no script.
//!
//! What is behind a relation is chosen in two steps, as it stands in the client: first `students` and `some`, then a condition on a
//! student, as many and as deep as somebody likes.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::field::{choices, is_zoned, picker, to_view};
use crate::filter::{DEEPEST, Filter, Operator, Quantifier};
use crate::model::{Field, Model};
use crate::view::{Place, View};

pub(super) fn filters(model: &Model, view: &View) -> Markup {
    let (inside, words) = inside(model, view);
    html! {
        form.filters method="get" action={ "/model/" (model.name) } {
            @for (at, filter) in view.filters.iter().enumerate() { (chip(model, view, filter, &[at])) }
            @for (key, value) in view.at(Place::Start).pairs() { input type="hidden" name=(key) value=(value); }
            span.add {
                @if !view.within.is_empty() {
                    input type="hidden" name="within" value=(view.within_text());
                    span.within { (words) }
                }
                (choice(inside, view.within.len() < DEEPEST))
                button type="submit" { "Filter" }
                @if !view.within.is_empty() {
                    a #within-end href=(to_view(model, &view.at(view.place.clone()))) { "No more of these" }
                }
            }
        }
    }
}

/// The model that the form is about, and the words that lead there.
fn inside<'m>(mut model: &'m Model, view: &View) -> (&'m Model, String) {
    let (mut filters, mut words) = (view.filters.as_slice(), String::new());
    for &at in &view.within {
        let Some(Filter::Related { relation, quantifier, filters: inner }) = filters.get(at) else {
            break;
        };
        let found = model.relations.iter().find(|known| known.name == *relation);
        let Some(other) = found.and_then(|relation| relation.other.as_deref()) else { break };
        let _ = write!(words, "{relation} {} with ", quantifier.words());
        (model, filters) = (other, inner);
    }
    (model, words)
}

fn chip(model: &Model, view: &View, filter: &Filter, path: &[usize]) -> Markup {
    let name = filter.name();
    html! {
        span.chip.open[*view.within == *path] {
            @match filter {
                Filter::Field { path, operator, value, .. } => {
                    (name) " "
                    @if !path.is_empty() { "at " code { (path.join(".")) } " " }
                    (operator.words()) " "
                    @if operator.takes_value() { code { (value) } }
                }
                Filter::Related { quantifier, filters, .. } => {
                    (name) " " (quantifier.words())
                    @for (at, inner) in filters.iter().enumerate() {
                        @if at == 0 { " with " } @else { " and " }
                        (chip(model, view, inner, &[path, &[at]].concat()))
                    }
                    a.more href=(to_view(model, &view.inside(path))) title="A condition on these rows" {
                        "＋" span.hidden { "Add a condition on " (name) }
                    }
                }
            }
            a href=(to_view(model, &view.without(path))) title="Remove this filter" {
                "✕" span.hidden { "Remove the filter on " (name) }
            }
        }
    }
}

/// Field, operator and value; a script leaves the operators that fit the field.
fn choice(model: &Model, has_relations: bool) -> Markup {
    let relations = model.relations.iter().filter(|_| has_relations);
    html! {
        label.hidden for="filter-field" { "Field" }
        select #filter-field name="field" {
            option value="" { "Filter by …" }
            @for field in &model.fields {
                option value=(field.name) data-choices=[choices(field)] data-json[field.is_document()]
                    data-picker=[picker(field)] data-zoned[is_zoned(field)]
                    data-operators=(names(Operator::of_field(field).iter().map(|one| one.name()))) { (field.name) }
            }
            @for relation in relations {
                option value=(relation.name)
                    data-operators=(names(Quantifier::of_relation(relation).iter().map(|one| one.name()))) {
                    (relation.name)
                }
            }
        }
        @if model.fields.iter().any(Field::is_document) {
            label.hidden for="filter-path" { "Path in the JSON" }
            input #filter-path name="path" placeholder="all of it, or as a.b.0" autocomplete="off";
        }
        label.hidden for="filter-operator" { "How" }
        select #filter-operator name="operator" {
            @for (name, words, takes_value) in every_operator(model, has_relations) {
                option value=(name) data-alone[!takes_value] { (words) }
            }
        }
        label.hidden for="filter-value" { "Value" }
        input #filter-value name="value" placeholder="value" autocomplete="off";
    }
}

/// For the script that offers what fits a field.
fn names(names: impl Iterator<Item = &'static str>) -> String {
    names.collect::<Vec<&str>>().join(" ")
}

/// Name, words, and whether it takes a value, of each operator that something of the model has.
fn every_operator(model: &Model, has_relations: bool) -> Vec<(&'static str, &'static str, bool)> {
    let of_fields = model.fields.iter().flat_map(Operator::of_field);
    let of_fields =
        of_fields.map(|operator| (operator.name(), operator.words(), operator.takes_value()));
    let relations = model.relations.iter().filter(|_| has_relations);
    let of_relations = relations.flat_map(Quantifier::of_relation);
    let of_relations =
        of_relations.map(|quantifier| (quantifier.name(), quantifier.words(), false));
    let mut all = Vec::new();
    for operator in of_fields.chain(of_relations) {
        if !all.contains(&operator) {
            all.push(operator);
        }
    }
    all
}
