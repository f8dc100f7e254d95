//! Where the schema is when no flag says so: what `package.json` names (`"prisma": { "schema": … }`), else one of the
//! usual places, here or in a folder above.
//!
//! A `prisma.config.ts` is a program in another language: it cannot be read, only be mentioned.

use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::paths;

const PLACES: [&str; 2] = ["schema.prisma", "prisma/schema.prisma"];

/// The names that Prisma gives its config, without the part after the dot.
const CONFIGS: [&str; 2] = ["prisma.config", ".config/prisma"];
const CONFIG_EXTENSIONS: [&str; 6] = ["ts", "mts", "cts", "js", "mjs", "cjs"];

/// The schema of whoever stands `here`.
pub(super) fn find(here: &Path) -> Result<PathBuf> {
    // As in Prisma, the nearest package.json counts for more than what lies nearer.
    if let Some(package) = here.ancestors().find(|folder| folder.join("package.json").is_file())
        && let Some(schema) = named_by_package(package)?
    {
        return Ok(schema);
    }
    for folder in here.ancestors() {
        if let Some(schema) = named_by_package(folder)? {
            return Ok(schema);
        }
        let mut usual = PLACES.iter().map(|place| folder.join(place));
        if let Some(schema) = usual.find(|schema| schema.is_file()) {
            return Ok(schema);
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
    let package: Value = serde_json::from_str(&text).map_err(|error| unreadable(&file, error))?;
    let path = match &package["prisma"]["schema"] {
        Value::Null => return Ok(None),
        Value::String(path) => path,
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
    if let Some(config) = config(here) {
        let _ = write!(
            message,
            "\n\nThere is a {}, which is a program for Node: it may say where the schema is, but cannot be read here.",
            paths::shown(&config)
        );
    }
    Failure::new(message).help("name it: cargo xtask --schema path/to/schema.prisma …")
}

/// The nearest config of Prisma's.
fn config(here: &Path) -> Option<PathBuf> {
    let names = CONFIGS.iter().flat_map(|name| {
        CONFIG_EXTENSIONS.iter().map(move |extension| format!("{name}.{extension}"))
    });
    let names: Vec<String> = names.collect();
    here.ancestors()
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|config| config.is_file())
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
                Ok(schema) => {
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
    fn a_config_that_cannot_be_read_is_mentioned() {
        let scratch = Scratch::with("config", &[("prisma.config.ts", "")]);
        let told = scratch.found("src");
        assert!(told.contains("prisma.config.ts, which is a program for Node"), "{told}");
        let scratch = Scratch::with("no-config", &[("a.txt", "")]);
        assert!(!scratch.found("").contains("for Node"));
    }
}
