//! What asks a command to stop, and how it does.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
#[cfg(unix)]
use std::task::Poll;

use tokio::runtime::{Builder, Runtime};

use crate::failure::{Failure, Result};
use crate::files;

/// Runs a command that waits for other things. A signal drops it where it waits, which undoes what it had begun:
/// transactions, shadow databases, half-made files.
pub(crate) fn drop_on_signal(command: impl Future<Output = Result<()>>) -> Result<()> {
    runtime()?.block_on(async {
        let mut signals = Signals::listen();
        tokio::select! {
            // Signals first: none is lost to a step that ends meanwhile.
            biased;
            signal = signals.next() => Err(stopped_by(signal)),
            result = command => result,
        }
    })
}

/// Runs a command that comes to a good end by itself once it is asked to: the first signal asks, the second one drops it.
pub(crate) fn ask_on_signal(
    ask: impl Fn(&'static str),
    command: impl Future<Output = Result<()>>,
) -> Result<()> {
    runtime()?.block_on(async {
        let mut signals = Signals::listen();
        let mut command = std::pin::pin!(command);
        tokio::select! {
            biased;
            signal = signals.next() => ask(signal),
            result = &mut command => return result,
        }
        tokio::select! {
            biased;
            signal = signals.next() => Err(stopped_by(signal)),
            result = command => result,
        }
    })
}

/// Runs a command that computes. A signal, heard on a thread beside it, ends the process wherever the command is, though
/// not in the middle of writing a file.
pub(crate) fn exit_on_signal(command: impl FnOnce() -> Result<()>) -> Result<()> {
    let runtime = runtime()?;
    let mut signals = runtime.block_on(async { Signals::listen() });
    // The command stays on the main thread: memory is had more cheaply there.
    std::thread::spawn(move || {
        let signal = runtime.block_on(signals.next());
        let _writing = files::writing();
        let failure = stopped_by(signal);
        failure.tell();
        std::process::exit(failure.exit.into());
    });
    command()
}

/// What a person is to know if the command is stopped now; nothing once what it was about is done.
pub(crate) fn when_stopped(advice: Option<String>) {
    *advice_now() = advice;
}

fn stopped_by(signal: &str) -> Failure {
    let failure = Failure::cancelled(format!("stopped by {signal}"));
    match advice_now().take() {
        Some(advice) => failure.help(advice),
        None => failure,
    }
}

/// The one command of this process has one thing under way at a time.
fn advice_now() -> MutexGuard<'static, Option<String>> {
    static ADVICE: Mutex<Option<String>> = Mutex::new(None);
    ADVICE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn runtime() -> Result<Runtime> {
    Builder::new_current_thread().enable_all().build().map_err(|error| {
        Failure::new(format!("the asynchronous runtime could not be started: {error}"))
    })
}

/// Whatever asks us to stop: a person's Ctrl-C, a CI job that is cancelled, a terminal that closes.
#[cfg(unix)]
struct Signals {
    /// Those that cannot be watched end the process as they always did.
    watched: Vec<(&'static str, tokio::signal::unix::Signal)>,
}

#[cfg(unix)]
impl Signals {
    /// From here on, none is missed. Within a runtime.
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};

        let wanted = [
            ("Ctrl-C", SignalKind::interrupt()),
            ("SIGTERM", SignalKind::terminate()),
            ("SIGHUP", SignalKind::hangup()),
        ];
        let watched =
            wanted.into_iter().filter_map(|(name, kind)| Some((name, signal(kind).ok()?)));
        Self { watched: watched.collect() }
    }

    async fn next(&mut self) -> &'static str {
        std::future::poll_fn(|context| {
            let mut watched = self.watched.iter_mut();
            let heard = watched
                .find_map(|(name, signal)| signal.poll_recv(context).is_ready().then_some(*name));
            heard.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> Self {
        Self
    }

    async fn next(&mut self) -> &'static str {
        // Where Ctrl-C cannot be watched, it ends the process as it always did.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}
