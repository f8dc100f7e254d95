//! A project's schema, read and analysed.

use psl::{Analysis, Schema, SourceFile};

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::sources::Sources;
use crate::{findings, paths};

impl Project {
    /// Reads and analyses the schema; any error in it ends the command with all of them shown.
    pub(crate) fn load(&self) -> Result<Schema> {
        self.load_by(psl::analyze)
    }

    /// The datasource and the generators alone: whatever is wrong with a model, the database can be found, and a deploy
    /// that needs no model does not fail by one.
    pub(crate) fn load_configuration(&self) -> Result<Schema> {
        self.load_by(psl::analyze_configuration)
    }

    fn load_by(&self, analyze: fn(Vec<SourceFile>) -> Analysis) -> Result<Schema> {
        let analysis = self.analyze(analyze)?;
        findings::end_on_errors(&analysis.diagnostics, analysis.schema.files())?;
        Ok(analysis.schema)
    }

    /// Reads the schema, and tells nobody what is wrong in it.
    pub(crate) fn analyze(&self, analyze: fn(Vec<SourceFile>) -> Analysis) -> Result<Analysis> {
        let sources = Sources::of(self, paths::shown)?;
        for file in &sources.files {
            // Each of its lines would be a mistake of its own.
            if let Some(line) = migrate::folder::unsettled(file.text()) {
                let path = file.path();
                return Err(Failure::new(format!(
                    "{path}:{line}: a merge conflict that is not settled"
                ))
                .code("P1012")
                .help(format!("choose between the two halves, then: git add {path}")));
            }
        }
        Ok(analyze(sources.files))
    }
}
