//! The texts of a database that is not where the folder leads: why, and the ways out that keep its data.

use std::fmt::Write as _;

use postgres::ConnectionUrl;

use super::drift::NOT_COMPARED;
use super::{branches, location, tree};
use crate::dev::{Adopted, Remedy, ResetRequired};
use crate::folder::script_path;

/// Why nothing was done, and what to do about it; `folder` as people know it.
pub fn reset_required(required: &ResetRequired, url: &ConnectionUrl, folder: &str) -> String {
    format!(
        "{}\nWe need to reset the \"{}\" schema at \"{}\"\n\n\
         You may use cargo xtask migrate reset to drop the development database.\nAll data will be lost.{}",
        required.text(),
        url.schema(),
        location(url),
        to_keep_the_data(required, folder)
    )
}

/// What a person is to know before they are asked whether to keep the data; ends with the question.
pub fn question(required: &ResetRequired, folder: &str) -> Option<String> {
    let diagnosis = &required.diagnosis;
    let question = match required.remedy()? {
        Remedy::AdoptDrift if diagnosis.missing.is_empty() => {
            "Adopt the differences as a migration?".to_owned()
        }
        Remedy::AdoptDrift => format!(
            "{}\n\nIf that branch is given up: adopt what it did as a migration of this one?",
            branches::missing(diagnosis, folder)
        ),
        Remedy::AcceptEdits => {
            format!(
                "{NOT_COMPARED}\nThe edits make no difference to what is compared. Record the migrations as they are now?"
            )
        }
        Remedy::Baseline => {
            "The database has what the migrations make, but they are not in its history. Record them as applied?"
                .to_owned()
        }
    };
    Some(question)
}

/// What was done in the place of a reset.
pub fn adopted(adopted: &Adopted, folder: &str) -> String {
    match adopted {
        Adopted::Recorded(names) => format!("Recorded as applied:\n\n{}", tree(folder, names)),
        Adopted::Drift { applied, created, forgotten } => {
            let mut parts = Vec::new();
            if !applied.is_empty() {
                parts.push(super::applied_pending(applied));
            }
            parts.push(match created {
                Some(name) => format!(
                    "The following migration adopts the differences and counts as applied in this database:\n\n{}",
                    tree(folder, std::slice::from_ref(name))
                ),
                None => "The database is what the migrations make: there was no difference to adopt.".to_owned(),
            });
            parts.push(NOT_COMPARED.to_owned());
            if !forgotten.is_empty() {
                parts.push(format!(
                    "No longer in the history of this database, since {folder} does not have them:\n{}",
                    forgotten.join("\n")
                ));
            }
            parts.join("\n\n")
        }
    }
}

/// That `migrate dev` stops after it has adopted something: what it would do next takes that away again.
pub fn undone(summary: &str) -> String {
    format!(
        "The schema file does not have everything that was adopted. What leads to it takes away or changes what is in \
         the database:\n{summary}"
    )
}

fn to_keep_the_data(required: &ResetRequired, folder: &str) -> String {
    let diagnosis = &required.diagnosis;
    let mut text = String::new();
    // A failure can be settled, and so can the edit that was to mend it.
    for failed in &diagnosis.failed {
        let _ = write!(
            text,
            "\n\nTo keep the data, mend the migration and run cargo xtask migrate resolve --rolled-back \"{}\".",
            failed.name
        );
    }
    if !diagnosis.missing.is_empty() {
        let _ = write!(text, "\n\n{}", branches::missing(diagnosis, folder));
    }
    match required.remedy() {
        Some(Remedy::AdoptDrift) if diagnosis.missing.is_empty() => text.push_str(
            "\n\nTo keep the data, adopt the differences as a migration that counts as applied in this database:\n  \
             cargo xtask migrate dev --adopt --name NAME",
        ),
        Some(Remedy::AdoptDrift) => text.push_str(
            "\nIf that branch is given up, adopt what it did as a migration of this one:\n  \
             cargo xtask migrate dev --adopt --name NAME",
        ),
        Some(Remedy::AcceptEdits) => text.push_str(
            "\n\nThe edits make no difference to what is compared. To keep the data, record the migrations as they are \
             now:\n  cargo xtask migrate dev --adopt",
        ),
        Some(Remedy::Baseline) => text.push_str(
            "\n\nThe database has what the migrations make, but they are not in its history. To keep the data, record them as applied:\n  \
             cargo xtask migrate dev --adopt",
        ),
        None if diagnosis.failed.is_empty() => text.push_str(&by_hand(required, folder)),
        None => {}
    }
    if required.remedy().is_some() {
        let _ = write!(text, "\n\n{NOT_COMPARED}");
    }
    text
}

/// What a yes is not enough for.
fn by_hand(required: &ResetRequired, folder: &str) -> String {
    let diagnosis = &required.diagnosis;
    if diagnosis.edited.is_empty() {
        let first = diagnosis.pending.first().map_or("NAME", String::as_str);
        return format!(
            "\n\nTo keep the data, say which of the migrations the database has already, one by one:\n  \
             cargo xtask migrate resolve --applied \"{first}\""
        );
    }
    let mut text = String::from(
        "\n\nTo keep the data, take the edits back and put what they do into a migration of its own:",
    );
    for name in &diagnosis.edited {
        let script = script_path(folder.as_ref(), name);
        let _ = write!(text, "\n  git checkout -- {}", script.display());
    }
    text.push_str(
        "\n(an edit that is committed is found by: git log -p -- FILE)\n  \
         cargo xtask migrate dev --create-only --name NAME",
    );
    text
}
