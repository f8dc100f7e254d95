//! How time grows with a schema: 10 to 5,000 models, each with fields, keys, enums and relations as real ones have.
//!
//! `cargo bench -p psl` prints the median of each size and what one model costs; time is linear when that stays the same.
//! `mistakes` is validating a schema in which each model has one, and showing all of them. The schema of this project is
//! measured beside the generated ones.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

const SIZES: [usize; 4] = [10, 100, 1_000, 5_000];

fn main() {
    println!("{:>21} {:>22} {:>22} {:>22}", "", "validate", "format", "mistakes");
    print!("{:>10} {:>10}", "models", "KiB");
    println!("{}", format!(" {:>9} {:>12}", "ms", "µs a model").repeat(3));
    let project = include_str!("../../../prisma/schema.prisma");
    row("DriveFlow", project.matches("\nmodel ").count(), project);
    for models in SIZES {
        row(&models.to_string(), models, &schema(models));
    }
}

fn row(name: &str, models: usize, text: &str) {
    let files = vec![psl::SourceFile::new("schema.prisma", text)];
    let analysis = psl::analyze(files.clone());
    assert!(!analysis.has_errors(), "{:?}", analysis.diagnostics.first());
    let wrong = vec![psl::SourceFile::new(
        "schema.prisma",
        text.replace("createdAt DateTime", "createdAt Datetime"),
    )];
    let times = [
        median(|| psl::analyze(files.clone()).diagnostics.len()),
        median(|| psl::format(&files).texts.len()),
        median(|| {
            let analysis = psl::analyze(wrong.clone());
            assert!(analysis.has_errors());
            psl::render(&analysis.diagnostics, &wrong, psl::Style::Plain).len()
        }),
    ];
    print!("{name:>10} {:>10}", text.len() / 1024);
    for time in times {
        print!(" {:>9.2} {:>12.2}", milliseconds(time), microseconds_each(time, models));
    }
    println!();
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn microseconds_each(duration: Duration, models: usize) -> f64 {
    let models = u32::try_from(models).expect("a few thousand");
    milliseconds(duration / models) * 1e3
}

/// Of 11 runs, after one that does not count.
fn median<T>(mut run: impl FnMut() -> T) -> Duration {
    black_box(run());
    let mut times: Vec<Duration> = (0..11)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

/// A chain of models, each of which refers to the one before it, with an enum to every fourth.
fn schema(models: usize) -> String {
    let mut text = String::from(
        "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n}\n\n\
         generator client {\n  provider = \"cargo prisma\"\n}\n",
    );
    for model in 0..models {
        let next = model + 1;
        let state = model / 4;
        write!(
            text,
            r#"
/// Number {model} of the generated models.
model Booking{model} {{
  id        String   @id @default(uuid()) @db.Uuid
  orgId     String   @map("org_id") @db.Uuid
  number    Int      @unique @default(autoincrement())
  state     State{state} @default(open)
  /// What was agreed, in words.
  notes     String?  @db.VarChar(500)
  price     Decimal  @db.Decimal(10, 2)
  tags      String[] @default([])
  settings  Json     @default("{{}}")
  startsAt  DateTime @map("starts_at") @db.Timestamptz(6)
  createdAt DateTime @default(now()) @map("created_at")
  updatedAt DateTime @updatedAt @map("updated_at")
"#
        )
        .expect("a string takes any text");
        if model > 0 {
            let before = model - 1;
            writeln!(
                text,
                "  beforeId  String   @map(\"before_id\") @db.Uuid\n  \
                 before    Booking{before} @relation(fields: [beforeId], references: [id], onDelete: Cascade)"
            )
            .expect("a string takes any text");
        }
        if next < models {
            writeln!(text, "  after     Booking{next}[]").expect("a string takes any text");
        }
        write!(
            text,
            "\n  @@unique([orgId, startsAt])\n  @@index([orgId, state, createdAt(sort: Desc)])\n  @@map(\"booking_{model}\")\n}}\n"
        )
        .expect("a string takes any text");
        if model % 4 == 0 {
            write!(
                text,
                "\nenum State{state} {{\n  open\n  done      @map(\"finished\")\n  cancelled\n}}\n"
            )
            .expect("a string takes any text");
        }
    }
    text
}
