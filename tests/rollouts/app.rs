//! A release of an app: it writes, one statement after the other, and writes again what it does not know to have gone well.
//!
//! Each of its writes may be run twice without another outcome, and it touches no row that the other release does. So what
//! it has written is the same as if nothing had happened meanwhile, and can be written once more elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use postgres::{Connection, ConnectionUrl, connect};

/// How many rows the tables have at first; of these each release has its own, and some nobody writes.
pub(super) const ROWS: u64 = 3_000;

/// A release that is running.
pub(super) struct Release {
    stop: Arc<AtomicBool>,
    /// Gives the statements that went well, in their order.
    writer: Option<JoinHandle<Vec<String>>>,
}

impl Release {
    /// Starts one whose writes are made of these templates. `place` is 0 or 1: which rows are its own.
    pub(super) fn start(
        url: &ConnectionUrl,
        templates: &'static [&'static str],
        place: u64,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (url, until) = (url.clone(), Arc::clone(&stop));
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(write(&url, templates, place, &until))
        };
        Self { stop, writer: Some(thread::spawn(work)) }
    }

    /// Stops it, and says what it has written.
    pub(super) fn stop(&mut self) -> Vec<String> {
        self.stop.store(true, Ordering::Relaxed);
        let writer = self.writer.take().expect("it is stopped once");
        writer.join().expect("the release runs on")
    }
}

impl Drop for Release {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

async fn write(
    url: &ConnectionUrl,
    templates: &[&str],
    place: u64,
    stop: &AtomicBool,
) -> Vec<String> {
    let (mut written, mut connection) = (Vec::new(), None::<Connection>);
    let mut chance = Chance(place + 1);
    while !stop.load(Ordering::Relaxed) {
        let statement = filled_in(templates, place, &mut chance);
        loop {
            let there = match connection.take() {
                Some(there) if !there.is_closed() => Some(there),
                _ => connect(url).await.ok(),
            };
            let Some(there) = there else {
                // The server is not there right now.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            let answer = there.batch_execute(&statement).await;
            let is_lost = there.is_closed();
            connection = Some(there);
            match answer {
                Ok(()) => break,
                Err(_) if is_lost => {}
                // Whoever is chosen to give way in a deadlock tries again, as every application has to.
                Err(error)
                    if error.db().is_none_or(|db| {
                        db.code().code().starts_with("57P") || db.code().code() == "40P01"
                    }) =>
                {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(error) => panic!("a release cannot write: {error}\n{statement}"),
            }
        }
        written.push(statement);
        tokio::time::sleep(Duration::from_millis(4)).await;
    }
    written
}

/// `{i}` is a row of the release's own, `{n}` a new one, `{v}` a number.
fn filled_in(templates: &[&str], place: u64, chance: &mut Chance) -> String {
    let template = templates[usize::try_from(chance.below(templates.len() as u64)).expect("few")];
    // The last hundred are nobody's.
    let own = chance.below((ROWS - 100) / 2) * 2 + place + 1;
    let new = 1_000_000 + chance.below(400) * 2 + place;
    template
        .replace("{i}", &own.to_string())
        .replace("{n}", &new.to_string())
        .replace("{v}", &(chance.below(90) + 1).to_string())
}

/// Numbers that look like chance, the same each time.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, end: u64) -> u64 {
        // https://en.wikipedia.org/wiki/Xorshift
        self.0 = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0 >> 16) % end
    }
}
