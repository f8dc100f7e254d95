//! `partition maintain`: the months ahead.

use rollout::partition;

use crate::cli::{Common, Maintain};
use crate::commands::open_database;
use crate::failure::{Failure, Result};
use crate::terminal::say;

pub(super) async fn maintain(common: &Common, arguments: Maintain) -> Result<()> {
    let (_, _, database) = open_database(common)?;
    let connection = postgres::connect(&database.direct).await?;
    let made = partition::maintain(&connection, arguments.ahead).await.map_err(|error| {
        let is_taken = error.db().is_some_and(|db| db.message().contains("default partition"));
        let failure = Failure::from(error);
        if is_taken {
            failure.help("rows of that month are in the partition of all the rest: move them out of it in one transaction with the new one")
        } else {
            failure
        }
    })?;
    for partition in &made {
        say!("{}: made {}", partition.table, partition.partition);
    }
    if made.is_empty() {
        say!(
            "Every table that has a partition a month has those of this month and {} more.",
            arguments.ahead
        );
    }
    Ok(())
}
