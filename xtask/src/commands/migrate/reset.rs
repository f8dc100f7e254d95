//! `migrate reset`: everything dropped, then made again.

use migrate::{Folder, namespaces, report};

use super::{seed, shown_in, write_client};
use crate::cli::{Common, Reset};
use crate::commands::open_database;
use crate::failure::{Failure, Result};
use crate::terminal::{Step, can_prompt, confirm, note, say};

pub(super) async fn run(common: &Common, arguments: &Reset) -> Result<()> {
    let (project, schema, database) = open_database(common)?;
    let folder = Folder::read(&project.migrations())?;
    if !arguments.force {
        let name = database.direct.database();
        if !can_prompt() {
            return Err(Failure::new(
                "Prisma Migrate has detected that the environment is non-interactive. It is recommended to run this \
                 command in an interactive environment.",
            )
            .help(format!("to drop all data of \"{name}\" without being asked: cargo xtask migrate reset --force")));
        }
        if !confirm(&format!(
            "Are you sure you want to reset the database \"{name}\"? All data will be lost"
        ))? {
            return Err(Failure::cancelled("Reset cancelled."));
        }
    }
    let namespaces = namespaces::named(&schema);
    let step = Step::start("Emptying the database and applying migrations");
    let done =
        migrate::reset::reset(&folder, &database.direct, &namespaces, &mut shown_in(&step)).await?;
    drop(step);
    if done.created_database {
        say!("{}\n", report::database_created(&database.direct));
    }
    say!("\n{}\n", report::reset(&done));
    if !arguments.skip_generate {
        let written = match project.load() {
            Ok(schema) => write_client(&project, &schema).await,
            Err(failure) => Err(failure),
        };
        written.inspect_err(|_| {
            note!("\nThe database was reset, but the client was not written: cargo xtask generate");
        })?;
    }
    if !arguments.skip_seed {
        seed(&project, &database).await.inspect_err(|_| {
            note!("The database was reset, but not seeded: cargo xtask seed");
        })?;
    }
    Ok(())
}
