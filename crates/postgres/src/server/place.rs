//! Where a server lives, and as whom it runs.
//!
//! An ordinary user has everything in the project's `.driveflow/`. As root the server must run as
//! somebody else, who may be unable to enter the project (`/root` has mode 0700): everything is
//! then in `/var/tmp`, in a folder of root's named after the project's identity, and only what the
//! server writes belongs to its account. A folder that somebody else made in advance is refused.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{DEFAULT_DATABASE, Kind, USER, identity};
use crate::{ConnectionUrl, Error};

/// The longest path of a socket, without the final zero: 108 bytes on Linux, 104 on macOS.
const LONGEST_SOCKET: usize = 103;
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// The folders of one server.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// What all servers of a project share: fetched programs.
    pub(super) base: PathBuf,
    /// What this server has to itself.
    pub(super) home: PathBuf,
    /// The folder of the socket.
    pub(super) socket_folder: PathBuf,
    /// Whom the server runs as, where that is not us.
    pub(super) account: Option<Account>,
    user: u32,
}

/// An existing account without root's rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) user: u32,
    pub(super) group: u32,
}

impl Place {
    /// Where the server of the project at `root` lives. Creates nothing.
    pub(super) fn find(root: &Path, kind: Kind) -> Result<Place, Error> {
        let root = fs::canonicalize(root).map_err(|error| {
            Error::server_io(format_args!("cannot find the project `{}`", root.display()), error)
        })?;
        let user = current_user()?;
        let account = if user == 0 { Some(server_account()?) } else { None };
        let hash = identity::hash(&root);
        let base = if user == 0 {
            PathBuf::from(format!("/var/tmp/driveflow-{hash}"))
        } else {
            identity::folder(&root)
        };
        let home = match kind {
            Kind::Development => base.clone(),
            Kind::Tests => base.join("test"),
        };
        let mut socket_folder = home.join("socket");
        if socket_folder.as_os_str().len() + 1 + SOCKET_NAME.len() > LONGEST_SOCKET {
            let suffix = if kind == Kind::Tests { "-test" } else { "" };
            socket_folder = PathBuf::from(format!("/tmp/driveflow-{user}-{hash}{suffix}"));
        }
        Ok(Place { base, home, socket_folder, account, user })
    }

    /// Creates the folders, refusing ones that others could have laid out for us.
    pub(super) fn create(&self) -> Result<(), Error> {
        own_folder(&self.base, self.user, 0o755)?;
        own_folder(&self.home, self.user, 0o755)
    }

    /// Creates the socket's folder, for which the lock must be held.
    pub(super) fn create_socket_folder(&self) -> Result<(), Error> {
        self.create_for_server(&self.socket_folder)
    }

    /// Refuses a socket's folder that others can enter: what listens there may be theirs.
    pub(super) fn check_socket_folder(&self) -> Result<(), Error> {
        check_owner(&self.socket_folder, self.server_user(), 0o077)
    }

    /// Creates a folder that the server's account, and nobody else, may enter. The lock must be
    /// held: the folder is made first and given away then.
    pub(super) fn create_for_server(&self, folder: &Path) -> Result<(), Error> {
        match (DirBuilder::new().mode(0o700).create(folder), &self.account) {
            (Ok(()), Some(account)) => {
                std::os::unix::fs::lchown(folder, Some(account.user), Some(account.group))
                    .map_err(|error| cannot_create(folder, error))?;
            }
            (Ok(()), None) => {}
            (Err(error), _) if error.kind() == io::ErrorKind::AlreadyExists => {}
            (Err(error), _) => return Err(cannot_create(folder, error)),
        }
        check_owner(folder, self.server_user(), 0o077)
    }

    fn server_user(&self) -> u32 {
        self.account.as_ref().map_or(self.user, |account| account.user)
    }

    pub(super) fn url(&self) -> ConnectionUrl {
        ConnectionUrl::for_socket(&self.socket_folder, USER, DEFAULT_DATABASE)
    }

    pub(super) fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.socket_folder.join(SOCKET_NAME)
    }

    /// PostgreSQL's own lock of the socket.
    pub(super) fn socket_lock(&self) -> PathBuf {
        self.socket().with_added_extension("lock")
    }

    /// PostgreSQL's own lock of the data.
    pub(super) fn data_lock(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.home.join("lock")
    }

    pub(super) fn log_file(&self) -> PathBuf {
        self.home.join("server.log")
    }

    /// The file whose age says when the server was last wanted.
    pub(super) fn lease_file(&self) -> PathBuf {
        self.home.join("lease")
    }

    /// The file with the number of the watchdog's process.
    pub(super) fn watchdog_file(&self) -> PathBuf {
        self.home.join("watchdog")
    }

    /// A command that runs as the server's account, in a folder it can enter, with nothing of our
    /// environment that would speak to PostgreSQL.
    pub(super) fn command(&self, program: &Path) -> Command {
        use std::os::unix::process::CommandExt as _;

        let mut command = Command::new(program);
        command.env_clear().env("HOME", &self.home).env("LC_ALL", "C").current_dir(&self.home);
        for name in ["PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some(account) = &self.account {
            command.uid(account.user).gid(account.group);
        }
        command
    }
}

/// Creates `folder` for `owner` alone to write in, or checks that it is so.
fn own_folder(folder: &Path, owner: u32, mode: u32) -> Result<(), Error> {
    match DirBuilder::new().mode(mode).create(folder) {
        // The umask may have taken bits that the server's account needs.
        Ok(()) => fs::set_permissions(folder, Permissions::from_mode(mode))
            .map_err(|error| cannot_create(folder, error)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            check_owner(folder, owner, 0o022)
        }
        Err(error) => Err(cannot_create(folder, error)),
    }
}

/// Refuses what is no folder, belongs to somebody else, or gives others one of the rights `denied`.
fn check_owner(folder: &Path, owner: u32, denied: u32) -> Result<(), Error> {
    let metadata = fs::symlink_metadata(folder).map_err(|error| cannot_create(folder, error))?;
    let shown = folder.display();
    let reason = if !metadata.is_dir() {
        "it is no folder".to_owned()
    } else if metadata.uid() != owner {
        format!("it belongs to user {}, not to user {owner}", metadata.uid())
    } else if metadata.mode() & denied != 0 {
        format!("its mode {:o} lets others in", metadata.mode() & 0o777)
    } else {
        return Ok(());
    };
    Err(Error::server(format!(
        "refusing to keep PostgreSQL in `{shown}`: {reason}\n\nRemove it, or set DATABASE_URL to a server of your own."
    )))
}

fn cannot_create(path: &Path, error: io::Error) -> Error {
    Error::server_io(format_args!("cannot create `{}`", path.display()), error)
}

/// Our own user id: the standard library has no call for it, but the kernel's files and `id` do.
fn current_user() -> Result<u32, Error> {
    if let Ok(metadata) = fs::metadata("/proc/self") {
        return Ok(metadata.uid());
    }
    id(&["-u"]).ok_or_else(|| Error::server("cannot find out which user this is: `id -u` failed"))
}

/// Whom the server runs as when we are root.
fn server_account() -> Result<Account, Error> {
    let local = fs::read_to_string("/etc/passwd").unwrap_or_default();
    for name in ["postgres", "nobody"] {
        if let Some((user, group)) = local_account(&local, name).or_else(|| known_account(name)) {
            return Ok(Account { user, group });
        }
    }
    Err(Error::server(
        "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as\n\n\
         Create one (`useradd --system postgres`), run this as an ordinary user, or set DATABASE_URL.",
    ))
}

/// An account's numbers from the text of `/etc/passwd`, which is the fast way.
fn local_account(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let fields = passwd.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let mut numbers = fields.split(':').skip(1).map(|field| field.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// An account's numbers from wherever this machine keeps its accounts.
fn known_account(name: &str) -> Option<(u32, u32)> {
    Some((id(&["-u", name])?, id(&["-g", name])?))
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_from_the_file() {
        let passwd = "root:x:0:0::/root:/bin/sh\npostgresql:x:7:7::/:/bin/sh\npostgres:x:101:104:,,,:/:/bin/sh\n";
        assert_eq!(local_account(passwd, "postgres"), Some((101, 104)));
        assert_eq!(local_account(passwd, "nobody"), None);
        assert_eq!(local_account("postgres:x:", "postgres"), None);
    }

    #[test]
    fn a_long_path_gets_a_short_socket() {
        let folder = std::env::temp_dir().join(format!(
            "df-place-{}-{}",
            std::process::id(),
            "x".repeat(90)
        ));
        fs::create_dir(&folder).unwrap();
        let place = Place::find(&folder, Kind::Development).unwrap();
        let test = Place::find(&folder, Kind::Tests).unwrap();
        fs::remove_dir(&folder).unwrap();
        assert!(place.socket().as_os_str().len() <= LONGEST_SOCKET, "{}", place.socket().display());
        assert!(test.socket().as_os_str().len() <= LONGEST_SOCKET, "{}", test.socket().display());
        assert_ne!(place.socket(), test.socket());
    }

    #[test]
    fn folders_of_others_are_refused() {
        let folder = std::env::temp_dir().join(format!("df-owner-{}", std::process::id()));
        let user = current_user().unwrap();
        own_folder(&folder, user, 0o755).unwrap();
        own_folder(&folder, user, 0o755).unwrap();
        let foreign = own_folder(&folder, user + 1, 0o755).unwrap_err().to_string();
        fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
        let open = own_folder(&folder, user, 0o755).unwrap_err().to_string();
        fs::remove_dir(&folder).unwrap();
        std::os::unix::fs::symlink("/tmp", &folder).unwrap();
        let link = own_folder(&folder, user, 0o755).unwrap_err().to_string();
        fs::remove_file(&folder).unwrap();
        assert!(foreign.contains("belongs to user"), "{foreign}");
        assert!(open.contains("mode 777"), "{open}");
        assert!(link.contains("no folder"), "{link}");
    }
}
