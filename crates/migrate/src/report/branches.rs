//! The texts of two branches that both added migrations.

use std::fmt::Write as _;

use super::plural;
use crate::diagnose::Diagnosis;

/// That the database has what another branch made, and how to go on.
pub(super) fn missing(diagnosis: &Diagnosis, folder: &str) -> String {
    let names = &diagnosis.missing;
    let (that, them) = if names.len() == 1 { ("that", "it") } else { ("those", "them") };
    let mut text =
        format!("Another branch may have {that} migration{}. To find {them}:", plural(names));
    for name in names {
        let _ = write!(text, "\n  git log --all --oneline -- {folder}/{name}");
    }
    let _ = write!(
        text,
        "\nTo bring {them} here, go to that branch or merge it:\n  git merge BRANCH\n\
         To take {them} back, where the branch has a down.sql of {them}:\n  \
         git checkout BRANCH -- {}\n  cargo xtask migrate down --steps {}",
        names.iter().map(|name| format!("{folder}/{name}")).collect::<Vec<_>>().join(" "),
        names.len()
    );
    text
}

/// That pending migrations come before applied ones, where some do.
pub(super) fn late(diagnosis: &Diagnosis) -> Option<String> {
    let late = &diagnosis.late;
    let last = diagnosis.applied.last().filter(|_| !late.is_empty())?;
    let come = if late.len() == 1 { " comes" } else { "s come" };
    Some(format!(
        "The migration{come} before `{last}` in the folder and will run after it in this database, as where branches \
         were merged:\n{}",
        late.join("\n")
    ))
}

/// That migrations of two branches were made in one second, where some were.
pub(super) fn same_moment(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| {
        format!(
            "Made in the same second, so that only the rest of the name says which comes first:\n{}",
            names.join("\n")
        )
    })
}

/// The same afterwards.
pub fn ran_late(late: &[String]) -> String {
    format!(
        "Out of the order of the folder, after migrations that were here already, as where branches were merged:\n{}",
        late.join("\n")
    )
}

/// That the order made a difference to the schema.
pub fn changed_by_order() -> &'static str {
    "They ran after migrations that come later in the folder, and with that the database has become another than the one \
     that the order of the folder makes."
}
