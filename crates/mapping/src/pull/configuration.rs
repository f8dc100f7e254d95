//! `generator` and `datasource` blocks, written anew from what they say. Prisma drops the comments inside them, and so does
//! this.

use std::collections::BTreeSet;

use psl::{
    Datasource, EnvOr, Generator, PropertyValue, RelationMode, Schema, Span, string_literal,
};

use super::block::{Block, list};

pub(super) fn generator(schema: &Schema, generator: &Generator) -> Block {
    let mut block = Block::new("generator", &generator.name.text, None);
    block.line(format_args!("provider = {}", value(&generator.provider)));
    if let Some(output) = &generator.output {
        block.line(format_args!("output = {}", value(output)));
    }
    if !generator.preview_features.is_empty() || mentions(schema, generator.span, "previewFeatures")
    {
        let features: BTreeSet<&String> = generator.preview_features.iter().collect();
        let features = list(features.into_iter().map(|feature| string_literal(feature)));
        block.line(format_args!("previewFeatures = {features}"));
    }
    let mut properties: Vec<_> = generator.properties.iter().collect();
    properties.sort_by_key(|(key, _)| (key != "binaryTargets", key));
    for (key, value) in properties {
        let is_empty = matches!(value, PropertyValue::Many(values) if values.is_empty());
        if key != "binaryTargets" || !is_empty {
            block.line(format_args!("{key} = {}", property(value)));
        }
    }
    block
}

pub(super) fn datasource(
    schema: &Schema,
    datasource: &Datasource,
    namespaces: Option<&[String]>,
) -> Block {
    let mut block = Block::new("datasource", &datasource.name.text, None);
    block.line(format_args!("provider = {}", string_literal(&datasource.provider)));
    for (key, url) in [
        ("url", &datasource.url),
        ("directUrl", &datasource.direct_url),
        ("shadowDatabaseUrl", &datasource.shadow_database_url),
    ] {
        if let Some(url) = url {
            block.line(format_args!("{key} = {}", value(url)));
        }
    }
    let mode = match datasource.relation_mode {
        RelationMode::ForeignKeys => "foreignKeys",
        RelationMode::Prisma => "prisma",
    };
    if mentions(schema, datasource.span, "relationMode") {
        block.line(format_args!("relationMode = \"{mode}\""));
    }
    let mut schemas: Vec<&str> = match namespaces {
        Some(namespaces) => namespaces.iter().map(String::as_str).collect(),
        None => datasource.schemas.iter().map(|schema| schema.text.as_str()).collect(),
    };
    if namespaces.is_none() {
        schemas.sort_unstable();
    }
    if !schemas.is_empty() {
        let schemas = list(schemas.into_iter().map(string_literal));
        block.line(format_args!("schemas = {schemas}"));
    }
    block
}

fn value(value: &EnvOr) -> String {
    match value {
        EnvOr::Literal(text) => string_literal(text).to_string(),
        EnvOr::Env(name) => format!("env({})", string_literal(name)),
    }
}

fn property(value: &PropertyValue) -> String {
    // Within a list, these were no texts.
    let is_code = |text: &str| text.starts_with("env(\"") || text.starts_with('[');
    match value {
        PropertyValue::One(text) => string_literal(text).to_string(),
        PropertyValue::Env(name) => format!("env({})", string_literal(name)),
        PropertyValue::Many(texts) => list(texts.iter().map(|text| {
            if is_code(text) { text.clone() } else { string_literal(text).to_string() }
        })),
    }
}

/// Whether a block has a key, whatever its value: one that says what goes without saying is kept.
fn mentions(schema: &Schema, span: Span, key: &str) -> bool {
    let text = schema.files()[span.file.0 as usize].text().get(span.range()).unwrap_or_default();
    text.lines().any(|line| {
        let rest = line.trim_start().strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    })
}
