//! Which project this is.
//!
//! A path alone does not tell: a project that was deleted and cloned anew must not find the old
//! one's database in `/var/tmp`. So each has a random id in `.driveflow/id`, made when a server is
//! first started and gone with the folder. A project that cannot be written to is known by its path.
//!
//! Files appear whole and under their final names at once, so that two commands agree. Where root
//! makes them in somebody else's project they are given to that person, who would otherwise be
//! unable to have a server of their own there.

use std::fs::{self, DirBuilder, File, Metadata, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown,
};
use std::path::{Path, PathBuf};

use super::scratch;
use crate::short_hash;

/// The project's folder for everything of ours.
pub(super) fn folder(root: &Path) -> PathBuf {
    root.join(".driveflow")
}

/// What the project at `root` is known by: 16 hexadecimal digits.
pub(super) fn hash(root: &Path) -> String {
    let mut bytes = root.as_os_str().as_encoded_bytes().to_vec();
    if let Ok(id) = fs::read_to_string(folder(root).join("id")) {
        // No path holds a zero: path and id cannot run into each other.
        bytes.push(0);
        bytes.extend_from_slice(id.trim().as_bytes());
    }
    short_hash(&bytes, 16)
}

/// Gives the project an id unless it has one or cannot be written to.
pub(super) fn establish(root: &Path) {
    if !folder(root).join("id").exists() {
        // Without an id the path does: see `hash`.
        let _ = give_id(root);
    }
}

/// Writes down in the project where its data are, where that is not in the project itself.
pub(super) fn tell(root: &Path, base: &Path) {
    let folder = folder(root);
    if base == folder {
        return;
    }
    let text = format!(
        "PostgreSQL refuses to run as root: what root's server keeps for this project is in\n\n    {}\n\n\
         and remains there when the project is deleted.\n",
        base.display()
    );
    if fs::read_to_string(folder.join("where")).ok().as_ref() != Some(&text) {
        // A help for people: a project that cannot be written to goes without.
        let _ = fs::metadata(root).and_then(|project| {
            write(&folder, "where", &text, &project, |from, to| fs::rename(from, to))
        });
    }
}

fn give_id(root: &Path) -> io::Result<()> {
    let (project, folder) = (fs::metadata(root)?, folder(root));
    match DirBuilder::new().mode(0o755).create(&folder) {
        Ok(()) => {
            let made = File::open(&folder)?;
            made.set_permissions(Permissions::from_mode(0o755))?;
            give(&made, &project)?;
        }
        // A link could lead root to write in somebody's chosen folder.
        Err(_) if fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir()) => {}
        Err(error) => return Err(error),
    }
    // The project need not know of this folder: it ignores itself.
    add(&folder, ".gitignore", "*\n", &project)?;
    let mut random = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut random)?;
    add(&folder, "id", &format!("{}\n", short_hash(&random, 32)), &project)
}

/// Adds a file unless there is one.
fn add(folder: &Path, name: &str, text: &str, project: &Metadata) -> io::Result<()> {
    if folder.join(name).exists() {
        return Ok(());
    }
    write(folder, name, text, project, |from, to| match fs::hard_link(from, to) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    })
}

/// Writes a file under a name of its own, which `finish` then makes the final one.
fn write(
    folder: &Path,
    name: &str,
    text: &str,
    project: &Metadata,
    finish: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    let unfinished = folder.join(scratch::unique(name));
    let mut file = File::options().write(true).create_new(true).mode(0o644).open(&unfinished)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.set_permissions(Permissions::from_mode(0o644)))
        .and_then(|()| give(&file, project))
        .and_then(|()| file.sync_all())
        .and_then(|()| finish(&unfinished, &folder.join(name)));
    let _ = fs::remove_file(&unfinished);
    written
}

/// Gives what root has made to the project's owner.
fn give(file: &File, project: &Metadata) -> io::Result<()> {
    if file.metadata()?.uid() == 0 && project.uid() != 0 {
        fchown(file, Some(project.uid()), Some(project.gid()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder for a project, gone when dropped.
    struct Project(PathBuf);

    impl Project {
        fn new() -> Project {
            let root = std::env::temp_dir().join(scratch::unique("df-identity"));
            fs::create_dir(&root).unwrap();
            Project(root)
        }
    }

    impl Drop for Project {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_project_cloned_anew_is_another() {
        let project = Project::new();
        let path_alone = hash(&project.0);
        establish(&project.0);
        let first = hash(&project.0);
        establish(&project.0);
        assert_eq!(hash(&project.0), first);
        assert_eq!(names(&folder(&project.0)), [".gitignore", "id"]);

        fs::remove_dir_all(folder(&project.0)).unwrap();
        establish(&project.0);
        let second = hash(&project.0);
        assert_ne!(second, first);
        assert_ne!(second, path_alone);
    }

    #[test]
    fn a_copy_of_a_project_is_another() {
        let (one, two) = (Project::new(), Project::new());
        establish(&one.0);
        fs::create_dir(folder(&two.0)).unwrap();
        fs::copy(folder(&one.0).join("id"), folder(&two.0).join("id")).unwrap();
        assert_ne!(hash(&one.0), hash(&two.0));
    }

    #[test]
    fn commands_at_once_agree() {
        for _ in 0..20 {
            let project = Project::new();
            let hashes: Vec<String> = std::thread::scope(|scope| {
                let identify = || {
                    establish(&project.0);
                    hash(&project.0)
                };
                let threads: Vec<_> = (0..8).map(|_| scope.spawn(identify)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert!(hashes.iter().all(|hash| *hash == hashes[0]), "{hashes:?}");
            assert_eq!(names(&folder(&project.0)), [".gitignore", "id"]);
        }
    }

    #[test]
    fn a_project_that_cannot_be_written_to_is_known_by_its_path() {
        let project = Project::new();
        let path_alone = hash(&project.0);
        // Root may write everywhere: only a file in the way stops it.
        fs::write(folder(&project.0), "").unwrap();
        establish(&project.0);
        tell(&project.0, Path::new("/elsewhere"));
        assert_eq!(hash(&project.0), path_alone);
    }

    #[test]
    fn a_link_is_not_followed() {
        let (project, elsewhere) = (Project::new(), Project::new());
        std::os::unix::fs::symlink(&elsewhere.0, folder(&project.0)).unwrap();
        establish(&project.0);
        assert_eq!(names(&elsewhere.0), [""; 0]);
    }

    #[test]
    fn what_root_makes_belongs_to_the_projects_owner() {
        let project = Project::new();
        let user = fs::metadata(&project.0).unwrap().uid();
        // Only root can give a project away; for anybody else the owner stays who it is.
        let owner = if user == 0 { 12_345 } else { user };
        std::os::unix::fs::chown(&project.0, Some(owner), None).unwrap();
        establish(&project.0);
        tell(&project.0, Path::new("/elsewhere"));
        let folder = folder(&project.0);
        assert_eq!(fs::metadata(&folder).unwrap().uid(), owner);
        for name in [".gitignore", "id", "where"] {
            let metadata = fs::metadata(folder.join(name)).unwrap();
            assert_eq!((metadata.uid(), metadata.mode() & 0o777), (owner, 0o644), "{name}");
        }
        assert!(fs::read_to_string(folder.join("where")).unwrap().contains("\n    /elsewhere\n"));
        tell(&project.0, Path::new("/moved"));
        assert!(fs::read_to_string(folder.join("where")).unwrap().contains("\n    /moved\n"));
    }
}
