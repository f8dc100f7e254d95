//! `migrate status`: how the folder and the database stand to each other.

use migrate::{Folder, report};

use crate::cli::Common;
use crate::commands::open;
use crate::failure::{Failure, Result};
use crate::paths;
use crate::terminal::say;

pub(super) async fn run(common: &Common) -> Result<()> {
    let (project, _, database) = open(common)?;
    let folder = Folder::read(&project.migrations())?;
    let status = migrate::status::status(&folder, &database.direct).await?;
    say!("{}", report::status(&status, &paths::shown(folder.path())));
    if status.is_up_to_date() { Ok(()) } else { Err(Failure::already_told(1)) }
}
