//! The lines that do not compile, from what `cargo check --message-format json` says.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use super::packages::Dependents;
use crate::paths;

/// A place the compiler complains of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    package: String,
    /// As a person opens it from where they stand.
    file: String,
    line: u64,
    column: u64,
    /// `E0425: cannot find …`.
    message: String,
}

/// Every error once, though tests compile a library a second time; by package, file and line.
pub(super) fn places(messages: &str, dependents: &Dependents) -> BTreeSet<Place> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter_map(|message: Value| place(&message, dependents))
        .collect()
}

fn place(message: &Value, dependents: &Dependents) -> Option<Place> {
    let told = &message["message"];
    if message["reason"] != "compiler-message" || told["level"] != "error" {
        return None;
    }
    // What has no place is a summary: "aborting due to 2 previous errors".
    let span = told["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
    let span = written(span, &dependents.root);
    let file = paths::shown(&dependents.root.join(span["file_name"].as_str()?));
    let text = told["message"].as_str()?;
    let message_text = match told["code"]["code"].as_str() {
        Some(code) => format!("{code}: {text}"),
        None => text.to_owned(),
    };
    let manifest = message["manifest_path"].as_str().unwrap_or_default();
    Some(Place {
        package: dependents.by_manifest.get(manifest).cloned().unwrap_or_default(),
        file,
        line: span["line_start"].as_u64()?,
        column: span["column_start"].as_u64()?,
        message: message_text,
    })
}

/// The place in the workspace's own code that a span inside a macro of somebody else comes from.
fn written<'a>(span: &'a Value, root: &Path) -> &'a Value {
    let mut span = span;
    loop {
        let file = span["file_name"].as_str().unwrap_or_default();
        let is_ours = root.join(file).starts_with(root);
        let outer = &span["expansion"]["span"];
        if is_ours || outer.is_null() {
            return span;
        }
        span = outer;
    }
}

/// The places under the name of their package, and how to see them in full.
pub(super) fn told(places: &BTreeSet<Place>, root: &Path) -> String {
    let packages: BTreeSet<&str> = places.iter().map(|place| place.package.as_str()).collect();
    let lines: BTreeSet<(&str, u64)> =
        places.iter().map(|place| (place.file.as_str(), place.line)).collect();
    let mut text = format!(
        "The change reaches {} of the code that uses the client:\n",
        if lines.len() == 1 { "1 line".to_owned() } else { format!("{} lines", lines.len()) }
    );
    let mut package = "";
    for place in places {
        if place.package != package {
            package = &place.package;
            let _ = write!(text, "\n{package}\n");
        }
        let Place { file, line, column, message, .. } = place;
        // What the compiler adds in further lines is for those who ask it.
        let message = message.lines().next().unwrap_or_default();
        let _ = writeln!(text, "  {file}:{line}:{column}  {message}");
    }
    let named: Vec<String> = packages.iter().map(|package| format!("-p {package}")).collect();
    // Cargo finds a workspace from within it only.
    let is_within = std::env::current_dir().is_ok_and(|folder| folder.starts_with(root));
    let manifest = if is_within {
        String::new()
    } else {
        format!(" --manifest-path {}", paths::shown(&root.join("Cargo.toml")))
    };
    let _ = write!(text, "\nIn full: cargo check --all-targets{manifest} {}", named.join(" "));
    text
}

/// The package that a line of `cargo check --message-format json` says is done, where it says that.
pub(super) fn checked(line: &str) -> Option<String> {
    if !line.starts_with(r#"{"reason":"compiler-artifact""#) {
        return None;
    }
    let message: Value = serde_json::from_str(line).ok()?;
    Some(message["target"]["name"].as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn message(level: &str, file: &str, line: u64, code: Option<&str>) -> String {
        let span =
            json!({ "file_name": file, "line_start": line, "column_start": 5, "is_primary": true });
        let code = code.map(|code| json!({ "code": code }));
        let told = json!({ "level": level, "message": "cannot find `phone`\nand more", "code": code, "spans": [span] });
        json!({ "reason": "compiler-message", "manifest_path": "/w/seed/Cargo.toml", "message": told })
            .to_string()
    }

    #[test]
    fn every_error_is_told_once_under_its_package() {
        let manifests = [("/w/seed/Cargo.toml".to_owned(), "seed".to_owned())];
        let dependents = Dependents {
            root: "/w".into(),
            names: vec!["seed".to_owned()],
            by_manifest: BTreeMap::from(manifests),
        };
        let messages = [
            message("error", "seed/src/b.rs", 2, Some("E0425")),
            message("warning", "seed/src/a.rs", 1, None),
            message("error", "seed/src/a.rs", 10, None),
            message("error", "seed/src/b.rs", 2, Some("E0425")),
            "no JSON".to_owned(),
            json!({ "reason": "build-finished", "success": false }).to_string(),
        ];
        let found = places(&messages.join("\n"), &dependents);
        let shown = |file: &str| paths::shown(Path::new(file));
        assert_eq!(
            told(&found, &std::env::current_dir().expect("a folder")),
            format!(
                "The change reaches 2 lines of the code that uses the client:\n\nseed\n  \
                 {}:10:5  cannot find `phone`\n  {}:2:5  E0425: cannot find `phone`\n\n\
                 In full: cargo check --all-targets -p seed",
                shown("/w/seed/src/a.rs"),
                shown("/w/seed/src/b.rs")
            )
        );
    }

    #[test]
    fn a_workspace_elsewhere_is_named() {
        let place = |line| Place {
            package: "app".to_owned(),
            file: "a.rs".to_owned(),
            line,
            column: 1,
            message: "no".to_owned(),
        };
        let told = told(&BTreeSet::from([place(1)]), Path::new("/elsewhere"));
        assert!(
            told.contains(" --manifest-path ") && told.ends_with("Cargo.toml -p app"),
            "{told}"
        );
    }

    #[test]
    fn what_cargo_is_done_with_is_named() {
        let line = r#"{"reason":"compiler-artifact","package_id":"x","target":{"name":"serde"}}"#;
        assert_eq!(checked(line).as_deref(), Some("serde"));
        assert_eq!(checked(r#"{"reason":"build-finished","success":true}"#), None);
    }

    #[test]
    fn a_macro_of_somebody_else_is_where_it_was_called() {
        let call = json!({ "file_name": "src/lib.rs", "line_start": 7 });
        let span = json!({ "file_name": "/registry/x/src/lib.rs", "expansion": { "span": call } });
        assert_eq!(written(&span, Path::new("/w"))["line_start"], 7);
    }
}
