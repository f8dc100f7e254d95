//! Which packages of a workspace a change of the client reaches, from what `cargo metadata` says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The packages to check, and where the workspace is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dependents {
    /// What the compiler's paths are relative to.
    pub(super) root: PathBuf,
    /// The client's own package first where it has more than the client in it, then by name.
    pub(super) names: Vec<String>,
    /// The name of each package by its manifest.
    pub(super) by_manifest: BTreeMap<String, String>,
}

/// Everything that depends on the package in `client`, be it over others. `None` where nothing does, or where the
/// folder is no package of the workspace.
pub(super) fn dependents(metadata: &[u8], client: &Path) -> Option<Dependents> {
    let metadata: Value = serde_json::from_slice(metadata).ok()?;
    let packages: Vec<Package> =
        metadata["packages"].as_array()?.iter().filter_map(Package::read).collect();
    let own = packages.iter().find(|package| package.folder == client)?;
    let mut reached = BTreeSet::from([own.folder.as_path()]);
    loop {
        let before = reached.len();
        for package in &packages {
            if package.uses.iter().any(|folder| reached.contains(folder.as_path())) {
                reached.insert(&package.folder);
            }
        }
        if reached.len() == before {
            break;
        }
    }
    let mut names: Vec<String> = packages
        .iter()
        .filter(|package| reached.contains(package.folder.as_path()))
        .map(|package| package.name.clone())
        .collect();
    names.sort_by_key(|name| (*name != own.name, name.clone()));
    let by_manifest = packages
        .iter()
        .map(|package| {
            (package.folder.join("Cargo.toml").display().to_string(), package.name.clone())
        })
        .collect();
    Some(Dependents { root: metadata["workspace_root"].as_str()?.into(), names, by_manifest })
}

struct Package {
    name: String,
    folder: PathBuf,
    /// The folders of the packages it depends on, as far as they are on this machine.
    uses: Vec<PathBuf>,
}

impl Package {
    fn read(value: &Value) -> Option<Self> {
        let uses = value["dependencies"].as_array()?.iter();
        Some(Self {
            name: value["name"].as_str()?.to_owned(),
            folder: Path::new(value["manifest_path"].as_str()?).parent()?.to_owned(),
            uses: uses.filter_map(|used| used["path"].as_str()).map(PathBuf::from).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_depends_on_the_client_over_others_is_reached() {
        let package = |name: &str, uses: &[&str]| {
            let uses: Vec<Value> = uses
                .iter()
                .map(|used| serde_json::json!({ "name": used, "path": format!("/w/{used}") }))
                .collect();
            let manifest = format!("/w/{name}/Cargo.toml");
            serde_json::json!({ "name": name, "manifest_path": manifest, "dependencies": uses })
        };
        let packages = [
            package("app", &["seed"]),
            package("client", &["runtime"]),
            package("runtime", &[]),
            package("seed", &["client"]),
            package("xtask", &["runtime"]),
        ];
        let metadata = serde_json::json!({ "packages": packages, "workspace_root": "/w" });
        let metadata = metadata.to_string().into_bytes();
        let found = dependents(&metadata, Path::new("/w/client")).expect("it is a package");
        assert_eq!(found.names, ["client", "app", "seed"]);
        assert_eq!(found.by_manifest["/w/seed/Cargo.toml"], "seed");
        assert_eq!(dependents(&metadata, Path::new("/w/elsewhere")), None);
        assert_eq!(dependents(b"", Path::new("/w/client")), None);
    }
}
