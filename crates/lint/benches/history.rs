//! How long a history takes to lint: 10 to 10,000 migrations as a project gathers them.
//!
//! `cargo bench -p lint` prints the best of five runs of each; 1,000 migrations are to take less than two seconds.

use std::time::{Duration, Instant};

use lint::{Source, check};

fn main() {
    println!(
        "{:>10} {:>12} {:>10} {:>10} {:>16}",
        "migrations", "statements", "findings", "ms", "µs a migration"
    );
    for count in [10, 100, 1_000, 10_000] {
        let texts: Vec<String> = (0..count).map(migration).collect();
        let sources: Vec<Source<'_>> = texts
            .iter()
            .map(|text| Source { name: "migration", text, is_judged: true, is_pending: false })
            .collect();
        let (mut best, mut findings) = (Duration::MAX, 0);
        for _ in 0..5 {
            let began = Instant::now();
            let reports = check(&sources, &[], 15);
            best = best.min(began.elapsed());
            findings = reports.iter().map(|report| report.findings.len()).sum();
        }
        let statements: usize = texts.iter().map(|text| sql::split(text).pieces.len()).sum();
        let micros = best.as_secs_f64() * 1e6 / f64::from(count);
        println!(
            "{count:>10} {statements:>12} {findings:>10} {:>10.1} {micros:>16.1}",
            best.as_secs_f64() * 1e3
        );
    }
}

/// A table with its keys and indexes, and changes of the one before it.
fn migration(at: i32) -> String {
    let before = (at - 1).max(0);
    format!(
        r#"-- CreateEnum
CREATE TYPE "State{at}" AS ENUM ('new', 'open', 'done');

-- CreateTable
CREATE TABLE "Table{at}" (
    "id" TEXT NOT NULL,
    "name" VARCHAR(200) NOT NULL DEFAULT 'it''s',
    "state" "State{at}" NOT NULL DEFAULT 'new',
    "amount" DECIMAL(10,2),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "parentId" TEXT,

    CONSTRAINT "Table{at}_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Table{at}_name_idx" ON "Table{at}"("name", "createdAt" DESC);

-- AlterTable
ALTER TABLE "Table{before}" ADD COLUMN     "extra{at}" INTEGER NOT NULL DEFAULT 0,
ALTER COLUMN "name" SET DATA TYPE VARCHAR(400);

-- CreateIndex
CREATE UNIQUE INDEX "Table{before}_extra{at}_key" ON "Table{before}"("extra{at}");

-- AddForeignKey
ALTER TABLE "Table{at}" ADD CONSTRAINT "Table{at}_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "Table{before}"("id") ON DELETE SET NULL ON UPDATE CASCADE;

UPDATE "Table{before}" SET "amount" = 0 WHERE "amount" IS NULL;
"#
    )
}
