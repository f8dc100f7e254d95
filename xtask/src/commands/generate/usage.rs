//! What the code of a project takes for granted about its client, where the generator block does not say it.
//!
//! A project that was written for prisma-client-rust compiles as it is, and so does one that was written for this client:
//! what is looked at are the sources of the workspace that the client is part of, or of its package alone.

use std::fs;
use std::path::{Path, PathBuf};

use codegen::Usage;
use psl::Schema;

/// What the sources around the client's folder take for granted.
pub(super) fn of(client: &Path, schema: &Schema) -> Usage {
    let mut usage = Usage::of(schema);
    if let Some(root) = root(client) {
        read(&root, &mut usage);
    }
    usage
}

/// The folder of the nearest workspace, or of the nearest package where there is none.
fn root(client: &Path) -> Option<PathBuf> {
    let mut package = None;
    for folder in client.ancestors() {
        if let Ok(manifest) = fs::read_to_string(folder.join("Cargo.toml")) {
            if manifest.lines().any(|line| line.trim_start().starts_with("[workspace")) {
                return Some(folder.to_owned());
            }
            package = package.or_else(|| Some(folder.to_owned()));
        }
        // What is in there is no part of what is around it.
        if folder.file_name().is_some_and(|name| is_left_out(&name.to_string_lossy())) {
            break;
        }
    }
    package
}

/// What cargo and others build, and what is hidden.
fn is_left_out(name: &str) -> bool {
    name == "target" || name == "node_modules" || name.starts_with('.')
}

/// All of a folder's Rust but what is generated. What cannot be read says nothing.
fn read(folder: &Path, usage: &mut Usage) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && !is_left_out(&name.to_string_lossy()) {
            read(&path, usage);
        } else if kind.is_file()
            && path.extension().is_some_and(|extension| extension == "rs")
            && let Ok(code) = fs::read_to_string(&path)
            && !super::is_generated(&code)
        {
            usage.read(&code);
        }
    }
}
