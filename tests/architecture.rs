//! Who may use whom: ARCHITECTURE.md's table, held over what cargo says.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Each crate with the crates of this workspace that it may use. Test helpers (dev-dependencies) are free.
const ALLOWED: &[(&str, &[&str])] = &[
    ("psl", &[]),
    ("pg-schema", &[]),
    ("mapping", &["psl", "pg-schema"]),
    ("codegen", &["psl"]),
    ("postgres", &["pg-schema"]),
    ("migrate", &["psl", "pg-schema", "mapping", "postgres"]),
    ("prisma-client-rust", &["postgres"]),
    ("client", &["prisma-client-rust"]),
    ("seed", &["client", "prisma-client-rust"]),
    ("validator", &["client", "prisma-client-rust"]),
    ("health", &["client", "prisma-client-rust"]),
    ("xtask", &["psl", "pg-schema", "mapping", "codegen", "postgres", "migrate"]),
    ("tests", &[]),
];

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

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

#[test]
fn every_crate_uses_only_what_its_floor_may() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let workspace = workspace();
    let members: BTreeSet<&str> = workspace.keys().map(String::as_str).collect();
    assert_eq!(
        members,
        allowed.keys().copied().collect(),
        "a crate is missing from the table, or from the workspace"
    );
    for (name, dependencies) in &workspace {
        for dependency in
            dependencies.iter().filter(|dependency| members.contains(dependency.as_str()))
        {
            assert!(
                allowed[name.as_str()].contains(&dependency.as_str()),
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
