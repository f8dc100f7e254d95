//! A second server in the folder of a test's own one, which can be stopped, changed and started again.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::own::{self, OwnServer, free_port};
use crate::{ConnectionUrl, connect};

/// Data, and the server that runs on them, if it runs. Everything here panics when it fails.
#[derive(Debug)]
pub struct SecondServer<'s> {
    server: &'s OwnServer,
    programs: &'s Path,
    folder: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl<'s> SecondServer<'s> {
    /// Data that `initdb` makes.
    pub fn new(server: &'s OwnServer, programs: &'s Path) -> Self {
        let cluster = Self::within(server, programs);
        cluster.run("initdb", &["--auth=trust", "--no-sync", "-U", server.user(), "-D"]);
        cluster
    }

    /// Those of the first server, to follow it.
    pub fn following(server: &'s OwnServer, programs: &'s Path) -> Self {
        let cluster = Self::within(server, programs);
        let (host, port) =
            (server.socket_folder().display().to_string(), server.port().to_string());
        let first = ["-h", &host, "-p", &port, "-U", server.user()];
        let copy = [&first[..], &["--checkpoint", "fast", "-R", "-D"]].concat();
        cluster.run("pg_basebackup", &copy);
        cluster
    }

    fn within(server: &'s OwnServer, programs: &'s Path) -> Self {
        let folder = server.socket_folder().join("second");
        Self { server, programs, folder, port: free_port(), process: None }
    }

    /// Runs a program of PostgreSQL to its good end; its last argument is the folder of the data.
    pub fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = self.server.command(&self.programs.join(program));
        finish(command.args(arguments).arg(&self.folder));
    }

    /// Runs a program that talks to this server.
    pub fn run_client(&self, program: &str, arguments: &[&str]) {
        let mut command = self.server.command(&self.programs.join(program));
        command.arg("-h").arg(self.server.socket_folder()).args(["-p", &self.port.to_string()]);
        finish(command.args(["-U", self.server.user()]).args(arguments));
    }

    /// Makes a file of so many zeros among the data, as their owner.
    pub fn zeros(&self, file: &str, size: usize) {
        let path = self.folder.join(file);
        let script = format!("head -c {size} /dev/zero > '{}'", path.display());
        finish(self.server.command(Path::new("/bin/sh")).args(["-c", &script]));
    }

    /// Starts it, and waits until it answers.
    pub async fn start(&mut self, settings: &[&str]) {
        let mut command: Command = self.server.command(&self.programs.join("postgres"));
        command.arg("-D").arg(&self.folder);
        let socket = format!("unix_socket_directories={}", self.server.socket_folder().display());
        let port = format!("port={}", self.port);
        let own = [socket.as_str(), &port, "listen_addresses=", "fsync=off"];
        for setting in own.iter().chain(settings) {
            command.args(["-c", setting]);
        }
        let process =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.process = Some(process.expect("postgres runs"));
        let url = self.url();
        for _ in 0..300 {
            if connect(&url).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the second server does not start");
    }

    /// Stops it; its sessions are ended.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = Command::new("kill").args(["-INT", &process.id().to_string()]).status();
            let _ = process.wait();
        }
    }

    /// The way to it.
    pub fn url(&self) -> ConnectionUrl {
        own::url(self.server.socket_folder(), self.port, "postgres")
    }
}

impl Drop for SecondServer<'_> {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn finish(command: &mut Command) {
    let done = command.output().expect("the program runs");
    assert!(done.status.success(), "{command:?}: {done:?}");
}
