//! The text of `migrate rehearse`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use crate::rehearse::{Changed, Load, Lock, Measured, Record, Rewritten, Rules, Stall, Step};

/// What was measured, a migration after the other; in the same order each time.
pub fn rehearsal(record: &Record<'_>) -> String {
    let mut text = format!("Data: {}\n", record.data);
    for measured in &record.rehearsal.migrations {
        migration(&mut text, measured);
    }
    if let Some(load) = &record.rehearsal.load {
        of_load(&mut text, load);
    }
    match record.rules {
        Rules::Skipped(why) => _ = write!(text, "\nRules: not checked, {why}\n"),
        Rules::Checked { lines, .. } => _ = write!(text, "\nRules:\n{}\n", indented(lines)),
    }
    match record.failure() {
        None => match record.doubts().as_slice() {
            [] => text.push_str("\n✔ The rehearsal went well."),
            doubts => {
                let doubts = indented(&doubts.join("\n"));
                let _ = write!(text, "\n! The rehearsal came to its end, but:\n{doubts}");
            }
        },
        Some(failure) => _ = write!(text, "\n✘ The rehearsal failed:\n{}", indented(&failure)),
    }
    text
}

fn migration(text: &mut String, measured: &Measured) {
    let Measured { name, took, steps, locks, rewritten, changed, .. } = measured;
    let _ = writeln!(text, "\n{name}: {}", duration(*took));
    for Step { summary, took } in steps {
        let _ = writeln!(text, "  step     {summary}: {}", duration(*took));
    }
    // The strongest first: beside it, the others on the same table keep nobody else away.
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    for Lock { schema, table, mode, held, blocks_reads, blocks_writes } in locks {
        if !told.insert((schema, table)) {
            continue;
        }
        let blocks = match (blocks_reads, blocks_writes) {
            (true, _) => "nobody reads or writes",
            (false, true) => "nobody writes",
            (false, false) => continue,
        };
        let _ = writeln!(
            text,
            "  lock     {mode} on {schema}.{table} for {}: {blocks}",
            duration(*held)
        );
    }
    for Rewritten { schema, name, is_index, rows } in rewritten {
        let what = if *is_index { "built   " } else { "rewritten" };
        let _ = writeln!(text, "  {what} {schema}.{name}: {rows} rows");
    }
    for Changed { schema, table, inserted, updated, deleted } in changed {
        let counts = [(inserted, "inserted"), (updated, "updated"), (deleted, "deleted")];
        let counts: Vec<String> = counts
            .iter()
            .filter(|(rows, _)| **rows > 0)
            .map(|(rows, what)| format!("{rows} {what}"))
            .collect();
        let _ = writeln!(text, "  rows     {schema}.{table}: {}", counts.join(", "));
    }
}

fn of_load(text: &mut String, load: &Load) {
    if load.stalls.is_empty() {
        text.push_str("\nClients: the migrations touch no table that was there before\n");
        return;
    }
    let _ = writeln!(
        text,
        "\nClients: {0} read and {0} write, the longest they had to wait (and without the migrations):",
        load.clients
    );
    for Stall { schema, table, read, write, usual_read, usual_write, failed, error } in &load.stalls
    {
        let _ = writeln!(
            text,
            "  {schema}.{table}: read {} ({}), write {} ({})",
            duration(*read),
            duration(*usual_read),
            duration(*write),
            duration(*usual_write)
        );
        if let Some(error) = error {
            let _ = writeln!(
                text,
                "    {failed} statements failed, as those of the running release would: {}",
                error.lines().next().unwrap_or_default()
            );
        }
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

fn duration(duration: Duration) -> String {
    match duration.as_millis() {
        0..1_000 => format!("{} ms", duration.as_millis()),
        1_000..60_000 => format!("{:.1} s", duration.as_secs_f64()),
        _ => format!("{} min {} s", duration.as_secs() / 60, duration.as_secs() % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rehearse::{Copied, Rehearsal};

    fn lock(mode: &str, blocks_reads: bool, blocks_writes: bool) -> Lock {
        let (schema, table) = ("public".to_owned(), "Student".to_owned());
        let held = Duration::from_millis(2_250);
        Lock { schema, table, mode: mode.to_owned(), held, blocks_reads, blocks_writes }
    }

    #[test]
    fn what_matters_is_told_and_no_more() {
        let measured = Measured {
            name: "2_next".to_owned(),
            checksum: String::new(),
            took: Duration::from_secs(61),
            steps: Vec::new(),
            locks: vec![lock("ACCESS EXCLUSIVE", true, true), lock("SHARE", false, true)],
            rewritten: vec![Rewritten {
                schema: "public".to_owned(),
                name: "Student".to_owned(),
                is_index: false,
                rows: 7,
            }],
            changed: vec![Changed {
                schema: "public".to_owned(),
                table: "Student".to_owned(),
                inserted: 0,
                updated: 3,
                deleted: 1,
            }],
        };
        let stall = Stall {
            schema: "public".to_owned(),
            table: "Student".to_owned(),
            read: Duration::from_millis(900),
            failed: 2,
            error: Some("no column \"a\"\nmore".to_owned()),
            ..Stall::default()
        };
        let load = Load { clients: 4, statements: 9, stalls: vec![stall] };
        let rehearsal = Rehearsal {
            server_version: 150_004,
            has_rows: true,
            migrations: vec![measured],
            failure: None,
            load: Some(load),
        };
        let rules = Rules::Checked { lines: "✘ a: 0 → 1 rows".to_owned(), is_worse: true };
        let record =
            Record { rehearsal: &rehearsal, how: &Copied::Template, data: "a copy", rules: &rules };
        let expected = "Data: a copy\n\n2_next: 1 min 1 s\n  \
            lock     ACCESS EXCLUSIVE on public.Student for 2.2 s: nobody reads or writes\n  \
            rewritten public.Student: 7 rows\n  rows     public.Student: 3 updated, 1 deleted\n\n\
            Clients: 4 read and 4 write, the longest they had to wait (and without the migrations):\n  \
            public.Student: read 900 ms (0 ms), write 0 ms (0 ms)\n    \
            2 statements failed, as those of the running release would: no column \"a\"\n\n\
            Rules:\n  ✘ a: 0 → 1 rows\n\n✘ The rehearsal failed:\n  the data keep fewer rules than before";
        assert_eq!(super::rehearsal(&record), expected);
        // Without the broken rule it has not failed, and has not gone well either.
        let rules = Rules::Skipped("for reasons".to_owned());
        let told = super::rehearsal(&Record { rules: &rules, ..record });
        let end = "! The rehearsal came to its end, but:\n  \
            ACCESS EXCLUSIVE on public.Student was held for 2.2 s\n  2 statements of clients failed";
        assert!(told.ends_with(end), "{told}");
        let well = Rehearsal { has_rows: true, ..Rehearsal::default() };
        let record = Record { rehearsal: &well, rules: &rules, ..record };
        assert!(super::rehearsal(&record).ends_with("✔ The rehearsal went well."));
        let empty = Rehearsal { has_rows: false, ..well.clone() };
        let told = super::rehearsal(&Record { rehearsal: &empty, ..record });
        assert!(told.contains("came to its end, but:\n  no table had rows"), "{told}");
        let stall = Stall { write: Duration::from_millis(3_210), ..Stall::default() };
        let load = Some(Load { clients: 1, statements: 1, stalls: vec![stall] });
        let slow = Rehearsal { load, ..well.clone() };
        let told = super::rehearsal(&Record { rehearsal: &slow, ..record });
        assert!(told.contains("clients had to wait for . up to 3.2 s"), "{told}");
    }
}
