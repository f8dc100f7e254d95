//! The indexes that a build may have made, as the catalogs have them.

use postgres::{Connection, Error};

use crate::steps::statement::Build;

/// An index as the catalogs have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) name: String,
    /// With its schema, quoted.
    pub(super) qualified: String,
    pub(super) is_valid: bool,
    /// Whether it stands for itself.
    pub(super) is_plain: bool,
    /// Its definition, without its name and table.
    pub(super) definition: String,
}

/// The indexes of a build's table that may be its work: of its name, else new since it was begun.
pub(super) async fn candidates(
    connection: &Connection,
    build: &Build,
    before: Option<&[String]>,
) -> Result<Vec<Index>, Error> {
    let found = of_table(connection, build).await?;
    if build.index.is_some() {
        return Ok(found);
    }
    let is_new = |index: &Index| before.is_some_and(|before| !before.contains(&index.name));
    Ok(found.into_iter().filter(is_new).collect())
}

/// Those of a build's table, or the one of its name.
pub(super) async fn of_table(connection: &Connection, build: &Build) -> Result<Vec<Index>, Error> {
    let sql = include_str!("indexes/of_table.sql");
    let rows = connection.query(sql, &[&build.table, &build.index]).await?;
    let index = |row: &postgres::driver::Row| Index {
        name: row.get(0),
        qualified: row.get(1),
        is_valid: row.get(2),
        is_plain: row.get(3),
        definition: row.get::<_, Option<String>>(4).unwrap_or_default(),
    };
    Ok(rows.iter().map(index).collect())
}

/// What the catalogs would say of the index: the server is asked, by having it make one like it for an empty table. None
/// where it does not.
pub(super) async fn definition(
    connection: &Connection,
    build: &Build,
) -> Result<Option<String>, Error> {
    let Build { table, bare_table, like, .. } = build;
    let make = format!(
        "BEGIN;\nCREATE TEMPORARY TABLE {bare_table} (LIKE {table});\n{}",
        like.replacen(&format!(" ON {bare_table}"), &format!(" ON pg_temp.{bare_table}"), 1)
    );
    let made = connection.batch_execute(&make).await;
    let found = match &made {
        Ok(()) => {
            let temporary =
                Build { index: None, table: format!("pg_temp.{bare_table}"), ..build.clone() };
            of_table(connection, &temporary).await.map(|mut found| found.pop())
        }
        Err(error) if error.is_statement() => Ok(None),
        Err(_) => return made.map(|()| None),
    };
    connection.batch_execute("ROLLBACK").await?;
    Ok(found?.map(|index| index.definition))
}
