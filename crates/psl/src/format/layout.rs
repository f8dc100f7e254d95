//! Where everything of a file goes: blocks apart from each other, members indented, attributes of a block last.

use super::table::Table;
use super::{comments, values};
use crate::syntax::{Node, SyntaxKind, Tree};
use std::borrow::Cow;

const INDENT: &str = "  ";

/// A file's text, laid out anew. The tree is one without invalid lines.
pub(super) fn file(tree: &Tree, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut items = items(tree.root().children()).into_iter().peekable();
    let mut table = Table::default();
    items.next_if(|item| matches!(item, Item::EmptyLines));
    while let Some(item) = items.next() {
        match item {
            Item::Member(node, _) => {
                block(node, text, &mut out);
                // Where something follows on the line of the closing brace too: it would be so the next time.
                items.next_if(|item| matches!(item, Item::EmptyLines));
                if items.peek().is_some() {
                    out.push('\n');
                }
            }
            Item::Comments(run) => {
                comments::lines(&run, text, &mut table);
                table.write("", &mut out);
            }
            Item::EmptyLines if items.peek().is_some() => out.push('\n'),
            Item::EmptyLines => {}
        }
    }
    if out.is_empty() {
        out.push('\n');
    }
    out
}

/// What a file or a block is made of, line by line.
enum Item<'t> {
    /// A block, or what a block has a line of; with the comment behind it.
    Member(Node<'t>, Option<Node<'t>>),
    /// Comments directly above each other.
    Comments(Vec<Node<'t>>),
    /// One or more.
    EmptyLines,
}

/// A line break belongs to the comment or member that it ends; one that ends nothing makes an empty line.
fn items<'t>(elements: impl Iterator<Item = Node<'t>>) -> Vec<Item<'t>> {
    let mut items: Vec<Item<'t>> = Vec::new();
    // What the next line break ends.
    let mut line = Line::Empty;
    for node in elements {
        match node.kind() {
            SyntaxKind::Bom | SyntaxKind::Whitespace => {}
            SyntaxKind::Newline => {
                let ends_comment = line == Line::Comment(node.range().start);
                let is_empty = !(ends_comment || line == Line::Member);
                if is_empty && !matches!(items.last(), Some(Item::EmptyLines)) {
                    items.push(Item::EmptyLines);
                }
                line = Line::Empty;
            }
            SyntaxKind::Comment | SyntaxKind::DocComment | SyntaxKind::BlockComment => {
                match items.last_mut() {
                    Some(Item::Member(_, trailing @ None)) if line == Line::Member => {
                        *trailing = Some(node);
                        continue;
                    }
                    Some(Item::Comments(run)) => run.push(node),
                    _ => items.push(Item::Comments(vec![node])),
                }
                line = Line::Comment(node.range().end);
            }
            kind => {
                items.push(Item::Member(node, None));
                line = if kind.is_block() { Line::Empty } else { Line::Member };
            }
        }
    }
    items
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Empty,
    /// Ends at this byte: blanks behind a block comment make its line break one of an empty line.
    Comment(usize),
    Member,
}

fn block(node: Node<'_>, text: &str, out: &mut String) {
    let mut elements = node.children();
    for element in elements.by_ref() {
        let written = &text[element.range()];
        match element.kind() {
            SyntaxKind::Keyword => out.push_str(written),
            SyntaxKind::Name
            | SyntaxKind::LBrace
            | SyntaxKind::Comment
            | SyntaxKind::DocComment => {
                out.push(' ');
                out.push_str(written);
            }
            // The language lets anything follow the brace.
            SyntaxKind::Garbage => {
                out.push(' ');
                out.push_str(written.trim_end());
            }
            // Ends the line of the opening brace, and with it the header.
            SyntaxKind::Newline => break,
            _ => {}
        }
    }
    out.push('\n');
    let members = elements.filter(|element| element.kind() != SyntaxKind::RBrace);
    contents(items(members), text, out);
    out.push_str("}\n");
}

/// Members in the order written, empty lines at the ends left out; then the block's own attributes in theirs.
fn contents(items: Vec<Item<'_>>, text: &str, out: &mut String) {
    let mut items = items.into_iter().peekable();
    let mut table = Table::default();
    let mut attributes: Vec<BlockAttribute<'_>> = Vec::new();
    let mut above_attribute = Vec::new();
    items.next_if(|item| matches!(item, Item::EmptyLines));
    loop {
        let after_empty_lines = items.next_if(|item| matches!(item, Item::EmptyLines)).is_some();
        let Some(item) = items.next() else { break };
        match item {
            Item::Comments(run) => {
                if matches!(items.peek(), Some(Item::Member(next, _)) if is_attribute(*next)) {
                    above_attribute = run;
                } else {
                    if after_empty_lines {
                        new_paragraph(&mut table, out);
                    }
                    comments::lines(&run, text, &mut table);
                }
            }
            Item::Member(node, trailing) if is_attribute(node) => {
                let above = std::mem::take(&mut above_attribute);
                attributes.push(BlockAttribute { above, node, trailing });
            }
            Item::Member(node, trailing) => {
                if after_empty_lines {
                    new_paragraph(&mut table, out);
                }
                let trailing = trailing.map_or("", |comment| &text[comment.range()]);
                table.row(member(node, text), trailing);
            }
            Item::EmptyLines => {}
        }
    }
    table.write(INDENT, out);
    if attributes.is_empty() {
        return;
    }
    table.line("");
    attributes.sort_by_key(|attribute| place(&BLOCK_ATTRIBUTES, attribute.node, text));
    for BlockAttribute { above, node, trailing } in attributes {
        comments::lines(&above, text, &mut table);
        let mut written = String::new();
        values::call("@@", node, text, &mut written);
        table.row(vec![written.into()], trailing.map_or("", |comment| &text[comment.range()]));
    }
    table.write(INDENT, out);
}

struct BlockAttribute<'t> {
    above: Vec<Node<'t>>,
    node: Node<'t>,
    trailing: Option<Node<'t>>,
}

fn is_attribute(node: Node<'_>) -> bool {
    node.kind() == SyntaxKind::BlockAttribute
}

/// Columns line up between empty lines only.
fn new_paragraph(table: &mut Table<'_>, out: &mut String) {
    table.write(INDENT, out);
    table.line("");
}

/// A field, an enum's value or a key with its value, in columns.
fn member<'t>(node: Node<'_>, text: &'t str) -> Vec<Cow<'t, str>> {
    let name = node.child(SyntaxKind::Name).map(|name| text[name.range()].into());
    let mut cells: Vec<Cow<'_, str>> = name.into_iter().collect();
    match node.kind() {
        SyntaxKind::KeyValue => {
            let mut value = "=".to_owned();
            for child in node.children() {
                let mut written = String::new();
                values::value(child, text, &mut written);
                if !written.is_empty() {
                    value.push(' ');
                    value.push_str(&written);
                }
            }
            cells.push(value.into());
        }
        SyntaxKind::EnumValue => {
            // Values have one attribute at most; of several, which are an error, the reference makes one word too.
            let mut written = String::new();
            for attribute in attributes(node) {
                values::call("@", attribute, text, &mut written);
            }
            if !written.is_empty() {
                cells.push(written.into());
            }
        }
        _ => {
            let ty = node.child(SyntaxKind::FieldType);
            let ty = ty.map(|ty| values::field_type(ty, text)).unwrap_or_default();
            let mut sorted: Vec<Node<'_>> = attributes(node).collect();
            sorted.sort_by_key(|attribute| place(&FIELD_ATTRIBUTES, *attribute, text));
            let mut written = String::new();
            for (position, attribute) in sorted.into_iter().enumerate() {
                let before = if position > 0 { " @" } else { "@" };
                values::call(before, attribute, text, &mut written);
            }
            if !(ty.is_empty() && written.is_empty()) {
                cells.push(ty);
            }
            if !written.is_empty() {
                cells.push(written.into());
            }
        }
    }
    cells
}

fn attributes(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.children().filter(|child| child.kind() == SyntaxKind::FieldAttribute)
}

const FIELD_ATTRIBUTES: [&str; 7] =
    ["id", "unique", "default", "updatedAt", "map", "relation", "ignore"];

const BLOCK_ATTRIBUTES: [&str; 6] = ["id", "unique", "index", "fulltext", "map", "ignore"];

/// Where an attribute stands among others; those without a place stay behind the rest, in the order written.
fn place(order: &[&str], attribute: Node<'_>, text: &str) -> usize {
    let name = attribute.child(SyntaxKind::Path).map_or("", |path| &text[path.range()]);
    order.iter().position(|known| *known == name).unwrap_or(order.len())
}
