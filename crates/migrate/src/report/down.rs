//! The texts of `migrate down`.

use std::fmt::Write as _;

use postgres::ConnectionUrl;

use super::{location, tree_of};
use crate::down::{Plan, TakeBack};
use crate::folder::{DOWN, SCRIPT};

/// What will be taken back, and what that costs; for whoever has to say yes.
pub fn down_plan(plan: &Plan, url: &ConnectionUrl) -> String {
    let mut text = format!(
        "The following migration(s) will be taken back, in this order, on the database \"{}\" at \"{}\":\n",
        url.database(),
        location(url)
    );
    for planned in &plan.migrations {
        let _ = write!(text, "\n  {}\n", planned.name);
        if planned.is_edited {
            text.push_str("    • was modified after it was applied: its down.sql may not fit\n");
        }
        if !planned.is_atomic {
            text.push_str("    • is not one transaction: a failure leaves it half done\n");
        }
        for line in planned.losses.iter().chain(&planned.remarks) {
            let _ = writeln!(text, "    • {line}");
        }
        let unknown = unknown(planned);
        for line in &unknown {
            let _ = writeln!(text, "    • {line}");
        }
        if planned.losses.is_empty() && planned.remarks.is_empty() && unknown.is_empty() {
            text.push_str("    • drops no table and no column\n");
        }
    }
    text
}

/// Where nothing is applied, or nothing after the target.
pub fn nothing_to_take_back() -> &'static str {
    "No applied migration to take back."
}

/// The scripts, one after the other, as they would run.
pub fn down_scripts(plan: &Plan) -> String {
    let script =
        |planned: &TakeBack| format!("-- {}/{DOWN}\n{}\n", planned.name, planned.script.trim_end());
    plan.migrations.iter().map(script).collect::<Vec<_>>().join("\n")
}

/// The end of `migrate down`; `folder` as people know it.
pub fn taken_back(names: &[String], plan: &Plan, folder: &str) -> String {
    let stays = match &plan.stays {
        Some(name) => format!("The last migration that counts as applied is `{name}`."),
        None => "No migration is applied any more.".to_owned(),
    };
    let taken = plan.migrations.iter().filter(|planned| names.contains(&planned.name));
    let mut left = String::new();
    for planned in taken {
        for line in unknown(planned) {
            let _ = write!(left, "\n\nOf `{}`: {line}.", planned.name);
        }
    }
    let (them, they_are) =
        if names.len() == 1 { ("it", "The migration is") } else { ("them", "The migrations are") };
    format!(
        "The following migration(s) have been taken back:\n\n{}\n\n{stays}{left}\n\n\
         {they_are} pending again: the next cargo xtask migrate dev or cargo xtask migrate deploy applies {them} once more.\n\
         To change a migration, edit its migration.sql and its {DOWN} before that. To be rid of it, delete its folder and \
         undo the change in the schema file.",
        tree_of(folder, names, DOWN)
    )
}

/// What its `down.sql` does not do, or may not do: the database then is not where the migrations before it led.
fn unknown(planned: &TakeBack) -> Vec<String> {
    let mut lines = Vec::new();
    if planned.is_empty {
        lines.push(format!("{DOWN} holds no statement, so that only the history changes"));
    }
    if !planned.beyond.is_empty() {
        lines
            .push(format!("{SCRIPT} has {}, which {DOWN} may not undo", planned.beyond.join(", ")));
    }
    lines
}
