//! What the code of a project takes for granted about its client, where the generator block does not say it.
//!
//! A project that was written for prisma-client-rust compiles as it is, and so does one that was written for this client:
//! what is looked at are the sources of the workspace that the client is part of, or of its package alone. Folders with a
//! schema of their own are left out: what is in them was written for another client.

use std::fs;
use std::path::{Path, PathBuf};

use codegen::Usage;
use psl::Schema;

/// What the sources around the client's folder take for granted; the schema's folder is where its own file is.
pub(super) fn of(client: &Path, schema_folder: &Path, schema: &Schema) -> Usage {
    let mut usage = Usage::of(schema);
    if let Some(root) = root(client) {
        let schema = schema_folder.canonicalize().unwrap_or_else(|_| schema_folder.to_owned());
        let is_ours = |folder: &Path| {
            client.starts_with(folder)
                || folder.canonicalize().is_ok_and(|folder| schema.starts_with(folder))
        };
        read(&root, &is_ours, &mut usage);
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

/// Whether a schema is in a folder, or where one usually is below it.
fn has_schema(folder: &Path) -> bool {
    ["schema.prisma", "prisma/schema.prisma"].iter().any(|file| folder.join(file).is_file())
}

/// All of a folder's Rust but what is generated. What cannot be read says nothing.
fn read(folder: &Path, is_ours: &dyn Fn(&Path) -> bool, usage: &mut Usage) {
    if has_schema(folder) && !is_ours(folder) {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && !is_left_out(&name.to_string_lossy()) {
            read(&path, is_ours, usage);
        } else if kind.is_file()
            && path.extension().is_some_and(|extension| extension == "rs")
            && let Ok(code) = fs::read_to_string(&path)
            && !super::is_generated(&code)
        {
            usage.read(&code);
        }
    }
}

#[cfg(test)]
mod tests {
    use codegen::{Chosen, Variants};

    use super::*;

    /// A shop and a blog in one workspace, each with a schema, a client and code that has its own habits.
    #[test]
    fn what_has_a_schema_of_its_own_says_nothing() {
        let root =
            std::env::temp_dir().canonicalize().expect("a folder for what is of no consequence");
        let root = root.join(format!("driveflow-usage-{}", std::process::id()));
        let model = "model User {\n  id Int @id\n}\n";
        for (name, text) in [
            ("Cargo.toml", "[workspace]\n"),
            ("blog/prisma/schema.prisma", model),
            ("blog/src/main.rs", "fn main() { user::SetParam::SetId(1); }"),
            ("shop/core/prisma/schema.prisma", model),
            ("shop/core/src/lib.rs", "fn id() { user::UniqueWhereParam::IdEquals(1); }"),
            ("shop/client/src/lib.rs", "mod prisma;"),
        ] {
            let file = root.join(name);
            fs::create_dir_all(file.parent().expect("it is in a folder")).expect("a folder");
            fs::write(file, text).expect("a file");
        }
        let schema = psl::analyze(vec![psl::SourceFile::new("schema.prisma", model)]).schema;
        let said = |client: &str, folder: &str| {
            of(&root.join(client), &root.join(folder), &schema).variants()
        };
        assert_eq!(said("shop/client/src/prisma", "shop/core/prisma"), Variants::Keys);
        assert_eq!(
            said("blog/src/prisma", "blog/prisma"),
            Variants::Named(Chosen::Only(["SetId".to_owned()].into()))
        );
        assert_eq!(said("other/src/prisma", "other/prisma"), Variants::None);
        fs::remove_dir_all(root).expect("it was made here");
    }
}
