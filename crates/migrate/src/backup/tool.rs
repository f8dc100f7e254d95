//! PostgreSQL's own programs, run for one database each time and ended with whoever waits for them.

use std::ffi::OsStr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use postgres::ConnectionUrl;
use postgres::server::{ClientProgram, Server};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::Error;

pub(crate) const DUMP: &str = "pg_dump";
pub(crate) const RESTORE: &str = "pg_restore";
pub(crate) const PSQL: &str = "psql";

/// How long a program that was asked to stop may take to end its own children.
const PATIENCE: Duration = Duration::from_secs(5);

/// A program that fits the server.
#[derive(Debug, Clone)]
pub(crate) struct Tool {
    name: &'static str,
    program: ClientProgram,
}

impl Tool {
    /// Fails where there is none as new as the server.
    pub(crate) fn find(server: &Server, name: &'static str, major: u32) -> Result<Self, Error> {
        Ok(Self { name, program: server.client_program(name, major)? })
    }

    pub(crate) fn major(&self) -> u32 {
        self.program.major
    }

    pub(crate) fn version(&self) -> &str {
        &self.program.version
    }

    /// Starts it; with a URL, on that database. What it says on stdout is taken by [`Running::stdout`] or nobody.
    pub(crate) fn start(
        &self,
        url: Option<&ConnectionUrl>,
        arguments: &[impl AsRef<OsStr>],
    ) -> Result<Running, Error> {
        self.start_reading(url, arguments, Stdio::null())
    }

    /// As [`Self::start`], with something to read on stdin.
    pub(crate) fn start_reading(
        &self,
        url: Option<&ConnectionUrl>,
        arguments: &[impl AsRef<OsStr>],
        stdin: Stdio,
    ) -> Result<Running, Error> {
        let mut command = Command::new(&self.program.path);
        command.args(arguments).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Its messages are quoted, and some of them are read.
        command.env("LC_ALL", "C").env_remove("PGDATABASE");
        if let Some(url) = url {
            command.arg(format!("--dbname={}", url.database_for_programs()));
            for (name, value) in url.environment_for_programs() {
                match value {
                    Some(value) => command.env(name, value),
                    None => command.env_remove(name),
                };
            }
        }
        let child = command.kill_on_drop(true).spawn().map_err(|error| {
            Error::plain(format!("`{}` cannot be run: {error}", self.program.path.display()))
        })?;
        Ok(Running { name: self.name, child, said: Vec::new(), complaint: Vec::new() })
    }

    /// Runs it to its end and gives what it said on stdout.
    pub(crate) async fn output(
        &self,
        url: Option<&ConnectionUrl>,
        arguments: &[impl AsRef<OsStr>],
    ) -> Result<String, Error> {
        let said = self.start(url, arguments)?.end().await?;
        Ok(String::from_utf8_lossy(&said).into_owned())
    }
}

/// A program at work.
#[derive(Debug)]
pub(crate) struct Running {
    name: &'static str,
    child: Child,
    said: Vec<u8>,
    complaint: Vec<u8>,
}

impl Running {
    /// What it reads, once: it has come to the end of that when this is dropped.
    pub(crate) fn stdin(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// What it writes, once.
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for its end, and gives what it said on stdout, unless that was taken. May be given up and called again.
    ///
    /// Fails with the last that it said on stderr.
    pub(crate) async fn end(&mut self) -> Result<Vec<u8>, Error> {
        let lost = |error| Error::plain(format!("`{}` was lost: {error}", self.name));
        let hear_stdout = hear(self.child.stdout.as_mut(), &mut self.said);
        let hear_stderr = hear(self.child.stderr.as_mut(), &mut self.complaint);
        tokio::try_join!(hear_stdout, hear_stderr).map_err(lost)?;
        let status = self.child.wait().await.map_err(lost)?;
        if status.success() {
            return Ok(std::mem::take(&mut self.said));
        }
        let complaint = String::from_utf8_lossy(&self.complaint);
        Err(Error::plain(format!("{} failed ({status})\n{}", self.name, last_lines(&complaint))))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(process) = self.child.id() else { return };
        // Asked rather than killed: with several jobs it has children of its own, which it then ends.
        let _ = std::process::Command::new("kill").args(["-TERM", &process.to_string()]).status();
        let deadline = Instant::now() + PATIENCE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Reads to the end. Given up and called again, it goes on where it was.
async fn hear(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> std::io::Result<()> {
    let Some(mut from) = from else { return Ok(()) };
    while from.read_buf(into).await? > 0 {}
    Ok(())
}

/// Enough of what a program said to know why it failed.
fn last_lines(said: &str) -> String {
    const LINES: usize = 12;

    let lines: Vec<&str> = said.trim_end().lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
