//! Applying the fixes that diagnostics bring: texts and findings in, texts out.
//!
//! Only fixes that are certain to be right are there to be applied. Where two of them touch the same place the later
//! one waits: once the first is applied the schema is read anew, and what is still wrong is found again.

use crate::analyze::{Analysis, analyze};
use crate::diagnostic::{Diagnostic, Fix};
use crate::source::SourceFile;

/// A schema whose certain fixes have been applied, and what is still wrong with it.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// Of the new texts.
    pub analysis: Analysis,
    /// In the order they were applied.
    pub applied: Vec<Applied>,
}

/// A fix that was applied, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub title: String,
    pub path: String,
    /// Line and column, counted from 1, in the text the fix was applied to.
    pub line: usize,
    pub column: usize,
}

/// Each round takes at least one mistake away, so this many are only reached by fixes that undo each other.
const MOST_ROUNDS: usize = 100;

/// Analyzes files and applies fixes until there are none left.
///
/// ```
/// let file = psl::SourceFile::new("schema.prisma", "model A {\n  id int @id\n  b  string\n}\n");
/// let fixed = psl::fix(vec![file]);
/// assert_eq!(fixed.analysis.schema.files()[0].text(), "model A {\n  id Int @id\n  b  String\n}\n");
/// assert_eq!(fixed.applied.len(), 2);
/// assert_eq!((fixed.applied[1].title.as_str(), fixed.applied[1].line), ("write `String`", 3));
/// ```
pub fn fix(files: Vec<SourceFile>) -> Fixed {
    let mut analysis = analyze(files);
    let mut applied = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let (files, round) = apply_fixes(analysis.schema.files(), &analysis.diagnostics);
        if round.is_empty() {
            break;
        }
        applied.extend(round);
        analysis = analyze(files);
    }
    Fixed { analysis, applied }
}

/// Applies the fixes of diagnostics to the files that were analyzed, less those that touch the place of another; says
/// which were applied.
pub fn apply_fixes(
    files: &[SourceFile],
    diagnostics: &[Diagnostic],
) -> (Vec<SourceFile>, Vec<Applied>) {
    let mut fixes: Vec<&Fix> =
        diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref()).collect();
    fixes.sort_by_key(|fix| fix.span);
    let mut texts: Vec<String> = files.iter().map(|_| String::new()).collect();
    // How much of each text is dealt with, once a fix of it is applied.
    let mut done: Vec<Option<usize>> = vec![None; files.len()];
    // A place up to which lines are counted, and how many they are: fixes come in order.
    let mut counted = vec![(0, 1); files.len()];
    let mut applied = Vec::new();
    for fix in fixes {
        let index = fix.span.file.0 as usize;
        let Some(file) = files.get(index) else { continue };
        let range = fix.span.range();
        // Two insertions at one place depend on their order as much as two replacements do.
        if done[index].is_some_and(|done| range.start <= done) {
            continue;
        }
        let before = file.text().get(done[index].unwrap_or_default()..range.start);
        let Some(before) = before else { continue };
        if file.text().get(range.clone()).is_none_or(|old| old == fix.replacement) {
            continue;
        }
        texts[index].push_str(before);
        texts[index].push_str(&fix.replacement);
        done[index] = Some(range.end);
        let (from, lines) = counted[index];
        let line = lines + file.text()[from..range.start].matches('\n').count();
        counted[index] = (range.start, line);
        let line_start = file.text()[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let column = file.text()[line_start..range.start].chars().count() + 1;
        let path = file.path().to_owned();
        applied.push(Applied { title: fix.title.clone(), path, line, column });
    }
    let fixed = files.iter().zip(texts).zip(done).map(|((file, mut text), done)| {
        text.push_str(&file.text()[done.unwrap_or_default()..]);
        SourceFile::new(file.path(), text)
    });
    (fixed.collect(), applied)
}

#[cfg(test)]
mod tests {
    use super::apply_fixes;
    use crate::{Diagnostic, FileId, SourceFile, Span};

    fn replace(range: std::ops::Range<usize>, replacement: &str) -> Diagnostic {
        let span = Span::new(FileId(0), range);
        Diagnostic::error("test", "wrong", span).fix("write it", span, replacement)
    }

    fn applied(text: &str, diagnostics: &[Diagnostic]) -> (String, usize) {
        let files = [SourceFile::new("schema.prisma", text)];
        let (files, applied) = apply_fixes(&files, diagnostics);
        (files[0].text().to_owned(), applied.len())
    }

    #[test]
    fn fixes_of_other_places_are_applied_together() {
        let fixes = [replace(4..5, "E"), replace(0..1, "AAA"), replace(6..6, "!")];
        assert_eq!(applied("abcdef", &fixes), ("AAAbcdEf!".to_owned(), 3));
    }

    #[test]
    fn a_fix_that_touches_another_waits() {
        assert_eq!(
            applied("abcdef", &[replace(1..4, ""), replace(3..5, "x")]),
            ("aef".to_owned(), 1)
        );
        assert_eq!(applied("ab", &[replace(1..1, "x"), replace(1..1, "y")]), ("axb".to_owned(), 1));
    }

    #[test]
    fn what_fits_no_text_is_left() {
        for fix in [replace(1..9, "x"), replace(1..2, "x"), replace(0..2, "é")] {
            assert_eq!(applied("é", &[fix]), ("é".to_owned(), 0));
        }
    }
}
