//! Clients that read and write meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use postgres::{Connection, ConnectionUrl};

use super::kinds::Kind;

/// What lies between two statements of a client.
pub(crate) const PAUSE: Duration = Duration::from_millis(20);

/// Clients at work.
pub(crate) struct Load {
    pub(crate) longest: Arc<AtomicU64>,
    pub(crate) stop: Arc<AtomicBool>,
    /// Whether they write what changes its form.
    pub(crate) is_old: Arc<AtomicBool>,
    pub(crate) tasks: tokio::task::JoinSet<()>,
}

impl Load {
    pub(crate) async fn start(
        url: &ConnectionUrl,
        (clients, rows): (u64, u64),
        kind: &Kind,
        in_phases: bool,
    ) -> Self {
        let load = Self {
            longest: Arc::new(AtomicU64::new(0)),
            stop: Arc::new(AtomicBool::new(false)),
            is_old: Arc::new(AtomicBool::new(true)),
            tasks: tokio::task::JoinSet::new(),
        };
        let Self { longest, stop, is_old, mut tasks } = load;
        for number in 0..clients {
            let connection = postgres::connect(url).await.expect("a connection");
            let flags = (Arc::clone(&stop), Arc::clone(&is_old));
            let statements = statements(kind, number.is_multiple_of(2), in_phases);
            tasks.spawn(client(
                connection,
                (number, rows),
                statements,
                Arc::clone(&longest),
                flags,
            ));
        }
        Self { longest, stop, is_old, tasks }
    }

    /// The longest wait while something is done.
    pub(crate) async fn longest<T>(&self, work: impl Future<Output = T>) -> Duration {
        // What began before is over then.
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.longest.store(0, Ordering::Relaxed);
        work.await;
        // And what waits now is counted.
        tokio::time::sleep(Duration::from_millis(100)).await;
        Duration::from_micros(self.longest.load(Ordering::Relaxed))
    }

    pub(crate) async fn stop(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// What a client sends: as the old release does, and as the new one. In one step no table may get another name for them.
fn statements(kind: &Kind, reads: bool, in_phases: bool) -> [String; 2] {
    let new_name = kind.names[usize::from(in_phases)];
    [(kind.names[0], kind.old), (new_name, "n = n + 1")].map(|(table, set)| {
        if reads {
            format!("SELECT n FROM \"{table}\" WHERE id = $1::int8")
        } else {
            format!("UPDATE \"{table}\" SET {set} WHERE id = $1::int8")
        }
    })
}

async fn client(
    connection: Connection,
    (number, rows): (u64, u64),
    statements: [String; 2],
    longest: Arc<AtomicU64>,
    (stop, is_old): (Arc<AtomicBool>, Arc<AtomicBool>),
) {
    // Each in a part of the table of its own, all over it.
    let mut key = number;
    while !stop.load(Ordering::Relaxed) {
        key = key.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(number + 1_442_695);
        let id = i64::try_from(key % rows).unwrap_or_default() + 1;
        let sql = &statements[usize::from(!is_old.load(Ordering::Relaxed))];
        let begin = Instant::now();
        let done = connection.query(sql, &[&id]).await;
        done.unwrap_or_else(|error| panic!("a client's statement: {error}\n{sql}"));
        let took = u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX);
        longest.fetch_max(took, Ordering::Relaxed);
        tokio::time::sleep(PAUSE).await;
    }
}
