//! The one way in: from files to a schema and what is wrong with it.

use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::resolve::{self, UNSUPPORTED_PROVIDER};
use crate::schema::Schema;
use crate::source::SourceFile;
use crate::syntax;
use crate::validate;

/// What a set of files says, as far as it can be understood, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// Complete where there are no errors; otherwise without what the errors spoil.
    pub schema: Schema,
    /// By file, then by place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Analysis {
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Reads and checks a schema of one or more files. Cannot fail: what is wrong is in the diagnostics.
pub fn analyze(files: Vec<SourceFile>) -> Analysis {
    let mut diagnostics = Vec::new();
    let mut schema = {
        let trees: Vec<_> = files.iter().map(|file| syntax::parse(file.text())).collect();
        let read = ast::lower(&files, &trees, &mut diagnostics);
        drop(trees);
        let resolved = resolve::resolve(&read, &mut diagnostics);
        if !diagnostics.iter().any(Diagnostic::is_error) {
            validate::validate(&resolved, &mut diagnostics);
        }
        resolved.schema
    };
    schema.files = files;
    Analysis::new(schema, diagnostics)
}

/// As [`analyze`], for those who only want to know where the database is: nothing is read of models, enums and types, and
/// nothing said of what they mean.
///
/// What is no schema language is told wherever it stands, as by the reference: what it was to be, nobody knows.
pub fn analyze_configuration(files: Vec<SourceFile>) -> Analysis {
    let mut diagnostics = Vec::new();
    let mut schema = {
        let trees: Vec<_> = files.iter().map(|file| syntax::parse(file.text())).collect();
        let mut read = ast::lower(&files, &trees, &mut diagnostics);
        for file in &mut read {
            file.blocks.retain(|block| {
                matches!(block, ast::Block::Datasource(_) | ast::Block::Generator(_))
            });
        }
        drop(trees);
        resolve::resolve(&read, &mut diagnostics).schema
    };
    schema.files = files;
    Analysis::new(schema, diagnostics)
}

impl Analysis {
    fn new(schema: Schema, mut diagnostics: Vec<Diagnostic>) -> Self {
        if diagnostics.iter().any(|diagnostic| diagnostic.code == UNSUPPORTED_PROVIDER) {
            diagnostics.retain(|diagnostic| diagnostic.code == UNSUPPORTED_PROVIDER);
        }
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        Self { schema, diagnostics }
    }
}
