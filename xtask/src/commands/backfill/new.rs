//! `backfill new`: a migration that does nothing itself, and beside it the statement that is run in batches.

use std::time::SystemTime;

use migrate::Folder;
use migrate::folder::{SCRIPT, name, write_files};

use crate::cli::{BackfillNew, Common};
use crate::commands::load_configuration;
use crate::failure::{Failure, Result};
use crate::paths;
use crate::terminal::say;

pub(super) fn run(common: &Common, arguments: &BackfillNew) -> Result<()> {
    let (project, _) = load_configuration(common)?;
    if !arguments.name.chars().any(|char| char.is_ascii_alphanumeric()) {
        return Err(Failure::new("a migration's name has letters or digits")
            .help("cargo xtask backfill new booking_utc"));
    }
    let folder = Folder::read(&project.migrations())?;
    let last = folder.migrations().last().map(|migration| migration.name.as_str());
    let name = name::after(last, &arguments.name, SystemTime::now());
    let files = [
        (
            SCRIPT,
            "-- Nothing: rows are filled by backfill.sql beside this file, once this migration is applied:\n--   cargo xtask backfill run\n",
        ),
        (rollout::backfill::SCRIPT, include_str!("template.sql")),
    ];
    write_files(folder.path(), &name, &files)?;
    let place = folder.path().join(&name);
    say!("Wrote {}", paths::shown(&place.join(rollout::backfill::SCRIPT)));
    say!("Write its statement, then: cargo xtask migrate deploy, cargo xtask backfill run");
    Ok(())
}
