//! Contenders take turns at the same work; what counts is the ratio within a turn, so that what else the machine does
//! falls on all of them.

use std::pin::Pin;
use std::time::{Duration, Instant};

/// One turn of a contender: all of its work, once.
pub(crate) type Turn<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Somebody who does the work.
pub(crate) struct Contender<'a> {
    name: &'static str,
    turn: Box<dyn FnMut() -> Turn<'a> + 'a>,
}

/// Work that contenders are set against each other at.
pub(crate) struct Race<'a> {
    title: &'static str,
    rounds: usize,
    /// At least how many times as fast as whom ours has to be; as anybody else, once.
    wanted: &'static [(&'static str, f64)],
    contenders: Vec<Contender<'a>>,
}

impl<'a> Race<'a> {
    pub(crate) fn new(
        title: &'static str,
        rounds: usize,
        wanted: &'static [(&'static str, f64)],
    ) -> Self {
        let rounds = std::env::var("PEERS_ROUNDS")
            .ok()
            .and_then(|rounds| rounds.parse().ok())
            .unwrap_or(rounds);
        Self { title, rounds, wanted, contenders: Vec::new() }
    }

    /// The first to join is ours.
    pub(crate) fn join<F>(&mut self, name: &'static str, mut turn: impl FnMut() -> F + 'a)
    where
        F: Future<Output = ()> + 'a,
    {
        // To see what one of them does: `PEERS_ONLY=ours perf record …`.
        if std::env::var("PEERS_ONLY").is_ok_and(|only| only != name) {
            return;
        }
        self.contenders.push(Contender { name, turn: Box::new(move || Box::pin(turn())) });
    }

    /// Runs it and prints a line for each contender: its median time, and how many times as long as ours it took.
    ///
    /// `before` runs before each turn, off the clock.
    pub(crate) async fn run(mut self, mut before: impl AsyncFnMut()) {
        let mut times: Vec<Vec<Duration>> = self.contenders.iter().map(|_| Vec::new()).collect();
        for round in 0..=self.rounds {
            let count = self.contenders.len();
            for step in 0..count {
                // Whoever comes first changes, and so does who comes after whom.
                let index = if round % 2 == 0 {
                    (step + round) % count
                } else {
                    (count - step + round) % count
                };
                before().await;
                let start = Instant::now();
                (self.contenders[index].turn)().await;
                let time = start.elapsed();
                // The first round warms up: connections, prepared statements, the server's caches.
                if round > 0 {
                    times[index].push(time);
                }
            }
        }
        println!("\n{}", self.title);
        for (index, contender) in self.contenders.iter().enumerate() {
            let ratio = median(
                times[index]
                    .iter()
                    .zip(&times[0])
                    .map(|(it, ours)| it.as_secs_f64() / ours.as_secs_f64()),
            );
            let time = median(times[index].iter().map(Duration::as_secs_f64)) * 1e3;
            let least =
                self.wanted.iter().find(|wanted| wanted.0 == contender.name).map(|wanted| wanted.1);
            let wanted = match least {
                Some(least) if ratio >= least => format!("  wanted {least:.2}: holds"),
                Some(least) => format!("  wanted {least:.2}: MISSED"),
                None => String::new(),
            };
            println!(
                "  {:<28} {time:>9.2} ms  ours is {ratio:>5.2} times as fast{wanted}",
                contender.name
            );
        }
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
