//! `db start`: the project's own server, running.

use crate::cli::Common;
use crate::database::{start_own, ways_in};
use crate::failure::Result;
use crate::project::Project;
use crate::terminal::say;

pub(super) async fn run(common: &Common) -> Result<()> {
    let url = start_own(&Project::find(common.schema.as_deref())?)?;
    postgres::database::ensure_database(&url).await?;
    say!("The project's PostgreSQL is running:\n\n{}", ways_in(&url));
    Ok(())
}
