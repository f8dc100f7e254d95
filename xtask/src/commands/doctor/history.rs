//! Folder and history, as `migrate status` compares them.

use migrate::status::Status;
use migrate::{Diagnosis, Folder, Relation};

use super::report::{Check, Report};
use crate::database::Database;
use crate::failure::Failure;
use crate::paths;
use crate::project::Project;

const CHECK: Check = Check::History;

/// Reads both and tells what is wrong between them; none where one of them cannot be read.
pub(super) async fn look(
    project: &Project,
    database: &Database,
    report: &mut Report,
) -> Option<(Folder, Status)> {
    let read = async {
        let folder = Folder::read(&project.migrations())?;
        let status = migrate::status::status(&folder, &database.direct).await?;
        Ok::<_, Failure>((folder, status))
    };
    match read.await {
        Ok((folder, status)) => {
            tell(&folder, &status, report);
            Some((folder, status))
        }
        Err(failure) => {
            report.failed(CHECK, &failure);
            None
        }
    }
}

fn tell(folder: &Folder, status: &Status, report: &mut Report) {
    let diagnosis = &status.diagnosis;
    let shown = paths::shown(folder.path());
    if status.is_busy {
        report.hint(
            CHECK,
            "another migrate command is at work on this database",
            ["ask again when it is done"],
        );
    }
    if status.needs_baseline {
        needs_baseline(status, report);
        return;
    }
    for failed in &diagnosis.failed {
        let name = &failed.name;
        let logs = failed.logs.as_deref().map_or("it was cut off", first_line);
        report.wrong(CHECK, format!("{name} failed: {logs}"), [
            format!("cargo xtask migrate resolve --rolled-back \"{name}\"  # undone, by hand or by itself: it will run again"),
            format!("cargo xtask migrate resolve --applied \"{name}\"  # carried through by hand"),
        ]);
    }
    for partly in &diagnosis.partly {
        report.wrong(
            CHECK,
            format!(
                "only some of the migrations that {} was squashed from are applied",
                partly.name
            ),
            ["cargo xtask migrate status  # says what to do"],
        );
    }
    for name in &diagnosis.edited {
        report.wrong(CHECK, format!("{name} was changed after it was applied"), [
            format!("git log -p -- {shown}/{name}/migration.sql  # then take the change back, and make another migration of it"),
            "cargo xtask migrate dev  # offers to record a change that makes no difference".to_owned(),
        ]);
    }
    branches(diagnosis, &shown, report);
    if !status.same_moment.is_empty() {
        report.hint(
            CHECK,
            format!("made in the same second: {}", status.same_moment.join(", ")),
            ["rename the folder that is to come later, before it is deployed anywhere"],
        );
    }
    if report.is_untold(CHECK) {
        let said = match diagnosis.applied.len() {
            0 => "no migrations".to_owned(),
            1 => "1 migration, applied".to_owned(),
            number => format!("{number} migrations, all applied"),
        };
        report.well(CHECK, said);
    }
}

fn needs_baseline(status: &Status, report: &mut Report) {
    let said = "the database has tables and no history of migrations";
    match &status.first {
        Some(first) => report.wrong(CHECK, said, [format!(
            "cargo xtask migrate resolve --applied \"{first}\"  # where the tables are what it makes"
        )]),
        // As `db push` leaves it.
        None => report.hint(
            CHECK,
            format!("{said}, as after db push"),
            ["cargo xtask migrate dev --adopt --name init  # where migrations are wanted"],
        ),
    }
}

/// What only one of the two has.
fn branches(diagnosis: &Diagnosis, shown: &str, report: &mut Report) {
    let find = |name: &String| {
        format!("git log --all --oneline -- {shown}/{name}  # then merge the branch that has it")
    };
    let pending = diagnosis.pending.join(", ");
    let missing = diagnosis.missing.join(", ");
    match diagnosis.relation() {
        Relation::Same => {}
        Relation::DatabaseBehind => {
            report.hint(
                CHECK,
                format!("not applied yet: {pending}"),
                ["cargo xtask migrate deploy"],
            );
        }
        Relation::FolderBehind => {
            let advice = diagnosis.missing.iter().map(find);
            report.hint(CHECK, format!("applied, and not in {shown}: {missing}"), advice);
        }
        Relation::Diverged => {
            let common = diagnosis.last_common.as_ref();
            let since = common.map(|name| format!(" since {name}")).unwrap_or_default();
            let advice = diagnosis.missing.iter().map(find);
            let deploy = "cargo xtask migrate deploy  # when both are in the folder".to_owned();
            report.wrong(
                CHECK,
                format!(
                    "two branches{since}: the database has {missing}, the folder has {pending}"
                ),
                advice.chain([deploy]),
            );
        }
    }
    if !diagnosis.late.is_empty() {
        report.hint(
            CHECK,
            format!(
                "will run after migrations that follow them in the folder: {}",
                diagnosis.late.join(", ")
            ),
            ["cargo xtask migrate status  # says after which"],
        );
    }
}

fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it was cut off")
}
