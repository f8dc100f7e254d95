//! The folder of the backups: `<database>-<time>` is one, `<database>-<time>.partial` is one that is being made, or that
//! a kill has left, which the next backup takes away.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Utc};

use super::manifest::{self, Manifest};
use super::origin::Origin;
use crate::Error;

const PARTIAL: &str = ".partial";
/// Held by whoever makes a backup: what nobody holds is nobody's any more.
const LOCK: &str = ".lock";

/// A backup that is being made, and goes with this value unless it is finished.
#[derive(Debug)]
pub(super) struct Partial {
    folder: PathBuf,
    /// What it will be called.
    name: PathBuf,
    is_finished: bool,
    /// Locked until then.
    _lock: File,
}

impl Partial {
    pub(super) fn create(shelf: &Path, database: &str, now: SystemTime) -> Result<Self, Error> {
        let is_new = !shelf.exists();
        // All that the database holds is for its owner only.
        let made = DirBuilder::new().mode(0o700).recursive(true).create(shelf);
        made.map_err(|error| Error::io("create", shelf, error))?;
        // A folder that was there may be a project's, with more in it than backups.
        if is_new {
            ignore(shelf)?;
        }
        // Of two commands at once, neither takes what the other has just made for left over.
        let door = File::create(shelf.join(LOCK)).and_then(|file| file.lock().map(|()| file));
        let _door = door.map_err(|error| Error::io("lock", shelf, error))?;
        sweep(shelf)?;
        let time = DateTime::<Utc>::from(now).format("%Y%m%dT%H%M%SZ");
        let stem = format!("{}-{time}", file_name(database));
        for number in 1..1000 {
            let name = if number == 1 { stem.clone() } else { format!("{stem}-{number}") };
            let (name, folder) = (shelf.join(&name), shelf.join(format!("{name}{PARTIAL}")));
            if name.exists() {
                continue;
            }
            match DirBuilder::new().mode(0o700).create(&folder) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
                made => made.map_err(|error| Error::io("create", &folder, error))?,
            }
            let locked =
                File::create(folder.join(LOCK)).and_then(|file| file.lock().map(|()| file));
            let lock = locked.map_err(|error| Error::io("lock", &folder, error))?;
            let partial = Self { folder, name, is_finished: false, _lock: lock };
            ignore(&partial.folder)?;
            return Ok(partial);
        }
        Err(Error::plain(format!("{} has too many backups of this second", shelf.display())))
    }

    /// Where the dump goes.
    pub(super) fn dump(&self) -> PathBuf {
        self.folder.join(manifest::DUMP)
    }

    /// Gives it its name, once all of it is on the disk.
    pub(super) fn finish(mut self, mut manifest: Manifest) -> Result<(PathBuf, Manifest), Error> {
        let unwritten = |error| Error::io("write", &self.folder, error);
        manifest.take_sums(&self.dump())?;
        let dump = self.dump();
        for entry in fs::read_dir(&dump).map_err(unwritten)? {
            sync(&entry.map_err(unwritten)?.path()).map_err(unwritten)?;
        }
        let file = self.folder.join(manifest::FILE);
        fs::write(&file, manifest.to_json()).map_err(unwritten)?;
        for path in [&file, &dump, &self.folder] {
            sync(path).map_err(unwritten)?;
        }
        // The lock last: what is called partial and has none is nobody's.
        fs::rename(&self.folder, &self.name).map_err(unwritten)?;
        self.is_finished = true;
        let _ = fs::remove_file(self.name.join(LOCK));
        if let Some(shelf) = self.name.parent() {
            sync(shelf).map_err(unwritten)?;
        }
        Ok((self.name.clone(), manifest))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.is_finished {
            // What stays is called partial, and goes with the next one.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Whatever is in a folder of ours, it is nothing to commit.
fn ignore(folder: &Path) -> Result<(), Error> {
    let file = folder.join(".gitignore");
    fs::write(&file, "*\n").map_err(|error| Error::io("write", &file, error))
}

fn sync(path: &Path) -> std::io::Result<()> {
    File::open(path)?.sync_all()
}

/// A database's name as a file's: nothing in it leads elsewhere, and no two become the same.
fn file_name(database: &str) -> String {
    let mut name = String::new();
    for c in database.chars() {
        if c.is_alphanumeric() || matches!(c, '_' | '.' | '~') && !name.is_empty() {
            name.push(c);
        } else {
            name.extend(c.to_string().bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    name
}

/// Takes away what killed commands have left.
fn sweep(shelf: &Path) -> Result<(), Error> {
    let entries = fs::read_dir(shelf).map_err(|error| Error::io("read", shelf, error))?;
    for folder in entries.flatten().map(|entry| entry.path()) {
        if !folder.to_string_lossy().ends_with(PARTIAL) {
            continue;
        }
        // Whoever makes one has locked it before the door opens, and has it locked until it has another name.
        let is_left = match File::open(folder.join(LOCK)) {
            Ok(lock) => lock.try_lock().is_ok(),
            Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        };
        if is_left {
            let _ = fs::remove_dir_all(&folder);
        }
    }
    Ok(())
}

/// The backups of a database, the latest last. One that is damaged is none of them: it is nobody's to remove.
pub(crate) fn backups(
    shelf: &Path,
    origin: &Origin,
    database: &str,
) -> Result<Vec<(Manifest, PathBuf)>, Error> {
    let entries = match fs::read_dir(shelf) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("read", shelf, error)),
    };
    let folders = entries.flatten().map(|entry| entry.path());
    let whole = folders.filter(|folder| !folder.to_string_lossy().ends_with(PARTIAL));
    let read = whole.filter_map(|folder| Some((Manifest::read(&folder).ok()??, folder)));
    let mut backups: Vec<_> =
        read.filter(|(manifest, _)| manifest.is_of(origin, database)).collect();
    backups.sort_by(|(a, one), (b, other)| (&a.taken_at, one).cmp(&(&b.taken_at, other)));
    Ok(backups)
}

/// Removes the oldest where there are more than `keep`: their ids and folders.
pub(super) fn remove_beyond(
    shelf: &Path,
    origin: &Origin,
    database: &str,
    keep: Option<usize>,
) -> Result<Vec<(String, PathBuf)>, Error> {
    let Some(keep) = keep else { return Ok(Vec::new()) };
    let backups = backups(shelf, origin, database)?;
    let too_many = backups.len().saturating_sub(keep);
    let mut removed = Vec::new();
    for (manifest, folder) in backups.into_iter().take(too_many) {
        // First the file without which it is none: what a kill leaves is no backup.
        let file = folder.join(manifest::FILE);
        let gone = fs::remove_file(&file).and_then(|()| fs::remove_dir_all(&folder));
        gone.map_err(|error| Error::io("remove", &folder, error))?;
        removed.push((manifest.id, folder));
    }
    Ok(removed)
}

/// How large the files in a folder are, as far as they can be seen.
pub(super) fn size_of(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Scratch;

    #[test]
    fn a_name_leads_nowhere_else() {
        for (database, name) in [
            ("shop", "shop"),
            ("../etc", "%2E./etc".replace('/', "%2F").as_str()),
            ("a b-c", "a%20b%2Dc"),
            (".x", "%2Ex"),
        ]
        .map(|(database, name)| (database, name.to_owned()))
        {
            assert_eq!(file_name(database), name, "{database}");
        }
    }

    #[test]
    fn what_a_kill_has_left_goes_with_the_next_and_what_is_at_work_stays() {
        let scratch = Scratch::new();
        scratch.file("shop-1.partial/.lock", "");
        scratch.file("shop-1.partial/dump/toc.dat", "half");
        // Killed before it was locked, or as an earlier version finished it.
        scratch.file("shop-2.partial/dump/toc.dat", "half");
        let shelf = scratch.path();
        let one = Partial::create(shelf, "shop", SystemTime::UNIX_EPOCH).unwrap();
        assert!(!shelf.join("shop-1.partial").exists() && !shelf.join("shop-2.partial").exists());
        let other = Partial::create(shelf, "shop", SystemTime::UNIX_EPOCH).unwrap();
        assert!(one.folder.exists() && other.folder.exists(), "both are at work");
        assert_ne!(one.folder, other.folder);
        let folder = one.folder.clone();
        drop(one);
        assert!(!folder.exists());
        assert!(
            fs::read_dir(shelf).unwrap().all(|entry| !entry
                .unwrap()
                .path()
                .join("backup.json")
                .exists())
        );
    }
}
