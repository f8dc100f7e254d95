//! What the user may do: make tables, change those that are there, make a shadow database.

use migrate::{Prospect, namespaces, prospect};
use pg_schema::quote::ident;
use postgres::{Connection, ConnectionUrl};
use psl::Schema;

use super::report::{Check, Report, one_line};

/// Looks at each schema that the schema file is about.
pub(super) async fn look(connection: &Connection, schema: &Schema, report: &mut Report) {
    let mut schemas = namespaces::named(schema);
    if schemas.is_empty() {
        schemas.push(connection.url().schema().to_owned());
    }
    for name in schemas {
        if let Err(error) = look_at(connection, &name, report).await {
            report.failed(Check::Rights, &error.into());
        }
    }
}

async fn look_at(
    connection: &Connection,
    schema: &str,
    report: &mut Report,
) -> Result<(), postgres::Error> {
    let row = connection.query_one(include_str!("rights.sql"), &[&schema]).await?;
    let user: &str = row.get("user");
    let (exists, makes_schemas, makes_tables): (bool, bool, bool) =
        (row.get("exists"), row.get("makes_schemas"), row.get("makes_tables"));
    let database = connection.url().database();
    if !exists && !makes_schemas {
        report.wrong(
            Check::Rights,
            format!("there is no schema {schema}, and {user} may not make one"),
            [
                format!("GRANT CREATE ON DATABASE {} TO {};", ident(database), ident(user)),
                format!("CREATE SCHEMA {} AUTHORIZATION {};", ident(schema), ident(user)),
            ],
        );
        return Ok(());
    }
    if exists && !makes_tables {
        // Since PostgreSQL 15 rights on the database no longer bring this one.
        report.wrong(
            Check::Rights,
            format!("{user} may not make tables in schema {schema}"),
            [format!("GRANT ALL ON SCHEMA {} TO {};", ident(schema), ident(user))],
        );
        return Ok(());
    }
    let (others, number): (Vec<String>, i64) = (row.get("of_others"), row.get("number"));
    if others.is_empty() {
        report.well(Check::Rights, format!("{user} may make and change tables in schema {schema}"));
        return Ok(());
    }
    let advice = others.iter().map(|table| {
        format!("ALTER TABLE {}.{} OWNER TO {};", ident(schema), ident(table), ident(user))
    });
    report.hint(
        Check::Rights,
        format!("{number} tables in schema {schema} belong to others: {user} may not change them"),
        advice,
    );
    Ok(())
}

/// Looks whether migrations can be replayed.
pub(super) async fn shadow(
    connection: &Connection,
    given: Option<&ConnectionUrl>,
    report: &mut Report,
) {
    if let Some(given) = given {
        match postgres::connect(given).await {
            Ok(shadow) => {
                shadow.close().await;
                report.well(Check::Shadow, format!("shadowDatabaseUrl: {}", given.database()));
            }
            Err(error) => report.wrong(
                Check::Shadow,
                format!("shadowDatabaseUrl: {}", one_line(&error.to_string())),
                [format!(
                    "correct it, or: cargo xtask db create --database-url {given}  # with its password"
                )],
            ),
        }
        return;
    }
    match prospect(connection).await {
        Ok(Prospect::Database) => report.well(Check::Shadow, "the user may make databases"),
        Ok(Prospect::Schema { remedies }) => report.hint(
            Check::Shadow,
            "the user may not make databases: a temporary schema is used, for migrations that stay in one",
            remedies,
        ),
        Ok(Prospect::Nothing { remedies }) => report.hint(
            Check::Shadow,
            "migrations cannot be replayed, as `migrate dev` and drift need it: the user may make neither databases nor schemas",
            remedies.into_iter().chain(["shadowDatabaseUrl = env(\"SHADOW_DATABASE_URL\") in the datasource".to_owned()]),
        ),
        Err(error) => report.failed(Check::Shadow, &error.into()),
    }
}
