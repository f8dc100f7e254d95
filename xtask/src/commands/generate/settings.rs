//! What the generator block of a schema says of the client: prisma-client-rust's keys and their defaults, and our own.

use std::cell::LazyCell;
use std::path::{Path, PathBuf};

use codegen::{Arguments, Chosen, Format, Options, Tenant, Variants};
use psl::{EnvOr, Generator, PropertyValue, Schema};

use super::usage;
use crate::failure::{Failure, Result};
use crate::paths::{plain, relative};
use crate::project::Project;

/// The generator's names in a schema: ours is the one prisma-client-rust's users have.
const PROVIDERS: [&str; 2] = ["cargo prisma", "prisma-client-rust"];

/// Our own keys of a client with tenants.
const OF_TENANTS: [&str; 2] = ["tenant", "shared_models"];

/// Where prisma-client-rust writes to where `output` is left out, from the schema's folder.
const OUTPUT: &str = "../src/prisma.rs";

/// How the client is to be written, and where.
pub(super) struct Settings {
    pub(super) folder: PathBuf,
    pub(super) options: Options,
    /// What the generator block does not say and the project's code says, as the block would.
    pub(super) read: Vec<String>,
}

impl Settings {
    /// What the first generator that is ours says; nothing where there is none.
    pub(super) fn of(project: &Project, schema: &Schema) -> Result<Option<Self>> {
        let is_ours = |provider: &EnvOr| matches!(provider, EnvOr::Literal(name) if PROVIDERS.contains(&name.as_str()));
        let mut generators = schema.generators().iter();
        let Some(generator) = generators.find(|generator| is_ours(&generator.provider)) else {
            return Ok(None);
        };
        let output = match &generator.output {
            Some(output) => resolved(output)?,
            None => OUTPUT.to_owned(),
        };
        let path = plain(&project.schema_folder().join(output));
        let (folder, format) = layout(&path, text_of(generator, "client_format")?.as_deref())?;
        let sources = project.source_paths()?;
        let schema_paths = sources.iter().map(|path| relative(&folder, &plain(path))).collect();
        let module_path = text_of(generator, "module_path")?;
        let module_path =
            module_path.unwrap_or_else(|| codegen::module_path(&path.to_string_lossy()));
        let migrations = migrations(project, &folder);
        let tenant = tenant(generator, schema)?;
        let arguments = arguments(text_of(generator, "arguments")?.as_deref())?;
        let variants = variants(text_of(generator, "variants")?.as_deref())?;
        let types = types(text_of(generator, "types")?.as_deref())?;
        let plain = relations(text_of(generator, "relations")?.as_deref())?;
        // Read by whatever is not said, and once.
        let usage = LazyCell::new(|| usage::of(&folder, project.schema_folder(), schema));
        let mut read = Vec::new();
        let arguments = arguments.unwrap_or_else(|| {
            let arguments = usage.arguments();
            read.push(format!("arguments = \"{}\"", told(arguments)));
            arguments
        });
        let plain = plain.unwrap_or_else(|| {
            let plain = usage.plain();
            read.push(told_of("relations", ["\"plain\"", "\"fetched\""], &plain, Clone::clone));
            plain
        });
        let variants = variants.unwrap_or_else(|| {
            let variants = usage.variants();
            read.push(match &variants {
                Variants::None => "variants = false".to_owned(),
                Variants::Keys => "variants = \"keys\"".to_owned(),
                Variants::Named(names) => {
                    told_of("variants", ["true", "false"], names, Clone::clone)
                }
            });
            variants
        });
        let types = types.unwrap_or_else(|| {
            let types = usage.types();
            let name = |(model, name): &(String, String)| format!("{model}::{name}");
            read.push(told_of("types", ["true", "false"], &types, name));
            types
        });
        drop(usage);
        Ok(Some(Self {
            folder,
            options: Options {
                schema_paths,
                module_path,
                format,
                migrations,
                tenant,
                arguments,
                variants,
                types,
                plain,
            },
            read,
        }))
    }
}

/// A way to give arguments, as a generator block says it.
fn told(arguments: Arguments) -> &'static str {
    match arguments {
        Arguments::Converted => "converted",
        Arguments::Mixed => "mixed",
        Arguments::Exact => "exact",
    }
}

/// An option that is one thing for some names and another for the rest.
fn told_of<T>(
    key: &str,
    [some, rest]: [&str; 2],
    chosen: &Chosen<T>,
    name: impl Fn(&T) -> String,
) -> String {
    const MOST: usize = 8;
    match chosen {
        Chosen::All => format!("{key} = {some}"),
        Chosen::Only(names) if names.is_empty() => format!("{key} = {rest}"),
        Chosen::Only(names) => {
            let mut shown: Vec<String> = names.iter().take(MOST).map(name).collect();
            if names.len() > MOST {
                shown.push(format!("{} more", names.len() - MOST));
            }
            format!("{key} = {some} for {} alone", shown.join(", "))
        }
    }
}

/// What makes rows a tenant's, where the generator says so.
fn tenant(generator: &Generator, schema: &Schema) -> Result<Option<Tenant>> {
    let Some(tenant) = Tenant::of(generator) else {
        let Some((key, _)) =
            generator.properties.iter().find(|(key, _)| OF_TENANTS.contains(&key.as_str()))
        else {
            return Ok(None);
        };
        return Err(Failure::new(format!(
            "`{key}` of the generator is of no use without a field in `tenant`"
        ))
        .help("tenant = \"orgId\", the field that says whose a row is"));
    };
    match codegen::tenant_problem(schema, &tenant) {
        Some(problem) => Err(Failure::new(problem.to_string()).help(problem.help())),
        None => Ok(Some(tenant)),
    }
}

/// How arguments are given; nothing where the project's code says it.
fn arguments(arguments: Option<&str>) -> Result<Option<Arguments>> {
    match arguments {
        None => Ok(None),
        Some("converted") => Ok(Some(Arguments::Converted)),
        Some("mixed") => Ok(Some(Arguments::Mixed)),
        Some("exact") => Ok(Some(Arguments::Exact)),
        Some(other) => Err(Failure::new(format!(
            "`arguments` is \"{other}\", which is no way to give them"
        ))
        .help(
            "arguments = \"converted\" takes equals(\"x\"), \"exact\" takes equals(x.into()) as prisma-client-rust does, \"mixed\" \
             takes that and create(\"x\", vec![])",
        )),
    }
}

/// Which variants of prisma-client-rust's parameters are there; nothing where the project's code says it.
fn variants(variants: Option<&str>) -> Result<Option<Variants>> {
    match variants {
        None => Ok(None),
        Some("true") => Ok(Some(Variants::Named(Chosen::All))),
        Some("keys") => Ok(Some(Variants::Keys)),
        Some("false") => Ok(Some(Variants::None)),
        Some(other) => Err(Failure::new(format!(
            "`variants` is \"{other}\", which is neither true, false nor \"keys\""
        ))
        .help(
            "variants = true for SetParam::SetName(..) and WhereParam::Id(IntFilter::Equals(..)), \"keys\" for \
             UniqueWhereParam::IdEquals(..) alone",
        )),
    }
}

/// Which types have names of their own; nothing where the project's code says it.
fn types(types: Option<&str>) -> Result<Option<Chosen<(String, String)>>> {
    match types {
        None => Ok(None),
        Some("true") => Ok(Some(Chosen::All)),
        Some("false") => Ok(Some(Chosen::default())),
        Some(other) => {
            Err(Failure::new(format!("`types` is \"{other}\", which is neither true nor false"))
                .help("types = true for user::id::Type and user::FindManyQuery<'_>"))
        }
    }
}

/// What rows hold of their relations; nothing where the project's code says it.
fn relations(relations: Option<&str>) -> Result<Option<Chosen<String>>> {
    match relations {
        None => Ok(None),
        Some("plain") => Ok(Some(Chosen::All)),
        Some("fetched") => Ok(Some(Chosen::default())),
        Some(other) => Err(Failure::new(format!(
            "`relations` is \"{other}\", which is nothing that rows hold of them"
        ))
        .help(
            "relations = \"plain\" for a Vec<post::Data> and a Box<user::Data>, \"fetched\" for a Fetched around them, which \
             models of any number compile with",
        )),
    }
}

/// The way from the crate that the client is for to the migrations, as far as there are both.
fn migrations(project: &Project, client: &Path) -> Option<String> {
    let package = client.ancestors().find(|folder| folder.join("Cargo.toml").is_file())?;
    let migrations = project.migrations();
    migrations.is_dir().then(|| relative(package, &plain(&migrations)))
}

/// A file where `client_format` or the name says so; else a folder.
fn layout(path: &Path, format: Option<&str>) -> Result<(PathBuf, Format)> {
    let is_rust = path.extension().is_some_and(|extension| extension == "rs");
    let wrong = |what: String, help: &str| Err(Failure::new(what).help(help));
    match format {
        Some("file") if !is_rust => wrong(
            "the client is to be one file, and `output` names none".to_owned(),
            "output = \"../src/prisma.rs\", or client_format = \"folder\"",
        ),
        Some("folder") if is_rust => wrong(
            "the client is to be a folder, and `output` names a file".to_owned(),
            "output = \"../src/prisma\", or client_format = \"file\"",
        ),
        Some("file" | "folder") | None => Ok(match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) if is_rust => {
                (folder.to_owned(), Format::File(name.to_string_lossy().into_owned()))
            }
            _ => (path.to_owned(), Format::Folder),
        }),
        Some(other) => wrong(
            format!("`client_format` is \"{other}\", which is no layout of a client"),
            "client_format = \"folder\" or \"file\"",
        ),
    }
}

/// The value of one of the generator's own keys.
fn text_of(generator: &Generator, key: &str) -> Result<Option<String>> {
    let Some((_, value)) = generator.properties.iter().find(|(name, _)| name == key) else {
        return Ok(None);
    };
    match value {
        PropertyValue::One(text) => Ok(Some(text.clone())),
        PropertyValue::Env(name) => resolved(&EnvOr::Env(name.clone())).map(Some),
        PropertyValue::Many(_) => {
            Err(Failure::new(format!("`{key}` of the generator is one text, not a list")))
        }
    }
}

fn resolved(value: &EnvOr) -> Result<String> {
    match value {
        EnvOr::Literal(text) => Ok(text.clone()),
        EnvOr::Env(name) => std::env::var(name).map_err(|_| {
            Failure::new(format!("Environment variable not found: {name}.")).code("P1012")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_as_the_generator_says() {
        let read = |text| arguments(text).ok();
        assert_eq!(
            [None, Some("converted"), Some("mixed"), Some("exact"), Some("into")].map(read),
            [
                Some(None),
                Some(Some(Arguments::Converted)),
                Some(Some(Arguments::Mixed)),
                Some(Some(Arguments::Exact)),
                None
            ]
        );
    }

    #[test]
    fn what_was_read_in_the_code_is_told_as_the_generator_says_it() {
        let names = |count: usize| Chosen::Only((0..count).map(|name| name.to_string()).collect());
        let relations =
            |names| told_of("relations", ["\"plain\"", "\"fetched\""], &names, String::clone);
        assert_eq!(relations(Chosen::All), "relations = \"plain\"");
        assert_eq!(relations(names(0)), "relations = \"fetched\"");
        assert_eq!(relations(names(2)), "relations = \"plain\" for 0, 1 alone");
        assert_eq!(
            relations(names(9)),
            "relations = \"plain\" for 0, 1, 2, 3, 4, 5, 6, 7, 1 more alone"
        );
        for way in [Arguments::Converted, Arguments::Mixed, Arguments::Exact] {
            assert_eq!(arguments(Some(told(way))).ok(), Some(Some(way)));
        }
    }

    #[test]
    fn variants_are_there_or_not() {
        let read = |text| variants(text).ok();
        assert_eq!(
            [None, Some("true"), Some("keys"), Some("false"), Some("some")].map(read),
            [
                Some(None),
                Some(Some(Variants::Named(Chosen::All))),
                Some(Some(Variants::Keys)),
                Some(Some(Variants::None)),
                None
            ]
        );
    }

    #[test]
    fn types_and_relations_are_as_the_generator_says() {
        let read = |text| (types(text).ok(), relations(text).ok());
        assert_eq!(read(None), (Some(None), Some(None)));
        assert_eq!(read(Some("true")), (Some(Some(Chosen::All)), None));
        assert_eq!(read(Some("false")), (Some(Some(Chosen::default())), None));
        assert_eq!(read(Some("plain")), (None, Some(Some(Chosen::All))));
        assert_eq!(read(Some("fetched")), (None, Some(Some(Chosen::default()))));
    }

    #[test]
    fn a_client_is_a_folder_unless_it_is_a_file() {
        let laid = |path: &str, format: Option<&str>| layout(Path::new(path), format).ok();
        let file =
            |folder: &str, name: &str| Some((PathBuf::from(folder), Format::File(name.to_owned())));
        let folder = |path: &str| Some((PathBuf::from(path), Format::Folder));
        assert_eq!(laid("/a/prisma.rs", None), file("/a", "prisma.rs"));
        assert_eq!(laid("/a/db.rs", Some("file")), file("/a", "db.rs"));
        assert_eq!(laid("/a/prisma", None), folder("/a/prisma"));
        assert_eq!(laid("/a/prisma", Some("folder")), folder("/a/prisma"));
        for (path, format) in [("/a/prisma", "file"), ("/a/prisma.rs", "folder"), ("/a/b", "tree")]
        {
            assert_eq!(laid(path, Some(format)), None, "{path} {format}");
        }
    }
}
