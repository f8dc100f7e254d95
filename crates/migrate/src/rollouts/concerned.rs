//! Which of several open rollouts a new migration does not go together with, as far as can be told.

use sql::Statement;
use sql::statement::Kind;

use super::Rollout;
use crate::quoting;

/// Those whose contract `message` names, and those whose contract is about something that `script` names, as `migrate`
/// writes names; all where there is none of either.
pub(super) fn concerned<'r>(open: &[&'r Rollout], message: &str, script: &str) -> Vec<&'r Rollout> {
    let is_named = |name: &String| script.contains(&quoting::identifier(name));
    let is_concerned = |rollout: &Rollout| {
        message.contains(&rollout.contract.name)
            || subjects(&rollout.contract.script).iter().any(is_named)
    };
    let found: Vec<&Rollout> =
        open.iter().copied().filter(|rollout| is_concerned(rollout)).collect();
    if found.is_empty() { open.to_vec() } else { found }
}

/// Tables that a script alters or drops, and what else it drops or makes of them that a script may name alone.
fn subjects(script: &str) -> Vec<String> {
    let mut names = Vec::new();
    for statement in Statement::read(script) {
        match statement.kind {
            Kind::AlterTable(alter) => names.push(alter.table.name),
            Kind::CreateIndex(index) => {
                names.push(index.table.name);
                names.extend(index.name.map(|name| name.name));
            }
            Kind::DropIndex(drop) => names.extend(drop.names.into_iter().map(|name| name.name)),
            Kind::Drop(drop) => {
                names.extend(drop.names.into_iter().chain(drop.table).map(|name| name.name));
            }
            Kind::Rename(rename) => names.extend([rename.from.name, rename.to]),
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Migration;

    fn rollout(name: &str, script: &str) -> Rollout {
        let contract = Migration { name: format!("{name} (contract)"), script: script.to_owned() };
        Rollout { name: name.to_owned(), contract, contracted_by: None }
    }

    #[test]
    fn only_those_are_told_that_have_to_do_with_it() {
        let item = rollout(
            "1_item",
            "CREATE INDEX IF NOT EXISTS \"Item_a_idx\" ON \"Item\"(\"a\");\nALTER TABLE \"Item\" DROP COLUMN \"b\";",
        );
        let student = rollout("2_student", "DROP VIEW \"Pupil\";\nDROP TRIGGER t ON \"Student\";");
        let open = [&item, &student];
        let names = |message: &str, script: &str| -> Vec<String> {
            let found = concerned(&open, message, script);
            found.iter().map(|rollout| rollout.name.clone()).collect()
        };
        for (message, script, expected) in [
            ("", "ALTER TABLE \"Item\" ADD COLUMN \"c\" TEXT;", &["1_item"][..]),
            ("", "DROP INDEX \"Item_a_idx\";", &["1_item"]),
            ("", "DROP TABLE \"public\".\"Student\";", &["2_student"]),
            ("", "ALTER TABLE \"Pupil\" ADD COLUMN \"c\" TEXT;", &["2_student"]),
            ("`2_student (contract)` failed", "DROP TABLE \"Other\";", &["2_student"]),
            ("", "DROP TABLE \"Other\";", &["1_item", "2_student"]),
        ] {
            assert_eq!(names(message, script), expected, "{message} {script}");
        }
    }
}
