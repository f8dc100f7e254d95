//! A command with a person in front of it: a pseudo-terminal, what is seen there, and what is typed.
//!
//! Made of what the system has anyway (`openpt`), so that no test needs `script`, `expect` or Python.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::sandbox::Sandbox;

/// Longer than any question takes to come, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running command and its terminal.
#[derive(Debug)]
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    /// What came from the command so far: an escape sequence may come in two parts.
    came: Vec<u8>,
    /// The same without colours and cursor movements.
    seen: String,
    /// How much of it has been waited for.
    read: usize,
}

impl Sandbox {
    /// Runs a command at a terminal.
    pub(crate) fn at_terminal(&self, url: &str, arguments: &[&str]) -> Terminal {
        let mut command = self.command(arguments);
        command.env("DATABASE_URL", url);
        Terminal::start(command)
    }
}

impl Terminal {
    /// Starts any command at a terminal of its own.
    pub(crate) fn start(mut command: Command) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
            .expect("the system has pseudo-terminals");
        grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("it was just opened");
        let name = ptsname(&ours, Vec::new()).expect("it has a name");
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let theirs = open(name, flags, Mode::empty()).expect("the other side opens");
        let side = |fd: &OwnedFd| Stdio::from(fd.try_clone().expect("it can be shared"));
        command.stdin(side(&theirs)).stdout(side(&theirs)).stderr(side(&theirs));
        command.env("TERM", "xterm");
        let child = command.spawn().expect("the command starts");
        // The command alone has it now: when it ends, so does what is seen.
        drop((command, theirs));
        let keyboard = File::from(ours);
        let screen = watch(keyboard.try_clone().expect("it can be shared"));
        Self { child, keyboard, screen, came: Vec::new(), seen: String::new(), read: 0 }
    }

    /// Waits until the text is seen, after what was waited for before.
    #[track_caller]
    pub(crate) fn sees(&mut self, text: &str) -> &mut Self {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.seen[self.read..].find(text) {
                self.read += at + text.len();
                return self;
            }
            assert!(self.look(until), "not seen: {text:?}\n{}", self.seen);
        }
    }

    /// Types a line, or single keys where it has no line feed, as soon as the question listens.
    ///
    /// A question is on the screen a moment before the command takes the keys from its terminal: until then Ctrl-C is the
    /// terminal's own, which would send a signal to whoever it controls, and here that is nobody.
    #[track_caller]
    pub(crate) fn types(&mut self, keys: &str) -> &mut Self {
        let until = Instant::now() + PATIENCE;
        while self.takes_ctrl_c() {
            assert!(Instant::now() < until, "nobody listens:\n{}", self.seen);
            thread::sleep(Duration::from_millis(1));
        }
        self.keyboard.write_all(keys.as_bytes()).expect("somebody reads");
        self
    }

    /// Whether the terminal makes a signal of Ctrl-C. Asked of our side, Linux answers for theirs.
    fn takes_ctrl_c(&self) -> bool {
        let modes = tcgetattr(&self.keyboard).expect("it is a terminal").local_modes;
        modes.contains(LocalModes::ISIG)
    }

    /// What a terminal's Ctrl-C sends to those it controls.
    pub(crate) fn interrupts(&mut self) -> &mut Self {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().expect("kill runs");
        assert!(sent.success(), "it has ended before:\n{}", self.seen);
        self
    }

    /// Waits for the command's end: its exit status and all that was seen.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> (Option<i32>, String) {
        let until = Instant::now() + PATIENCE;
        while self.look(until) {}
        assert!(Instant::now() < until, "it does not end:\n{}", self.seen);
        let status = self.child.wait().expect("it has ended");
        (status.code(), self.seen.clone())
    }

    /// Takes what is there to be seen; false at the end, or when it is too late.
    fn look(&mut self, until: Instant) -> bool {
        match self.screen.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(bytes) => {
                self.came.extend(bytes);
                self.seen = plain(&String::from_utf8_lossy(&self.came));
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Nothing where it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a screen until nobody writes there any more.
fn watch(mut screen: File) -> Receiver<Vec<u8>> {
    let (seen, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        // A terminal whose other side is closed is an error to read, not an end of file.
        while let Ok(count @ 1..) = screen.read(&mut buffer) {
            if seen.send(buffer[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The text without escape sequences and the carriage returns of a terminal.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match char {
            '\u{1b}' if chars.next() == Some('[') => {
                chars.by_ref().find(char::is_ascii_alphabetic);
            }
            '\u{1b}' | '\r' => {}
            char => plain.push(char),
        }
    }
    plain
}

mod tests {
    use std::process::Command;

    use postgres::testing::{TestDatabase, migrations};

    use super::Terminal;
    use crate::sandbox::{STUDENTS, Sandbox, built};

    /// A load draws its bar over and over; stopped, it says what stays, and the same command goes on from there.
    #[test]
    fn a_load_shows_a_bar_and_goes_on_after_ctrl_c() {
        let database = TestDatabase::from_sql("terminal_load", &migrations());
        let program = built("seed");
        let load = || {
            let mut command = Command::new(&program);
            command.args(["--profile=load", "--orgs=2", "--bookings=3000", "--trip-points=300000"]);
            command.args(["--now=2026-11-23", "--connections=2"]);
            command.env("DATABASE_URL", database.url().expose());
            Terminal::start(command)
        };
        let mut first = load();
        // Some of it is there.
        first.sees("[==").sees(" rows  ").sees(" a second  ").sees(" left").interrupts();
        let (code, seen) = first.ends();
        assert_eq!(code, Some(130), "{seen}");
        assert!(seen.contains("Parts that are finished stay"), "{seen}");
        assert!(!seen.contains("rows made in"), "{seen}");

        let mut second = load();
        let (code, seen) = second.ends();
        assert_eq!(code, Some(0), "{seen}");
        // Not its last state: what ends before it is drawn again is not drawn.
        assert!(seen.contains("[===") && seen.contains(" rows  "), "the bar moves on: {seen}");
        let mut third = load();
        let (_, seen) = third.ends();
        assert!(seen.trim_end().ends_with("parts are there, nothing to do"), "{seen}");
    }

    #[test]
    fn a_person_is_asked_for_the_name_of_a_migration_and_may_change_their_mind() {
        let database = TestDatabase::empty("terminal");
        let url = database.url().expose();
        let sandbox = Sandbox::new(STUDENTS);
        let mut dev = sandbox.at_terminal(&url, &["migrate", "dev", "--skip-generate"]);
        dev.sees("Enter a name for the new migration").types("\u{3}");
        let (code, seen) = dev.ends();
        assert_eq!(code, Some(130), "{seen}");
        assert!(!sandbox.path("prisma/migrations").exists(), "{seen}");

        let mut dev = sandbox.at_terminal(&url, &["migrate", "dev", "--skip-generate"]);
        dev.sees("Enter a name for the new migration").types("Add students\n");
        let (code, seen) = dev.ends();
        assert_eq!(code, Some(0), "{seen}");
        assert!(seen.contains("Your database is now in sync with your schema."), "{seen}");
        let migrations = sandbox.list("prisma/migrations");
        assert!(migrations[0].ends_with("_add_students"), "{migrations:?}");
    }

    #[test]
    fn a_reset_is_asked_for_by_the_name_of_the_database() {
        let database = TestDatabase::empty("terminal_reset");
        let url = database.url().expose();
        let sandbox = Sandbox::new(STUDENTS);
        for (answer, code, words) in [("n", 130, "Reset cancelled."), ("y", 0, "reset successful")]
        {
            let mut reset = sandbox.at_terminal(&url, &["migrate", "reset", "--skip-generate"]);
            reset.sees(database.url().database()).sees("All data will be lost").types(answer);
            let (ended, seen) = reset.ends();
            assert_eq!(ended, Some(code), "{seen}");
            assert!(seen.contains(words), "{seen}");
        }
    }
}
