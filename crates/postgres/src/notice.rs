//! What the server says beside its answers: `RAISE NOTICE` and `RAISE WARNING` of scripts, and remarks of its own.
//!
//! The driver's task hears it. It is kept for whoever has asked beforehand ([`Connection::notices`]) and is otherwise
//! dropped.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_postgres::error::{DbError, Severity};

use crate::Connection;

/// One thing that the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `NOTICE`, `WARNING`, `INFO`, `LOG` or `DEBUG`, whatever the server's language.
    pub level: String,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
}

/// What the server says from now on, in order. Dropping it is an end of listening.
#[derive(Debug)]
pub struct Notices(UnboundedReceiver<Notice>);

impl Notices {
    /// The next one, when it comes; none after the end of the connection.
    pub async fn next(&mut self) -> Option<Notice> {
        self.0.recv().await
    }

    /// The next one, if it is here already. Whatever the server said before an answer is here with the answer.
    pub fn next_now(&mut self) -> Option<Notice> {
        self.0.try_recv().ok()
    }
}

impl Connection {
    /// Listens to what the server says beside its answers, in the place of whoever listened before.
    pub fn notices(&self) -> Notices {
        let (sender, receiver) = unbounded_channel();
        self.listener().set(Some(sender));
        Notices(receiver)
    }
}

/// Where the driver's task tells what it hears.
#[derive(Debug, Clone, Default)]
pub(crate) struct Listener(Arc<Mutex<Option<UnboundedSender<Notice>>>>);

impl Listener {
    pub(crate) fn hear(&self, said: &DbError) {
        let mut sender = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listening) = &*sender
            && listening.send(Notice::new(said)).is_err()
        {
            *sender = None;
        }
    }

    fn set(&self, sender: Option<UnboundedSender<Notice>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = sender;
    }
}

impl Notice {
    fn new(said: &DbError) -> Self {
        let level = match said.parsed_severity() {
            Some(Severity::Notice) => "NOTICE",
            Some(Severity::Warning) => "WARNING",
            Some(Severity::Info) => "INFO",
            Some(Severity::Log) => "LOG",
            Some(Severity::Debug) => "DEBUG",
            _ => said.severity(),
        };
        Self {
            level: level.to_owned(),
            message: said.message().to_owned(),
            detail: said.detail().map(str::to_owned),
            hint: said.hint().map(str::to_owned),
        }
    }
}
