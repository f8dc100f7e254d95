//! `backfill status`: how far all have come.

use rollout::backfill::{self, Progress, State};
use serde_json::Value;

use super::part::{counted, json, remaining, what};
use super::{applied, chosen, open};
use crate::cli::{BackfillStatus, Common, StatusFormat};
use crate::failure::Result;
use crate::secrets::hide;
use crate::terminal::{say, write_result};

pub(super) async fn run(common: &Common, arguments: &BackfillStatus) -> Result<()> {
    let (project, database) = open(common, arguments.format)?;
    let all = chosen(applied(&project, &database).await?, &arguments.names)?;
    let connection = postgres::connect(&database.direct).await?;
    let found = backfill::progress(&connection, &all).await?;
    if arguments.format == StatusFormat::Json {
        let list: Vec<Value> = found.iter().map(json).collect();
        return write_result(&format!("{}\n", hide(&Value::Array(list).to_string())));
    }
    if found.is_empty() {
        say!("No migration that this database has asks for a backfill.");
    }
    for parts in found.chunk_by(|one, other| one.migration == other.migration) {
        say!("{}", parts[0].migration);
        for part in parts {
            say!("  {}", hide(&line(part)));
        }
    }
    Ok(())
}

/// A part, in one line and the lines of what stopped it.
fn line(part: &Progress) -> String {
    let mut line = format!("{}: {}", what(part), part.state.name());
    let is_known = part.state != State::Waiting && part.table.is_some();
    if is_known {
        line = format!("{line}, {}", counted(part));
    }
    if let Some(rest) = remaining(part) {
        line = format!("{line}, {rest}");
    }
    line += match part.workers {
        0 => "",
        1 => ", 1 worker",
        _ => ", ",
    };
    if part.workers > 1 {
        line = format!("{line}{} workers", part.workers);
    }
    if part.state == State::Running && part.workers == 0 && part.error.is_none() && is_known {
        line += "; nobody is at it: cargo xtask backfill run";
    }
    if let Some(error) = part.error.as_ref().filter(|_| part.state != State::Done) {
        line = format!("{line}\n    stopped by: {}", error.replace('\n', "\n    "));
    }
    line
}
