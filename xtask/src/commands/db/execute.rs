//! `db execute`: a script that is no migration, run on a database.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use migrate::{Progress, report};
use postgres::ConnectionUrl;

use crate::cli::{Common, Execute};
use crate::commands::load_configuration;
use crate::commands::migrate::told;
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::files;
use crate::terminal::{note, say};

pub(super) async fn run(common: &Common, arguments: Execute) -> Result<()> {
    let (name, bytes) = match (arguments.file, arguments.stdin) {
        (None, false) => return Err(misused("Either --stdin or --file must be provided.")),
        (Some(_), true) => {
            return Err(misused(
                "--stdin and --file cannot be used at the same time. Only 1 must be provided. ",
            ));
        }
        (Some(_) | None, _) if arguments.url.is_some() && common.schema.is_some() => {
            return Err(misused(
                "--url and --schema cannot be used at the same time. Only 1 must be provided.",
            ));
        }
        (Some(file), false) => (file.clone(), read_file(&file)?),
        (None, true) => (PathBuf::from("<stdin>"), read_stdin()?),
    };
    let script = text(&name, bytes)?;
    let url = match arguments.url {
        Some(url) => url.parse::<ConnectionUrl>()?,
        None => database(common).await?,
    };
    let mut tell = |progress: Progress<'_>| {
        if let Progress::Notice(notice) = progress {
            note!("{}", told(notice));
        }
    };
    migrate::execute::execute(&script, &name, &url, &mut tell).await?;
    say!("{}", report::executed());
    Ok(())
}

fn misused(message: &str) -> Failure {
    Failure::new(format!("{message}\nSee `cargo xtask db execute -h`"))
}

/// The project's database; on its own server it is there as soon as somebody asks for it.
async fn database(common: &Common) -> Result<ConnectionUrl> {
    let (project, schema) = load_configuration(common)?;
    let database = Database::resolve(&project, &schema, common.database_url.as_deref())?;
    if database.is_own() {
        postgres::database::ensure_database(&database.direct).await?;
    }
    Ok(database.direct)
}

fn read_file(file: &Path) -> Result<Vec<u8>> {
    files::read(file).map_err(|error| {
        Failure::new(match error.kind() {
            ErrorKind::NotFound => format!("Provided --file at {} doesn't exist.", file.display()),
            _ => format!("An error occurred while reading the provided --file: {error}"),
        })
    })
}

fn read_stdin() -> Result<Vec<u8>> {
    files::read_all(io::stdin().lock())
        .map_err(|error| Failure::new(format!("stdin cannot be read: {error}")))
}

fn text(name: &Path, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|&byte| byte == b'\n').count();
        let name = name.display();
        Failure::new(format!("{name} is not UTF-8: line {line} has a byte that is none"))
            .help("save the script as UTF-8, for example with `iconv -t utf-8`")
    })
}
