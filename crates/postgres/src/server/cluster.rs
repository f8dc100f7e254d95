//! Starting the server, waiting for it, stopping it.
//!
//! All of it runs under the folder's lock. `postgres` is started directly and waited for by
//! connecting: `pg_ctl -w` would look only once in 100 ms. Whether a server lives is seen by its
//! answer and its process; a server in another container over the same folder shows neither, so
//! that its `postmaster.pid` is never removed here: PostgreSQL itself sees through one that names
//! no living process, and about any other a person must decide.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pg_schema::quote::ident;

use super::advice::advice;
use super::find::find_or_fetch;
use super::lookup::ToolLookup;
use super::place::Place;
use super::probe::{self, Answer};
use super::tools::Tools;
use super::{Kind, data, watchdog};
use crate::Error;

/// How long a server that we start may stay silent before it counts as failed. One that says that
/// it is recovering may take as long as it needs.
const SILENCE: Duration = Duration::from_mins(1);
/// The same for one that was there before: it should answer in milliseconds.
const SILENCE_OF_FOUND: Duration = Duration::from_secs(20);
/// How long processes of a server that crashed may take to end.
const PATIENCE_WITH_THE_DYING: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(4);
const LOG_LIMIT: u64 = 4 << 20;

/// How waiting for a server ended, unless in failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It takes connections.
    Ready,
    /// It is no more.
    Ended,
}

/// Whether the server answers and, where it is for tests, is watched. Without the lock nothing else
/// is certain.
pub(super) fn is_up(place: &Place, kind: Kind) -> bool {
    probe::ask(&place.socket()) == Answer::Ready
        && (kind == Kind::Development
            || process(place).is_none_or(|it| watchdog::watches(place, it)))
}

/// Starts the server unless it runs, making its data first where there are none.
pub(super) fn start(
    place: &Place,
    kind: Kind,
    lookup: &ToolLookup,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    let found = match probe::ask(&place.socket()) {
        Answer::Ready => Outcome::Ready,
        Answer::Silent if process(place).is_none() => Outcome::Ended,
        // Another command started it and was interrupted, or it is about to go.
        _ => wait(place, None, SILENCE_OF_FOUND, log_length(place), progress)?,
    };
    if found == Outcome::Ended {
        let version = data::version(place);
        let tools = find_or_fetch(lookup, place, version, progress)?;
        if version.is_none() {
            data::init(place, kind, &tools, progress)?;
        }
        progress(&format!("starting PostgreSQL {}", tools.major));
        launch_past_a_crash(place, kind, &tools, progress)?;
    }
    match process(place) {
        Some(process) if kind == Kind::Tests && !watchdog::watches(place, process) => {
            watchdog::start(place, process)
        }
        // One that answers and is not seen is in another container, with a watchdog of its own.
        _ => Ok(()),
    }
}

/// Stops the server; whether it ran.
pub(super) fn stop(place: &Place) -> Result<bool, Error> {
    let Some(process) = process(place) else {
        return Ok(false);
    };
    for (signal, patience) in [("INT", Duration::from_secs(30)), ("QUIT", Duration::from_secs(10))]
    {
        signal_process(process, signal)?;
        // One that is stopped hears no other signal.
        signal_process(process, "CONT")?;
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
    let text = fs::read_to_string(place.data_lock()).ok()?;
    let process = text.lines().next()?.trim().parse().ok()?;
    is_server(process, place).then_some(process)
}

/// Starts the server, again past what one that crashed leaves: a lock of its socket, and processes that do not know yet that it
/// is gone and hold its memory for a moment more.
fn launch_past_a_crash(
    place: &Place,
    kind: Kind,
    tools: &Tools,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    let deadline = Instant::now() + PATIENCE_WITH_THE_DYING;
    loop {
        let Err(error) = launch(place, kind, tools, progress) else { return Ok(()) };
        let said = error.to_string();
        if said.contains("shared memory block") && Instant::now() < deadline {
            std::thread::sleep(10 * PAUSE);
        } else if !(said.contains(".s.PGSQL") && remove_stale_socket_lock(place)) {
            return Err(error);
        }
    }
}

fn launch(
    place: &Place,
    kind: Kind,
    tools: &Tools,
    progress: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    let log_failed = |error| {
        Error::server_io(format_args!("cannot write `{}`", place.log_file().display()), error)
    };
    let log = open_log(place).map_err(log_failed)?;
    let log_start = log_length(place);
    let program = tools.bin.join("postgres");
    let folder = place.socket_folder.display().to_string();
    let mut command = place.command(&program);
    command
        .arg("-D")
        .arg(place.data())
        .arg("-c")
        .arg(format!("unix_socket_directories={}", ident(&folder)));
    for setting in settings(kind) {
        command.args(["-c", setting]);
    }
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(log_failed)?)
        .stderr(log)
        // A Ctrl-C at the terminal is for the command, not for the server it has started.
        .process_group(0);
    let mut child = command.spawn().map_err(|error| {
        Error::server_io(format_args!("cannot start `{}`", program.display()), error)
    })?;
    let outcome = wait(place, Some(&mut child), SILENCE, log_start, progress);
    // A dead server that nobody has waited for still counts as living: its lock would stand.
    std::thread::spawn(move || child.wait());
    match outcome? {
        Outcome::Ready => Ok(()),
        Outcome::Ended => {
            Err(Error::server(format!("PostgreSQL did not start{}", last_words(place, log_start))))
        }
    }
}

/// Opens the log for the server alone to read: it holds the statements that failed.
fn open_log(place: &Place) -> io::Result<File> {
    let path = place.log_file();
    let old = path.with_extension("log.old");
    for log in [&path, &old] {
        match fs::set_permissions(log, Permissions::from_mode(0o600)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    if fs::metadata(&path).is_ok_and(|log| log.len() > LOG_LIMIT) {
        fs::rename(&path, old)?;
    }
    let log = File::options().create(true).append(true).mode(0o600).open(&path)?;
    if let Some(account) = &place.account {
        fchown(&log, Some(account.user), Some(account.group))?;
    }
    Ok(log)
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

/// Waits until the server takes connections, or ended, or was silent for longer than `patience`.
///
/// `child` is none for a server that somebody else started; its last words are what the log holds
/// after `log_start`.
pub(super) fn wait(
    place: &Place,
    mut child: Option<&mut Child>,
    patience: Duration,
    log_start: u64,
    progress: &mut dyn FnMut(&str),
) -> Result<Outcome, Error> {
    let mut deadline = Instant::now() + patience;
    let mut told = String::new();
    let slow = Instant::now() + Duration::from_secs(1);
    loop {
        let answer = probe::ask(&place.socket());
        let ended = match &mut child {
            Some(child) => child.try_wait().is_ok_and(|status| status.is_some()),
            None => answer == Answer::Silent && process(place).is_none(),
        };
        match &answer {
            Answer::Ready => return Ok(Outcome::Ready),
            _ if ended => return Ok(Outcome::Ended),
            // Recovery takes its time, and says so; only this may go on for ever.
            Answer::Starting(_) => deadline = Instant::now() + patience,
            _ if Instant::now() > deadline => {
                return Err(no_answer(place, &answer, patience, log_start));
            }
            Answer::Mute(_) | Answer::Silent => {}
        }
        if let Answer::Starting(reason) | Answer::Mute(reason) = answer
            && Instant::now() > slow
            && reason != told
        {
            progress(&format!("waiting for PostgreSQL: {reason}"));
            told = reason;
        }
        std::thread::sleep(PAUSE);
    }
}

fn log_length(place: &Place) -> u64 {
    fs::metadata(place.log_file()).map_or(0, |log| log.len())
}

/// Why a server counts as failed that has not ended, and what to do.
fn no_answer(place: &Place, answer: &Answer, patience: Duration, log_start: u64) -> Error {
    let seconds = patience.as_secs();
    let socket = place.socket();
    let advice = match process(place) {
        Some(it) => format!(
            "It is process {it}: wake it if it is stopped (kill -CONT {it}), else end it (kill -QUIT {it}) and try again."
        ),
        None => "Its process is not to be seen here: if it runs in another container or is another program, end it there, \
                 and try again."
            .to_owned(),
    };
    let (code, what) = match answer {
        Answer::Mute(reason) => ("P1002", reason.as_str()),
        _ => ("P1001", "nobody listens there"),
    };
    Error::new(
        code,
        format!(
            "PostgreSQL has not answered on `{}` for {seconds} s: {what}\n\n{advice}{}",
            socket.display(),
            last_words(place, log_start)
        ),
    )
}

/// Removes the socket's lock file where it is of this server and nobody can be holding it; whether
/// that was so.
///
/// The data's own lock must be free: the server that just failed has held that, which excludes any
/// other over the same data as far as PostgreSQL can tell.
fn remove_stale_socket_lock(place: &Place) -> bool {
    let lock = place.socket_lock();
    let text = fs::read_to_string(&lock).unwrap_or_default();
    let is_ours = text.lines().nth(1) == place.data().to_str();
    is_ours
        && !place.data_lock().exists()
        && probe::ask(&place.socket()) == Answer::Silent
        && fs::remove_file(&lock).is_ok()
}

/// The log's last lines since `start`, and where the rest is.
fn last_words(place: &Place, start: u64) -> String {
    let path = place.log_file();
    let bytes = fs::read(&path).unwrap_or_default();
    let since = bytes.get(usize::try_from(start).unwrap_or(usize::MAX)..).unwrap_or_default();
    let text = String::from_utf8_lossy(since);
    let lines: Vec<&str> = text.lines().collect();
    let words = match &lines[lines.len().saturating_sub(12)..] {
        [] => String::new(),
        last => format!("; its last words:\n  {}", last.join("\n  ")),
    };
    let advice = advice(place, &text);
    format!("{words}\n\n{advice}The whole log is in `{}`.", path.display())
}

fn is_server(process: u32, place: &Place) -> bool {
    probe::process_has(process, &place.data().display().to_string())
}

pub(super) fn signal_process(process: u32, signal: &str) -> Result<(), Error> {
    // The shell's own `kill`: minimal systems have no program of that name.
    let status = Command::new("/bin/sh")
        .args(["-c", "kill -s \"$1\" \"$2\"", "sh", signal, &process.to_string()])
        .stderr(Stdio::null())
        .status();
    status
        .map(drop)
        .map_err(|error| Error::server_io(format_args!("cannot stop process {process}"), error))
}
