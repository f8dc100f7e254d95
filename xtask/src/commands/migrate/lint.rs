//! `migrate lint`: what migrations would do to a database that is in use, told before they do it.
//!
//! Without a database all of them are judged, as for PostgreSQL 13 and tables of unknown size. With one: what is pending there,
//! for its version, and tables that are empty are in nobody's way.

use lint::report::{self, Judged};
use lint::{Finding, Report, Severity, Source};
use migrate::folder::{script_path, write_migration};
use migrate::{Folder, Migration};
use sql::statement::Name;

use crate::cli::{Common, Lint, LintFormat, LintSeverity};
use crate::commands::load_configuration;
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::files::Replacement;
use crate::paths;
use crate::secrets::{hide, hide_in_json};
use crate::terminal::{has_colors, note, say, write_result};

pub(super) async fn run(common: &Common, arguments: Lint) -> Result<()> {
    if arguments.list {
        return write_result(&rules());
    }
    let (project, schema) = load_configuration(common)?;
    let folder = Folder::read(&project.migrations())?;
    let known = if arguments.offline {
        None
    } else {
        match Database::resolve(&project, &schema, common.database_url.as_deref()) {
            Ok(database) => match ask(&folder, &database).await {
                Ok(facts) => Some(facts),
                Err(failure) => {
                    note!(
                        "No database to ask ({}): all migrations are judged, as for PostgreSQL {}.\n",
                        hide(failure.message.lines().next().unwrap_or_default()),
                        lint::OLDEST
                    );
                    None
                }
            },
            Err(failure) if common.database_url.is_some() => return Err(failure),
            Err(_) => None,
        }
    };
    let wanted = wanted(&folder, &arguments.migrations, known.as_ref())?;
    let facts = known.unwrap_or_default();
    let reports = judge(&folder, &wanted, &facts);
    let shown: Vec<String> = reports
        .iter()
        .map(|report| paths::shown(&script_path(folder.path(), &report.migration)))
        .collect();
    let judged: Vec<Judged<'_>> = reports
        .iter()
        .zip(&shown)
        .map(|(report, path)| Judged {
            migration: &report.migration,
            path,
            text: folder.find(&report.migration).map_or("", |found| &found.script),
            findings: &report.findings,
        })
        .collect();
    tell(&judged, &facts, arguments.format)?;
    if arguments.fix {
        if facts.pending.is_none() && arguments.migrations.is_empty() {
            let reason = "Which migrations are applied is not known, and those stay as they are.";
            let help = "Name those to mend, or run it where the database can be asked.";
            return Err(Failure::new(reason).help(help));
        }
        mend(&folder, &judged, &facts)?;
    }
    let least = match arguments.fail_on {
        LintSeverity::Warning => Severity::Warning,
        LintSeverity::Error => Severity::Error,
    };
    let found = |finding: &Finding| finding.severity >= least;
    if !arguments.fix && judged.iter().flat_map(|file| file.findings).any(found) {
        return Err(Failure::already_told(1));
    }
    Ok(())
}

/// Every rule with what it reports, one a line.
fn rules() -> String {
    let rules = lint::rules::ALL;
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let lines = rules.iter().map(|rule| format!("{:width$}  {}", rule.id, rule.about));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// What a database says.
pub(super) struct Facts {
    pub(super) version: u32,
    pub(super) rows: Vec<(Name, u64)>,
    /// Migrations that it has not; none where nobody was asked.
    pub(super) pending: Option<Vec<String>>,
}

impl Default for Facts {
    fn default() -> Self {
        Self { version: lint::OLDEST, rows: Vec::new(), pending: None }
    }
}

/// Asks the database.
pub(super) async fn ask(folder: &Folder, database: &Database) -> Result<Facts> {
    let status = migrate::status::status(folder, &database.direct).await?;
    let connection = postgres::connect(&database.direct).await?;
    Ok(Facts {
        version: connection.server_version() / 10_000,
        rows: migrate::plan::rows(&connection).await?,
        pending: Some(status.diagnosis.pending),
    })
}

/// What the rules find in some migrations, each with the schema as it is at that point of the history.
pub(super) fn judge(folder: &Folder, wanted: &[&str], facts: &Facts) -> Vec<Report> {
    let mut history = Vec::new();
    for Migration { name, script } in folder.migrations() {
        let is_pending = facts.pending.as_ref().is_some_and(|pending| pending.contains(name));
        let is_judged = wanted.contains(&name.as_str());
        history.push(Source { name, text: script, is_judged, is_pending });
    }
    settled(folder, lint::check(&history, &facts.rows, facts.version))
}

/// Without what the guard of a contract has made sure of.
fn settled(folder: &Folder, mut reports: Vec<Report>) -> Vec<Report> {
    for report in &mut reports {
        let rollout = folder.contracted_by(&report.migration);
        if let (Some(rollout), Some(found)) = (rollout, folder.find(&report.migration)) {
            lint::settle(&found.script, &rollout.contract.script, &mut report.findings);
        }
    }
    reports
}

/// The migrations to judge: those that are named, else what is pending, else all.
fn wanted<'f>(folder: &'f Folder, named: &[String], known: Option<&Facts>) -> Result<Vec<&'f str>> {
    let all = || folder.migrations().iter().map(|migration| migration.name.as_str());
    if named.is_empty() {
        let pending = known.and_then(|facts| facts.pending.as_ref());
        return Ok(match pending {
            Some(pending) => all().filter(|name| pending.iter().any(|one| one == name)).collect(),
            None => all().collect(),
        });
    }
    let mut found = Vec::new();
    for part in named {
        let exact: Vec<&str> = all().filter(|name| name == part).collect();
        let near: Vec<&str> = all().filter(|name| name.contains(part.as_str())).collect();
        let matching = if exact.is_empty() { near } else { exact };
        if matching.is_empty() {
            let known = psl::nearest(part, all());
            let help = known.map_or_else(
                || format!("The migrations are in {}.", paths::shown(folder.path())),
                |name| format!("Did you mean {name}?"),
            );
            return Err(Failure::new(format!("There is no migration {part}.")).help(help));
        }
        found.extend(matching);
    }
    Ok(found)
}

fn tell(judged: &[Judged<'_>], facts: &Facts, format: LintFormat) -> Result<()> {
    match format {
        LintFormat::Json => write_result(&hide_in_json(&report::json(judged))),
        LintFormat::Github => write_result(&hide(&report::github(judged))),
        LintFormat::Sarif => write_result(&hide_in_json(&report::sarif(judged))),
        LintFormat::Text if judged.is_empty() => {
            say!("Nothing is pending. Name migrations to judge, or all of them with --offline.");
            Ok(())
        }
        LintFormat::Text => {
            // Colours would be taken for a part of a URL: without any, where there is something to hide.
            let plain = report::text(judged, false);
            let hidden = hide(&plain);
            let styled = if hidden == plain { report::text(judged, has_colors()) } else { hidden };
            note!("{}", styled.trim_end());
            say!("{} (PostgreSQL {})", report::total(judged), facts.version);
            Ok(())
        }
    }
}

/// Writes what is certain into the files, save those that the database has: they are what was applied.
fn mend(folder: &Folder, judged: &[Judged<'_>], facts: &Facts) -> Result<()> {
    for file in judged {
        let is_applied = |pending: &Vec<String>| !pending.iter().any(|name| name == file.migration);
        if facts.pending.as_ref().is_some_and(is_applied) {
            note!("{} is applied already, and stays as it is.", file.path);
            continue;
        }
        let Some(fixed) = lint::fix(file.text, file.findings) else { continue };
        let path = script_path(folder.path(), file.migration);
        let write = || Replacement::prepare(&path, file.text, &fixed.text)?.put_in_place();
        write().map_err(|error| Failure::new(format!("cannot write {}: {error}", file.path)))?;
        say!("Mended {} in {}", count(fixed.count), file.path);
        if let Some(then) = fixed.then {
            // Behind it, and before whatever comes next.
            let name = behind(file.migration);
            let written = write_migration(folder.path(), &name, &then)?;
            say!("Wrote {}, which validates what is NOT VALID now", paths::shown(&written));
        }
    }
    Ok(())
}

fn count(count: usize) -> String {
    if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") }
}

/// The name of a migration that validates what another has added: a second later, so that the order is not by chance.
fn behind(name: &str) -> String {
    let digits = name.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(name.len());
    let (moment, rest) = name.split_at(digits);
    let next =
        moment.parse::<u64>().ok().filter(|moment| moment % 100 < 59).map(|moment| moment + 1);
    match next {
        Some(next) if digits == 14 => format!("{next}{rest}_validate"),
        _ => format!("{name}_validate"),
    }
}

#[cfg(test)]
mod tests {
    use super::behind;

    #[test]
    fn what_validates_comes_a_second_later() {
        assert_eq!(behind("20260102000000_keys"), "20260102000001_keys_validate");
        assert_eq!(behind("20260102000059_keys"), "20260102000059_keys_validate");
        assert_eq!(behind("0_init"), "0_init_validate");
    }
}
