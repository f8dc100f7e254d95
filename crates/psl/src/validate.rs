//! What a schema that can be read may not say. One rule, one file; each pushes what it finds.
//!
//! Rules run only on schemas in which everything resolved: they may rely on every name, and need not wonder whether
//! something is missing because it was wrong. The order is the reference engine's: two fields that cannot be told apart
//! end the run, and a few rules are silent once something else was wrong.

mod ambiguous_relation;
mod client_names;
mod clustering;
mod column_types;
mod composite_cycles;
mod composite_types;
mod composite_unique;
mod constraint_names;
mod constraint_names_length;
mod database_names;
mod default_functions;
mod default_names;
mod default_values;
mod empty_keys;
mod extensions;
mod fulltext;
mod hash_index;
mod ignored_models;
mod index_types;
mod keys;
mod length_prefix;
mod literals;
mod many_to_many;
mod missing_index;
mod native_types;
mod no_datasource;
mod one_to_many;
mod one_to_one;
mod operator_classes;
mod opposite_fields;
mod primary_key_sort;
mod references;
mod referential_actions;
mod relation_cycles;
mod relation_keys;
mod schemas;
mod set_null;
mod shard_keys;
mod sp_gist_index;
mod unique_criteria;
mod unsupported_types;
mod views;
mod xml_index;

use crate::diagnostic::Diagnostic;
use crate::resolve::{IndexOrigin, Inferred, Origins, Resolved};
use crate::schema::{RelationFieldId, RelationKind};
use crate::suggest::Budget;
use crate::walkers::{IndexWalker, ModelWalker, RelationFieldWalker};
use constraint_names::ConstraintNames;
use keys::Keys;
use std::collections::HashSet;

pub(crate) fn validate(resolved: &Resolved<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let listed =
        resolved.schema.datasource().into_iter().flat_map(|datasource| &datasource.schemas);
    let mut ctx = Ctx {
        resolved,
        keys: Keys::new(&resolved.schema),
        schemas: listed.map(|name| name.text.as_str()).collect(),
        suggestions: Budget::default(),
        diagnostics,
    };
    let names = ConstraintNames::new(resolved);
    let client_names = client_names::ClientNames::new(resolved);
    let relation_ends = ambiguous_relation::Ends::new(resolved);
    let cycles = relation_cycles::Cycles::new(resolved);

    extensions::check(&mut ctx);
    composite_cycles::check(&mut ctx);
    composite_types::check(&mut ctx);
    database_names::check(&mut ctx);
    default_functions::check_unknown(&mut ctx);

    let (models, views): (Vec<_>, Vec<_>) =
        resolved.schema.models().partition(|model| !model.is_view());
    for model in models {
        unique_criteria::check(model, &mut ctx);
        constraint_names::check_primary_key(model, &names, &mut ctx);
        client_names::check_primary_key(model, &client_names, &mut ctx);
        empty_keys::check_primary_key(model, &mut ctx);
        length_prefix::check_primary_key(model, &mut ctx);
        primary_key_sort::check(model, &mut ctx);
        shard_keys::check(model, &mut ctx);
        schemas::check_model(model, &mut ctx);
        if ctx.has_datasource() {
            for index in model.indexes() {
                xml_index::check(index, &mut ctx);
                index_types::check(index, &mut ctx);
                sp_gist_index::check(index, &mut ctx);
            }
        } else {
            no_datasource::check_model(model, &mut ctx);
        }
        clustering::check_primary_key(model, &mut ctx);
        if !fields(model, &client_names, &relation_ends, &mut ctx) {
            return;
        }
        for index in model.indexes() {
            indexes(index, &names, &client_names, &mut ctx);
        }
    }
    for view in views {
        views::check(view, &mut ctx);
        schemas::check_model(view, &mut ctx);
        if !fields(view, &client_names, &relation_ends, &mut ctx) {
            return;
        }
        for index in view.indexes() {
            views::check_index(index, &mut ctx);
        }
    }
    database_names::check_enums(&mut ctx);
    schemas::check_enums(&mut ctx);
    for relation in &resolved.relations {
        relations(*relation, &names, &cycles, &mut ctx);
    }
}

/// What every rule is given.
struct Ctx<'r, 'a, 'd> {
    resolved: &'r Resolved<'a>,
    keys: Keys,
    /// Those that the datasource lists.
    schemas: HashSet<&'r str>,
    suggestions: Budget,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'r, 'a> Ctx<'r, 'a, '_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Without a datasource nothing says which database it is, and what only some have is refused.
    fn has_datasource(&self) -> bool {
        self.resolved.schema.datasource().is_some()
    }

    /// What the reference calls the database; where it knows none, the name of its stand-in.
    fn database_in_messages(&self) -> &'static str {
        if self.has_datasource() {
            "Postgres"
        } else {
            "psl_core::datamodel_connector::empty_connector::EmptyDatamodelConnector"
        }
    }

    fn origins(&self) -> &'r Origins<'a> {
        &self.resolved.origins
    }

    fn origin(&self, index: IndexWalker<'_>) -> &'r IndexOrigin<'a> {
        self.resolved.origins.index(index.id())
    }

    fn relation_field(&self, id: RelationFieldId) -> RelationFieldWalker<'r> {
        self.resolved.schema.walk(id)
    }

    /// `@@index`, `@id`, …: as messages name an index.
    fn attribute_name(&self, index: IndexWalker<'_>) -> String {
        let name = self.origin(index).attribute.name.text;
        if index.data().on_field { format!("@{name}") } else { format!("@@{name}") }
    }

    /// ``Error parsing attribute "@@index": …`` at the attribute.
    fn in_index(
        &self,
        code: &'static str,
        index: IndexWalker<'_>,
        message: impl AsRef<str>,
    ) -> Diagnostic {
        Diagnostic::in_attribute(
            code,
            &self.attribute_name(index),
            message,
            self.origin(index).attribute.span,
        )
    }
}

/// ``Error parsing attribute "@relation": …`` at the field.
fn in_relation(
    code: &'static str,
    field: RelationFieldWalker<'_>,
    message: impl AsRef<str>,
) -> Diagnostic {
    Diagnostic::in_attribute(code, "@relation", message, field.span())
}

/// `model` or `view`, as messages name it.
fn container(model: ModelWalker<'_>) -> &'static str {
    if model.is_view() { "view" } else { "model" }
}

/// Returns whether to go on.
fn fields(
    model: ModelWalker<'_>,
    client_names: &client_names::ClientNames<'_>,
    ends: &ambiguous_relation::Ends,
    ctx: &mut Ctx<'_, '_, '_>,
) -> bool {
    for field in model.scalar_fields() {
        no_datasource::check_field(field, ctx);
        client_names::check_field(model, field.name(), client_names, ctx);
        native_types::check(field, ctx);
        default_names::check(field, ctx);
        default_values::check(field, ctx);
        default_functions::check_auto(field, ctx);
        unsupported_types::check(field, ctx);
    }
    for field in model.relation_fields() {
        if let Some(diagnostic) = ambiguous_relation::check(field, ends, ctx) {
            ctx.push(diagnostic);
            return false;
        }
        client_names::check_field(model, field.name(), client_names, ctx);
        ignored_models::check(field, ctx);
        referential_actions::check(field, ctx);
        no_datasource::check_relation_field(field, ctx);
        constraint_names_length::check_relation(field, ctx);
        missing_index::check(field, ctx);
    }
    true
}

fn indexes(
    index: IndexWalker<'_>,
    names: &ConstraintNames,
    client_names: &client_names::ClientNames<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    empty_keys::check_index(index, ctx);
    constraint_names::check_index(index, names, ctx);
    client_names::check_unique(index, client_names, ctx);
    length_prefix::check_index(index, ctx);
    no_datasource::check_index(index, ctx);
    hash_index::check(index, ctx);
    fulltext::check(index, ctx);
    constraint_names_length::check_index(index, ctx);
    clustering::check_index(index, ctx);
    operator_classes::check(index, ctx);
    composite_unique::check(index, ctx);
}

fn relations(
    relation: Inferred,
    names: &ConstraintNames,
    cycles: &relation_cycles::Cycles,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    let id = match relation {
        Inferred::Relation(id) => id,
        Inferred::Lonely(field) => {
            let list = ctx.relation_field(field);
            constraint_names::check_lonely(list, names, ctx);
            return opposite_fields::lonely(list, ctx);
        }
        Inferred::EmbeddedManyToMany { a, b } => return many_to_many::embedded(a, b, ctx),
    };
    relation_cycles::check(id, cycles, ctx);
    match ctx.resolved.schema.walk(id).kind() {
        RelationKind::OneToOne { forward, back } => {
            let forward = ctx.relation_field(forward);
            let back = back.map(|back| ctx.relation_field(back));
            common(forward, names, ctx);
            if let Some(back) = back {
                one_to_one::keys_are_there(forward, back, ctx);
                one_to_one::keys_are_on_one_side(forward, back, ctx);
                one_to_one::actions_are_on_one_side(forward, back, ctx);
            } else {
                opposite_fields::lonely(forward, ctx);
            }
            one_to_one::key_is_unique(forward, ctx);
            if let Some(back) = back {
                one_to_one::halves_of_the_key(forward, back, ctx);
                one_to_one::back_is_optional(forward, back, ctx);
                one_to_one::key_is_on_the_required_side(forward, back, ctx);
            }
            set_null::check(forward, ctx);
        }
        RelationKind::OneToMany { forward, back } => {
            let forward = ctx.relation_field(forward);
            common(forward, names, ctx);
            match back {
                Some(back) => one_to_many::check(forward, ctx.relation_field(back), ctx),
                None => opposite_fields::lonely(forward, ctx),
            }
            set_null::check(forward, ctx);
        }
        RelationKind::ManyToMany { a, b } => many_to_many::implicit(a, b, ctx),
    }
}

/// What relations with a key have in common.
fn common(forward: RelationFieldWalker<'_>, names: &ConstraintNames, ctx: &mut Ctx<'_, '_, '_>) {
    references::check(forward, ctx);
    relation_keys::same_length(forward, ctx);
    relation_keys::optionality(forward, ctx);
    column_types::check(forward, ctx);
    constraint_names::check_relation(forward, names, ctx);
}
