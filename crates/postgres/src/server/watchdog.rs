//! The small shell process that stops a server for tests when nobody has wanted it for a while, so
//! that a test run leaves nothing behind for long.
//!
//! Its number is written down: a command that was killed between starting the server and starting
//! its watchdog leaves a server without one, and the next command makes up for it.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::SystemTime;

use super::place::Place;
use super::probe;
use crate::Error;

const NAME: &str = "driveflow-watchdog";
/// Minutes without use after which a server for tests goes away.
const LEASE_MINUTES: &str = "10";
const SECONDS_BETWEEN_LOOKS: &str = "15";

/// Whether the server that is process `server` has its watchdog.
pub(super) fn watches(place: &Place, server: u32) -> bool {
    let written = fs::read_to_string(place.watchdog_file());
    let watchdog = written.ok().and_then(|text| text.trim().parse().ok());
    let words = format!("{NAME} {server} {}", place.lease_file().display());
    watchdog.is_some_and(|watchdog| probe::process_has(watchdog, &words))
}

/// Starts the watchdog of the server that is process `server`. The lock must be held.
pub(super) fn start(place: &Place, server: u32) -> Result<(), Error> {
    let failed = |error| Error::server_io("cannot watch over PostgreSQL", error);
    File::create(place.lease_file()).map_err(failed)?;
    renew(place);
    let watchdog = place
        .command(Path::new("/bin/sh"))
        .args(["-c", include_str!("watchdog.sh"), NAME, &server.to_string()])
        .args([place.lease_file(), place.data().join("postmaster.pid")])
        .args([LEASE_MINUTES, SECONDS_BETWEEN_LOOKS])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    fs::write(place.watchdog_file(), format!("{}\n", watchdog.id())).map_err(failed)
}

/// Says that the server is wanted still; nothing where there is no lease yet.
pub(super) fn renew(place: &Place) {
    if let Ok(file) = File::options().write(true).open(place.lease_file()) {
        let _ = file.set_modified(SystemTime::now());
    }
}
