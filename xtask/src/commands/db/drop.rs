//! `db drop`: the database and everything in it, gone. It asks, and does not pull the ground from under others.

use migrate::report;
use postgres::{ConnectionUrl, database};

use crate::cli::{Common, Drop};
use crate::commands::open_database;
use crate::failure::{Failure, Result};
use crate::terminal::{can_prompt, confirm, say};

const FORCE: &str = "cargo xtask db drop --force";

pub(super) async fn run(common: &Common, arguments: &Drop) -> Result<()> {
    let (_, _, database) = open_database(common)?;
    let url = &database.direct;
    // Before a question is asked that leads nowhere.
    database::refuse_system(url)?;
    let sessions = database::sessions(url).await?;
    if arguments.force {
        database::drop_database(url).await?;
    } else {
        if !sessions.is_empty() {
            return Err(Failure::new(report::database_in_use(url, &sessions))
                .help(format!("end them, or have them ended: {FORCE}")));
        }
        consent(url)?;
        database::drop_unused_database(url).await?;
    }
    say!("{}", report::database_dropped(url));
    Ok(())
}

fn consent(url: &ConnectionUrl) -> Result<()> {
    let (name, place) = (url.database(), report::location(url));
    if !can_prompt() {
        return Err(Failure::new(format!(
            "the database \"{name}\" at \"{place}\" would be dropped, and nobody is there to ask"
        ))
        .help(format!("to drop it without being asked: {FORCE}")));
    }
    let question = format!(
        "Are you sure you want to drop the database \"{name}\" at \"{place}\"? All data will be lost"
    );
    if confirm(&question)? { Ok(()) } else { Err(Failure::cancelled("Drop cancelled.")) }
}
