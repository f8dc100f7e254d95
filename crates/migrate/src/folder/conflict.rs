//! Files that a merge has left in two halves: no tool can read them, and what they would say is a riddle.

use std::path::Path;

use crate::Error;
use crate::script::is_outside;

/// The line, from 1, where the first half of an unsettled merge begins. Both marks must be there, each at the start of
/// a line: text may well have one of them.
pub fn unsettled(text: &str) -> Option<usize> {
    let begins = |line: &str| line.starts_with("<<<<<<< ");
    let start = text.lines().position(begins)?;
    let ends = |line: &str| line.starts_with(">>>>>>> ");
    text.lines().skip(start).any(ends).then_some(start + 1)
}

/// Refuses a migration that has such halves, unless they are what it says: in a string or a comment.
pub(super) fn refuse_in_script(script: &str, file: &Path) -> Result<(), Error> {
    let starts = script.match_indices("<<<<<<< ").map(|(at, _)| at);
    let mut begins_line = starts.filter(|&at| at == 0 || script[..at].ends_with('\n'));
    match begins_line.find(|&at| unsettled(&script[at..]).is_some() && is_outside(script, at)) {
        Some(at) => Err(error(script[..at].matches('\n').count() + 1, file)),
        None => Ok(()),
    }
}

/// Refuses a file that has such halves.
pub(super) fn refuse(text: &str, file: &Path) -> Result<(), Error> {
    unsettled(text).map_or(Ok(()), |line| Err(error(line, file)))
}

fn error(line: usize, file: &Path) -> Error {
    let shown = file.display();
    Error::plain(format!("{shown}:{line}: a merge conflict that is not settled"))
        .with_file(file)
        .with_help(format!("choose between the two halves, then: git add {shown}"))
}

#[cfg(test)]
mod tests {
    use super::{refuse_in_script, unsettled};

    #[test]
    fn a_migration_may_have_the_marks_as_data() {
        let marks = "\n<<<<<<< a\nb\n=======\nc\n>>>>>>> d\n";
        let refuse = |script: &str| refuse_in_script(script, "m.sql".as_ref());
        for (open, close) in
            [("SELECT '", "';"), ("SELECT E'\\'", "';"), ("DO $x$", "$x$"), ("/*", "*/")]
        {
            let script = format!("SELECT 1;\n{open}{marks}{close}");
            assert!(refuse(&script).is_ok(), "{script}");
            let error = refuse(&format!("{script}{marks}")).unwrap_err().to_string();
            assert!(error.starts_with("m.sql:9:"), "{error}");
        }
        for script in [&marks[1..], &format!("SELECT 1 -- it's{marks}")] {
            assert!(refuse(script).is_err(), "{script}");
        }
    }

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
