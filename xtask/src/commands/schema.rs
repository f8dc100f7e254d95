//! `schema json`: the schema for other programs.

use crate::cli::{Common, SchemaCommand};
use crate::failure::Result;
use crate::findings;
use crate::project::Project;
use crate::sources::Sources;
use crate::terminal::write_result;

pub(super) async fn run(common: &Common, command: SchemaCommand) -> Result<()> {
    match command {
        SchemaCommand::Json => json(common).await,
    }
}

async fn json(common: &Common) -> Result<()> {
    let sources = Sources::read(common.schema.as_deref(), Project::shown).await?;
    let analysis = psl::analyze(sources.files);
    findings::end_on_errors(&analysis.diagnostics, analysis.schema.files())?;
    write_result(&psl::to_json(&analysis.schema))
}
