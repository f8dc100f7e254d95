//! How a load gets on, on the standard error: a bar that is drawn over where that is a terminal, else a line now and
//! then. How many rows, how many a second, and how long it will take.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use seed::Progress;

/// Between two pictures of the bar, and between two lines.
const PICTURES: Duration = Duration::from_millis(100);
const LINES: Duration = Duration::from_secs(5);

pub(crate) struct Bar {
    terminal: bool,
    shown: Option<Instant>,
}

impl Bar {
    pub(crate) fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal(), shown: None }
    }

    /// Shows the progress, unless the last was shown just now.
    pub(crate) fn show(&mut self, progress: &Progress) {
        let pause = if self.terminal { PICTURES } else { LINES };
        if self.shown.is_some_and(|shown| shown.elapsed() < pause) {
            return;
        }
        self.shown = Some(Instant::now());
        let mut stderr = std::io::stderr().lock();
        // A stream that cannot be written to leaves nobody to tell.
        let _ = if self.terminal {
            write!(stderr, "\r\x1b[2K{}", progress.to_bar())
        } else {
            writeln!(stderr, "{}", progress.to_line())
        };
        let _ = stderr.flush();
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        if self.terminal && self.shown.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[2K");
        }
    }
}
