//! `db pull`: the schema that a database already has.
//!
//! It reads and decides nothing else: what the schema says is [`mapping::pull`]'s, where it is written the caller's.

use mapping::pull::{PullOptions, Pulled};
use pg_schema::{Partitioning, PgSchema};
use postgres::ConnectionUrl;
use psl::Schema;

use crate::{Error, namespaces};

/// Reads the database at `url` and sets it beside the schema that was there before.
///
/// Fails with P4001 where there is nothing to read, and with P4002 where a foreign key leads to a namespace that is not
/// looked at.
pub async fn pull(
    url: &ConnectionUrl,
    previous: &Schema,
    options: &PullOptions<'_>,
) -> Result<Pulled, Error> {
    let connection = postgres::connect(url).await?;
    let namespaces =
        options.namespaces.map_or_else(|| namespaces::named(previous), <[String]>::to_vec);
    let database = postgres::introspect(&connection, &namespaces).await?;
    if let Some(error) = leads_outside(&database) {
        return Err(error);
    }
    let pulled = mapping::pull::pull(&database, previous, options);
    if pulled.is_empty {
        return Err(Error::new("P4001", "The introspected database was empty."));
    }
    Ok(pulled)
}

fn leads_outside(database: &PgSchema) -> Option<Error> {
    let default = &database.default_namespace;
    let tables =
        database.tables.iter().filter(|table| table.partitioning != Partitioning::Partition);
    for table in tables {
        for key in &table.foreign_keys {
            let missing = key.referenced_table.namespace_or(default);
            if !database.namespaces.iter().any(|known| known == missing) {
                let from = table.name.namespace_or(default);
                let message = format!(
                    "The schema of the introspected database was inconsistent: Cross schema references are only allowed \
                     when the target schema is listed in the schemas property of your datasource. `{from}.{}` points to \
                     `{missing}.{}` in constraint `{}`. Please add `{missing}` to your `schemas` property and run this \
                     command again.",
                    table.name.name, key.referenced_table.name, key.name
                );
                let help = format!("cargo xtask db pull --schemas {from},{missing}");
                return Some(Error::new("P4002", message).with_help(help));
            }
        }
    }
    None
}
