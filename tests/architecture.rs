//! Who may use whom: ARCHITECTURE.md's table, held over what cargo says.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// The only crates that may name the database driver.
const DRIVER: &[&str] =
    &["tokio-postgres", "postgres-types", "deadpool-postgres", "tokio-postgres-rustls"];

fn workspace() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("a list of dependencies");
            let runtime = dependencies.iter().filter(|dependency| dependency["kind"].is_null());
            (text(&package["name"]), runtime.map(|dependency| text(&dependency["name"])).collect())
        })
        .collect()
}

/// Each crate with the crates of this workspace that it may use, as the document says. Test helpers
/// (dev-dependencies) are free.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let document = include_str!("../ARCHITECTURE.md");
    let table = document.lines().skip_while(|line| !line.starts_with("| floor |")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|')).map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        (cells[1], cells[3])
    });
    let names = |cell: &str| -> BTreeSet<String> {
        let names = cell.split(',').map(|name| name.trim().trim_matches('`').to_owned());
        names.filter(|name| name != "–").collect()
    };
    rows.flat_map(|(crates, may_use)| {
        names(crates).into_iter().map(move |name| (name, names(may_use)))
    })
    .collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

#[test]
fn every_crate_uses_only_what_its_floor_may() {
    let allowed = allowed();
    let workspace = workspace();
    let members: BTreeSet<&String> = workspace.keys().collect();
    assert_eq!(
        members,
        allowed.keys().collect(),
        "ARCHITECTURE.md's table and the workspace differ"
    );
    for (name, dependencies) in &workspace {
        for dependency in dependencies.iter().filter(|dependency| members.contains(dependency)) {
            assert!(
                allowed[name].contains(dependency),
                "{name} uses {dependency}, which its floor does not allow"
            );
        }
    }
}

#[test]
fn only_one_crate_names_the_driver() {
    for (name, dependencies) in workspace() {
        let named: Vec<_> =
            DRIVER.iter().filter(|driver| dependencies.contains(**driver)).collect();
        assert!(name == "postgres" || named.is_empty(), "{name} names the driver: {named:?}");
    }
}

/// A change of the schema that breaks a seed must not break the command that repairs it.
#[test]
fn the_command_never_links_the_client_or_its_users() {
    let workspace = workspace();
    let mut seen = BTreeSet::new();
    let mut queue = vec!["xtask".to_owned()];
    while let Some(name) = queue.pop() {
        if let Some(dependencies) = workspace.get(&name)
            && seen.insert(name)
        {
            queue.extend(dependencies.iter().cloned());
        }
    }
    for barred in ["client", "seed", "validator", "health"] {
        assert!(!seen.contains(barred), "xtask links {barred}");
    }
}

/// What README shows is what compiles.
#[test]
fn the_example_in_the_readme_is_the_one_that_is_compiled() {
    let example = include_str!("../crates/client/examples/upcoming.rs");
    let (_, code) = example.split_once("\n\n").expect("a comment, then code");
    assert!(
        include_str!("../README.md").contains(&format!("```rust\n{code}```\n")),
        "README shows something else"
    );
}
