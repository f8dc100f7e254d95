//! The datasource and the generators.

use super::value::{Json, Object};
use super::{source_file_path, texts};
use crate::schema::{Datasource, EnvOr, Extension, Generator, PropertyValue, RelationMode, Schema};

/// A generator's key that has a place of its own beside the others.
const BINARY_TARGETS: &str = "binaryTargets";

pub(super) fn datasource<'s>(datasource: &'s Datasource, schema: &'s Schema) -> Object<'s> {
    let relation_mode = match datasource.relation_mode {
        RelationMode::ForeignKeys => "foreignKeys",
        RelationMode::Prisma => "prisma",
    };
    Object::new()
        .key("name", &datasource.name.text)
        .key("provider", &datasource.provider)
        .key("activeProvider", &datasource.provider)
        .key("url", datasource.url.as_ref().map(url))
        .optional("directUrl", datasource.direct_url.as_ref().map(url))
        .optional("shadowDatabaseUrl", datasource.shadow_database_url.as_ref().map(url))
        .key("schemas", texts(datasource.schemas.iter().map(|name| name.text.as_str())))
        .optional("sourceFilePath", source_file_path(schema, datasource.span))
        .key("relationMode", relation_mode)
        .list("extensions", &datasource.extensions, extension)
}

/// Only the name of its variable: a literal may hold a password.
fn url(url: &EnvOr) -> Object<'_> {
    match url {
        EnvOr::Literal(_) => env_or(None, None),
        EnvOr::Env(_) => text(url),
    }
}

fn extension(extension: &Extension) -> Object<'_> {
    Object::new()
        .key("name", &extension.name.text)
        .key("dbName", extension.mapped_name.as_ref())
        .key("schema", extension.schema.as_ref())
        .key("version", extension.version.as_ref())
}

pub(super) fn generator<'s>(generator: &'s Generator, schema: &'s Schema) -> Object<'s> {
    let mut config = Object::new();
    let mut targets = Vec::new();
    for (key, value) in &generator.properties {
        if key == BINARY_TARGETS {
            targets = binary_targets(value);
        } else {
            config = config.key(key, property(value));
        }
    }
    Object::new()
        .key("name", &generator.name.text)
        .key("provider", text(&generator.provider))
        .key("output", generator.output.as_ref().map(text))
        .key("config", config)
        .list(BINARY_TARGETS, targets, |target| target)
        .key("previewFeatures", texts(generator.preview_features.iter().map(String::as_str)))
        .optional("sourceFilePath", source_file_path(schema, generator.span))
}

fn binary_targets(value: &PropertyValue) -> Vec<Object<'_>> {
    match value {
        PropertyValue::One(target) => vec![env_or(None, Some(target))],
        PropertyValue::Env(name) => vec![env_or(Some(name), None)],
        PropertyValue::Many(targets) => {
            targets.iter().map(|target| env_or(None, Some(target))).collect()
        }
    }
}

fn property(value: &PropertyValue) -> Json<'_> {
    match value {
        PropertyValue::One(text) | PropertyValue::Env(text) => text.into(),
        PropertyValue::Many(elements) => texts(elements.iter().map(String::as_str)).into(),
    }
}

fn text(value: &EnvOr) -> Object<'_> {
    match value {
        EnvOr::Literal(text) => env_or(None, Some(text)),
        EnvOr::Env(name) => env_or(Some(name), None),
    }
}

fn env_or<'s>(name: Option<&'s str>, value: Option<&'s str>) -> Object<'s> {
    Object::new().key("fromEnvVar", name).key("value", value)
}
