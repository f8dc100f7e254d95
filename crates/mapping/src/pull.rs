//! A database as a Prisma schema: what `db pull` writes.
//!
//! [`pull`] sets a database beside the schema that was there before. Structure is the database's; names, documentation,
//! order, files, and what only a schema can say (`@updatedAt`, `cuid()`, `@ignore`, relations of views) stay as they
//! were. Byte for byte it is what Prisma writes, save where that would be no valid schema: two models or fields of one
//! name, and names without a letter in them.
//!
//! Nothing is read here, and nothing can fail. What the result does not say of the database is in its warnings, and what
//! Prisma does not warn of beside them.

mod block;
mod column_type;
mod comments;
mod configuration;
mod ctx;
mod default;
mod enumeration;
mod index;
mod join_table;
mod keys;
mod model;
mod names;
mod pairs;
mod relation_field;
mod relation_names;
mod remarks;
mod scalar_field;
#[cfg(test)]
mod tests;
mod unsaid;
mod view;
mod warnings;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pg_schema::PgSchema;
use psl::{Schema, SourceFile, Span};

use self::ctx::Ctx;
pub use self::warnings::{WarningKind, Warnings};

/// How to pull.
#[derive(Debug, Clone)]
pub struct PullOptions<'a> {
    /// The file for what no file of the schema has yet. It need not be one of them.
    pub new_file: &'a str,
    /// The namespaces that were asked for, where it was not the datasource that named them.
    pub namespaces: Option<&'a [String]>,
}

/// What came of a pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// All files of the schema with their new texts, formatted; behind them, if need be, a new one.
    pub files: Vec<SourceFile>,
    pub warnings: Warnings,
    /// What else is in the database, or was in the schema, and is not in the schema now. Prisma does not tell.
    pub unsaid: Vec<String>,
    /// The queries of the views that are in the schema.
    pub views: Vec<ViewDefinition>,
    /// Whether the database has nothing that a schema could say.
    pub is_empty: bool,
}

/// The query behind a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewDefinition {
    pub namespace: String,
    /// In the schema.
    pub name: String,
    pub sql: String,
}

/// The schema for a database, where `previous` was there before. Of a schema with nothing but a datasource and generators,
/// this is the schema of the database alone.
pub fn pull(database: &PgSchema, previous: &Schema, options: &PullOptions<'_>) -> Pulled {
    let ctx = Ctx::new(database, previous, options);
    let mut texts = Texts::new(previous.files(), options.new_file);
    write_configuration(&ctx, &mut texts);
    let is_configuration_only = texts.clone();
    write_blocks(&ctx, &mut texts);
    let is_empty = texts == is_configuration_only;
    let files = texts.formatted();
    let mut unsaid = unsaid::of(&ctx);
    unsaid.extend(comments::lost(previous.files(), &files));
    Pulled { files, warnings: warnings::of(&ctx), unsaid, views: definitions(&ctx), is_empty }
}

/// What is left of a schema when all but its datasource and generators is forgotten: one file, `file`.
pub fn configuration_only(schema: &Schema, file: &str) -> Schema {
    let mut text = String::new();
    for generator in schema.generators() {
        let _ = writeln!(text, "{}", configuration::generator(schema, generator));
    }
    if let Some(datasource) = schema.datasource() {
        let _ = writeln!(text, "{}", configuration::datasource(schema, datasource, None));
    }
    psl::analyze(vec![SourceFile::new(file, text)]).schema
}

fn write_configuration(ctx: &Ctx<'_>, texts: &mut Texts) {
    for generator in ctx.previous.generators() {
        let block = configuration::generator(ctx.previous, generator);
        texts.add(Some(generator.span), &block.to_string());
    }
    if let Some(datasource) = ctx.previous.datasource() {
        let namespaces = ctx.options.namespaces;
        let block = configuration::datasource(ctx.previous, datasource, namespaces);
        texts.add(Some(datasource.span), &block.to_string());
    }
}

/// Models, then views, then enums; of each, those of the schema before in its order, then the others by name.
fn write_blocks(ctx: &Ctx<'_>, texts: &mut Texts) {
    let models = ctx.tables.iter().enumerate().filter(|(_, pair)| !pair.is_join_table).map(
        |(place, pair)| {
            let previous = pair.previous.map(|model| (model.id().index(), model.span()));
            (previous, model::render(ctx, place))
        },
    );
    let views = ctx.views.iter().map(|pair| {
        let previous = pair.previous.map(|model| (model.id().index(), model.span()));
        (previous, view::render(ctx, pair))
    });
    let enums = ctx.enums.iter().map(|pair| {
        let previous = pair.previous.map(|known| (known.id().index(), known.data().span));
        (previous, enumeration::render(ctx, pair))
    });
    for mut blocks in
        [models.collect::<Vec<_>>(), views.collect::<Vec<_>>(), enums.collect::<Vec<_>>()]
    {
        blocks.sort_by_key(|(previous, _)| (previous.is_none(), previous.map(|(place, _)| place)));
        for (previous, block) in blocks {
            texts.add(previous.map(|(_, span)| span), &block.to_string());
        }
    }
}

fn definitions(ctx: &Ctx<'_>) -> Vec<ViewDefinition> {
    let definition = |pair: &pairs::ViewPair<'_>| {
        let default = &ctx.database.default_namespace;
        let namespace = ctx.namespace(&pair.view.name).unwrap_or(default);
        Some(ViewDefinition {
            namespace: namespace.to_owned(),
            name: pair.named.name.to_string(),
            sql: pair.view.definition.as_deref()?.trim().to_owned(),
        })
    };
    ctx.views.iter().filter_map(definition).collect()
}

/// The texts of the files as they grow.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Texts {
    files: Vec<(String, String)>,
    /// The place of the file for what is new.
    new: usize,
    /// Whether there is such a file without anything in it.
    is_new_known: bool,
    /// The comments of each file of the schema before that go with a block, by where that starts.
    above: Vec<BTreeMap<usize, String>>,
}

impl Texts {
    fn new(files: &[SourceFile], new_file: &str) -> Self {
        let above = files.iter().map(|file| comments::above(file.text())).collect();
        let mut files: Vec<(String, String)> =
            files.iter().map(|file| (file.path().to_owned(), String::new())).collect();
        let known = files.iter().position(|(path, _)| path == new_file);
        if known.is_none() {
            files.push((new_file.to_owned(), String::new()));
        }
        Self { new: known.unwrap_or(files.len() - 1), files, is_new_known: known.is_some(), above }
    }

    /// `previous` is where the block was.
    fn add(&mut self, previous: Option<Span>, block: &str) {
        let place = previous.map_or(self.new, |span| span.file.0 as usize);
        let comments = previous.and_then(|span| self.above[place].get(&span.range().start));
        let comments = comments.map_or("", String::as_str);
        let _ = writeln!(self.files[place].1, "{comments}{block}");
    }

    fn formatted(mut self) -> Vec<SourceFile> {
        if !self.is_new_known && self.files[self.new].1.is_empty() {
            self.files.pop();
        }
        let files: Vec<SourceFile> =
            self.files.iter().map(|(path, text)| SourceFile::new(path, text.as_str())).collect();
        let texts = psl::format(&files).texts;
        let paths = self.files.into_iter().map(|(path, _)| path);
        paths.zip(texts).map(|(path, text)| SourceFile::new(path, text)).collect()
    }
}
