//! The texts of `db push` and `db execute`.

use std::fmt::Write as _;
use std::time::Duration;

use postgres::ConnectionUrl;

use super::{location, schemas_of};
use crate::risks::Risks;

/// The end of `db push`, after so many steps that took so long.
pub fn pushed(steps: usize, took: Duration) -> String {
    if steps == 0 {
        return "The database is already in sync with the Prisma schema.".to_owned();
    }
    format!("🚀  Your database is now in sync with your Prisma schema. Done in {}", rounded(took))
}

/// What a push loses or may fail by, as far as there is anything.
pub fn push_warnings(risks: &Risks) -> String {
    if risks.warnings.is_empty() {
        return String::new();
    }
    let mut text = "⚠️  There might be data loss when applying the changes:\n\n".to_owned();
    for warning in &risks.warnings {
        let _ = writeln!(text, "  • {warning}\n");
    }
    text
}

/// Why a push cannot be done with the data that is there now.
pub fn push_unexecutable(risks: &Risks) -> String {
    let mut text = "\n⚠️ We found changes that cannot be executed:\n\n".to_owned();
    for step in &risks.unexecutable {
        let _ = writeln!(text, "  • {}", step.message);
    }
    text.push_str(
        "\nYou may use the --force-reset flag to drop the database before push like cargo xtask db push --force-reset\n\
         All data will be lost.",
    );
    text
}

/// That everything in these schemas of a database is gone.
pub fn push_reset(url: &ConnectionUrl, schemas: &[String]) -> String {
    let which = schemas_of(url, schemas);
    let were = if schemas.len() > 1 { "were" } else { "was" };
    format!(
        "The PostgreSQL database \"{}\" {which} at \"{}\" {were} successfully reset.",
        url.database(),
        location(url)
    )
}

/// The end of `db execute`.
pub fn executed() -> &'static str {
    "Script executed successfully."
}

/// As the reference rounds: milliseconds, from a second on seconds.
fn rounded(took: Duration) -> String {
    match took.as_millis() {
        millis @ ..1000 => format!("{millis}ms"),
        _ => format!("{:.2}s", took.as_secs_f64()),
    }
}
