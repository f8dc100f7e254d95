//! Files that a merge has left in two halves: no tool can read them, and what they would say is a riddle.

use std::path::Path;

use crate::Error;

/// The line, from 1, where the first half of an unsettled merge begins. Both marks must be there, each at the start of
/// a line: text may well have one of them.
pub fn unsettled(text: &str) -> Option<usize> {
    let begins = |line: &str| line.starts_with("<<<<<<< ");
    let start = text.lines().position(begins)?;
    let ends = |line: &str| line.starts_with(">>>>>>> ");
    text.lines().skip(start).any(ends).then_some(start + 1)
}

/// Refuses a file that has such halves.
pub(super) fn refuse(text: &str, file: &Path) -> Result<(), Error> {
    let Some(line) = unsettled(text) else { return Ok(()) };
    let shown = file.display();
    Err(Error::plain(format!("{shown}:{line}: a merge conflict that is not settled"))
        .with_file(file)
        .with_help(format!("choose between the two halves, then: git add {shown}")))
}

#[cfg(test)]
mod tests {
    use super::unsettled;

    #[test]
    fn both_marks_at_the_start_of_a_line_are_a_conflict() {
        let conflict = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> theirs\n";
        assert_eq!(unsettled(conflict), Some(2));
        assert_eq!(unsettled(&conflict.replace('\n', "\r\n")), Some(2));
        for text in [
            "",
            "<<<<<<< HEAD\nb",
            " <<<<<<< x\n >>>>>>> y",
            ">>>>>>> a\n<<<<<<< b\n",
            "-- =======\n",
        ] {
            assert_eq!(unsettled(text), None, "{text:?}");
        }
    }
}
