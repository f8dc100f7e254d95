//! The slowest statements, where the server keeps count: the first few, since `health` has them all.

use postgres::Connection;

use super::report::{Check, Report, one_line};

const CHECK: Check = Check::Slow;

/// Where `pg_stat_statements` is, quoted; none where it was not created. And whether the server has loaded it.
const FIND: &str = "SELECT
    (SELECT format('%I.pg_stat_statements', nspname) FROM pg_extension
     JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_stat_statements'),
    current_setting('pg_stat_statements.max', true) IS NOT NULL";

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
    let row = connection.query_one(FIND, &[]).await?;
    let (view, is_loaded): (Option<&str>, bool) = (row.get(0), row.get(1));
    let Some(view) = view.filter(|_| is_loaded) else {
        let mut advice = Vec::new();
        if !is_loaded {
            advice.push(
                "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';  -- beside what is there already; then restart the server",
            );
        }
        if view.is_none() {
            advice.push("CREATE EXTENSION pg_stat_statements;");
        }
        report.hint(CHECK, "nobody counts: pg_stat_statements is not there", advice);
        return Ok(());
    };
    let rows = connection.query(&include_str!("slow.sql").replace("{view}", view), &[]).await?;
    for row in &rows {
        let (query, mean, calls): (&str, f64, i64) = (row.get(0), row.get(1), row.get(2));
        let advice = ["EXPLAIN (ANALYZE, BUFFERS) it; an index on what it filters and sorts by is the usual cure"]
            .into_iter()
            .chain(has_health.then_some("cargo xtask health  # has the others"));
        report.hint(
            CHECK,
            format!("{mean:.0} ms on average, {calls} calls: {}", one_line(query)),
            advice,
        );
    }
    if rows.is_empty() {
        report.well(CHECK, "no statement takes 20 ms or more on average");
    }
    Ok(())
}
