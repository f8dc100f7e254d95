//! Reading files that are not too long, writing new files, and writing files that were there before: nobody finds half of one, and what
//! somebody else has written meanwhile stays, as far as it can be seen just before.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Error, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Places in a file are counted in 32 bits.
const LONGEST: u64 = u32::MAX as u64;

/// All of a file. One of 4 GiB or more is an error, before it is read where its length is known.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if file.metadata()?.len() > LONGEST {
        return Err(too_long());
    }
    read_all(file)
}

/// As [`read`], from what is open already.
pub(crate) fn read_all(reader: impl Read) -> io::Result<Vec<u8>> {
    read_up_to(LONGEST, reader)
}

fn read_up_to(longest: u64, reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(longest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest { Err(too_long()) } else { Ok(bytes) }
}

fn too_long() -> Error {
    Error::new(ErrorKind::FileTooLarge, "it has 4 GiB or more")
}

/// Writes a file that was not there before. Where that fails half way, nothing is there.
pub(crate) fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).inspect_err(|_| {
        // What went wrong before is what matters.
        let _ = fs::remove_file(path);
    })
}

/// Writes a file, whether it was there before or not.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    match fs::read_to_string(path) {
        Ok(old) => Replacement::prepare(path, &old, text)?.put_in_place(),
        Err(error) if error.kind() == ErrorKind::NotFound => create(path, text),
        Err(error) => Err(error),
    }
}

/// Held while files are written, and by whoever ends the process: it then ends between two files, not within one.
pub(crate) fn writing() -> MutexGuard<'static, ()> {
    static WRITING: Mutex<()> = Mutex::new(());
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file with the text that is to take its place: all that can fail has been tried. Unless it is put in place, nothing
/// happened.
#[derive(Debug)]
pub(crate) struct Replacement<'t> {
    /// Without links: the file they lead to is the one replaced.
    path: PathBuf,
    old: &'t str,
    new: &'t str,
    /// None where the file has to be written itself.
    beside: Option<Beside>,
}

/// The new text in a file of its own: in the same folder, since only within a file system is renaming a single step.
#[derive(Debug)]
struct Beside(PathBuf);

impl<'t> Replacement<'t> {
    /// Fails where the file cannot be written, or does not hold `old` any more.
    pub(crate) fn prepare(path: &Path, old: &'t str, new: &'t str) -> io::Result<Self> {
        let path = path.canonicalize()?;
        let metadata = fs::metadata(&path)?;
        if !metadata.is_file() {
            return Err(Error::new(ErrorKind::InvalidInput, "it is no regular file"));
        }
        if metadata.permissions().readonly() {
            // The system would not even ask root.
            return Err(Error::new(ErrorKind::PermissionDenied, "it is read-only"));
        }
        // Renaming asks the folder, not the file.
        OpenOptions::new().write(true).open(&path)?;
        let mut replacement = Self { path, old, new, beside: None };
        replacement.has_old()?;
        if !has_other_names(&metadata) {
            replacement.beside = Beside::write(&replacement.path, new, &metadata)?;
        }
        Ok(replacement)
    }

    /// Interrupted, it leaves the old text or the new one; where the folder takes no other file, the system decides.
    pub(crate) fn put_in_place(self) -> io::Result<()> {
        if !self.has_old()? {
            return Ok(());
        }
        // What cannot be renamed, as a file that is mounted by itself, may still be written.
        match &self.beside {
            Some(beside) if fs::rename(&beside.0, &self.path).is_ok() => Ok(()),
            _ => overwrite(&self.path, self.old, self.new),
        }
    }

    /// Whether there is anything to do: under another name, the file may have been written already.
    fn has_old(&self) -> io::Result<bool> {
        let found = fs::read(&self.path)?;
        if found != self.old.as_bytes() && found != self.new.as_bytes() {
            return Err(Error::other("somebody else has changed it meanwhile"));
        }
        Ok(found == self.old.as_bytes())
    }
}

impl Beside {
    /// None where the folder takes no other file, or the other file would not belong to whom this one belongs.
    fn write(path: &Path, text: &str, like: &Metadata) -> io::Result<Option<Self>> {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        // Nobody can guess the name, so that nobody has put a file of that name there.
        name.push(format!(".{:016x}.new", RandomState::new().hash_one(std::process::id())));
        let beside = path.with_file_name(name);
        let Ok(mut file) = create_private(&beside) else { return Ok(None) };
        let beside = Self(beside);
        file.write_all(text.as_bytes())?;
        if !keep_owner(&file, like)? {
            return Ok(None);
        }
        file.set_permissions(like.permissions())?;
        file.sync_all()?;
        Ok(Some(beside))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // It is not there any more where it has been renamed.
        let _ = fs::remove_file(&self.0);
    }
}

/// Readable by nobody else until it has the permissions of the file that it replaces.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes the file itself. Where that fails half way, as on a full disk, it gets its old text back.
fn overwrite(path: &Path, old: &str, new: &str) -> io::Result<()> {
    let write = |text: &str| {
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.write_all(text.as_bytes())?;
        file.set_len(text.len() as u64)?;
        file.sync_all()
    };
    write(new).inspect_err(|_| {
        // What went wrong before is what matters.
        let _ = write(old);
    })
}

/// Other hard links, which renaming would leave with the old text.
#[cfg(unix)]
fn has_other_names(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

/// Gives the file away where that is allowed, as it is to root; says whether it belongs to whom it should.
#[cfg(unix)]
fn keep_owner(file: &File, like: &Metadata) -> io::Result<bool> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(like.uid()), Some(like.gid()));
    let metadata = file.metadata()?;
    Ok((metadata.uid(), metadata.gid()) == (like.uid(), like.gid()))
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Replacement, read_up_to};

    #[test]
    fn what_is_too_long_is_not_read_on() {
        assert_eq!(read_up_to(3, &b"abc"[..]).ok().as_deref(), Some(&b"abc"[..]));
        let error = read_up_to(3, std::io::repeat(b'a')).expect_err("it has no end");
        assert_eq!(error.to_string(), "it has 4 GiB or more");
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_stays() {
        let folder = std::env::temp_dir().join(format!("xtask-files-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let path = folder.join("a.prisma");
        let prepare = || Replacement::prepare(&path, "old", "new");
        fs::write(&path, "old").expect("it can be written");

        let prepared = prepare().expect("it holds the old text");
        fs::write(&path, "theirs").expect("it can be written");
        prepared.put_in_place().expect_err("it was changed");
        prepare().expect_err("it was changed");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "theirs");
        assert_eq!(fs::read_dir(&folder).expect("it is there").count(), 1);

        fs::write(&path, "old").expect("it can be written");
        prepare().and_then(Replacement::put_in_place).expect("it holds the old text");
        prepare().and_then(Replacement::put_in_place).expect("there is nothing to do");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "new");
        fs::remove_dir_all(&folder).expect("it is ours");
    }
}
