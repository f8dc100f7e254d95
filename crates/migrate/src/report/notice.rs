//! What the server said beside its answers, in words much like psql's.

use std::fmt::Write as _;

use postgres::Notice;

/// `WARNING: the message`; the detail and the hint on lines of their own.
pub fn notice(notice: &Notice) -> String {
    let mut text = format!("{}: {}", notice.level, notice.message);
    for (label, more) in [("DETAIL", &notice.detail), ("HINT", &notice.hint)] {
        if let Some(more) = more {
            let _ = write!(text, "\n{label}: {more}");
        }
    }
    text
}
