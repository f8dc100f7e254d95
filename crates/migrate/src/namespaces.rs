//! Schemas in the server's sense: which a schema file is about, and the connection's own, made where it is missing.

use postgres::driver::SqlState;
use postgres::{Connection, ConnectionUrl};

use crate::{Error, quoting};

/// The schemas that a schema file's datasource names, in its order.
pub fn named(schema: &psl::Schema) -> Vec<String> {
    let named = schema.datasource().into_iter().flat_map(|datasource| &datasource.schemas);
    named.map(|name| name.text.clone()).collect()
}

/// The schemas that a schema file is about: those it names, else the connection's own.
pub(crate) fn of(schema: &psl::Schema, url: &ConnectionUrl) -> Vec<String> {
    let named = named(schema);
    if named.is_empty() { vec![url.schema().to_owned()] } else { named }
}

/// Makes the connection's own schema where it is missing.
pub(crate) async fn ensure_own(connection: &Connection) -> Result<(), Error> {
    let name = connection.url().schema();
    // Asked first, because CREATE SCHEMA IF NOT EXISTS needs the right to create in any case.
    let found =
        connection.query_opt("SELECT FROM pg_namespace WHERE nspname = $1", &[&name]).await?;
    if found.is_none() {
        connection
            .batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS {}", quoting::identifier(name)))
            .await?;
    }
    Ok(())
}

/// The server's refusal to let anything be made in the schema, with what there is to do about it: since
/// PostgreSQL 15 the schema `public` belongs to the database's owner alone.
pub(crate) fn explain_refusal(error: postgres::Error, url: &ConnectionUrl) -> Error {
    let is_refusal = error.db().is_some_and(|db| *db.code() == SqlState::INSUFFICIENT_PRIVILEGE);
    let error = Error::from(error);
    if !is_refusal {
        return error;
    }
    let (schema, user) = (quoting::identifier(url.schema()), quoting::identifier(url.user()));
    error.with_help(format!(
        "let the user make tables there; as the database's owner, in psql:\n  \
         GRANT ALL ON SCHEMA {schema} TO {user};"
    ))
}
