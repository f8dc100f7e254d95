//! The schema, and where the URL of its database comes from.

use postgres::server::{Server, Status};
use psl::{Analysis, Schema, SourceFile};

use super::report::{Check, Report, one_line};
use crate::cli::Common;
use crate::database::{Database, Source};
use crate::failure::Result;
use crate::paths;
use crate::project::Project;

/// What could be read of a schema.
pub(super) struct Read {
    /// Its datasource and its generators.
    pub(super) configuration: Schema,
    /// All of it, where nothing is wrong with it.
    pub(super) valid: Option<Schema>,
}

/// Finds and reads the schema; none where there is not even a datasource to be read.
pub(super) fn find(common: &Common, report: &mut Report) -> Option<(Project, Read)> {
    let project = match Project::find(common.schema.as_deref()) {
        Ok(project) => project,
        Err(failure) => {
            report.failed(Check::Schema, &failure);
            return None;
        }
    };
    match read(&project, report) {
        Ok(Some(schema)) => Some((project, schema)),
        Ok(None) => None,
        Err(failure) => {
            report.failed(Check::Schema, &failure);
            None
        }
    }
}

fn read(project: &Project, report: &mut Report) -> Result<Option<Read>> {
    let shown = paths::shown(&project.schema);
    let analysis = project.analyze(psl::analyze)?;
    let Some((first, errors)) = first_error(&analysis) else {
        report.well(Check::Schema, format!("{shown} is valid"));
        let schema = analysis.schema;
        return Ok(Some(Read { configuration: schema.clone(), valid: Some(schema) }));
    };
    let more = if errors > 1 { format!(" (and {} more)", errors - 1) } else { String::new() };
    report.wrong(
        Check::Schema,
        first + &more,
        ["cargo xtask validate  # shows each mistake; --fix mends what is certain"],
    );
    let configuration = project.analyze(psl::analyze_configuration)?;
    let is_readable = first_error(&configuration).is_none();
    Ok(is_readable.then_some(Read { configuration: configuration.schema, valid: None }))
}

/// The first error, with its place, and how many there are.
fn first_error(analysis: &Analysis) -> Option<(String, usize)> {
    let errors = || analysis.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    let first = errors().next()?;
    let file: &SourceFile =
        analysis.schema.files().get(usize::try_from(first.span.file.0).ok()?)?;
    let (line, _) = file.line_column(first.span.range().start);
    Some((format!("{}:{line}: {}", file.path(), one_line(&first.message)), errors().count()))
}

/// Finds the database and says who named it.
pub(super) fn database(
    common: &Common,
    project: &Project,
    schema: &Read,
    report: &mut Report,
) -> Option<Database> {
    match resolve(common, project, &schema.configuration, report) {
        Ok(database) => {
            let database = database?;
            report.well(Check::Url, format!("{}: {}", origin(&database.source), database.direct));
            tell_of_config(schema, &database, report);
            Some(database)
        }
        Err(failure) => {
            let form = "postgresql://USER@HOST:5432/DATABASE?schema=public, with :PASSWORD after USER, in which @ : / # ? % \
                        are written %40 %3A %2F %23 %3F %25";
            let more = if failure.help.is_none() { form } else { "" };
            report.failed(Check::Url, &failure.more_help(more));
            None
        }
    }
}

fn resolve(
    common: &Common,
    project: &Project,
    schema: &Schema,
    report: &mut Report,
) -> Result<Option<Database>> {
    if let Some(named) = Database::named(project, schema, common.database_url.as_deref())? {
        return Ok(Some(named));
    }
    // One that is there is started, as by any command; none is made to look at it.
    if Server::for_project(&project.root).status()? == Status::Absent {
        let path = paths::shown(&project.schema);
        report.wrong(
            Check::Url,
            "no database is named, by --database-url, the environment or .env, and the project's own server was never started",
            [
                format!(
                    "echo 'DATABASE_URL=\"postgresql://USER@HOST:5432/DATABASE?schema=public\"' >> {}  # with :PASSWORD after USER",
                    paths::shown(&project.root.join(".env"))
                ),
                format!("cargo xtask db start --schema {path}  # a server of the project's own"),
            ],
        );
        return Ok(None);
    }
    Ok(Some(Database::on_own_server(project, schema)?))
}

/// Prisma 7 has the URL of migrations in its config, which may name another variable than is read here.
fn tell_of_config(schema: &Read, database: &Database, report: &mut Report) {
    let datasource = schema.configuration.datasource();
    let has_url = datasource.is_some_and(|datasource| datasource.url.is_some());
    let Some(config) = Project::config_file().filter(|_| !has_url) else { return };
    if database.source != Source::Flag {
        report.hint(
            Check::Url,
            format!("a URL in {} is not read, since it is a program", paths::shown(&config)),
            ["url = env(\"DATABASE_URL\") in the datasource, or the variable that the config has"],
        );
    }
}

fn origin(source: &Source) -> String {
    match source {
        Source::Flag => "from --database-url".to_owned(),
        Source::Schema => "from the schema's datasource".to_owned(),
        Source::Environment(name) => format!("from {name} in the environment"),
        Source::EnvFile(name, file) => format!("from {name} in {}", paths::shown(file)),
        Source::Own => "none is named, so the project's own server".to_owned(),
    }
}
