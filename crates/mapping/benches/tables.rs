//! How time grows with the number of tables: 100 to 10,000, each with keys, indexes, an enum and relations as real ones
//! have.
//!
//! `cargo bench -p mapping` prints what one table costs in microseconds, of the median run of each size; time is linear
//! when that stays the same. (`changed` takes some 175,000 instructions a table at 500 tables as at 10,000, by callgrind: what
//! grows beyond some thousand is how long memory takes.) The columns are named in [`KINDS`]. All but the first two are a whole migration: steps,
//! script, summary and warnings.

mod schemas;

use std::hint::black_box;
use std::time::{Duration, Instant};

use pg_schema::{
    Pair, PgSchema, Rename, Renamed, RowCounts, candidates, diff, drift_summary, outcome, render,
    warnings, warnings_block,
};

const SIZES: [usize; 3] = [100, 1_000, 10_000];

const KINDS: [(&str, &str); 9] = [
    ("wanted", "what the schema file asks for, as tables"),
    ("same", "the difference of a database from itself"),
    ("created", "from nothing"),
    ("dropped", "to nothing"),
    (
        "changed",
        "of every table a column less and one more, a type, a default, an index, keys; of every enum a value",
    ),
    ("down", "the way back from `changed`, as `down.sql` has it"),
    ("offered", "what of `changed` may be a rename"),
    ("renamed", "all of that taken for renames"),
    ("joined", "many-to-many relations: half of them come, half of them go"),
];

fn main() {
    for (name, what) in KINDS {
        println!("{name:>9}  {what}");
    }
    print!("\n{:>9}", "tables");
    for (name, _) in KINDS {
        print!(" {name:>9}");
    }
    println!("   µs a table");
    for tables in SIZES {
        row(tables);
    }
}

fn row(tables: usize) {
    let analyzed = [false, true].map(|changed| analyzed(&schemas::changed(tables, changed)));
    let joined = [false, true].map(|changed| wanted(&schemas::joined(tables, changed)));
    let [previous, next] = analyzed.each_ref().map(mapping::desired_schema);
    let empty = PgSchema::default();
    let change = Pair::new(&previous, &next);
    let renames: Vec<Rename> = chosen(change);
    let times = [
        median(|| mapping::desired_schema(&analyzed[0]).tables.len()),
        median(|| everything(Pair::new(&previous, &previous))),
        median(|| everything(Pair::new(&empty, &next))),
        median(|| everything(Pair::new(&previous, &empty))),
        median(|| everything(change)),
        median(|| back(change)),
        median(|| candidates(change).len()),
        median(|| renamed(change, &renames)),
        median(|| everything(Pair::new(&joined[0], &joined[1]))),
    ];
    print!("{tables:>9}");
    for time in times {
        let each = time / u32::try_from(tables).expect("a few thousand");
        print!(" {:>9.2}", each.as_secs_f64() * 1e6);
    }
    println!();
}

/// What a migration is made of, as its length.
fn everything(schemas: Pair<&PgSchema>) -> usize {
    let steps = diff(schemas);
    let block = warnings_block(&warnings(&steps, schemas), &RowCounts::default());
    block.len() + render(&steps, schemas).len() + drift_summary(&steps, schemas).len()
}

fn back(schemas: Pair<&PgSchema>) -> usize {
    let after = outcome(&diff(schemas), schemas);
    everything(Pair::new(&after, schemas.previous))
}

/// Of what may be renamed, as much as can be at once: of two that could become one, the first.
fn chosen(schemas: Pair<&PgSchema>) -> Vec<Rename> {
    let mut taken = std::collections::HashSet::new();
    let free = candidates(schemas).into_iter().filter(|candidate| match candidate.rename {
        Rename::Column(ids) => taken.insert(ids.previous),
        _ => true,
    });
    free.map(|candidate| candidate.rename).collect()
}

fn renamed(schemas: Pair<&PgSchema>, renames: &[Rename]) -> usize {
    let renamed = Renamed::new(schemas, renames);
    let steps = renamed.steps(schemas.next);
    render(&steps, Pair::new(&renamed.previous, schemas.next)).len()
}

fn wanted(text: &str) -> PgSchema {
    mapping::desired_schema(&analyzed(text))
}

fn analyzed(text: &str) -> psl::Schema {
    let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]);
    assert!(!analysis.has_errors(), "{:?}", analysis.diagnostics.first());
    analysis.schema
}

/// Of 7 runs, after one that does not count.
fn median<T>(mut run: impl FnMut() -> T) -> Duration {
    black_box(run());
    let mut times: Vec<Duration> = (0..7)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}
