//! Small questions to squawk's tree.

use std::ops::Range;

use squawk_syntax::{SyntaxElement, SyntaxKind as K, SyntaxNode, SyntaxToken};

use super::Name;

pub(crate) fn child(node: &SyntaxNode, kind: K) -> Option<SyntaxNode> {
    node.children().find(|child| child.kind() == kind)
}

pub(crate) fn children(node: &SyntaxNode, kind: K) -> impl Iterator<Item = SyntaxNode> + '_ {
    node.children().filter(move |child| child.kind() == kind)
}

pub(crate) fn find(node: &SyntaxNode, kind: K) -> Option<SyntaxNode> {
    node.descendants().find(|inner| inner.kind() == kind)
}

pub(crate) fn has(node: &SyntaxNode, kind: K) -> bool {
    child(node, kind).is_some()
}

/// The tokens of a node that are neither blanks nor comments.
pub(crate) fn tokens(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> + '_ {
    node.descendants_with_tokens()
        .filter_map(SyntaxElement::into_token)
        .filter(|token| !matches!(token.kind(), K::WHITESPACE | K::COMMENT))
}

/// Whether a keyword is one of its own tokens, not of a node in it.
pub(crate) fn has_word(node: &SyntaxNode, word: &str) -> bool {
    node.children_with_tokens()
        .filter_map(SyntaxElement::into_token)
        .any(|token| token.text().eq_ignore_ascii_case(word))
}

/// Whether the words stand anywhere in it, one after the other.
pub(crate) fn has_words(node: &SyntaxNode, words: &[&str]) -> bool {
    let tokens: Vec<SyntaxToken> = tokens(node).collect();
    tokens.windows(words.len()).any(|found| {
        found.iter().zip(words).all(|(token, word)| token.text().eq_ignore_ascii_case(word))
    })
}

/// The text without the blanks and comments around it.
pub(crate) fn text(node: &SyntaxNode) -> String {
    let all = node.text().to_string();
    let start = usize::from(node.text_range().start());
    let range = range(node);
    all[range.start - start..range.end - start].to_owned()
}

/// Where its first and last token are.
pub(crate) fn range(node: &SyntaxNode) -> Range<usize> {
    let mut tokens = tokens(node);
    let first = tokens.next();
    let last = tokens.last().or_else(|| first.clone());
    let whole = node.text_range();
    let start = first.map_or(whole.start(), |token| token.text_range().start());
    let end = last.map_or(whole.end(), |token| token.text_range().end());
    usize::from(start)..usize::from(end)
}

/// The name that a node is, or the first one in it. A database before the schema is left out.
pub(crate) fn name(node: &SyntaxNode) -> Option<Name> {
    let path = node.descendants().find(|inner| matches!(inner.kind(), K::PATH | K::PATH_REF));
    let tokens: Vec<SyntaxToken> = tokens(path.as_ref().unwrap_or(node)).collect();
    let mut parts: Vec<String> =
        tokens.iter().map(SyntaxToken::text).filter(|text| *text != ".").map(Name::part).collect();
    let name = parts.pop()?;
    Some(Name { schema: parts.pop(), name })
}

/// The name of a child of this kind.
pub(crate) fn named(node: &SyntaxNode, kind: K) -> Option<Name> {
    name(&child(node, kind)?)
}

/// The names of all children of these kinds.
pub(crate) fn names(node: &SyntaxNode, kinds: &[K]) -> Vec<Name> {
    node.children()
        .filter(|child| kinds.contains(&child.kind()))
        .filter_map(|child| name(&child))
        .collect()
}

/// The bare name of a child of this kind: a column, a constraint.
pub(crate) fn bare(node: &SyntaxNode, kind: K) -> Option<String> {
    Some(named(node, kind)?.name)
}
