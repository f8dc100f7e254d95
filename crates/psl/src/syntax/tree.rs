//! A syntax tree as one flat list.
//!
//! Elements stand in the order in which they start, a node before what is in it, and each knows where its subtree
//! ends. Walking is stepping through the list: no pointers, no reference counts, and dropping a tree is dropping a `Vec`
//! however deep it is.

use super::SyntaxKind;

/// A file's elements; the first is the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    pub(super) elements: Vec<Element>,
}

/// A token or a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    pub kind: SyntaxKind,
    /// Byte offsets in the file. A node starts at its first token that is no blank.
    pub start: u32,
    pub end: u32,
    /// Index of the element that follows this one and all that is in it.
    pub(super) after: u32,
}

/// A place in a tree.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    index: usize,
}

impl Tree {
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, index: 0 }
    }

    /// The tokens in order: their ranges follow each other without a gap.
    pub fn tokens(&self) -> impl Iterator<Item = &Element> {
        self.elements.iter().filter(|element| !element.kind.is_node())
    }
}

impl<'t> Node<'t> {
    pub fn kind(self) -> SyntaxKind {
        self.element().kind
    }

    pub fn element(self) -> &'t Element {
        &self.tree.elements[self.index]
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.element().start as usize..self.element().end as usize
    }

    /// Elements directly in this one, tokens and nodes, blanks and comments too.
    pub fn children(self) -> impl Iterator<Item = Node<'t>> {
        let end = self.element().after as usize;
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            let child = (next < end).then_some(Node { tree: self.tree, index: next })?;
            next = child.element().after as usize;
            Some(child)
        })
    }

    /// The first child of a kind.
    pub fn child(self, kind: SyntaxKind) -> Option<Node<'t>> {
        self.children().find(|child| child.kind() == kind)
    }

    /// Whether an element of a kind is anywhere in this one.
    pub(crate) fn holds(self, kind: SyntaxKind) -> bool {
        let inside = self.index + 1..self.element().after as usize;
        self.tree
            .elements
            .get(inside)
            .unwrap_or_default()
            .iter()
            .any(|element| element.kind == kind)
    }
}
