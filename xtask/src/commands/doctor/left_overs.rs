//! Shadow databases and shadow schemas of commands that were killed.

use postgres::Connection;

use super::report::{Check, Report};

pub(super) async fn look(connection: &Connection, report: &mut Report) {
    match migrate::left_overs(connection).await {
        Ok(found) if found.is_empty() => report.well(Check::LeftOvers, "none"),
        Ok(found) => {
            for one in found {
                let said = format!("{}: a command that was killed left it", one.what);
                report.hint(Check::LeftOvers, said, [one.remedy]);
            }
        }
        Err(error) => report.failed(Check::LeftOvers, &error.into()),
    }
}
