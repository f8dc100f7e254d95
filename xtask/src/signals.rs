//! What asks a command to stop, and how it does.

use std::future::Future;

use tokio::runtime::{Builder, Runtime};

use crate::failure::{Failure, Result};
use crate::files;

/// Runs a command that waits for other things. A signal drops it where it waits, which undoes what it had begun:
/// transactions, shadow databases, half-made files.
pub(crate) fn drop_on_signal(command: impl Future<Output = Result<()>>) -> Result<()> {
    runtime()?.block_on(async {
        tokio::select! {
            // Signals first: they are watched from the very beginning, and none is lost to a step that ends meanwhile.
            biased;
            signal = interrupted() => Err(stopped_by(signal)),
            result = command => result,
        }
    })
}

/// Runs a command that computes. A signal, heard on a thread beside it, ends the process wherever the command is, though
/// not in the middle of writing a file.
pub(crate) fn exit_on_signal(command: impl FnOnce() -> Result<()>) -> Result<()> {
    let runtime = runtime()?;
    // The command stays on the main thread: memory is had more cheaply there.
    std::thread::spawn(move || {
        let signal = runtime.block_on(interrupted());
        let _writing = files::writing();
        let failure = stopped_by(signal);
        failure.tell();
        std::process::exit(failure.exit.into());
    });
    command()
}

fn stopped_by(signal: &str) -> Failure {
    Failure::cancelled(format!("stopped by {signal}"))
}

fn runtime() -> Result<Runtime> {
    Builder::new_current_thread().enable_all().build().map_err(|error| {
        Failure::new(format!("the asynchronous runtime could not be started: {error}"))
    })
}

/// Waits for whatever asks us to stop: a person's Ctrl-C, a CI job that is cancelled, a terminal that closes.
#[cfg(unix)]
async fn interrupted() -> &'static str {
    use tokio::signal::unix::{SignalKind, signal};

    let (Ok(mut terminate), Ok(mut hang_up)) =
        (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return interrupted_by_person().await;
    };
    tokio::select! {
        name = interrupted_by_person() => name,
        _ = terminate.recv() => "SIGTERM",
        _ = hang_up.recv() => "SIGHUP",
    }
}

#[cfg(not(unix))]
use interrupted_by_person as interrupted;

async fn interrupted_by_person() -> &'static str {
    // Where Ctrl-C cannot be watched, it ends the process as it always did.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    "Ctrl-C"
}
