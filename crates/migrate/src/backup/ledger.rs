//! The database's own note of its backups: `_driveflow.backups`. Where it may not be made, what lies beside the dump says
//! the same.

use std::path::Path;

use postgres::Connection;
use postgres::driver::Row;

use super::manifest::Manifest;

/// Notes a backup.
///
/// Fails where this user, or this server, lets nothing be written.
pub(super) async fn note(
    connection: &Connection,
    manifest: &Manifest,
    folder: &Path,
) -> Result<(), postgres::Error> {
    make(connection).await?;
    let (bytes, rows) = (signed(manifest.bytes()), signed(manifest.rows()));
    let tables = i64::try_from(manifest.tables.len()).unwrap_or(i64::MAX);
    let insert = "INSERT INTO _driveflow.backups
                      (id, taken_at, place, bytes, tables, rows, checksum, server_version, dumped_by)
                  VALUES ($1, ($2::text)::timestamptz, $3, $4, $5, $6, $7, $8, $9)";
    let version = i64::from(manifest.server_version);
    connection
        .execute(
            insert,
            &[
                &manifest.id,
                &manifest.taken_at,
                &folder.display().to_string(),
                &bytes,
                &tables,
                &rows,
                &manifest.checksum(),
                &version,
                &manifest.dumped_by,
            ],
        )
        .await?;
    Ok(())
}

/// Makes the table where it is missing.
async fn make(connection: &Connection) -> Result<(), postgres::Error> {
    // Asked first: IF NOT EXISTS needs the right to create in any case.
    let ask =
        "SELECT to_regnamespace('_driveflow') IS NULL, to_regclass('_driveflow.backups') IS NULL";
    let row = connection.query_one(ask, &[]).await?;
    if row.get(0) {
        connection.batch_execute("CREATE SCHEMA IF NOT EXISTS _driveflow").await?;
    }
    if row.get(1) {
        connection.batch_execute(include_str!("ledger.sql")).await?;
    }
    Ok(())
}

/// Takes back the note of one that is gone.
pub(super) async fn forget(connection: &Connection, id: &str) -> Result<(), postgres::Error> {
    connection.execute("DELETE FROM _driveflow.backups WHERE id = $1", &[&id]).await?;
    Ok(())
}

/// All notes as JSON; nothing where there are none, or nobody may read them.
pub(crate) async fn read(connection: &Connection) -> Option<String> {
    let sql = "SELECT coalesce(json_agg(b), '[]')::text FROM _driveflow.backups b";
    let row: Row = connection.query_one(sql, &[]).await.ok()?;
    row.get(0)
}

/// Adds to a database that was restored the notes that it had before: they are of its backups still.
pub(crate) async fn carry(connection: &Connection, notes: &str) -> Result<(), postgres::Error> {
    make(connection).await?;
    let sql = "INSERT INTO _driveflow.backups
               SELECT * FROM json_populate_recordset(null::_driveflow.backups, ($1::text)::json)
               ON CONFLICT (id) DO NOTHING";
    connection.execute(sql, &[&notes]).await?;
    Ok(())
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
