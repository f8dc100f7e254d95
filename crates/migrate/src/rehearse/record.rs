//! What is written down of a rehearsal, and what a deploy may ask of it: that just these scripts were rehearsed, on such
//! a server, and that it went well.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Changed, Copied, Load, Lock, Measured, Rehearsal, Rewritten, Stall, Step};
use crate::folder::Folder;

/// The file's name, beside the migrations. Prisma looks past it.
pub const FILE: &str = "rehearsal.json";

/// From when on it is a stall.
const LONG: Duration = Duration::from_secs(2);

/// What the rules of the data said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rules {
    /// They were not asked, for this reason.
    Skipped(String),
    /// What became of them, a line each, and whether one is broken that was kept.
    Checked { lines: String, is_worse: bool },
}

/// A rehearsal with what is around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    pub rehearsal: &'a Rehearsal,
    /// How the data came into the copy.
    pub how: &'a Copied,
    /// In words: what is to be said of the data.
    pub data: &'a str,
    pub rules: &'a Rules,
}

impl Record<'_> {
    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<String> {
        if let Some(failure) = &self.rehearsal.failure {
            return Some(failure.clone());
        }
        match self.rules {
            Rules::Checked { is_worse: true, .. } => {
                Some("the data keep fewer rules than before".to_owned())
            }
            _ => None,
        }
    }

    /// What speaks against trusting it, where it has not failed.
    pub fn doubts(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        if !self.rehearsal.has_rows {
            doubts.push(
                "no table had rows, so that none could be refused and nobody had to wait"
                    .to_owned(),
            );
        }
        let locks = self.rehearsal.migrations.iter().flat_map(|measured| &measured.locks);
        let kept_out = locks.filter(|lock| lock.blocks_reads || lock.blocks_writes);
        if let Some(lock) = kept_out
            .max_by_key(|lock| (lock.held, lock.blocks_reads))
            .filter(|lock| lock.held >= LONG)
        {
            doubts.push(format!(
                "{} on {}.{} was held for {:.1} s",
                lock.mode,
                lock.schema,
                lock.table,
                lock.held.as_secs_f64()
            ));
        }
        let stalls = self.rehearsal.load.iter().flat_map(|load| &load.stalls);
        let (mut longest, mut failed) = (None::<(&Stall, Duration)>, 0);
        for stall in stalls {
            let wait = stall.read.max(stall.write);
            failed += stall.failed;
            if wait >= LONG && longest.is_none_or(|(_, other)| wait > other) {
                longest = Some((stall, wait));
            }
        }
        if let Some((stall, wait)) = longest {
            doubts.push(format!(
                "clients had to wait for {}.{} up to {:.1} s",
                stall.schema,
                stall.table,
                wait.as_secs_f64()
            ));
        }
        if failed > 0 {
            doubts.push(format!("{failed} statements of clients failed"));
        }
        doubts
    }

    /// All of it, for the file.
    pub fn to_json(&self) -> String {
        let Rehearsal { server_version, migrations, load, .. } = self.rehearsal;
        let failure = self.failure();
        let rules = match self.rules {
            Rules::Skipped(why) => json!({ "skipped": why }),
            Rules::Checked { lines, is_worse } => json!({
                "worse": is_worse, "lines": lines.lines().collect::<Vec<&str>>(),
            }),
        };
        let how = match self.how {
            Copied::Empty => "fresh",
            Copied::Template => "template",
            Copied::Dump => "dump",
            Copied::Given(_) => "backup",
        };
        let json = json!({
            "format": 1,
            "passed": failure.is_none(),
            "failure": failure,
            "doubts": self.doubts(),
            "serverVersion": server_version,
            "copy": how,
            "data": self.data,
            "migrations": migrations.iter().map(migration).collect::<Vec<Value>>(),
            "rules": rules,
            "load": load.as_ref().map(of_load),
        });
        format!("{json:#}\n")
    }
}

fn migration(measured: &Measured) -> Value {
    let Measured { name, checksum, took, steps, locks, rewritten, changed } = measured;
    let lock = |Lock { schema, table, mode, held, blocks_reads, blocks_writes }: &Lock| {
        json!({
            "schema": schema, "table": table, "mode": mode, "heldMs": ms(*held),
            "blocksReads": blocks_reads, "blocksWrites": blocks_writes,
        })
    };
    let step = |Step { summary, took }: &Step| json!({ "summary": summary, "tookMs": ms(*took) });
    let anew = |Rewritten { schema, name, is_index, rows }: &Rewritten| json!({ "schema": schema, "name": name, "kind": if *is_index { "index" } else { "table" }, "rows": rows });
    let rows = |Changed { schema, table, inserted, updated, deleted }: &Changed| json!({ "schema": schema, "table": table, "inserted": inserted, "updated": updated, "deleted": deleted });
    json!({
        "name": name,
        "checksum": checksum,
        "tookMs": ms(*took),
        "steps": steps.iter().map(step).collect::<Vec<Value>>(),
        "locks": locks.iter().map(lock).collect::<Vec<Value>>(),
        "rewritten": rewritten.iter().map(anew).collect::<Vec<Value>>(),
        "rows": changed.iter().map(rows).collect::<Vec<Value>>(),
    })
}

fn of_load(load: &Load) -> Value {
    let stall = |stall: &Stall| {
        json!({
            "schema": stall.schema, "table": stall.table,
            "readMs": ms(stall.read), "writeMs": ms(stall.write),
            "usualReadMs": ms(stall.usual_read), "usualWriteMs": ms(stall.usual_write),
            "failed": stall.failed, "error": stall.error,
        })
    };
    json!({
        "readers": load.clients, "writers": load.clients, "statements": load.statements,
        "stalls": load.stalls.iter().map(stall).collect::<Vec<Value>>(),
    })
}

/// Milliseconds to a tenth.
fn ms(duration: std::time::Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

/// Why a deploy of these pending migrations to a server of version `server_major` is not what was rehearsed; nothing
/// where it is. `text` is the file, if there is one.
pub(super) fn refusal(
    text: Option<&str>,
    folder: &Folder,
    pending: &[String],
    server_major: u32,
) -> Option<String> {
    if pending.is_empty() {
        return None;
    }
    let Some(text) = text else {
        return Some("these migrations were not rehearsed: there is no rehearsal.json".to_owned());
    };
    let json: Value = serde_json::from_str(text).unwrap_or_default();
    let Some(rehearsed) = json["migrations"].as_array().filter(|_| json["format"] == 1) else {
        return Some("rehearsal.json cannot be read".to_owned());
    };
    if json["passed"] != true {
        let why = json["failure"].as_str().unwrap_or("it does not say why");
        return Some(format!("the rehearsal failed: {why}"));
    }
    let major = json["serverVersion"].as_u64().unwrap_or_default() / 10_000;
    if major != u64::from(server_major) {
        return Some(format!(
            "they were rehearsed on PostgreSQL {major}, and this server is PostgreSQL {server_major}"
        ));
    }
    let names: Vec<&str> = rehearsed.iter().filter_map(|one| one["name"].as_str()).collect();
    for name in pending {
        let Some(one) = rehearsed.iter().find(|one| one["name"] == name.as_str()) else {
            return Some(format!("the migration `{name}` was not rehearsed"));
        };
        let now = folder.find(name).map(crate::Migration::checksum);
        if now.as_deref() != one["checksum"].as_str() {
            return Some(format!("the migration `{name}` has changed since it was rehearsed"));
        }
    }
    // Those before them may have been deployed meanwhile, those after them may wait; nothing may be left out in between.
    if !names.windows(pending.len()).any(|some| some == pending) {
        return Some("they were rehearsed in another order, or with others in between".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Migration;

    fn folder(scripts: &[(&str, &str)]) -> Folder {
        let migration = |(name, script): &(&str, &str)| Migration {
            name: (*name).to_owned(),
            script: (*script).to_owned(),
        };
        Folder::of("migrations", scripts.iter().map(migration).collect())
    }

    fn written(folder: &Folder, failure: Option<&str>) -> String {
        let migrations = folder.migrations().iter().map(|migration| Measured {
            name: migration.name.clone(),
            checksum: migration.checksum(),
            took: std::time::Duration::from_millis(12),
            steps: Vec::new(),
            locks: Vec::new(),
            rewritten: Vec::new(),
            changed: Vec::new(),
        });
        let rehearsal = Rehearsal {
            has_rows: true,
            server_version: 150_004,
            migrations: migrations.collect(),
            failure: failure.map(str::to_owned),
            load: None,
        };
        let rules = Rules::Skipped("none".to_owned());
        Record { rehearsal: &rehearsal, how: &Copied::Empty, data: "seed", rules: &rules }.to_json()
    }

    #[test]
    fn only_what_was_rehearsed_is_deployed() {
        let rehearsed = folder(&[("1_a", "A"), ("2_b", "B")]);
        let text = written(&rehearsed, None);
        let pending =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let refused =
            |folder: &Folder, names: &[&str]| refusal(Some(&text), folder, &pending(names), 15);
        assert_eq!(refused(&rehearsed, &["1_a", "2_b"]), None);
        assert_eq!(refused(&rehearsed, &["2_b"]), None, "the first was deployed meanwhile");
        assert_eq!(refused(&rehearsed, &[]), None);
        let why = |refused: Option<String>| refused.unwrap_or_default();
        assert_eq!(refused(&rehearsed, &["1_a"]), None, "the second waits");
        assert!(why(refused(&rehearsed, &["2_b", "1_a"])).contains("in another order"));
        let edited = folder(&[("1_a", "A"), ("2_b", "B2")]);
        assert!(why(refused(&edited, &["2_b"])).contains("`2_b` has changed since"));
        let more = folder(&[("1_a", "A"), ("2_b", "B"), ("3_c", "C")]);
        assert!(why(refused(&more, &["2_b", "3_c"])).contains("`3_c` was not rehearsed"));
        let all = pending(&["2_b"]);
        assert!(why(refusal(None, &rehearsed, &all, 15)).contains("there is no rehearsal.json"));
        assert!(why(refusal(Some("{"), &rehearsed, &all, 15)).contains("cannot be read"));
        assert!(
            why(refusal(Some(&text), &rehearsed, &all, 17)).contains("rehearsed on PostgreSQL 15")
        );
        let failed = written(&rehearsed, Some("no such table"));
        assert!(
            why(refusal(Some(&failed), &rehearsed, &all, 15)).contains("failed: no such table")
        );
    }
}
