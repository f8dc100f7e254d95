//! The sources that decide what a replay comes to, as one short name. It knows nothing of when or where they are built.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

/// Files and folders below the workspace's root: the crates that run migrations and read what they made, and the
/// versions of all that these use.
pub(crate) const PLACES: [&str; 4] =
    ["Cargo.lock", "crates/migrate/src", "crates/pg-schema/src", "crates/postgres/src"];

/// Changes with the path or the content of any of the files.
pub(crate) fn name(root: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    for place in PLACES {
        collect(root, PathBuf::from(place), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(root.join(&file))?.hash(&mut hasher);
        file.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(root: &Path, place: PathBuf, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let here = root.join(&place);
    if !here.is_dir() {
        files.push(place);
        return Ok(());
    }
    for entry in fs::read_dir(here)? {
        collect(root, place.join(entry?.file_name()), files)?;
    }
    Ok(())
}
