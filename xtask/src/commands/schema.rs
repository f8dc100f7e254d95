//! `schema json`: the schema for other programs.

use crate::cli::{Common, SchemaCommand};
use crate::failure::Result;
use crate::findings;
use crate::paths;
use crate::secrets::hide_in_json;
use crate::sources::Sources;
use crate::terminal::write_result;

pub(super) fn run(common: &Common, command: &SchemaCommand) -> Result<()> {
    match command {
        SchemaCommand::Json => json(common),
    }
}

fn json(common: &Common) -> Result<()> {
    let sources = Sources::read(common.schema.as_deref(), paths::shown)?;
    let analysis = psl::analyze(sources.files);
    findings::end_on_errors(&analysis.diagnostics, analysis.schema.files())?;
    write_result(&hide_in_json(&psl::to_json(&analysis.schema)))
}
