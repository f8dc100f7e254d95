//! `partition maintain`: the months ahead.

use std::fmt::Write as _;

use migrate::namespaces;
use rollout::partition::{self, Maintained, Refused};

use crate::cli::{Common, Maintain};
use crate::commands::open_database;
use crate::failure::{Failure, Result};
use crate::terminal::say;

pub(super) async fn maintain(common: &Common, arguments: Maintain) -> Result<()> {
    let (_, schema, database) = open_database(common)?;
    let connection = postgres::connect(&database.direct).await?;
    let Maintain { ahead, moves } = arguments;
    let mut schemas = namespaces::named(&schema);
    if schemas.is_empty() {
        schemas.push(connection.url().schema().to_owned());
    }
    let maintained = partition::maintain(&connection, &schemas, ahead, moves).await?;
    let Maintained { made, refused } = maintained;
    for partition in &made {
        let moved = if partition.has_moved { ", with the rows that were in the rest" } else { "" };
        say!("{}: made {}{moved}", partition.table, partition.partition);
    }
    if !refused.is_empty() {
        return Err(failure(&refused, moves));
    }
    if made.is_empty() {
        say!("Every table that has a partition a month has those of this month and {ahead} more.");
    }
    Ok(())
}

/// All that was refused, and how to go on.
fn failure(all: &[Refused], moves: bool) -> Failure {
    let mut message = format!("{} of the partitions could not be made:", all.len());
    let mut help = String::new();
    for Refused { table, partition, error, moving } in all {
        let _ = write!(message, "\n- {table}: {partition}: {error}");
        if let Some(script) = moving {
            let _ = write!(help, "\n\n{script}");
        }
    }
    if help.is_empty() {
        return Failure::new(message);
    }
    let way = if moves {
        "To do it by hand"
    } else {
        "Rows of these months are in the partition of all the rest. This command moves them out of it, while whoever uses the table waits:\n  \
         cargo xtask partition maintain --move\nor, by hand"
    };
    Failure::new(message).help(format!("{way}:{help}"))
}
