//! The schema's texts, for commands that look at the files themselves: from disk or from stdin.

use std::io;
use std::path::{Path, PathBuf};

use psl::{Diagnostic, FileId, Severity, SourceFile, Span};

use crate::failure::{Failure, Result};
use crate::files::{self, Replacement};
use crate::paths;
use crate::project::{Project, STDIN};

#[derive(Debug)]
pub(crate) struct Sources {
    /// The file or folder as a person knows it.
    pub(crate) shown: String,
    pub(crate) files: Vec<SourceFile>,
    /// Where each file is; none when they came from stdin.
    paths: Vec<PathBuf>,
}

/// Why a schema cannot be read or written: as a command ends by it, and as a finding for who reads those.
#[derive(Debug)]
pub(crate) struct FileError {
    failure: Failure,
    /// With the text of its file, as far as it is one.
    finding: Box<(Diagnostic, SourceFile)>,
}

impl Sources {
    /// Reads what `--schema` names, stdin included, or what Prisma's look-up finds. Files get paths by `name`.
    pub(crate) fn read(
        flag: Option<&Path>,
        name: impl Fn(&Path) -> String,
    ) -> Result<Self, FileError> {
        if flag == Some(Path::new(STDIN)) {
            return Self::from_stdin();
        }
        let path = || flag.unwrap_or(Path::new("prisma/schema.prisma")).display().to_string();
        let project = Project::find(flag)
            .map_err(|failure| FileError::new("schema-not-found", path(), "", 0, failure))?;
        Self::of(&project, name)
    }

    pub(crate) fn of(project: &Project, name: impl Fn(&Path) -> String) -> Result<Self, FileError> {
        let shown = paths::shown(&project.schema);
        let paths = project.source_paths().map_err(|failure| {
            FileError::new("schema-not-found", name(&project.schema), "", 0, failure)
        })?;
        let read = |path: &PathBuf| {
            let name = name(path);
            let bytes = files::read(path).map_err(|error| {
                let failure =
                    Failure::new(format!("{} cannot be read: {error}", paths::shown(path)));
                FileError::new("schema-unreadable", name.clone(), "", 0, failure)
            })?;
            to_source(&paths::shown(path), name, bytes)
        };
        let files = paths.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self { shown, files, paths })
    }

    fn from_stdin() -> Result<Self, FileError> {
        const SHOWN: &str = "<stdin>";
        let bytes = files::read_all(io::stdin().lock()).map_err(|error| {
            let failure = Failure::new(format!("stdin cannot be read: {error}"));
            FileError::new("schema-unreadable", SHOWN.to_owned(), "", 0, failure)
        })?;
        let file = to_source(SHOWN, SHOWN.to_owned(), bytes)?;
        Ok(Self { shown: SHOWN.to_owned(), files: vec![file], paths: Vec::new() })
    }

    pub(crate) fn is_stdin(&self) -> bool {
        self.paths.is_empty()
    }

    /// Writes the files whose text is to be another, `texts` in their order; the rest are not touched. Where it is known
    /// beforehand that one of them cannot be written, none is.
    pub(crate) fn write<'t>(
        &self,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<(), FileError> {
        let _writing = files::writing();
        let mut prepared = Vec::new();
        for ((file, path), text) in self.files.iter().zip(&self.paths).zip(texts) {
            if file.text() != text {
                let replacement = Replacement::prepare(path, file.text(), text);
                prepared.push((
                    file,
                    replacement.map_err(|error| FileError::not_written(file, &error, &[]))?,
                ));
            }
        }
        let mut written = Vec::new();
        for (file, replacement) in prepared {
            let replaced = replacement.put_in_place();
            replaced.map_err(|error| FileError::not_written(file, &error, &written))?;
            written.push(file.path());
        }
        Ok(())
    }
}

impl FileError {
    /// At the beginning of `text` where nothing could be read.
    fn new(code: &'static str, path: String, text: &str, offset: usize, failure: Failure) -> Self {
        let diagnostic = Diagnostic {
            code,
            severity: Severity::Error,
            message: failure.message.clone(),
            span: Span::new(FileId(0), offset..offset),
            labels: Vec::new(),
            help: failure.help.clone(),
            fix: None,
        };
        Self { failure, finding: Box::new((diagnostic, SourceFile::new(path, text))) }
    }

    /// `written` are the files that were written before.
    fn not_written(file: &SourceFile, error: &io::Error, written: &[&str]) -> Self {
        let before = match written {
            [] => String::new(),
            _ => format!("\nwritten before it: {}", written.join(", ")),
        };
        let message = format!("{} cannot be written: {error}{before}", file.path());
        let path = file.path().to_owned();
        Self::new("schema-not-written", path, "", 0, Failure::new(message))
    }

    /// Whether it is about what the schema says, not about its file.
    pub(crate) fn is_p1012(&self) -> bool {
        self.failure.code.is_some()
    }

    pub(crate) fn finding(&self) -> (&Diagnostic, &SourceFile) {
        (&self.finding.0, &self.finding.1)
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        error.failure
    }
}

fn to_source(shown: &str, name: String, bytes: Vec<u8>) -> Result<SourceFile, FileError> {
    String::from_utf8(bytes).map(|text| SourceFile::new(name.clone(), text)).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        let line = text[..at].matches('\n').count() + 1;
        let failure = Failure::new(format!(
            "{shown} is not UTF-8 text: byte {at}, in line {line}, begins no character"
        ))
        .code("P1012")
        .help("save the file as UTF-8");
        FileError::new("not-utf-8", name, &text, at, failure)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Error;

    use psl::SourceFile;

    use super::FileError;
    use crate::failure::Failure;

    #[test]
    fn what_was_written_before_is_told() {
        let file = SourceFile::new("c.prisma", "");
        let message = |written| {
            Failure::from(FileError::not_written(&file, &Error::other("x"), written)).message
        };
        assert_eq!(message(&[]), "c.prisma cannot be written: x");
        assert_eq!(
            message(&["a.prisma", "b.prisma"]),
            "c.prisma cannot be written: x\nwritten before it: a.prisma, b.prisma"
        );
    }
}
