//! `migrate resolve`: the history, set right by hand.

use migrate::{Folder, report};

use crate::cli::{Common, Resolve};
use crate::commands::open;
use crate::failure::Result;
use crate::terminal::say;

pub(super) async fn run(common: &Common, Resolve { applied, rolled_back }: Resolve) -> Result<()> {
    let (project, _, database) = open(common)?;
    if let Some(name) = applied {
        let folder = Folder::read(&project.migrations())?;
        migrate::resolve::applied(&folder, &database.direct, &name).await?;
        say!("{}", report::resolved_applied(&name));
    } else if let Some(name) = rolled_back {
        migrate::resolve::rolled_back(&database.direct, &name).await?;
        say!("{}", report::resolved_rolled_back(&name));
    }
    Ok(())
}
