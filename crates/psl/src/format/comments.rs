//! Comments in lines of their own. Line comments stay as they are; block comments take one form, a star to each line.

use super::table::Table;
use crate::ast::block_lines;
use crate::syntax::{Node, SyntaxKind};

/// A run of comments, directly above each other, as lines.
pub(super) fn lines<'t>(comments: &[Node<'_>], text: &'t str, table: &mut Table<'t>) {
    for comment in comments {
        let written = &text[comment.range()];
        if comment.kind() == SyntaxKind::BlockComment {
            block(written, table);
        } else {
            table.line(written);
        }
    }
}

fn block(written: &str, table: &mut Table<'_>) {
    table.line("/**");
    for line in block_lines(written) {
        table.line(format!(" * {line}"));
    }
    table.line(" */");
}
