//! How long others have to wait during a whole rollout, expand, fill and contract, and during the plain `ALTER` of the same
//! change.
//!
//! ```text
//! cargo bench -p rollout --bench stalls                     a million rows, 50 clients
//! cargo bench -p rollout --bench stalls -- 200000 20        fewer of both
//! cargo bench -p rollout --bench stalls -- key partitions   the changes with such a word in their names
//! ```
//!
//! Half of the clients read rows by key, half change them: what changes its form, as an old release does, until the fill is
//! done. What is shown is the longest that one of them took: a table for the documentation.

mod kinds;
mod load;
mod place;

use std::sync::atomic::Ordering;
use std::time::Duration;

use postgres::testing::TestDatabase;

use self::kinds::{KINDS, Kind, fill, schema};
use self::load::Load;
use self::place::Place;

/// What a rollout may keep others waiting.
const MOST: Duration = Duration::from_millis(200);

fn main() {
    // What cargo says itself begins with a dash.
    let arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let (numbers, words): (Vec<String>, Vec<String>) =
        arguments.partition(|argument| argument.parse::<u64>().is_ok());
    let mut numbers = numbers.iter().filter_map(|number| number.parse::<u64>().ok());
    let rows = numbers.next().unwrap_or(1_000_000);
    let clients = numbers.next().unwrap_or(50);
    let is_wanted =
        |kind: &&Kind| words.is_empty() || words.iter().any(|word| kind.name.contains(word));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        println!(
            "{rows} rows, {clients} clients; the longest that one of them waited, in milliseconds\n"
        );
        println!("| change | plain | in phases | |\n|---|---|---|---|");
        for kind in KINDS.iter().filter(is_wanted) {
            let (plain, _) = measured(kind, rows, clients, false).await;
            let (phases, worst) = measured(kind, rows, clients, true).await;
            let holds =
                if phases < MOST { "holds".to_owned() } else { format!("MISSED in {worst}") };
            println!(
                "| {} | {} | {} | {holds} |",
                kind.name,
                plain.as_millis(),
                phases.as_millis()
            );
        }
    });
}

/// The longest wait, and the phase that it was in.
async fn measured(
    kind: &Kind,
    rows: u64,
    clients: u64,
    in_phases: bool,
) -> (Duration, &'static str) {
    let database = TestDatabase::empty("rollout_stalls");
    let place = Place::new(kind);
    let before = schema(kind, 0);
    place.apply(&before, database.url()).await;
    let connection = database.connect().await;
    for statement in fill(kind, rows).split_inclusive(';') {
        connection.batch_execute(statement).await.expect(statement);
    }
    let load = Load::start(database.url(), (clients, rows), kind, in_phases).await;
    let longest = if in_phases {
        Box::pin(place.roll(kind, database.url(), &load)).await
    } else {
        // What the old release sets may be gone behind it.
        load.is_old.store(false, Ordering::Relaxed);
        let plain = async { connection.batch_execute(kind.plain).await.expect(kind.plain) };
        (load.longest(plain).await, "it")
    };
    load.stop().await;
    longest
}
