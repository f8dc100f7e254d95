//! How time grows with the number of tables: 100 to 10,000, each with keys, indexes, an enum and relations as real ones
//! have.
//!
//! `cargo bench -p mapping` prints the median of each size and what one table costs; time is linear when that stays the
//! same. `same` is the difference of a database from itself, `changed` that of one in which every table and every enum has
//! changed, with its script, its summary and its warnings.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use pg_schema::{Pair, PgSchema, RowCounts, diff, drift_summary, render, warnings, warnings_block};

const SIZES: [usize; 4] = [100, 1_000, 3_000, 10_000];

fn main() {
    println!("{:>8} {:>22} {:>22} {:>22} {:>22}", "", "wanted", "created", "same", "changed");
    println!("{:>8}{}", "tables", format!(" {:>9} {:>12}", "ms", "µs a table").repeat(4));
    for tables in SIZES {
        row(tables);
    }
}

fn row(tables: usize) {
    let [before, after] = [false, true].map(|changed| analyzed(&schema(tables, changed)));
    let (previous, next) = (mapping::desired_schema(&before), mapping::desired_schema(&after));
    let empty = PgSchema::default();
    let times = [
        median(|| mapping::desired_schema(&before).tables.len()),
        median(|| everything(Pair::new(&empty, &next))),
        median(|| everything(Pair::new(&previous, &previous))),
        median(|| everything(Pair::new(&previous, &next))),
    ];
    print!("{tables:>8}");
    for time in times {
        let each = time / u32::try_from(tables).expect("a few thousand");
        print!(" {:>9.2} {:>12.2}", time.as_secs_f64() * 1e3, each.as_secs_f64() * 1e6);
    }
    println!();
}

/// What a migration is made of, as its length.
fn everything(schemas: Pair<&PgSchema>) -> usize {
    let steps = diff(schemas);
    let block = warnings_block(&warnings(&steps, schemas), &RowCounts::default());
    block.len() + render(&steps, schemas).len() + drift_summary(&steps, schemas).len()
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

/// A chain of models, each with an enum of its own, before or after a change to all of them: an enum value less, a
/// column less and one more, a type, a default, a sequence, a key's name, an index, a unique that becomes the key.
fn schema(models: usize, changed: bool) -> String {
    let mut text = String::from(
        "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n\n",
    );
    let either = |before: &'static str, after: &'static str| if changed { after } else { before };
    for model in 0..models {
        let value = either("  cancelled\n", "");
        write!(
            text,
            "enum State{model} {{\n  open\n  done\n{value}}}\n\nmodel Booking{model} {{\n"
        )
        .expect("a string takes any text");
        for line in [
            either("id String @unique @default(uuid())", "id String @id @default(uuid())"),
            either("number Int @default(autoincrement())", "number Int @default(0)"),
            either("notes String @db.VarChar(500)", "notes String @db.VarChar(100)"),
            either("old Int?", "new Int?"),
            either("price Decimal @default(1)", "price Decimal @default(2)"),
            either("@@index([number])", "@@index([number, price])"),
            either("@@unique([price])", "@@unique([price], map: \"Booking_price_again\")"),
        ] {
            let line = line.replace("Booking_", &format!("Booking{model}_"));
            writeln!(text, "  {line}").expect("a string takes any text");
        }
        writeln!(text, "  state State{model} @default(open)").expect("a string takes any text");
        if model > 0 {
            let before = model - 1;
            let action = either("Cascade", "Restrict");
            writeln!(
                text,
                "  beforeId String\n  before Booking{before} @relation(fields: [beforeId], references: [id], onDelete: {action})"
            )
            .expect("a string takes any text");
        }
        if model + 1 < models {
            writeln!(text, "  after Booking{}[]", model + 1).expect("a string takes any text");
        }
        text.push_str("}\n\n");
    }
    text
}
