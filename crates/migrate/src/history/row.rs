//! One row of the history, as it was read.

/// One attempt at a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub id: String,
    pub name: String,
    pub checksum: String,
    pub state: State,
    /// When it began, of one that has not finished, as Prisma writes it: `2026-01-31 09:30:00.250 UTC`.
    pub started_at: Option<String>,
    /// What the database said when it failed.
    pub logs: Option<String>,
}

impl Row {
    /// A row of history/read.sql.
    pub(super) fn read(row: &postgres::driver::Row) -> Self {
        let (finished, rolled_back) =
            (row.get::<_, bool>("finished"), row.get::<_, bool>("rolled_back"));
        Self {
            id: row.get("id"),
            name: row.get("migration_name"),
            checksum: row.get("checksum"),
            state: match (finished, rolled_back) {
                (_, true) => State::RolledBack,
                (true, false) => State::Applied,
                (false, false) => State::Failed,
            },
            started_at: row.get::<_, Option<_>>("started_at").map(moment),
            logs: row.get("logs"),
        }
    }

    /// Whether this is the attempt at a squashed migration that stands in the history for one of this name.
    pub(crate) fn stands_for(&self, name: &str) -> bool {
        let logs = self.logs.as_deref().filter(|_| self.state == State::Applied);
        let lines =
            logs.and_then(|logs| logs.strip_prefix(SQUASHED_FROM)).unwrap_or_default().lines();
        // As history/squash.sql writes them: checksum, state, two times, and the name to the end of the line.
        let names = lines.filter_map(|line| {
            let mut fields = line.trim_start().splitn(5, ' ');
            let is_applied = fields.nth(1)? == "applied";
            fields.nth(2).filter(|_| is_applied)
        });
        names.into_iter().any(|other| other == name)
    }
}

/// What the logs of a squashed migration begin with: what was in its place in the history.
pub(super) const SQUASHED_FROM: &str = "Squashed from:\n";

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Applied,
    /// It failed, or nobody knows how it ended.
    Failed,
    /// Somebody said that it is as if it had never been tried.
    RolledBack,
}

/// A time as the reference prints it: as many digits as it takes, in threes.
fn moment(text: &str) -> String {
    let shorter = text.strip_suffix("000").unwrap_or(text);
    format!("{} UTC", shorter.strip_suffix(".000").unwrap_or(shorter))
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn times_are_printed_as_the_reference_prints_them() {
        for (text, printed) in [
            ("2026-11-22 21:46:13.380000", "2026-11-22 21:46:13.380 UTC"),
            ("2026-11-22 21:47:18.463349", "2026-11-22 21:47:18.463349 UTC"),
            ("2026-11-22 21:47:18.000000", "2026-11-22 21:47:18 UTC"),
        ] {
            assert_eq!(moment(text), printed);
        }
    }
}
