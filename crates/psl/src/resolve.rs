//! From what the files say to the [`Schema`]: names, then types, then attributes, then relations.
//!
//! Each pass reads what the passes before it found and never changes it. A mistake is told once, where it is found, and
//! what it spoils is left out, so that the next pass does not tell it again. Rules on what a readable schema may say
//! are [`crate::validate`]'s.

mod arguments;
mod attributes;
mod coerce;
mod composite_types;
mod datasource;
mod default;
mod default_hints;
mod enums;
mod fields;
mod generators;
mod given_names;
mod index;
mod index_columns;
mod key_arguments;
mod models;
mod names;
mod operator_classes;
mod origins;
mod predicate;
mod preview_features;
mod primary_key;
mod relation_attribute;
mod relations;
mod reserved_names;
mod shard_key;
mod types;

pub use operator_classes::OPERATOR_CLASSES;
pub use reserved_names::is_reserved;

pub(crate) use datasource::UNSUPPORTED_PROVIDER;
pub(crate) use default::unknown_function;
pub(crate) use default_hints::FUNCTIONS;
pub(crate) use origins::{IndexOrigin, Origins, ShardKey};
pub(crate) use preview_features::Feature;
pub(crate) use relations::Inferred;

use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::suggest::Budget;
use std::collections::BTreeSet;

/// A schema, and for each thing in it where it comes from.
#[derive(Debug, Default)]
pub(crate) struct Resolved<'a> {
    pub schema: Schema,
    pub origins: Origins<'a>,
    pub relations: Vec<Inferred>,
    pub features: BTreeSet<Feature>,
    /// In the order of their models.
    pub shard_keys: Vec<ShardKey<'a>>,
}

pub(crate) fn resolve<'a>(
    files: &'a [ast::File<'a>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Resolved<'a> {
    let mut of_models = Vec::new();
    let resolved = resolve_apart(files, diagnostics, &mut of_models);
    diagnostics.append(&mut of_models);
    resolved
}

/// As [`resolve`], without a word on what the datasource and the generators say.
pub(crate) fn resolve_models<'a>(
    files: &'a [ast::File<'a>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Resolved<'a> {
    resolve_apart(files, &mut Vec::new(), diagnostics)
}

fn resolve_apart<'a>(
    files: &'a [ast::File<'a>],
    of_configuration: &mut Vec<Diagnostic>,
    of_models: &mut Vec<Diagnostic>,
) -> Resolved<'a> {
    let names = names::resolve(files, of_models);
    let resolved = Resolved::default();
    let mut ctx = Ctx {
        names,
        resolved,
        files_with_datasource: Vec::new(),
        suggestions: Budget::default(),
        diagnostics: of_configuration,
    };
    datasource::resolve(files, &mut ctx);
    generators::resolve(files, &mut ctx);
    let mut ctx = Ctx { diagnostics: of_models, ..ctx };
    types::resolve(files, &mut ctx);
    attributes::resolve(files, &mut ctx);
    relations::infer(&mut ctx);
    ctx.resolved
}

/// What the passes share.
struct Ctx<'a, 'd> {
    names: names::Names<'a>,
    resolved: Resolved<'a>,
    /// By file.
    files_with_datasource: Vec<bool>,
    suggestions: Budget,
    diagnostics: &'d mut Vec<Diagnostic>,
}
