//! `doctor`: what is wrong between a schema, its migrations and its database, told step by step, each with what mends it.
//!
//! A kind of check is a file of [`self`]'s folder; it looks and tells the [`Report`], and changes nothing. What cannot be
//! looked at because of something before it is told as skipped: the first thing that is wrong is the one to mend.

mod connection;
mod drift;
mod extensions;
mod history;
mod indexes;
mod left_overs;
mod pooler;
mod report;
mod rights;
mod slow;
mod source;

use migrate::status::Status;

use self::report::{Check, Report};
use super::generate;
use crate::cli::{Common, Doctor, StatusFormat};
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::programs::Program;
use crate::project::Project;

pub(super) async fn run(common: &Common, arguments: &Doctor) -> Result<()> {
    let mut report = Report::new(arguments.format == StatusFormat::Text);
    look(common, &mut report).await;
    report.end(common.database_url.is_some())?;
    if report.is_good() { Ok(()) } else { Err(Failure::already_told(1)) }
}

async fn look(common: &Common, report: &mut Report) {
    let Some((project, schema)) = source::find(common, report) else {
        report.skip_rest("there is no schema to begin with");
        return;
    };
    let database = source::database(common, &project, &schema, report);
    match &database {
        Some(database) => look_at_database(&project, &schema, database, report).await,
        None => report.skip_database("it is not known where the database is"),
    }
    client(&project, &schema, report);
}

/// All that takes a database.
async fn look_at_database(
    project: &Project,
    schema: &source::Read,
    database: &Database,
    report: &mut Report,
) {
    let Some(connection) = connection::make(database, report).await else {
        report.skip_database("there is no connection");
        return;
    };
    pooler::look(database, report).await;
    rights::look(&connection, &schema.configuration, report).await;
    rights::shadow(&connection, database.shadow.as_ref(), report).await;
    let history = history::look(project, database, report).await;
    match (&history, &schema.valid) {
        (None, _) => report.skip(&[Check::Drift], "the history could not be read"),
        (_, None) => report.skip(&[Check::Drift], "the schema is not valid"),
        (Some((folder, status)), Some(schema)) => match trouble(status) {
            Some(why) => report.skip(&[Check::Drift], why),
            None => drift::look(folder, status, schema, database, report).await,
        },
    }
    let folder = history.as_ref().map(|(folder, _)| folder);
    let status = history.as_ref().map(|(_, status)| status);
    extensions::look(&connection, &schema.configuration, folder, status, report).await;
    left_overs::look(&connection, report).await;
    let has_health = Program::Health.exists_in(project);
    slow::look(&connection, has_health, report).await;
    indexes::look(&connection, has_health, report).await;
    connection.close().await;
}

/// Why a comparison would tell what is already told.
fn trouble(status: &Status) -> Option<&'static str> {
    if !status.diagnosis.failed.is_empty() {
        return Some("a migration failed: settle that first");
    }
    // Without any migration the schema file is still to be compared.
    let is_to_begin = status.needs_baseline && status.found > 0;
    is_to_begin.then_some("the history does not begin yet")
}

/// Whether the typed client is what the schema says.
fn client(project: &Project, schema: &source::Read, report: &mut Report) {
    let Some(schema) = &schema.valid else {
        report.skip(&[Check::Client], "the schema is not valid");
        return;
    };
    match generate::compare(project, schema) {
        Ok(None) => report.skip(&[Check::Client], "no generator writes a Rust client"),
        Ok(Some((shown, 0))) => {
            report.well(Check::Client, format!("{shown} is what the schema says"));
        }
        Ok(Some((shown, files))) => {
            let s = if files == 1 { "" } else { "s" };
            let said = format!("{shown} is not what the schema says: {files} file{s} differ");
            report.wrong(Check::Client, said, ["cargo xtask generate"]);
        }
        Err(failure) => report.failed(Check::Client, &failure),
    }
}
