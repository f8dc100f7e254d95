//! Where the schema is when no flag says so: where a `prisma.config.ts` plainly says, else what `package.json` names
//! (`"prisma": { "schema": … }`), else one of the usual places, here or in a folder above.

use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::config::{Config, Value};
use crate::failure::{Failure, Result};
use crate::paths;
use crate::terminal::note;

const PLACES: [&str; 2] = ["schema.prisma", "prisma/schema.prisma"];

/// A schema, and the folder of the file that names it, if one does: the project's.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) schema: PathBuf,
    pub(super) named_in: Option<PathBuf>,
}

/// The schema of whoever stands `here`.
pub(super) fn find(here: &Path) -> Result<Found> {
    let config = config(here);
    if let Some(Config { file, project, schema: Value::Said(schema), .. }) = &config {
        require(schema).map_err(|why| {
            Failure::new(format!(
                "Could not load schema from `{}` provided by \"prisma.config.ts\": {why}",
                paths::shown(schema)
            ))
            .help(format!("correct it in {}, or name the schema with --schema", paths::shown(file)))
        })?;
        return Ok(Found { schema: schema.clone(), named_in: Some(project.clone()) });
    }
    let found = find_without_config(here)?;
    if let Some(Config { file, schema: Value::Computed, .. }) = &config {
        note!(
            "warning: {} is not run, and says where the schema is only when it is; it was looked for in the usual places",
            paths::shown(file)
        );
    }
    Ok(found)
}

/// The config of whoever stands `here`: the nearest, unless another project is nearer.
pub(super) fn config(here: &Path) -> Option<Config> {
    for folder in here.ancestors() {
        let config = Config::in_folder(folder);
        if config.is_some() || is_project(folder) {
            return config;
        }
    }
    None
}

/// Whether a folder has a schema of its own. One in a folder `prisma` is that of the folder above.
fn is_project(folder: &Path) -> bool {
    let [beside, below] = PLACES.map(|place| folder.join(place).is_file());
    below || beside && !folder.ends_with("prisma") || !matches!(named_by_package(folder), Ok(None))
}

fn find_without_config(here: &Path) -> Result<Found> {
    // As in Prisma, the nearest package.json counts for more than what lies nearer.
    if let Some(package) = here.ancestors().find(|folder| folder.join("package.json").is_file())
        && let Some(schema) = named_by_package(package)?
    {
        return Ok(Found { schema, named_in: Some(package.to_owned()) });
    }
    for folder in here.ancestors() {
        if let Some(schema) = named_by_package(folder)? {
            return Ok(Found { schema, named_in: Some(folder.to_owned()) });
        }
        let mut usual = PLACES.iter().map(|place| folder.join(place));
        if let Some(schema) = usual.find(|schema| schema.is_file()) {
            return Ok(Found { schema, named_in: None });
        }
    }
    Err(not_found(here))
}

/// The current folder.
pub(super) fn here() -> Result<PathBuf> {
    std::env::current_dir()
        .map_err(|error| Failure::new(format!("the current folder cannot be read: {error}")))
}

/// Fails with the reason why nothing can be read there.
pub(super) fn require(schema: &Path) -> Result<(), String> {
    match schema.metadata() {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err("file or directory not found".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// What the package.json of a folder says, if there is one and it says anything.
fn named_by_package(folder: &Path) -> Result<Option<PathBuf>> {
    let file = folder.join("package.json");
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&file, error)),
    };
    let package: Json = serde_json::from_str(&text).map_err(|error| unreadable(&file, error))?;
    let path = match &package["prisma"]["schema"] {
        Json::Null => return Ok(None),
        Json::String(path) => path,
        other => {
            return Err(Failure::new(format!(
                "Provided schema path `{other}` from `{}` must be of type string",
                paths::shown(&file)
            )));
        }
    };
    let schema = folder.join(path);
    require(&schema).map_err(|why| {
        Failure::new(format!(
            "Could not load schema from `{path}` provided by \"prisma.schema\" config of `{}`: {why}",
            paths::shown(&file)
        ))
        .help("correct the path, which begins at that file's folder, or name the schema with --schema")
    })?;
    Ok(Some(schema))
}

fn unreadable(file: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("{} cannot be read: {error}", paths::shown(file)))
        .help("where it says nothing of a schema either: name the schema with --schema")
}

fn not_found(here: &Path) -> Failure {
    let checked = PLACES.map(|place| format!("{place}: file not found")).join("\n");
    let mut message = format!(
        "Could not find Prisma Schema that is required for this command.\n\
         You can either provide it with `--schema` argument,\n\
         set it as `prisma.schema` in your package.json,\n\
         or put it into the default location (`./prisma/schema.prisma`, or `./schema.prisma`).\n\
         Checked following paths, here and in every folder above:\n\n{checked}"
    );
    if let Some(Config { file, .. }) = config(here) {
        let _ = write!(
            message,
            "\n\nThere is a {}, which is a program for Node and is not run here: it does not say where the schema is \
             without being run.",
            paths::shown(&file)
        );
    }
    Failure::new(message).help("name it: cargo xtask --schema path/to/schema.prisma …")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of a test's own, removed when it is done with.
    struct Scratch(PathBuf);

    impl Scratch {
        fn with(label: &str, files: &[(&str, &str)]) -> Self {
            let folder = format!("driveflow-lookup-{label}-{}", std::process::id());
            let scratch = Self(std::env::temp_dir().join(folder));
            for (name, text) in files {
                let file = scratch.0.join(name);
                fs::create_dir_all(file.parent().expect("it is in a folder")).expect("a folder");
                fs::write(file, text).expect("a file");
            }
            scratch
        }

        fn found(&self, from: &str) -> String {
            let from = self.0.join(from);
            fs::create_dir_all(&from).expect("a folder");
            match find(&from) {
                Ok(Found { schema, .. }) => {
                    schema.strip_prefix(&self.0).expect("it is in there").display().to_string()
                }
                Err(failure) => failure.message,
            }
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_package_names_its_schema() {
        let package = r#"{ "name": "shop", "prisma": { "schema": "db/shop.prisma" } }"#;
        let files =
            [("package.json", package), ("db/shop.prisma", ""), ("prisma/schema.prisma", "")];
        let scratch = Scratch::with("named", &files);
        assert_eq!(scratch.found(""), "db/shop.prisma");
        assert_eq!(scratch.found("src/deep"), "db/shop.prisma");
        assert_eq!(scratch.found("prisma"), "db/shop.prisma");
    }

    #[test]
    fn a_package_that_names_none_leaves_it_to_the_usual_places() {
        let package = r#"{ "prisma": { "seed": "tsx seed.ts" } }"#;
        let files = [
            ("package.json", r#"{ "prisma": { "schema": "db" } }"#),
            ("db/shop.prisma", ""),
            ("apps/api/package.json", package),
            ("apps/api/prisma/schema.prisma", ""),
            ("apps/web/package.json", "{}"),
        ];
        let scratch = Scratch::with("usual", &files);
        assert_eq!(scratch.found("apps/api/src"), "apps/api/prisma/schema.prisma");
        assert_eq!(scratch.found("apps/web"), "db", "a folder is a schema too");
    }

    #[test]
    fn a_package_that_is_wrong_is_told() {
        for (package, told) in [
            (
                r#"{ "prisma": { "schema": "nowhere.prisma" } }"#,
                "Could not load schema from `nowhere.prisma` provided by \"prisma.schema\" config of",
            ),
            (r#"{ "prisma": { "schema": 3 } }"#, "Provided schema path `3` from"),
            (r#"{ "prisma": "#, "cannot be read: EOF while parsing"),
        ] {
            let scratch = Scratch::with("wrong", &[("package.json", package)]);
            assert!(scratch.found("").contains(told), "{}", scratch.found(""));
        }
    }

    #[test]
    fn a_config_counts_for_more_than_a_package() {
        let config = "export default defineConfig({ schema: 'db/shop.prisma' })";
        let files = [
            ("package.json", r#"{ "prisma": { "schema": "other" } }"#),
            ("prisma.config.ts", config),
            ("db/shop.prisma", ""),
            ("prisma/schema.prisma", ""),
        ];
        let scratch = Scratch::with("config", &files);
        assert_eq!(scratch.found("src"), "db/shop.prisma");
        let above = config.replace("db/", "../db/");
        let files = [(".config/prisma.ts", above.as_str()), ("db/shop.prisma", "")];
        let scratch = Scratch::with("config-folder", &files);
        let found = find(&scratch.0.join("db")).expect("a schema");
        assert!(found.schema.ends_with(".config/../db/shop.prisma"), "{found:?}");
        assert_eq!(found.named_in.as_ref(), Some(&scratch.0), "whose project it is");
        let scratch = Scratch::with("config-wrong", &[("prisma.config.ts", config)]);
        assert!(scratch.found("").contains("file or directory not found"), "{}", scratch.found(""));
    }

    #[test]
    fn a_config_is_not_that_of_another_project_below_it() {
        let config = "export default { schema: 'db/shop.prisma', migrations: { path: 'db' } }";
        let files = [
            ("prisma.config.ts", config),
            ("db/shop.prisma", ""),
            ("prisma/schema.prisma", ""),
            ("apps/api/prisma/schema.prisma", ""),
            ("apps/web/package.json", "{}"),
            ("apps/old/package.json", r#"{ "prisma": { "schema": "old.prisma" } }"#),
            ("apps/old/old.prisma", ""),
        ];
        let scratch = Scratch::with("config-above", &files);
        for (here, schema) in [
            ("apps/api/src", "apps/api/prisma/schema.prisma"),
            ("apps/old", "apps/old/old.prisma"),
            ("apps/web", "db/shop.prisma"),
            ("prisma", "db/shop.prisma"),
        ] {
            assert_eq!(scratch.found(here), schema, "{here}");
            let has_config = super::config(&scratch.0.join(here)).is_some();
            assert_eq!(has_config, schema.starts_with("db"), "where its migrations are, {here}");
        }
    }

    #[test]
    fn a_config_that_would_have_to_be_run_is_mentioned() {
        let scratch = Scratch::with("config-computed", &[("prisma.config.ts", "")]);
        let told = scratch.found("src");
        assert!(told.contains("prisma.config.ts, which is a program for Node"), "{told}");
        let scratch = Scratch::with("no-config", &[("a.txt", "")]);
        assert!(!scratch.found("").contains("for Node"));
    }
}
