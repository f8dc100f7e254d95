//! Servers that follow the first one and answer reads: which of them is asked.
//!
//! A read outside a transaction goes to one of them in turn, with all that it loads. Writes, what is loaded beside
//! them, batches, transactions and raw SQL go to the first server, and so does everything of
//! [`Client::primary`](crate::Client::primary), for whoever has to see what was just written. One that cannot be
//! reached is left alone for a while, and what was to go there goes to the first server.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use crate::client::Shared;

/// How long one that could not be reached is left alone.
const REST: Duration = Duration::from_secs(5);

/// Moments are counted from here.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// All of them.
#[derive(Debug)]
pub(crate) struct Replicas {
    all: Vec<Arc<Replica>>,
    next: AtomicUsize,
}

/// One of them.
#[derive(Debug)]
pub(crate) struct Replica {
    pub(crate) shared: Arc<Shared>,
    /// When it may be asked again, in milliseconds.
    rests_until: AtomicU64,
}

impl Replicas {
    pub(crate) fn new(all: Vec<Arc<Shared>>) -> Self {
        let replica = |shared| Arc::new(Replica { shared, rests_until: AtomicU64::new(0) });
        Self { all: all.into_iter().map(replica).collect(), next: AtomicUsize::new(0) }
    }

    /// The next one that does not rest.
    pub(crate) fn next(&self) -> Option<Arc<Replica>> {
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let now = now();
        (0..self.all.len())
            .map(|more| &self.all[first.wrapping_add(more) % self.all.len()])
            .find(|replica| replica.rests_until.load(Ordering::Relaxed) <= now)
            .cloned()
    }
}

impl Replica {
    /// It could not be reached.
    pub(crate) fn rest(&self) {
        let rest = u64::try_from(REST.as_millis()).unwrap_or(u64::MAX);
        self.rests_until.store(now().saturating_add(rest), Ordering::Relaxed);
    }
}

fn now() -> u64 {
    u64::try_from(START.elapsed().as_millis()).unwrap_or(u64::MAX)
}
