//! `generator` blocks.

use super::preview_features::{Status, active, feature, status};
use super::{Ctx, coerce};
use crate::ast::{Block, ConfigBlock, Expr, File};
use crate::diagnostic::Diagnostic;
use crate::schema::{EnvOr, Generator, PropertyValue};
use crate::source::Span;
use crate::suggest::nearest;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

pub(super) fn resolve<'a>(files: &'a [File<'a>], ctx: &mut Ctx<'a, '_>) {
    for block in files.iter().flat_map(|file| &file.blocks) {
        if let Block::Generator(block) = block
            && let Some(generator) = generator(block, ctx)
        {
            ctx.resolved.schema.generators.push(generator);
        }
    }
}

fn generator(block: &ConfigBlock<'_>, ctx: &mut Ctx<'_, '_>) -> Option<Generator> {
    let name = block.name.text;
    // Of two equal keys the later counts; that there are two has been told.
    let mut properties: Vec<(&str, &Expr<'_>)> = Vec::new();
    let mut positions: HashMap<&str, usize> = HashMap::new();
    for property in &block.properties {
        let Some(value) = &property.value else {
            let message = format!(
                "Property {} in generator {name} needs to be assigned a value",
                property.name.text
            );
            ctx.diagnostics.push(
                Diagnostic::error("property-without-value", message, block.span)
                    .label(property.name.span, "has no value"),
            );
            return None;
        };
        match positions.entry(property.name.text) {
            Entry::Occupied(earlier) => properties[*earlier.get()].1 = value,
            Entry::Vacant(position) => {
                position.insert(properties.len());
                properties.push((property.name.text, value));
            }
        }
    }
    if let Some((_, engine)) = properties.iter().find(|(key, _)| *key == "engineType")
        && !matches!(engine, Expr::String(..))
    {
        coerce::mismatch::<()>("String", engine, ctx.diagnostics);
    }
    let mut take = |wanted: &str| {
        let position = properties.iter().position(|(key, _)| *key == wanted)?;
        Some(properties.remove(position).1)
    };

    let provider = take("provider");
    let output = take("output");
    let preview_features = take("previewFeatures");
    let Some(provider) = provider else {
        let message = format!("Argument \"provider\" is missing in generator block \"{name}\".");
        ctx.diagnostics.push(Diagnostic::error("missing-argument", message, block.span));
        return None;
    };
    let provider = coerce::string_or_env(provider, ctx.diagnostics)?;
    let output = output.and_then(|output| coerce::string_or_env(output, ctx.diagnostics));
    let preview_features = preview_features.map(|list| features(list, ctx)).unwrap_or_default();
    if let Some(position) = properties.iter().position(|(key, _)| *key == "binaryTargets")
        && !are_targets(properties[position].1, ctx.diagnostics)
    {
        properties.remove(position);
    }
    let mut others = Vec::new();
    for (key, value) in properties {
        others.push((key.to_owned(), property_value(value, ctx.diagnostics)?));
    }
    Some(Generator {
        name: block.name.into(),
        provider,
        output,
        preview_features,
        properties: others,
        span: block.span,
    })
}

fn features(list: &Expr<'_>, ctx: &mut Ctx<'_, '_>) -> Vec<String> {
    // The datasource in the generator's own file.
    let file = list.span().file.0 as usize;
    let has_datasource = ctx.files_with_datasource.get(file).copied().unwrap_or_default();
    let names = coerce::array(list, ctx.diagnostics, |name, diagnostics| {
        let is_known = |name: &str| !matches!(status(name, has_datasource), Status::Unknown);
        Some((coerce::string_if(name, is_known, diagnostics)?, name.span()))
    });
    let mut known = Vec::new();
    let names = names.unwrap_or_default();
    for &(name, span) in &names {
        match status(name, has_datasource) {
            Status::Active => {}
            Status::Stable => {
                let message = format!(
                    "Preview feature \"{name}\" is deprecated. The functionality can be used without specifying it as \
                     a preview feature."
                );
                let diagnostic =
                    Diagnostic::warning("stable-preview-feature", message, list.span());
                ctx.diagnostics.push(match without(span, list) {
                    Some(removed) => diagnostic.fix(format!("remove \"{name}\""), removed, ""),
                    None => diagnostic,
                });
            }
            Status::Dying => {
                let message = format!(
                    "Preview feature \"{name}\" is deprecated. It will be removed in a future version of Prisma."
                );
                ctx.diagnostics.push(Diagnostic::warning(
                    "dying-preview-feature",
                    message,
                    list.span(),
                ));
            }
            Status::Renamed { to, page } => {
                let message = format!(
                    "On `provider = \"postgresql\"`, preview feature \"{name}\" has been renamed to \"{to}\". Learn \
                     more at https://pris.ly/d/{page}."
                );
                let diagnostic =
                    Diagnostic::warning("renamed-preview-feature", message, list.span());
                let fix = format!("\"{to}\"");
                let is_new = names.iter().all(|(other, _)| *other != to);
                ctx.diagnostics.push(match without(span, list) {
                    Some(removed) if !is_new => {
                        diagnostic.fix(format!("remove \"{name}\""), removed, "")
                    }
                    _ => diagnostic.fix(format!("write {fix}"), span, fix),
                });
            }
            Status::Unknown => {
                let message = format!(
                    "The preview feature \"{name}\" is not known. Expected one of: {}",
                    active(has_datasource).join(", ")
                );
                let diagnostic = Diagnostic::error("unknown-preview-feature", message, list.span())
                    .label(span, "this one");
                ctx.diagnostics.push(match nearest(name, active(has_datasource).iter().copied()) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic,
                });
                continue;
            }
        }
        ctx.resolved.features.extend(feature(name));
        known.push(name.to_owned());
    }
    known
}

/// Where an element of a list stands, with the comma that goes when it goes.
fn without(element: Span, list: &Expr<'_>) -> Option<Span> {
    let Expr::Array(elements, _) = list else { return None };
    let position = elements.iter().position(|other| other.span() == element)?;
    if let Some(next) = elements.get(position + 1) {
        return Some(Span { end: next.span().start, ..element });
    }
    let before = position.checked_sub(1).map(|before| elements[before].span().end);
    Some(Span { start: before.unwrap_or(element.start), ..element })
}

/// The value of a key that only the generator itself understands; `None`, once told, for an `env()` that is none.
fn property_value(value: &Expr<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<PropertyValue> {
    Some(match value {
        Expr::Array(elements, _) => {
            let mut texts = Vec::with_capacity(elements.len());
            for element in elements {
                texts.push(match (property_value(element, diagnostics)?, element) {
                    (PropertyValue::One(text), _) => text,
                    (_, element) => element.to_string(),
                });
            }
            PropertyValue::Many(texts)
        }
        Expr::Function("env", ..) => match coerce::string_or_env(value, diagnostics)? {
            EnvOr::Env(name) => PropertyValue::Env(name),
            EnvOr::Literal(text) => PropertyValue::One(text),
        },
        Expr::String(text, _) => PropertyValue::One(text.clone().into_owned()),
        other => PropertyValue::One(other.to_string()),
    })
}

fn are_targets(value: &Expr<'_>, diagnostics: &mut Vec<Diagnostic>) -> bool {
    coerce::array(value, diagnostics, |target, diagnostics| {
        coerce::string_or_env(target, diagnostics)
    })
    .is_some()
}
