//! Folders to work in until what they hold is whole: gone when dropped, swept when a killed process
//! left them.
//!
//! A name is never used twice. What a killed command started (`initdb`, pip) may live on and write
//! where it was told to, and must not meet the next command there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::probe;

/// The age at which a folder is swept although a process of its maker's number lives: in containers
/// the same few numbers come again and again.
const FORGOTTEN: Duration = Duration::from_hours(1);

/// A folder to work in, which its user creates.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A name beside `target`, where leftovers of dead processes are swept first.
    pub(super) fn beside(target: &Path) -> Scratch {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        sweep(target.parent().unwrap_or(target), &format!("{name}."));
        Scratch(target.with_file_name(unique(&name)))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Gives the folder its final name.
    pub(super) fn keep_as(&self, target: &Path) -> io::Result<()> {
        fs::rename(&self.0, target)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// `<name>.<process>.<time and count>`.
pub(super) fn unique(name: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);

    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{name}.{}.{time:x}-{count}", std::process::id())
}

/// Removes the folders of this prefix whose makers are gone.
fn sweep(parent: &Path, prefix: &str) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let maker = name.to_str().and_then(|name| name.strip_prefix(prefix));
        let maker = maker.and_then(|rest| rest.split('.').next()?.parse().ok());
        let Some(maker) = maker else {
            continue;
        };
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|modified| modified.elapsed().ok()).unwrap_or_default();
        if !probe::process_exists(maker) || age > FORGOTTEN {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
