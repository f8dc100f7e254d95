//! `migrate check`: all that can be said of a change before it is deployed, a line for each part, one exit status.
//!
//! A part that fails does not keep the others from being looked at, except where they stand on it. Nothing is changed
//! anywhere: what is replayed and rehearsed is so in databases of the moment.

mod looked_at;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use migrate::Folder;
use migrate::compare::{ReplayIn, Side, compare};
use migrate::folder::script_path;
use pg_schema::Pair;
use psl::{Analysis, SourceFile};

use self::looked_at::{LookedAt, looked_at};
use super::lint::{Facts, judge};
use super::rehearse::{Rehearsed, SEED, on_a_copy};
use super::shown_in;
use crate::cli::{Check, Common, FindingsFormat};
use crate::commands::generate;
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::findings::{self, Stream};
use crate::paths;
use crate::project::Project;
use crate::secrets::hide;
use crate::sources::Sources;
use crate::terminal::{Step, say, write_result};

/// Why a part has nothing to look at.
const NOTHING_NEW: &str = "nothing is pending, and what is applied stays as it is";

/// A workflow that runs this command, as it stands in README.md.
const WORKFLOW: &str = include_str!("check/workflow.yml");

pub(super) async fn run(common: &Common, arguments: Check) -> Result<()> {
    if arguments.workflow {
        return write_result(WORKFLOW);
    }
    let project = Project::find(common.schema.as_deref())?;
    let sources = Sources::of(&project, paths::shown).map_err(Failure::from)?;
    let mut checked = Checked::default();
    let analysis = psl::analyze(sources.files.clone());
    checked.part("schema", |_| valid(&analysis));
    if analysis.has_errors() {
        // In its words, with the lines: everything else stands on it.
        let told = findings::report(
            &analysis.diagnostics,
            analysis.schema.files(),
            FindingsFormat::Text,
            Stream::Stdout,
        );
        return told.and(Err(Failure::already_told(1)));
    }
    checked.part("layout", |_| laid_out(&sources.files));
    checked.part("client", |_| client(&project, &analysis));
    let database = Database::resolve(&project, &analysis.schema, common.database_url.as_deref())?;
    let folder = match Folder::read(&project.migrations()) {
        Ok(folder) => folder,
        Err(error) => {
            checked.tell("history", Duration::ZERO, &Outcome::of_failure(error.into()));
            return checked.end();
        }
    };
    let began = Instant::now();
    // A database that cannot be asked is told once.
    let outcome = match history(&folder, &database).await {
        Ok(outcome) => outcome,
        Err(failure) => {
            checked.tell("history", began.elapsed(), &Outcome::of_failure(failure));
            for name in ["lint", "replay", "rehearsal"] {
                let why = "the database could not be asked".to_owned();
                checked.tell(name, Duration::ZERO, &Outcome::Skipped(why));
            }
            return checked.end();
        }
    };
    checked.tell("history", began.elapsed(), &outcome);
    let looked_at = match looked_at(&folder, &database, arguments.since.as_deref()).await {
        Ok(names) => names,
        Err(failure) => {
            checked.tell("lint", Duration::ZERO, &Outcome::of_failure(failure));
            return checked.end();
        }
    };
    let began = Instant::now();
    let linted = linted(&folder, &database, &looked_at, arguments.since.as_deref()).await;
    let outcome = linted.unwrap_or_else(Outcome::of_failure);
    checked.tell("lint", began.elapsed(), &outcome);
    let began = Instant::now();
    let outcome = replayed(&folder, &analysis, &database).await.unwrap_or_else(Outcome::of_failure);
    checked.tell("replay", began.elapsed(), &outcome);
    let can_rehearse = !outcome.is_bad();
    let began = Instant::now();
    let outcome = if can_rehearse {
        let rehearsed = Box::pin(rehearsed(&project, &folder, &database, &looked_at)).await;
        rehearsed.unwrap_or_else(Outcome::of_failure)
    } else {
        Outcome::Skipped("the migrations do not lead to the schema".to_owned())
    };
    checked.tell("rehearsal", began.elapsed(), &outcome);
    checked.end()
}

/// What a part has come to.
#[derive(Debug)]
enum Outcome {
    Good(String),
    Skipped(String),
    Bad { what: String, mend: String },
}

impl Outcome {
    fn bad(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Bad { what: what.into(), mend: mend.into() }
    }

    fn is_bad(&self) -> bool {
        matches!(self, Self::Bad { .. })
    }

    /// A part that could not come to its end.
    #[expect(clippy::needless_pass_by_value, reason = "for `unwrap_or_else`")]
    fn of_failure(failure: Failure) -> Self {
        let code = failure.code.as_deref().map(|code| format!("{code}: ")).unwrap_or_default();
        let mend = failure.help.clone().unwrap_or_else(|| "cargo xtask doctor".to_owned());
        Self::bad(format!("{code}{}", failure.message), mend)
    }
}

/// The parts so far.
#[derive(Debug, Default)]
struct Checked {
    bad: usize,
    all: usize,
}

impl Checked {
    fn part(&mut self, name: &str, check: impl FnOnce(&Self) -> Outcome) {
        let began = Instant::now();
        let outcome = check(self);
        self.tell(name, began.elapsed(), &outcome);
    }

    fn tell(&mut self, name: &str, took: Duration, outcome: &Outcome) {
        self.all += 1;
        self.bad += usize::from(outcome.is_bad());
        say!("{}", hide(&line(name, took, outcome)));
    }

    fn end(&self) -> Result<()> {
        if self.bad == 0 {
            return Ok(());
        }
        Err(Failure::new(format!(
            "{} of {} parts are not as they should be: see above",
            self.bad, self.all
        )))
    }
}

/// `✔ layout     2 files (1 ms)`; where it is bad, all of it below, and what mends it.
fn line(name: &str, took: Duration, outcome: &Outcome) -> String {
    let took = if took < Duration::from_secs(1) {
        format!("{} ms", took.as_millis())
    } else {
        format!("{:.1} s", took.as_secs_f64())
    };
    match outcome {
        Outcome::Good(what) => format!("✔ {name:<10} {what} ({took})"),
        Outcome::Skipped(why) => format!("- {name:<10} not looked at: {why}"),
        Outcome::Bad { what, mend } => {
            let mut lines = what.trim_end().lines();
            let mut text = format!("✘ {name:<10} {} ({took})", lines.next().unwrap_or_default());
            for line in lines {
                let _ = write!(text, "\n    {line}");
            }
            for line in mend.trim_end().lines() {
                let _ = write!(text, "\n    → {line}");
            }
            text
        }
    }
}

/// `1 file`, `2 files`.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn valid(analysis: &Analysis) -> Outcome {
    let errors = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    if errors > 0 {
        return Outcome::bad(counted(errors, "error"), "cargo xtask validate --fix");
    }
    let models = analysis.schema.models().count();
    Outcome::Good(counted(models, "model"))
}

fn laid_out(files: &[SourceFile]) -> Outcome {
    let formatted = psl::format(files);
    let pairs = files.iter().zip(&formatted.texts);
    let other: Vec<&str> =
        pairs.filter(|(file, text)| file.text() != *text).map(|(file, _)| file.path()).collect();
    if other.is_empty() {
        return Outcome::Good(counted(files.len(), "file"));
    }
    Outcome::bad(format!("not laid out: {}", other.join(", ")), "cargo xtask format")
}

fn client(project: &Project, analysis: &Analysis) -> Outcome {
    match generate::compare(project, &analysis.schema) {
        Ok(None) => Outcome::Skipped("no generator writes a Rust client".to_owned()),
        Ok(Some((shown, 0))) => Outcome::Good(format!("{shown} is what the schema says")),
        Ok(Some((shown, files))) => Outcome::bad(
            format!("{shown} is not what the schema says, in {}", counted(files, "file")),
            "cargo xtask generate",
        ),
        Err(failure) => Outcome::of_failure(failure),
    }
}

/// That names, checksums and order are those that the database knows.
async fn history(folder: &Folder, database: &Database) -> Result<Outcome> {
    let found = counted(folder.migrations().len(), "migration");
    if let [(name, _), ..] = folder.left_over() {
        return Ok(Outcome::bad(
            format!("a squash into `{name}` was cut off: what it replaced is still there"),
            "cargo xtask migrate status",
        ));
    }
    let status = match migrate::status::status(folder, &database.direct).await {
        Err(error) if error.code() == Some("P1003") => {
            return Ok(Outcome::Good(format!("{found}; there is no database yet")));
        }
        status => status?,
    };
    let diagnosis = &status.diagnosis;
    if !diagnosis.edited.is_empty() {
        return Ok(Outcome::bad(
            format!("changed since they were applied: {}", diagnosis.edited.join(", ")),
            "git checkout what was applied, and write the change as a new migration: cargo xtask migrate dev",
        ));
    }
    if !diagnosis.missing.is_empty() {
        return Ok(Outcome::bad(
            format!("applied and not in the folder: {}", diagnosis.missing.join(", ")),
            "cargo xtask migrate status",
        ));
    }
    if let (Some(half), Some(_)) = (diagnosis.failed.first(), &status.resumes) {
        // What its steps have done is done: rolled back, they would be done again.
        return Ok(Outcome::bad(
            format!("`{}` is half applied, and the next deploy goes on with it", half.name),
            "cargo xtask migrate deploy",
        ));
    }
    if let Some(failed) = diagnosis.failed.first() {
        return Ok(Outcome::bad(
            format!("`{}` has failed in the database", failed.name),
            format!("cargo xtask migrate resolve --rolled-back \"{}\"", failed.name),
        ));
    }
    if status.needs_baseline {
        return Ok(Outcome::bad(
            "the database has tables and no history",
            "cargo xtask migrate status",
        ));
    }
    let mut text = format!("{found}, {} pending", diagnosis.pending.len());
    if !diagnosis.late.is_empty() {
        let _ = write!(text, ", {} before one that is applied", diagnosis.late.len());
    }
    Ok(Outcome::Good(text))
}

/// That the migrations lead from nothing to the schema, once open rollouts are contracted.
async fn replayed(folder: &Folder, analysis: &Analysis, database: &Database) -> Result<Outcome> {
    let sides = Pair::new(Side::Contracted(folder), Side::Schema(&analysis.schema));
    let Database { direct, shadow, cache, .. } = database;
    let replay = ReplayIn { beside: Some(direct), shadow: shadow.as_ref(), cache: Some(cache) };
    let comparison = {
        let step = Step::start("Replaying the migrations");
        let mut progress = shown_in(&step);
        Box::pin(compare(sides, &[], replay, &[], &mut progress)).await?
    };
    if comparison.is_empty() {
        let mut text = "the migrations lead to the schema".to_owned();
        match folder.open_rollouts().count() {
            0 => {}
            open => _ = write!(text, ", {} contracted", counted(open, "open rollout")),
        }
        return Ok(Outcome::Good(text));
    }
    Ok(Outcome::bad(
        format!("the migrations do not lead to the schema:\n{}", comparison.summary().trim()),
        "cargo xtask migrate dev --name what_changed",
    ))
}

/// What the migrations would do to a database in use, by the rules alone.
async fn linted(
    folder: &Folder,
    database: &Database,
    looked_at: &LookedAt,
    since: Option<&str>,
) -> Result<Outcome> {
    if looked_at.names.is_empty() {
        return Ok(Outcome::Skipped(NOTHING_NEW.to_owned()));
    }
    let admin = postgres::database::connect_admin(&database.direct).await?;
    let version = admin.server_major();
    admin.close().await;
    // How large the tables are where it will be deployed, this database does not know.
    let pending = looked_at.at_once.then(|| looked_at.names.clone());
    let facts = Facts { version, rows: Vec::new(), pending };
    let wanted: Vec<&str> = looked_at.names.iter().map(String::as_str).collect();
    let reports = judge(folder, &wanted, &facts);
    let findings =
        || reports.iter().flat_map(|report| report.findings.iter().map(move |one| (report, one)));
    let is_error = |finding: &lint::Finding| finding.severity == lint::Severity::Error;
    let warnings = findings().filter(|(_, finding)| !is_error(finding)).count();
    let mut what = String::new();
    for (report, finding) in findings().filter(|(_, finding)| is_error(finding)) {
        let text = folder.find(&report.migration).map_or("", |migration| &migration.script);
        let line = text[..finding.range.start].matches('\n').count() + 1;
        let file = script_path(folder.path(), &report.migration);
        let _ = write!(
            what,
            "\n{}:{line}: {} [{}]",
            paths::shown(&file),
            finding.message,
            finding.rule
        );
        if let Some(safe) = &finding.safe {
            for line in safe.trim_end().lines() {
                let _ = write!(what, "\n    {line}");
            }
        }
    }
    if what.is_empty() {
        let of = match reports.as_slice() {
            [one] => format!("`{}`", one.migration),
            several => counted(several.len(), "migration"),
        };
        return Ok(Outcome::Good(format!("{of}, {}", counted(warnings, "warning"))));
    }
    let mut mend =
        "write it as above, or, if that may be: -- lint: allow RULE because …".to_owned();
    if looked_at.names.len() == folder.migrations().len() && since.is_none() && reports.len() > 1 {
        mend.push_str(
            "\nwhere some of them are deployed already: cargo xtask migrate check --since THE_LAST_OF_THEM",
        );
    }
    Ok(Outcome::bad(format!("others would have to wait{what}"), mend))
}

/// The same on a copy with the seed's data. Of all migrations only the last one finds rows there.
async fn rehearsed(
    project: &Project,
    folder: &Folder,
    database: &Database,
    looked_at: &LookedAt,
) -> Result<Outcome> {
    let names = match looked_at.names.as_slice() {
        [] => return Ok(Outcome::Skipped(NOTHING_NEW.to_owned())),
        all if all.len() == folder.migrations().len() => &all[all.len() - 1..],
        new => new,
    };
    let Rehearsed { text, failure, doubts, .. } =
        on_a_copy(project, folder, database, names, SEED, false).await?;
    if failure.is_some() {
        return Ok(Outcome::bad(format!("failed\n{text}"), "cargo xtask migrate rehearse"));
    }
    let what = match names {
        [one] => format!("`{one}`"),
        several => format!("{} migrations", several.len()),
    };
    Ok(Outcome::Good(if doubts.is_empty() {
        format!("{what} went well on a copy")
    } else {
        format!("{what} came to the end on a copy, but {}", doubts.join("; "))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_a_line_and_what_mends_it() {
        let took = Duration::from_millis(12);
        assert_eq!(
            line("layout", took, &Outcome::Good("2 files".to_owned())),
            "✔ layout     2 files (12 ms)"
        );
        assert_eq!(
            line(
                "replay",
                Duration::from_millis(1_250),
                &Outcome::bad("no\nmore\n", "cargo xtask x")
            ),
            "✘ replay     no (1.2 s)\n    more\n    → cargo xtask x"
        );
        assert_eq!(
            line("client", took, &Outcome::Skipped("none".to_owned())),
            "- client     not looked at: none"
        );
    }
}
