//! Comments in lines of their own. Line comments stay as they are; block comments take one form, a star to each line.

use super::table::Table;
use crate::ast::block_lines;
use crate::syntax::{Node, SyntaxKind};

/// A run of comments, directly above each other, as lines.
pub(super) fn lines(comments: &[Node<'_>], text: &str, table: &mut Table) {
    for comment in comments {
        let written = &text[comment.range()];
        if comment.kind() == SyntaxKind::BlockComment {
            block(written, table);
        } else {
            table.line(written);
        }
    }
}

fn block(written: &str, table: &mut Table) {
    table.line("/**");
    for line in block_lines(written) {
        table.line(format!(" * {line}"));
    }
    table.line(" */");
}
