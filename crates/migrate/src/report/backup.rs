//! Backups and restores, in words.

use std::fmt::Write as _;

use postgres::ConnectionUrl;

use super::location;
use crate::backup::{Backup, Manifest};
use crate::restore::{Prospect, Restored, Source, Way};

/// More tables than this are only counted.
const TABLES: usize = 20;

/// The end of `db backup`; `folder` as people know it.
pub fn backed_up(backup: &Backup, folder: &str) -> String {
    let Manifest { tables, .. } = &backup.manifest;
    let mut text = format!(
        "✔ Backup {folder}\n  {}, {}, {} on disk; listed, read again and counted\n  SHA-256 {}",
        counted(tables.len() as u64, "table"),
        counted(backup.manifest.rows(), "row"),
        size(backup.manifest.bytes()),
        backup.manifest.checksum(),
    );
    for folder in &backup.removed {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let _ = write!(text, "\n  removed {name}, which was one too many");
    }
    if let Some(why) = &backup.unnoted {
        let _ = write!(
            text,
            "\n  not noted in the database ({}): what lies beside the dump says the same",
            why.trim().trim_start_matches("ERROR: ")
        );
    }
    let _ = write!(text, "\n\nTo go back to it: cargo xtask db restore {folder}");
    text
}

/// What a restore would do: where to, what from, and what is lost.
pub fn restore_prospect(url: &ConnectionUrl, source: &Source, prospect: &Prospect) -> String {
    let (name, place) = (url.database(), location(url));
    let from = match &source.manifest {
        Some(manifest) => {
            let of = match &prospect.from {
                Some(there) => {
                    format!(
                        " of the database \"{}\" of another server, at \"{there}\"",
                        manifest.database
                    )
                }
                None if manifest.database == name => String::new(),
                None => format!(" of the database \"{}\"", manifest.database),
            };
            format!(
                "the backup{of} of {}: {}, {}",
                manifest.taken_at,
                counted(manifest.tables.len() as u64, "table"),
                counted(manifest.rows(), "row")
            )
        }
        None => "a dump that has no checksum beside it; all of it could be read".to_owned(),
    };
    if !prospect.exists {
        return format!("The database \"{name}\" at \"{place}\" is made of {from}.");
    }
    let mut text = format!("The database \"{name}\" at \"{place}\" is replaced by {from}.");
    if let Way::InPlace { why } = &prospect.way {
        let _ = write!(text, "\nIt is emptied and filled in one transaction, since {why}.");
    }
    text.push_str("\n\nWhat is lost:");
    match prospect.migrations.as_deref() {
        None => text.push_str("\n  migrations: the dump does not say which it has"),
        Some([]) => text.push_str("\n  no migration: the same are applied now"),
        Some(since) => {
            let _ = write!(text, "\n  {} applied since:", counted(since.len() as u64, "migration"));
            for name in since {
                let _ = write!(text, "\n    {name}");
            }
        }
    }
    for table in prospect.tables.iter().take(TABLES) {
        let rows = |rows: Option<u64>| {
            rows.map_or_else(|| "no such table".to_owned(), |rows| counted(rows, "row"))
        };
        let _ = write!(
            text,
            "\n  {}.{}: {} now, {} then",
            table.schema,
            table.name,
            rows(table.now),
            rows(table.then)
        );
    }
    if prospect.tables.len() > TABLES {
        let more = prospect.tables.len() - TABLES;
        let _ = write!(text, "\n  and {} that differ", counted(more as u64, "more table"));
    }
    text + "\n  every change since then in rows that are in both"
}

/// The end of `db restore`.
pub fn restored(url: &ConnectionUrl, restored: &Restored) -> String {
    let mut text = format!(
        "✔ The database \"{}\" at \"{}\" is as the backup has it.",
        url.database(),
        location(url)
    );
    if let (Some(why), Some(_)) = (&restored.kept_since, &restored.old) {
        let _ = write!(
            text,
            "\n\n⚠ Since you were told what would be lost, {why}. None of that is in what was restored, and so what was \
             there is kept."
        );
    }
    if let Some(old) = &restored.old {
        let _ = write!(
            text,
            "\n  What it was is in the database \"{old}\" on the same server. To be rid of it, in psql:\n    \
             DROP DATABASE \"{}\";",
            old.replace('"', "\"\"")
        );
    }
    text
}

/// How far a backup is.
pub fn backup_progress(written: u64, of: u64) -> String {
    format!("Writing: {} so far, compressed, of a database of {}", size(written), size(of))
}

fn counted(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// `12.3 MB`, as people count bytes.
fn size(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    // In tenths of the unit, in whole numbers.
    let (mut tenths, mut unit) = (bytes / 100, 0);
    while tenths >= 10_000 && unit + 1 < units.len() {
        tenths /= 1000;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::{Seen, TableLoss};

    #[test]
    fn sizes_are_as_people_count() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_999, "999.9 kB"),
            (1_000_000, "1.0 MB"),
            (12_345_678_901, "12.3 GB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn what_is_lost_is_told() {
        let source = Source {
            dump: "d".into(),
            place: "d".into(),
            manifest: Some(Manifest::of_test("shop")),
            tables: Vec::new(),
            is_tar: false,
        };
        let url: ConnectionUrl = "postgresql://a:secret@db.example/shop".parse().unwrap();
        let prospect = Prospect {
            exists: true,
            from: None,
            migrations: Some(vec!["2_more".to_owned()]),
            tables: vec![
                TableLoss {
                    schema: "public".into(),
                    name: "a".into(),
                    now: Some(1),
                    then: Some(2),
                },
                TableLoss { schema: "public".into(), name: "b".into(), now: Some(5), then: None },
            ],
            sessions: Vec::new(),
            way: Way::InPlace { why: "this user may not create databases".to_owned() },
            seen: Seen::default(),
        };
        insta::assert_snapshot!(restore_prospect(&url, &source, &prospect), @r#"
        The database "shop" at "db.example:5432" is replaced by the backup of 2026-11-28T15:04:05Z: 1 table, 2 rows.
        It is emptied and filled in one transaction, since this user may not create databases.

        What is lost:
          1 migration applied since:
            2_more
          public.a: 1 row now, 2 rows then
          public.b: 5 rows now, no such table then
          every change since then in rows that are in both
        "#);
        let gone = Prospect { exists: false, ..prospect };
        let of_others = Prospect { from: Some("other.example:5432".to_owned()), ..gone.clone() };
        let told = restore_prospect(&url, &source, &of_others);
        assert!(
            told.contains("made of the backup of the database \"shop\" of another server, at \"other.example:5432\" of 2026"),
            "{told}"
        );
        insta::assert_snapshot!(restore_prospect(&url, &source, &gone), @r#"The database "shop" at "db.example:5432" is made of the backup of 2026-11-28T15:04:05Z: 1 table, 2 rows."#);
    }
}
