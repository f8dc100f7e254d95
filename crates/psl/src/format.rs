//! The formatter: a schema's files as they should look.
//!
//! It first completes relations of which only one half is written (`missing_relations`), then lays every file out anew
//! from its syntax tree (`layout`): one blank between things, columns in line, attributes in one order. The result is,
//! byte for byte, what `prisma format` writes, so that a team can use both; but that nothing a person wrote is lost
//! (Prisma forgets what stands behind a `{`, and the `=` of a key without a value), and that formatting again changes
//! nothing (Prisma's second run adds an empty line behind `} // text`).
//!
//! A file with a line that is no Prisma schema language is refused whole: nothing could say where such a line belongs.

mod comments;
mod layout;
mod missing_relations;
mod table;
mod values;

use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::resolve;
use crate::source::SourceFile;
use crate::syntax::{self, Tree};

/// What came of formatting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    /// The files' new texts, in the order of the files; their old texts where formatting is refused.
    pub texts: Vec<String>,
    /// Why nothing was formatted, if so.
    pub diagnostics: Vec<Diagnostic>,
}

impl Formatted {
    /// Whether a line or block is no Prisma schema language, so that the texts are the old ones.
    pub fn is_refused(&self) -> bool {
        !self.diagnostics.is_empty()
    }
}

/// Formats the files of one schema. They are looked at together: a relation's missing half may belong into another file.
///
/// ```
/// let file = psl::SourceFile::new("schema.prisma", "model A{\nid Int@id\nname   String\n}");
/// let formatted = psl::format(&[file]);
/// assert_eq!(formatted.texts[0], "model A {\n  id   Int    @id\n  name String\n}\n");
/// ```
pub fn format(files: &[SourceFile]) -> Formatted {
    let mut formatted = pass(files);
    // What was added may complete something else, and some errors, as a comma too many, are gone now: another pass may
    // see more. It rarely does, and what it adds is never more than a few fields to a model.
    for _ in 0..MAX_PASSES {
        if formatted.is_final {
            break;
        }
        let again = files.iter().zip(&formatted.texts);
        let again: Vec<SourceFile> =
            again.map(|(file, text)| SourceFile::new(file.path(), text.as_str())).collect();
        let next = pass(&again);
        let is_same = next.texts == formatted.texts;
        (formatted.texts, formatted.is_final) = (next.texts, next.is_final || is_same);
    }
    Formatted { texts: formatted.texts, diagnostics: formatted.diagnostics }
}

/// More than any schema was seen to need.
const MAX_PASSES: usize = 8;

struct Pass {
    texts: Vec<String>,
    diagnostics: Vec<Diagnostic>,
    /// Whether another pass could add nothing.
    is_final: bool,
}

fn pass(files: &[SourceFile]) -> Pass {
    let trees: Vec<Tree> = files.iter().map(|file| syntax::parse(file.text())).collect();
    let mut diagnostics = Vec::new();
    let read = ast::lower(files, &trees, &mut diagnostics);
    if diagnostics.iter().any(ast::is_foreign) {
        diagnostics.retain(Diagnostic::is_error);
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        let texts = files.iter().map(|file| file.text().to_owned()).collect();
        return Pass { texts, diagnostics, is_final: true };
    }
    let mut insertions = vec![Vec::new(); files.len()];
    let resolved = resolve::resolve_models(&read, &mut diagnostics);
    let is_wrong = diagnostics.iter().any(Diagnostic::is_error);
    // What a half relation lacks is only certain where everything else is.
    if !is_wrong {
        missing_relations::complete(&resolved, files, &mut insertions);
    }
    let is_final = !is_wrong && insertions.iter().all(Vec::is_empty);
    let texts = files.iter().zip(trees).zip(insertions).map(|((file, tree), insertions)| {
        if insertions.is_empty() {
            return layout::file(&tree, file.text());
        }
        let completed = insert(file.text(), insertions);
        layout::file(&syntax::parse(&completed), &completed)
    });
    Pass { texts: texts.collect(), diagnostics: Vec::new(), is_final }
}

/// Text to be added to a file.
#[derive(Debug, Clone)]
struct Insertion {
    /// A byte offset.
    at: usize,
    text: String,
}

fn insert(text: &str, mut insertions: Vec<Insertion>) -> String {
    insertions.sort_by_key(|insertion| insertion.at);
    let mut out = String::with_capacity(text.len() + 64 * insertions.len());
    let mut position = 0;
    for Insertion { at, text: new } in insertions {
        out.push_str(&text[position..at]);
        out.push_str(&new);
        position = at;
    }
    out.push_str(&text[position..]);
    out
}
