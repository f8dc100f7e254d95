//! Writing a file that was there before, so that nobody ever finds half of it.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Replaces what a file holds: an interruption leaves the old text or the new one. Permissions and owner stay, and where
/// the path is a link, the file it leads to is the one replaced.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize()?;
    let metadata = fs::metadata(&path)?;
    if metadata.permissions().readonly() {
        // Renaming would not even ask.
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    // In the same folder, since only within a file system is renaming a single step.
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.new", std::process::id()));
    let unfinished = path.with_file_name(name);
    let written =
        write_like(&unfinished, text, &metadata).and_then(|()| fs::rename(&unfinished, &path));
    if written.is_err() {
        // What went wrong before is what matters.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

fn write_like(path: &Path, text: &str, like: &Metadata) -> io::Result<()> {
    let mut file = create_private(path)?;
    file.write_all(text.as_bytes())?;
    keep_owner(&file, like);
    file.set_permissions(like.permissions())?;
    file.sync_all()
}

/// Readable by nobody else until it has the permissions of the file that it replaces.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Root formats what belongs to others. Anyone else may not give files away, and need not: it is theirs.
#[cfg(unix)]
fn keep_owner(file: &File, like: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(like.uid()), Some(like.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}
