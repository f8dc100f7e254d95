//! Making the data folder, starting the server, stopping it.
//!
//! All of it runs under the folder's lock. The data folder appears by a rename, so that it is
//! complete or absent. `postgres` is started directly and waited for by connecting: `pg_ctl -w`
//! would look only once in 100 ms.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use super::place::Place;
use super::probe::{self, Answer};
use super::tools::{self, ToolLookup, Tools};
use super::{Kind, USER};
use crate::Error;

/// How long a server may stay silent before it counts as failed. One that says that it is
/// recovering may take as long as it needs.
const SILENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(4);
const LOG_LIMIT: u64 = 4 << 20;
/// Minutes without use after which a server for tests goes away.
const LEASE_MINUTES: &str = "10";
const SECONDS_BETWEEN_LOOKS: &str = "15";

/// Starts the server unless it runs, making its data first where there are none.
pub(super) fn start(
    place: &Place,
    kind: Kind,
    lookup: &ToolLookup,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    match probe::ask(&place.socket()) {
        Answer::Ready => return Ok(()),
        // Another command started it and was interrupted before it was ready.
        Answer::Refused(_) if process(place).is_some() => return wait(place, None, 0, progress),
        Answer::Refused(_) | Answer::Silent => {}
    }
    let version = data_version(place);
    let tools = tools::find_or_fetch(lookup, place, version, progress)?;
    if version.is_none() {
        init(place, kind, &tools, progress)?;
    }
    progress(&format!("starting PostgreSQL {}", tools.major));
    let first = launch(place, kind, &tools, progress);
    let started = match first {
        Err(error)
            if error.to_string().contains(".s.PGSQL")
                || error.to_string().contains("postmaster.pid") =>
        {
            // A number in a lock file that a crash left may by now be another process's.
            if remove_stale_locks(place) {
                launch(place, kind, &tools, progress)
            } else {
                Err(error)
            }
        }
        started => started,
    };
    started?;
    if kind == Kind::Tests { watch(place) } else { Ok(()) }
}

/// Stops the server; whether it ran.
pub(super) fn stop(place: &Place) -> Result<bool, Error> {
    let Some(process) = process(place) else {
        return Ok(false);
    };
    for (signal, patience) in [("INT", Duration::from_secs(30)), ("QUIT", Duration::from_secs(10))]
    {
        signal_process(process, signal)?;
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if !is_server(process, place) {
                return Ok(true);
            }
            std::thread::sleep(PAUSE);
        }
    }
    Err(Error::server(format!(
        "PostgreSQL (process {process}) does not stop{}",
        last_words(place, 0)
    )))
}

/// The running server's process.
pub(super) fn process(place: &Place) -> Option<u32> {
    let text = fs::read_to_string(place.data().join("postmaster.pid")).ok()?;
    let process = text.lines().next()?.trim().parse().ok()?;
    is_server(process, place).then_some(process)
}

/// The version of PostgreSQL that the data are of.
pub(super) fn data_version(place: &Place) -> Option<u32> {
    fs::read_to_string(place.data().join("PG_VERSION")).ok()?.trim().parse().ok()
}

fn init(
    place: &Place,
    kind: Kind,
    tools: &Tools,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    let data = place.data();
    if data.exists() {
        return Err(Error::server(format!(
            "`{}` holds something, but no data of PostgreSQL\n\nMove it away and try again.",
            data.display()
        )));
    }
    progress("making a PostgreSQL cluster for this project");
    let unfinished = place.home.join("data.new");
    let failed = |error| Error::server_io(format_args!("cannot make `{}`", data.display()), error);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(failed)?;
    }
    place.create_for_server(&unfinished)?;
    let made = run_initdb(place, kind, tools, &unfinished, "C.UTF-8").or_else(|reason| {
        // Older systems know no C.UTF-8: C orders alike and differs in upper and lower case only.
        if reason.contains("locale") {
            run_initdb(place, kind, tools, &unfinished, "C")
        } else {
            Err(reason)
        }
    });
    made.map_err(|reason| {
        let _ = fs::remove_dir_all(&unfinished);
        let (data, advice) = (data.display(), advice(&reason));
        Error::server(format!("cannot make a PostgreSQL cluster in `{data}`\n{reason}\n\n{advice}"))
    })?;
    fs::rename(&unfinished, &data).map_err(failed)
}

fn run_initdb(
    place: &Place,
    kind: Kind,
    tools: &Tools,
    data: &Path,
    locale: &str,
) -> Result<(), String> {
    let mut command = place.command(&tools.bin.join("initdb"));
    command.args(["--auth=trust", "--encoding=UTF8", "--username", USER, "--locale", locale]);
    if kind == Kind::Tests {
        command.arg("--no-sync");
    }
    let output = command
        .arg("-D")
        .arg(data)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    // It quotes whole scripts when it is interrupted: only what went wrong is of use.
    let telling = ["FATAL", "PANIC", "ERROR", "error:", "No space left"];
    let lines: Vec<&str> =
        said.lines().filter(|line| telling.iter().any(|word| line.contains(word))).collect();
    Err(match (lines.is_empty(), said.trim()) {
        (false, _) => lines.join("\n"),
        (true, "") => format!("initdb failed: {}", output.status),
        (true, said) => said.to_owned(),
    })
}

fn launch(
    place: &Place,
    kind: Kind,
    tools: &Tools,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    let path = place.log_file();
    let log_failed =
        |error| Error::server_io(format_args!("cannot write `{}`", path.display()), error);
    if fs::metadata(&path).is_ok_and(|log| log.len() > LOG_LIMIT) {
        fs::rename(&path, path.with_extension("log.old")).map_err(log_failed)?;
    }
    let log = File::options().create(true).append(true).open(&path).map_err(log_failed)?;
    let log_start = log.metadata().map_err(log_failed)?.len();
    let program = tools.bin.join("postgres");
    let folder = place.socket_folder.display().to_string().replace('"', "\"\"");
    let mut command = place.command(&program);
    command
        .arg("-D")
        .arg(place.data())
        .arg("-c")
        .arg(format!("unix_socket_directories=\"{folder}\""));
    for setting in settings(kind) {
        command.args(["-c", setting]);
    }
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(log_failed)?)
        .stderr(log)
        // A Ctrl-C at the terminal is for the command, not for the server it has started.
        .process_group(0);
    let child = command.spawn().map_err(|error| {
        Error::server_io(format_args!("cannot start `{}`", program.display()), error)
    })?;
    wait(place, Some(child), log_start, progress)
}

fn settings(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Development => &[
            "listen_addresses=",
            "port=5432",
            "unix_socket_permissions=0700",
            "logging_collector=off",
            "timezone=UTC",
            "log_timezone=UTC",
        ],
        Kind::Tests => &[
            "listen_addresses=",
            "port=5432",
            "unix_socket_permissions=0700",
            "logging_collector=off",
            "timezone=UTC",
            "log_timezone=UTC",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=200",
        ],
    }
}

/// Waits until the server takes connections, or ended, or stays silent for too long.
///
/// `child` is none for a server that somebody else started.
fn wait(
    place: &Place,
    mut child: Option<Child>,
    log_start: u64,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    let mut deadline = Instant::now() + SILENCE;
    let mut told = String::new();
    let slow = Instant::now() + Duration::from_secs(1);
    loop {
        match probe::ask(&place.socket()) {
            Answer::Ready => return Ok(()),
            Answer::Refused(reason) => {
                deadline = Instant::now() + SILENCE;
                if Instant::now() > slow && reason != told {
                    progress(&format!("waiting for PostgreSQL: {reason}"));
                    told = reason;
                }
            }
            Answer::Silent => {}
        }
        let ended = match &mut child {
            Some(child) => child.try_wait().is_ok_and(|status| status.is_some()),
            None => process(place).is_none(),
        };
        if ended {
            return Err(Error::server(format!(
                "PostgreSQL did not start{}",
                last_words(place, log_start)
            )));
        }
        if Instant::now() > deadline {
            return Err(Error::server(format!(
                "PostgreSQL does not answer{}",
                last_words(place, log_start)
            )));
        }
        std::thread::sleep(PAUSE);
    }
}

/// Removes lock files that name processes which are not this server; whether there were any.
fn remove_stale_locks(place: &Place) -> bool {
    if process(place).is_some() || probe::ask(&place.socket()) != Answer::Silent {
        return false;
    }
    let locks = [place.data().join("postmaster.pid"), place.socket().with_added_extension("lock")];
    locks.iter().filter(|lock| fs::remove_file(lock).is_ok()).count() > 0
}

/// Starts the small shell process that stops a server for tests when nobody has wanted it for a
/// while, so that a test run leaves nothing behind for long.
fn watch(place: &Place) -> Result<(), Error> {
    let Some(process) = process(place) else {
        return Err(Error::server(format!("PostgreSQL ended at once{}", last_words(place, 0))));
    };
    let failed = |error| Error::server_io("cannot watch over PostgreSQL", error);
    let lease = File::create(place.lease_file()).map_err(failed)?;
    lease.set_modified(SystemTime::now()).map_err(failed)?;
    place
        .command(Path::new("/bin/sh"))
        .args(["-c", include_str!("watchdog.sh"), "driveflow-watchdog", &process.to_string()])
        .args([place.lease_file(), place.data().join("postmaster.pid")])
        .args([LEASE_MINUTES, SECONDS_BETWEEN_LOOKS])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map(drop)
        .map_err(failed)
}

/// The log's last lines since `start`, and where the rest is.
fn last_words(place: &Place, start: u64) -> String {
    let path = place.log_file();
    let bytes = fs::read(&path).unwrap_or_default();
    let since = bytes.get(usize::try_from(start).unwrap_or(usize::MAX)..).unwrap_or_default();
    let text = String::from_utf8_lossy(since);
    let lines: Vec<&str> = text.lines().collect();
    let last = lines[lines.len().saturating_sub(12)..].join("\n  ");
    let advice = advice(&text);
    format!("; its last words:\n  {last}\n\n{advice}The whole log is in `{}`.", path.display())
}

/// What to do about the troubles that PostgreSQL has most.
fn advice(words: &str) -> &'static str {
    if words.contains("No space left on device") || words.contains("free disk space") {
        "The disk is full: make room and try again.\n"
    } else if words.contains("Address already in use") {
        "Another program listens on this socket: end it, or remove the socket.\n"
    } else {
        ""
    }
}

fn is_server(process: u32, place: &Place) -> bool {
    probe::process_has(process, &place.data().display().to_string())
}

fn signal_process(process: u32, signal: &str) -> Result<(), Error> {
    // The shell's own `kill`: minimal systems have no program of that name.
    let status = Command::new("/bin/sh")
        .args(["-c", "kill -s \"$1\" \"$2\"", "sh", signal, &process.to_string()])
        .stderr(Stdio::null())
        .status();
    status
        .map(drop)
        .map_err(|error| Error::server_io(format_args!("cannot stop process {process}"), error))
}
