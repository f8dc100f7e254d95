//! `db create`: the database, made where it is missing. One that is there already is no mistake: a script may ask for it
//! each time.

use migrate::report;

use crate::cli::Common;
use crate::commands::open_database;
use crate::failure::Result;
use crate::terminal::say;

pub(super) async fn run(common: &Common) -> Result<()> {
    let (_, _, database) = open_database(common)?;
    let url = &database.direct;
    if postgres::database::ensure_database(url).await? {
        say!("{}", report::database_created(url));
    } else {
        say!("{}", report::database_exists(url));
    }
    Ok(())
}
