//! From the syntax tree to [`File`], block by block.

use super::blocks;
use super::comments::Pending;
use super::parts::Ctx;
use super::{Block, File};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, SourceFile};
use crate::syntax::{SyntaxKind, Tree};

/// What the files of a schema say. `trees` are theirs, in their order.
pub(crate) fn lower<'a>(
    files: &'a [SourceFile],
    trees: &[Tree],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<File<'a>> {
    let has_objects = files.iter().any(|file| asks_for_objects(file.text()));
    let files = files.iter().zip(trees).zip(0..);
    files
        .map(|((source, tree), id)| {
            let (text, file) = (source.text(), FileId(id));
            of_file(tree, &mut Ctx { text, file, has_objects, diagnostics })
        })
        .collect()
}

fn of_file<'a>(tree: &Tree, ctx: &mut Ctx<'a, '_>) -> File<'a> {
    let mut blocks = Vec::new();
    let mut pending = Pending::default();
    for node in tree.root().children() {
        match node.kind() {
            SyntaxKind::Comment | SyntaxKind::DocComment | SyntaxKind::BlockComment => {
                pending.comment(node, ctx.text);
            }
            SyntaxKind::Newline => {
                if pending.line_break() {
                    pending.forget();
                }
            }
            SyntaxKind::Datasource => {
                pending.forget();
                blocks.push(Block::Datasource(blocks::config(node, ctx)));
            }
            SyntaxKind::Generator => {
                pending.forget();
                blocks.push(Block::Generator(blocks::config(node, ctx)));
            }
            SyntaxKind::Model | SyntaxKind::View => {
                blocks.push(Block::Model(blocks::model(node, pending.take(), ctx)));
            }
            SyntaxKind::CompositeType => {
                blocks.push(Block::CompositeType(blocks::model(node, pending.take(), ctx)));
            }
            SyntaxKind::Enum => {
                blocks.push(Block::Enum(blocks::enumeration(node, pending.take(), ctx)));
            }
            SyntaxKind::Whitespace | SyntaxKind::Bom => {}
            _ => {
                pending.forget();
                blocks::invalid(node, ctx);
            }
        }
    }
    File { blocks }
}

/// Objects came into the language with partial indexes. Where these are not asked for, a line with one is no line of the
/// language. The features themselves are known much later; their name anywhere in the text will do.
fn asks_for_objects(text: &str) -> bool {
    text.contains("partialIndexes")
}
