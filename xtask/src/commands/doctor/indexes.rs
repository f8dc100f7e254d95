//! Indexes that failed and indexes that are missing: the first few, since `health` has them all.

use postgres::Connection;

use super::report::{Check, Report};

const CHECK: Check = Check::Indexes;

pub(super) async fn look(connection: &Connection, has_health: bool, report: &mut Report) {
    if let Err(error) = tell(connection, has_health, report).await {
        report.failed(CHECK, &error.into());
    }
}

async fn tell(
    connection: &Connection,
    has_health: bool,
    report: &mut Report,
) -> Result<(), postgres::Error> {
    let more = || has_health.then(|| "cargo xtask health  # has the others".to_owned());
    for row in connection.query(include_str!("invalid_indexes.sql"), &[]).await? {
        let (index, table): (&str, &str) = (row.get(0), row.get(1));
        let advice = [format!("REINDEX INDEX CONCURRENTLY {index};")];
        report.hint(
            CHECK,
            format!("{index} on {table} is invalid: building it failed"),
            advice.into_iter().chain(more()),
        );
    }
    for row in connection.query(include_str!("missing_indexes.sql"), &[]).await? {
        let (table, rows, columns): (&str, i64, &str) = (row.get(0), row.get(1), row.get(2));
        let advice = [
            format!(
                "@@index([…]) in the model of {table}, of the fields of {columns}, then: cargo xtask migrate dev"
            ),
            format!(
                "CREATE INDEX CONCURRENTLY ON {table} ({columns});  -- where the schema file is not about it"
            ),
        ];
        report.hint(
            CHECK,
            format!("no index on {table} ({columns}), a foreign key of {rows} rows"),
            advice.into_iter().chain(more()),
        );
    }
    if report.is_untold(CHECK) {
        report.well(CHECK, "none is invalid, and large tables have those of their foreign keys");
    }
    Ok(())
}
