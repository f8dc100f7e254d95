//! The extensions that the schema names or migrations make: whether they are there, or could be.

use std::collections::BTreeMap;

use migrate::Folder;
use migrate::status::Status;
use pg_schema::quote::ident;
use postgres::Connection;
use psl::Schema;

use super::report::{Check, Report};

const CHECK: Check = Check::Extensions;

pub(super) async fn look(
    connection: &Connection,
    schema: &Schema,
    folder: Option<&Folder>,
    status: Option<&Status>,
    report: &mut Report,
) {
    // Each with who wants it.
    let mut wanted: BTreeMap<String, String> =
        folder.map(migrate::extensions::made_by).unwrap_or_default();
    let named = schema.datasource().into_iter().flat_map(|datasource| &datasource.extensions);
    for extension in named {
        let name = extension.mapped_name.as_ref().unwrap_or(&extension.name.text);
        wanted.entry(name.clone()).or_insert_with(|| "the datasource".to_owned());
    }
    let names: Vec<&String> = wanted.keys().collect();
    if names.is_empty() {
        return report.well(CHECK, "none is needed");
    }
    let rows = match connection.query(include_str!("extensions.sql"), &[&names]).await {
        Ok(rows) => rows,
        Err(error) => return report.failed(CHECK, &error.into()),
    };
    for row in &rows {
        let (name, made, available): (&str, bool, bool) = (row.get(0), row.get(1), row.get(2));
        let by = wanted.get(name).map(String::as_str).unwrap_or_default();
        let is_to_come = status
            .is_some_and(|status| status.diagnosis.pending.iter().any(|pending| pending == by));
        if !made && !available {
            let version = connection.server_major();
            report.wrong(CHECK, format!("{name}, which {by} wants, is not installed on the server"), [
                format!("sudo apt install postgresql-{version}-{}  # or postgresql-contrib, which has PostgreSQL's own", name.replace('_', "-")),
            ]);
        } else if !made && !is_to_come {
            report.wrong(
                CHECK,
                format!("{name}, which {by} wants, is not in this database"),
                [format!("CREATE EXTENSION {};  -- a superuser may, and for trusted ones the database's owner", ident(name))],
            );
        }
    }
    if report.is_untold(CHECK) {
        let names: Vec<&str> = wanted.keys().map(String::as_str).collect();
        report.well(
            CHECK,
            format!("{}: there, or to be made by a pending migration", names.join(", ")),
        );
    }
}
