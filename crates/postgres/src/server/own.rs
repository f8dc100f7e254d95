//! A server that one test has to itself: with its own settings, who may enter how, on TCP too.
//!
//! Such a test asks for what the shared server has not: TLS, passwords, another program before it. Gone when dropped; a
//! test that is killed leaves it to its watchdog.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::place::Place;
use super::probe::{self, Answer};
use super::tools::Tools;
use super::{Kind, USER, cluster, data, scratch, watchdog};
use crate::ConnectionUrl;

/// A running server and its folder.
#[derive(Debug)]
pub struct OwnServer {
    place: Place,
    root: PathBuf,
    server: Child,
    port: u16,
}

impl OwnServer {
    /// Starts the server whose programs are in `programs`, with more settings and its own rules of entry
    /// (`pg_hba.conf`); `files` are laid into its data folder, for itself alone to read.
    ///
    /// Panics with what it said where it does not start.
    pub fn start(programs: &Path, settings: &[&str], entry: &str, files: &[&Path]) -> OwnServer {
        let root = std::env::temp_dir().join(scratch::unique("df-own"));
        fs::create_dir(&root).unwrap();
        let place = Place::find(&root, Kind::Tests).unwrap();
        place.create().unwrap();
        place.create_socket_folder().unwrap();
        // The version is asked for where data are there already.
        let tools = Tools { bin: programs.to_owned(), major: 0 };
        data::init(&place, Kind::Tests, &tools, &mut |_| ())
            .unwrap_or_else(|error| panic!("{error}"));
        let own = |path: &Path| {
            fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
            if let Some(account) = &place.account {
                chown(path, Some(account.user), Some(account.group)).unwrap();
            }
        };
        for file in files {
            let copy = place.data().join(file.file_name().unwrap());
            fs::copy(file, &copy).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            own(&copy);
        }
        let rules = place.data().join("pg_hba.conf");
        fs::write(&rules, entry).unwrap();
        own(&rules);
        let port = free_port();
        let log = fs::File::create(place.log_file()).unwrap();
        let mut command = place.command(&programs.join("postgres"));
        command.arg("-D").arg(place.data());
        let socket = format!("unix_socket_directories={}", place.socket_folder.display());
        let port_is = format!("port={port}");
        let own = [
            socket.as_str(),
            &port_is,
            "listen_addresses=127.0.0.1",
            "fsync=off",
            "max_connections=50",
        ];
        for setting in own.iter().chain(settings) {
            command.args(["-c", setting]);
        }
        let server = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .process_group(0)
            .spawn()
            .unwrap();
        let mut own = OwnServer { place, root, server, port };
        own.wait();
        watchdog::start(&own.place, own.server.id()).unwrap();
        own
    }

    /// Its port, on 127.0.0.1 and in the name of its socket.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its socket.
    pub fn socket_folder(&self) -> &Path {
        &self.place.socket_folder
    }

    /// The superuser.
    pub fn user(&self) -> &'static str {
        USER
    }

    /// The way to a database of it, through its socket.
    pub fn url(&self, database: &str) -> ConnectionUrl {
        url(self.socket_folder(), self.port, database)
    }

    /// A command that runs as the server does: as an account that may enter its folders.
    pub fn command(&self, program: &Path) -> Command {
        self.place.command(program)
    }

    fn wait(&mut self) {
        let socket = self.place.socket_folder.join(format!(".s.PGSQL.{}", self.port));
        // Far more than a start takes.
        for _ in 0..6_000 {
            if probe::ask(&socket) == Answer::Ready {
                return;
            }
            if self.server.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let log = fs::read_to_string(self.place.log_file()).unwrap_or_default();
        panic!("the test's own PostgreSQL does not start:\n{log}");
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // It takes its connections along.
        let _ = cluster::signal_process(self.server.id(), "INT");
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.place.socket_folder);
        let _ = fs::remove_dir_all(&self.place.base);
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A port that nobody has at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The way to a database of the server that listens in a folder.
pub(super) fn url(socket_folder: &Path, port: u16, database: &str) -> ConnectionUrl {
    let url =
        format!("postgresql://{USER}@localhost:{port}/{database}?host={}", socket_folder.display());
    url.parse().unwrap_or_else(|error| panic!("{url}: {error}"))
}
