//! Rows that are written, also by what stands in a `WITH`.

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use crate::statement::tree::{bare, child, find, name};
use crate::statement::{Kind, Verb, Write};

pub(super) fn write(node: &SyntaxNode) -> Kind {
    let verb = match node.kind() {
        K::INSERT => Verb::Insert,
        K::UPDATE => Verb::Update,
        K::DELETE => Verb::Delete,
        K::MERGE => Verb::Merge,
        _ => Verb::Copy,
    };
    if verb == Verb::Copy && find(node, K::COPY_FROM).is_none() {
        return Kind::Query;
    }
    let holders = [
        K::RELATION_NAME,
        K::RELATION_NAME_REF,
        K::TABLE_RELATION_NAME,
        K::COPY_TABLE,
        K::TABLE_NAME_REF,
    ];
    let table = node.children().find(|child| holders.contains(&child.kind()));
    let Some(table) = table.and_then(|table| name(&table)) else { return Kind::Query };
    let alias = child(node, K::OPTIONAL_AS_ALIAS).and_then(|alias| bare(&alias, K::TABLE_ALIAS));
    let has_where =
        node.children().any(|child| matches!(child.kind(), K::WHERE_CLAUSE | K::WHERE_CURRENT_OF));
    Kind::Write(Write { verb, table, alias, has_where, with: written_with(node) })
}

/// A query, which may write in its `WITH`.
pub(super) fn query(node: &SyntaxNode) -> Kind {
    let with = written_with(node);
    let Some(first) = with.first() else { return Kind::Query };
    let table = first.table.clone();
    Kind::Write(Write { verb: Verb::Select, table, alias: None, has_where: false, with })
}

/// What is written in the `WITH` of a statement.
fn written_with(node: &SyntaxNode) -> Vec<Write> {
    let Some(with) = child(node, K::WITH_CLAUSE) else { return Vec::new() };
    let all = with.children().flat_map(|part| part.children().collect::<Vec<_>>());
    let written = all.filter_map(|part| match part.kind() {
        K::INSERT | K::UPDATE | K::DELETE | K::MERGE => match write(&part) {
            Kind::Write(write) => Some(write),
            _ => None,
        },
        _ => None,
    });
    written.collect()
}
