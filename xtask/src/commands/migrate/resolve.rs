//! `migrate resolve`: the history, set right by hand.

use migrate::{Folder, report};

use crate::cli::{Common, Resolve};
use crate::commands::open_database;
use crate::failure::{Failure, Result};
use crate::secrets::hide;
use crate::terminal::say;

pub(super) async fn run(common: &Common, Resolve { applied, rolled_back }: Resolve) -> Result<()> {
    let (project, _, database) = open_database(common)?;
    match (applied.filter(|name| !name.is_empty()), rolled_back.filter(|name| !name.is_empty())) {
        (Some(name), None) => {
            let folder = Folder::read(&project.migrations())?;
            let name = migrate::resolve::applied(&folder, &database.direct, &name).await?;
            say!("{}\n", report::resolved_applied(&name));
            Ok(())
        }
        (None, Some(name)) => {
            let rolled_back = migrate::resolve::rolled_back(&database.direct, &name).await?;
            say!("{}\n", hide(&report::resolved_rolled_back(&rolled_back)));
            Ok(())
        }
        (Some(_), Some(_)) => {
            Err(Failure::new("Pass either --applied or --rolled-back, not both."))
        }
        (None, None) => Err(Failure::new(
            "--applied or --rolled-back must be part of the command like:\n\
             cargo xtask migrate resolve --applied 20201231000000_example\n\
             cargo xtask migrate resolve --rolled-back 20201231000000_example",
        )),
    }
}
