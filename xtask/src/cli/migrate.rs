//! What can be typed after `migrate`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::Diff;

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    #[command(subcommand)]
    pub(crate) command: Option<MigrateCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MigrateCommand {
    /// Create a migration from the schema's changes, apply it, regenerate the client
    #[command(
        after_help = "Examples:\n  cargo xtask migrate dev --name add_nickname\n  cargo xtask migrate dev --name mobile --rename Student.phone:mobile\n  cargo xtask migrate dev --zero-downtime --name price_cents --using 'ROUND(\"price\" * 100)'"
    )]
    Dev(Dev),
    /// Apply pending migrations: the command for production
    #[command(
        after_help = "Examples:\n  cargo xtask migrate deploy\n  cargo xtask migrate deploy --dry-run\n  cargo xtask migrate deploy --backup --verify --require-rehearsal"
    )]
    Deploy(Deploy),
    /// Run the pending migrations on a copy with data, and measure what they hold, rewrite and break
    #[command(
        after_help = "Examples:\n  cargo xtask migrate rehearse\n  cargo xtask migrate rehearse --data clone --load\n  cargo xtask migrate rehearse --data latest --format json"
    )]
    Rehearse(Rehearse),
    /// Judge migrations by what they would do to a database in use: locks, rewrites, what breaks the running release
    #[command(
        after_help = "Examples:\n  cargo xtask migrate lint\n  cargo xtask migrate lint --offline --format github --fail-on warning\n  cargo xtask migrate lint 20261122093000_add_nickname --fix\n\nA finding is silenced by a comment above its statement:\n  -- lint: allow RULE because REASON"
    )]
    Lint(Lint),
    /// All that can be said before a deploy: schema, layout, client, history, lint and a rehearsal, with one exit status
    #[command(
        after_help = "Examples:\n  cargo xtask migrate check\n  cargo xtask migrate check --since add_invoices\n  cargo xtask migrate check --workflow > .github/workflows/database.yml"
    )]
    Check(Check),
    /// Show what the pending migrations would do: locks, sizes, time, the way back; it changes nothing
    #[command(
        after_help = "Examples:\n  cargo xtask migrate plan\n  cargo xtask migrate plan --database-url \"$PRODUCTION\" --format json"
    )]
    Plan(Plan),
    /// Show which migrations the database has and lacks, and where it differs from them
    #[command(
        after_help = "Examples:\n  cargo xtask migrate status\n  cargo xtask migrate status --drift --format json"
    )]
    Status(Status),
    /// Record in the history that a migration was applied or rolled back by hand
    #[command(
        after_help = "Example: cargo xtask migrate resolve --rolled-back 20261122093000_add_nickname"
    )]
    Resolve(Resolve),
    /// Take applied migrations back, each by the down.sql beside its migration.sql
    #[command(
        after_help = "Examples:\n  cargo xtask migrate down --dry-run\n  cargo xtask migrate down --to 20261122093000_init"
    )]
    Down(Down),
    /// End a rollout: take away what only the old release needs, once nothing writes it any more
    #[command(
        after_help = "Examples:\n  cargo xtask migrate contract price_cents\n  cargo xtask migrate contract price_cents --quiet 1h"
    )]
    Contract(Contract),
    /// Give a rollout up: the database as it was before, with all that was written since
    #[command(after_help = "Example: cargo xtask migrate abort price_cents")]
    Abort(Abort),
    /// Begin to put a large table into partitions, a month each, while it is in use
    #[command(
        after_help = "Example: cargo xtask migrate partition TripPoint --by recordedAt\n\nThen, as it says: backfill run, migrate contract, and partition maintain once a month"
    )]
    Partition(Partition),
    /// Make one migration of several that follow each other
    #[command(
        after_help = "Examples:\n  cargo xtask migrate squash --dry-run\n  cargo xtask migrate squash --from 20261122093000_init --to 20261201101500_add_nickname"
    )]
    Squash(Squash),
    /// Drop all data, then apply all migrations again
    #[command(after_help = "Example: cargo xtask migrate reset --force")]
    Reset(Reset),
    /// Show what leads from one schema, folder of migrations or database to another
    #[command(
        after_help = "Examples:\n  cargo xtask migrate diff --from-migrations prisma/migrations --to-schema prisma/schema.prisma --exit-code\n  cargo xtask migrate diff --from-url \"$PROD_DB\" --to-schema prisma/schema.prisma --script | cargo xtask db execute --stdin --url \"$PROD_DB\""
    )]
    Diff(Box<Diff>),
}

#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Deploy {
    /// Check the data before and after, as `verify` does, and show what the migrations changed; exit 1 where they broke a rule
    #[arg(long)]
    pub(crate) verify: bool,
    /// Back the database up first, as `db backup` does, where anything is pending
    #[arg(long)]
    pub(crate) backup: bool,
    /// Apply only what `migrate rehearse` has written down as gone well, on such a server, and has not changed since
    #[arg(long)]
    pub(crate) require_rehearsal: bool,
    /// Apply nothing after this migration; a part of its name will do
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) up_to: Option<String>,
    /// Say what would be applied, in which steps, and do nothing
    #[arg(long, conflicts_with = "verify")]
    pub(crate) dry_run: bool,
    /// How long to wait for a lock that keeps others out, before it is tried again later: `500ms`, `2s`; `0` is as long as
    /// it takes. What a migration sets itself holds, and what works beside others (CONCURRENTLY, VALIDATE) waits in any
    /// case [default: 1s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) lock_timeout: Option<Duration>,
    /// How long a statement may take, save those that work beside others [default: as the server has it]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) statement_timeout: Option<Duration>,
    /// How often to try again what did not get its locks, with growing pauses [default: 10]
    #[arg(long, value_name = "N")]
    pub(crate) max_retries: Option<u32>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Plan {
    /// Plan nothing after this migration; a part of its name will do
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) up_to: Option<String>,
    /// How to tell what was found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: StatusFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Rehearse {
    /// The data: `seed` makes them anew, `clone` copies the database, else a backup or a dump (`latest`, or its path)
    /// [default: seed, where the project has a seed, else clone]
    #[arg(long, value_name = "seed|clone|DUMP")]
    pub(crate) data: Option<String>,
    /// Have clients read and write the tables meanwhile, and tell how long they had to wait
    #[arg(long)]
    pub(crate) load: bool,
    /// Rehearse no migration behind this one; a part of its name will do. A contract is rehearsed once its fill is done
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) up_to: Option<String>,
    /// Where to write what was measured [default: rehearsal.json beside the migrations]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// How to tell what was measured
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: StatusFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Which migrations; parts of their names will do [default: what is pending, or all without a database]
    #[arg(value_name = "MIGRATION")]
    pub(crate) migrations: Vec<String>,
    /// Name all rules, and do nothing else
    #[arg(long)]
    pub(crate) list: bool,
    /// Ask no database: all migrations, as for PostgreSQL 13 and tables of unknown size
    #[arg(long)]
    pub(crate) offline: bool,
    /// How to tell what was found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: LintFormat,
    /// Exit 1 where something of this severity, or a worse one, was found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) fail_on: LintSeverity,
    /// Write what is certain into the files: CONCURRENTLY, NOT VALID and a migration that validates, a `lock_timeout`
    #[arg(long)]
    pub(crate) fix: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// With source lines and marks, for a person
    #[default]
    Text,
    /// An array of objects, for a program
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a pull request
    Github,
    /// SARIF 2.1.0, for code scanners
    Sarif,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintSeverity {
    /// What stops others for a moment, or breaks the running release
    Warning,
    /// What stops others for a time that grows with a table, or fails
    #[default]
    Error,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Check {
    /// Look at the migrations after this one (its name or a part of it), as the last that is deployed
    #[arg(long, value_name = "NAME")]
    pub(crate) since: Option<String>,
    /// Print a workflow for GitHub that runs this command, and do nothing else
    #[arg(long)]
    pub(crate) workflow: bool,
}

/// Reads `500ms`, `2s`, `1min` or `0`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "min" | "m" => 60_000,
        "h" => 3_600_000,
        "" if number.bytes().all(|digit| digit == b'0') => 1,
        _ => 0,
    };
    let milliseconds = number.parse::<u64>().ok().filter(|_| unit > 0);
    let milliseconds = milliseconds.and_then(|number| number.checked_mul(unit));
    milliseconds
        .map(Duration::from_millis)
        .ok_or_else(|| "a time is a number and ms, s, min or h: 500ms, 2s".to_owned())
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Status {
    /// Compare schema file, migrations and database too; exit 1 where they differ. Needs a shadow database
    #[arg(long)]
    pub(crate) drift: bool,
    /// How to tell what was found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: StatusFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum StatusFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Dev {
    /// The migration's name, as `add_nickname`
    #[arg(short, long)]
    pub(crate) name: Option<String>,
    /// Where the database is not what the migrations make, keep it: make a migration of the differences, or record
    /// what it has as applied, without asking
    #[arg(long)]
    pub(crate) adopt: bool,
    /// Write the migration but do not apply it
    #[arg(long)]
    pub(crate) create_only: bool,
    /// Leave the typed client as it is, and do not check the code that uses it
    #[arg(long)]
    pub(crate) skip_generate: bool,
    /// Do not seed a database that was just created
    #[arg(long)]
    pub(crate) skip_seed: bool,
    #[command(flatten)]
    pub(crate) renames: Renames,
    #[command(flatten)]
    pub(crate) phases: Phases,
}

/// What a breaking change becomes a rollout by.
#[derive(Debug, Args)]
pub(crate) struct Phases {
    /// Make a change that breaks the running release in phases: both sides side by side, filled, and the old one taken away
    /// when nothing writes it any more
    #[arg(long)]
    pub(crate) zero_downtime: bool,
    /// Where values come from: `ROUND("price" * 100)`, or, of one field of several, `Model.field=EXPR`; of a field that goes,
    /// how it is had from the new ones. Columns of to-one relations too: `"startAt" AT TIME ZONE org."timeZone"`
    #[arg(long, value_name = "EXPR", requires = "zero_downtime")]
    pub(crate) using: Vec<String>,
    /// A check to be added: `Model.name=EXPR`
    #[arg(long, value_name = "MODEL.NAME=EXPR", requires = "zero_downtime")]
    pub(crate) check: Vec<String>,
}

/// For every command that compares a schema with what is there.
#[derive(Debug, Args)]
pub(crate) struct Renames {
    /// What was renamed, so that it is not dropped and made anew: `Student:Pupil` for a model or enum,
    /// `Student.phone:mobile` for a field, `Status.ACTIVE:ENABLED` for a value; once for each
    #[arg(long = "rename", value_name = "OLD:NEW")]
    pub(crate) wanted: Vec<String>,
}

/// One of the two; that it is one is checked by the command, which says so as Prisma does.
#[derive(Debug, Args)]
pub(crate) struct Resolve {
    /// The migration is in the database already; a part of its name will do
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) applied: Option<String>,
    /// The failed migration was undone by hand; a part of its name will do
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) rolled_back: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Down {
    /// How many migrations to take back, the last one first
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) steps: u32,
    /// Take back all that were applied after this one; a part of its name will do
    #[arg(long, value_name = "MIGRATION", conflicts_with = "steps")]
    pub(crate) to: Option<String>,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) force: bool,
    /// Say what would be done and lost, with the SQL, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Contract {
    /// The rollout; a part of its name will do
    #[arg(value_name = "ROLLOUT")]
    pub(crate) name: String,
    /// For how long nothing may have written the old side: `30s`, `10m`, `2h`. In other databases it is what their deploy
    /// asks for, 10 minutes [default: 10m]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) quiet: Option<Duration>,
    /// Write the migration but do not apply it: the same command without this does
    #[arg(long)]
    pub(crate) create_only: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Partition {
    /// The model
    #[arg(value_name = "MODEL")]
    pub(crate) model: String,
    /// The field by whose months the partitions are; the model's @@id has to hold it
    #[arg(long, value_name = "FIELD")]
    pub(crate) by: String,
    /// The migration's name [default: `partition_MODEL`]
    #[arg(short, long)]
    pub(crate) name: Option<String>,
    /// Write the migration but do not apply it
    #[arg(long)]
    pub(crate) create_only: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Abort {
    /// The rollout; a part of its name will do
    #[arg(value_name = "ROLLOUT")]
    pub(crate) name: String,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Squash {
    /// The first of them; a part of its name will do [default: the first that there is]
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) from: Option<String>,
    /// The last of them; a part of its name will do [default: the last that there is]
    #[arg(long, value_name = "MIGRATION")]
    pub(crate) to: Option<String>,
    /// The new migration's name, as `first_year` [default: squashed]
    #[arg(short, long)]
    pub(crate) name: Option<String>,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) force: bool,
    /// Say what would be joined and deleted, with the SQL, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Reset {
    /// Do not ask
    #[arg(short, long)]
    pub(crate) force: bool,
    /// Leave the typed client as it is, and do not check the code that uses it
    #[arg(long)]
    pub(crate) skip_generate: bool,
    /// Do not seed afterwards
    #[arg(long)]
    pub(crate) skip_seed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        for (text, milliseconds) in
            [("500ms", 500), ("2s", 2_000), ("1min", 60_000), ("0", 0), ("1 h", 3_600_000)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "5", "s", "-1s", "1.5s", "2 days", "99999999999999999999s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
