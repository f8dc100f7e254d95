//! The `datasource` block.

use super::{Ctx, coerce};
use crate::ast::{Argument, Block, ConfigBlock, Expr, File, Property};
use crate::diagnostic::Diagnostic;
use crate::schema::{Datasource, EnvOr, Extension, Name, RelationMode};
use crate::source::Span;
use crate::suggest::{in_another_case, is_only, nearest, suggest_if};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Databases that Prisma knows and this crate does not serve.
const OTHER_PROVIDERS: [&str; 5] = ["mysql", "sqlite", "sqlserver", "mongodb", "cockroachdb"];

pub(super) fn resolve<'a>(files: &'a [File<'a>], ctx: &mut Ctx<'a, '_>) {
    for file in files {
        let has_datasource = in_file(file, ctx);
        ctx.files_with_datasource.push(has_datasource);
    }
}

/// Returns whether there is one. Each file is looked at for itself: of those in several files the first counts.
fn in_file<'a>(file: &'a File<'a>, ctx: &mut Ctx<'a, '_>) -> bool {
    let blocks = || {
        file.blocks.iter().filter_map(|block| match block {
            Block::Datasource(block) => Some(block),
            _ => None,
        })
    };
    let mut read = 0;
    for block in blocks() {
        if let Some(datasource) = datasource(block, ctx) {
            read += 1;
            ctx.resolved.schema.datasource.get_or_insert(datasource);
        }
    }
    if read > 1 {
        for block in blocks() {
            let message = format!(
                "Error validating datasource `{}`: You defined more than one datasource. This is not allowed yet \
                 because support for multiple databases has not been implemented yet.",
                block.name.text
            );
            ctx.diagnostics.push(Diagnostic::error("two-datasources", message, block.span));
        }
    }
    read > 0
}

/// Keys taken one by one; what is left over is unknown. Of two equal ones the later counts.
struct Properties<'p, 'a> {
    left: Vec<(&'p Property<'a>, &'p Expr<'a>)>,
}

impl<'p, 'a> Properties<'p, 'a> {
    fn new(block: &'p ConfigBlock<'a>, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let mut left: Vec<(&Property<'_>, &Expr<'_>)> = Vec::new();
        let mut positions: HashMap<&str, usize> = HashMap::new();
        for property in &block.properties {
            let Some(value) = &property.value else {
                let message = format!(
                    "Property {} in datasource {} needs to be assigned a value",
                    property.name.text, block.name.text
                );
                diagnostics.push(
                    Diagnostic::error("property-without-value", message, block.span)
                        .label(property.name.span, "has no value"),
                );
                return None;
            };
            match positions.entry(property.name.text) {
                Entry::Occupied(earlier) => left[*earlier.get()] = (property, value),
                Entry::Vacant(position) => {
                    position.insert(left.len());
                    left.push((property, value));
                }
            }
        }
        Some(Self { left })
    }

    fn take(&mut self, name: &str) -> Option<(&'p Property<'a>, &'p Expr<'a>)> {
        let position = self.left.iter().position(|(property, _)| property.name.text == name)?;
        Some(self.left.remove(position))
    }

    fn string_or_env(
        &mut self,
        name: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<(EnvOr, Span)> {
        let (_, value) = self.take(name)?;
        Some((coerce::string_or_env(value, diagnostics)?, value.span()))
    }
}

fn datasource<'a>(block: &'a ConfigBlock<'a>, ctx: &mut Ctx<'a, '_>) -> Option<Datasource> {
    let mut properties = Properties::new(block, ctx.diagnostics)?;
    let provider = provider(block, properties.take("provider"), ctx.diagnostics)?;
    let relation_mode = relation_mode(block, &mut properties, ctx.diagnostics);
    let extensions = match properties.take("extensions") {
        Some((property, list)) => {
            ctx.resolved.origins.extensions = Some(property.span);
            extensions(list, ctx.diagnostics)
        }
        None => Vec::new(),
    };
    let url = match properties.take("url") {
        Some((_, value)) => Some((coerce::string_or_env(value, ctx.diagnostics)?, value.span())),
        // Required up to Prisma 6; since 7 it stands in a file of its own.
        None => None,
    };
    let shadow = properties
        .string_or_env("shadowDatabaseUrl", ctx.diagnostics)
        .filter(|(url, _)| *url != EnvOr::Literal(String::new()));
    let direct = properties.string_or_env("directUrl", ctx.diagnostics);
    shadow_is_another(block, shadow.as_ref(), direct.as_ref(), "directUrl", ctx.diagnostics);
    shadow_is_another(block, shadow.as_ref(), url.as_ref(), "url", ctx.diagnostics);

    if let Some((property, _)) = properties.take("previewFeatures") {
        let message = "Preview features are only supported in the generator block. Please move this field to the \
                       generator block.";
        ctx.diagnostics.push(Diagnostic::error(
            "misplaced-preview-features",
            message,
            property.span,
        ));
    }
    let schemas = match properties.take("schemas") {
        Some((_, list)) => schemas(list, ctx),
        None => Vec::new(),
    };
    for (property, _) in properties.left {
        let message = format!("Property not known: \"{}\".", property.name.text);
        let diagnostic = Diagnostic::error("unknown-property", message, property.span);
        let known = [
            "provider",
            "url",
            "directUrl",
            "shadowDatabaseUrl",
            "relationMode",
            "schemas",
            "extensions",
        ];
        let name = property.name;
        let written = block.properties.iter().map(|other| other.name.text);
        let is_new = |key: &str| is_only(key, written.clone());
        ctx.diagnostics.push(suggest_if(diagnostic, name.text, name.span, known, is_new));
    }
    Some(Datasource {
        name: block.name.into(),
        provider,
        url: url.map(|(url, _)| url),
        direct_url: direct.map(|(url, _)| url),
        shadow_database_url: shadow.map(|(url, _)| url),
        relation_mode,
        schemas,
        extensions,
        span: block.span,
    })
}

fn provider(
    block: &ConfigBlock<'_>,
    provider: Option<(&Property<'_>, &Expr<'_>)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let name = block.name.text;
    let invalid = |message: &str, span| {
        Diagnostic::error(
            "invalid-provider",
            format!("Error validating datasource `{name}`: {message}"),
            span,
        )
    };
    let diagnostic = match provider {
        None => {
            let message =
                format!("Argument \"provider\" is missing in data source block \"{name}\".");
            Diagnostic::error("missing-argument", message, block.span)
                .help("add `provider = \"postgresql\"`")
        }
        Some((_, Expr::Function("env", ..))) => Diagnostic::error(
            "invalid-provider",
            "A datasource must not use the env() function in the provider argument.",
            block.span,
        ),
        Some((_, Expr::String(text, span))) => match text.as_ref() {
            "postgresql" | "postgres" => return Some("postgresql".to_owned()),
            "" => invalid("The provider argument in a datasource must not be empty", *span),
            other if OTHER_PROVIDERS.contains(&other) => {
                let message = format!(
                    "The provider \"{other}\" is not supported: this tool serves PostgreSQL only. Use `provider = \
                     \"postgresql\"`."
                );
                Diagnostic::error(UNSUPPORTED_PROVIDER, message, *span)
            }
            other => {
                let message = format!("Datasource provider not known: \"{other}\".");
                let diagnostic = Diagnostic::error("unknown-provider", message, *span);
                match nearest(other, ["postgresql"]) {
                    Some(near) if other.eq_ignore_ascii_case(near) => {
                        diagnostic.fix(format!("write \"{near}\""), *span, format!("\"{near}\""))
                    }
                    Some(near) => diagnostic.help(format!("did you mean \"{near}\"?")),
                    None => diagnostic,
                }
            }
        },
        Some((_, value)) => {
            let message = "The provider argument in a datasource must be a string literal";
            let diagnostic = invalid(message, value.span());
            match value {
                Expr::Constant(word @ ("postgresql" | "postgres"), span) => {
                    diagnostic.fix("put it in quotes", *span, format!("\"{word}\""))
                }
                _ => diagnostic,
            }
        }
    };
    diagnostics.push(diagnostic);
    None
}

/// The code of the diagnostic that stands alone: a schema for another database is not looked at further.
pub(crate) const UNSUPPORTED_PROVIDER: &str = "unsupported-provider";

fn relation_mode(
    block: &ConfigBlock<'_>,
    properties: &mut Properties<'_, '_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> RelationMode {
    let (current, legacy) =
        (properties.take("relationMode"), properties.take("referentialIntegrity"));
    if let Some((property, _)) = legacy {
        let message = "The `referentialIntegrity` attribute is deprecated. Please use `relationMode` instead. Learn \
                       more at https://pris.ly/d/relation-mode";
        let deprecated =
            Diagnostic::warning("deprecated-referential-integrity", message, property.span);
        if current.is_none() {
            diagnostics.push(deprecated.fix("rename it", property.name.span, "relationMode"));
        } else {
            diagnostics.push(deprecated);
            let message = "The `referentialIntegrity` and `relationMode` attributes cannot be used together. Please \
                           use only `relationMode` instead.";
            diagnostics.push(Diagnostic::error("two-relation-modes", message, property.span));
            return RelationMode::default();
        }
    }
    let Some((_, value)) = current.or(legacy) else { return RelationMode::default() };
    let is_mode = |word: &str| matches!(word, "prisma" | "foreignKeys");
    match coerce::string_if(value, is_mode, diagnostics) {
        None | Some("foreignKeys") => RelationMode::ForeignKeys,
        Some("prisma") => RelationMode::Prisma,
        Some(other) => {
            let message = format!(
                "Error validating datasource `relationMode`: Invalid relation mode setting: \"{other}\". Supported \
                 values: \"prisma\", \"foreignKeys\""
            );
            let diagnostic = Diagnostic::error("invalid-relation-mode", message, block.span)
                .label(value.span(), "here");
            diagnostics.push(match in_another_case(other, ["prisma", "foreignKeys"]) {
                Some(mode) => {
                    diagnostic.fix(format!("write \"{mode}\""), value.span(), format!("\"{mode}\""))
                }
                None => diagnostic,
            });
            RelationMode::default()
        }
    }
}

fn shadow_is_another(
    block: &ConfigBlock<'_>,
    shadow: Option<&(EnvOr, Span)>,
    other: Option<&(EnvOr, Span)>,
    key: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let (Some((shadow, shadow_span)), Some((other, span))) = (shadow, other)
        && shadow == other
    {
        let message = format!(
            "shadowDatabaseUrl is the same as {key} for datasource \"{}\". Please specify a different database as \
             shadow database to avoid data loss.",
            block.name.text
        );
        diagnostics.push(
            Diagnostic::error("shadow-database-is-database", message, *span)
                .label(*shadow_span, "the shadow database is emptied"),
        );
    }
}

fn schemas<'a>(list: &'a Expr<'a>, ctx: &mut Ctx<'a, '_>) -> Vec<Name> {
    let names = coerce::array(list, ctx.diagnostics, |name, diagnostics| {
        Some(Name { text: coerce::name(name, diagnostics)?.to_owned(), span: name.span() })
    });
    let Some(names) = names else { return Vec::new() };
    if names.is_empty() {
        let message = "If provided, the schemas array can not be empty.";
        ctx.diagnostics.push(Diagnostic::error("empty-schemas", message, list.span()));
        return Vec::new();
    }
    ctx.resolved.origins.schemas = Some(list.span());
    let mut sorted: Vec<&Name> = names.iter().collect();
    sorted.sort_by(|one, other| one.text.cmp(&other.text));
    for pair in sorted.windows(2) {
        if pair[0].text == pair[1].text {
            let message = "Duplicated schema names are not allowed";
            ctx.diagnostics.push(
                Diagnostic::error("duplicate-schema", message, pair[0].span)
                    .label(pair[1].span, "here again"),
            );
        }
    }
    names
}

fn extensions(list: &Expr<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Extension> {
    let written = coerce::array(list, diagnostics, |extension, diagnostics| {
        coerce::function_or_constant(extension, diagnostics)
    });
    let mut extensions = Vec::new();
    for (name, arguments, span) in written.unwrap_or_default() {
        let (mut map, mut schema, mut version) = (None, None, None);
        let mut seen: Vec<&str> = Vec::new();
        for argument in arguments.map(|arguments| arguments.list.as_slice()).unwrap_or_default() {
            let Some(key) = argument.name else {
                let message = "The argument must have a name";
                diagnostics.push(Diagnostic::validating(
                    "unnamed-argument",
                    message,
                    argument.span,
                ));
                continue;
            };
            if seen.contains(&key.text) {
                let message = format!("The argument `{}` can only be defined once", key.text);
                diagnostics.push(Diagnostic::validating(
                    "duplicate-argument",
                    message,
                    argument.span,
                ));
                continue;
            }
            seen.push(key.text);
            let target = match key.text {
                "map" => &mut map,
                "schema" => &mut schema,
                "version" => &mut version,
                other => {
                    coerce::string(&argument.value, diagnostics);
                    let message = format!("Argument not known: \"{other}\".");
                    let diagnostic = Diagnostic::error("unknown-argument", message, argument.span);
                    let known = ["map", "schema", "version"];
                    let is_new = |key: &str| {
                        let list = arguments.iter().flat_map(|arguments| &arguments.list);
                        is_only(key, list.filter_map(|other| Some(other.name?.text)))
                    };
                    diagnostics.push(suggest_if(diagnostic, other, key.span, known, is_new));
                    continue;
                }
            };
            *target = extension_argument(argument, key.text, diagnostics);
        }
        let name = Name { text: name.to_owned(), span };
        extensions.push(Extension { name, mapped_name: map, schema, version });
    }
    extensions
}

fn extension_argument(
    argument: &Argument<'_>,
    name: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let value = coerce::name(&argument.value, diagnostics).map(str::to_owned);
    if value.is_none() {
        let message = format!("The `{name}` argument must be a string literal");
        diagnostics.push(Diagnostic::validating("extension-argument", message, argument.span));
    }
    value
}
