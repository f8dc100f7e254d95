//! Tables as models.

use pg_schema::{Deferrable, IndexConstraint, Partitioning};
use psl::{ModelWalker, RelationMode};

use super::block::Block;
use super::ctx::Ctx;
use super::keys::KeyColumn;
use super::names::{Origin, Taken};
use super::pairs::TablePair;
use super::{index, relation_field, remarks, scalar_field};

pub(super) fn render(ctx: &Ctx<'_>, place: usize) -> Block {
    let pair = &ctx.tables[place];
    let written = pair.previous.and_then(ModelWalker::documentation);
    let mut block = Block::new("model", &pair.named.name, written);
    for remark in remarks(ctx, place) {
        block.documentation.remark(&remark);
    }
    block.is_commented_out = pair.columns.is_empty();
    let mut taken = Taken::default();
    for (column, field) in pair.columns.iter().enumerate() {
        taken.take(field.named.name.as_ref().into(), "");
        let id = index::id_of_field(pair, column);
        let unique = index::unique_of_field(pair, column);
        block.line(scalar_field::render(ctx, field, id, unique));
    }
    for field in relation_field::of_table(ctx, place, &mut taken) {
        block.line(field);
    }
    if let Some(id) = index::id_of_block(pair) {
        block.line(id);
    }
    for attribute in index::of_block(pair) {
        block.line(attribute);
    }
    block.attribute("map", pair.named.mapped);
    if pair.is_ignored() {
        block.line("@@ignore");
    }
    block.attribute("schema", ctx.namespace(&pair.table.name));
    block
}

impl TablePair<'_> {
    /// Whether the model is ignored, by choice or because no row could be told from the others.
    pub(super) fn is_ignored(&self) -> bool {
        self.is_ignored_by_choice() || (!self.has_identifier && !self.columns.is_empty())
    }

    pub(super) fn is_ignored_by_choice(&self) -> bool {
        self.previous.is_some_and(ModelWalker::is_ignored)
    }

    pub(super) fn exclusions(&self) -> impl Iterator<Item = &str> {
        let indexes = self.table.indexes.iter();
        indexes
            .filter(|index| index.constraint == Some(IndexConstraint::Exclusion))
            .map(|index| index.name.as_str())
    }

    /// Indexes with an expression among their parts, which no field stands for.
    pub(super) fn expression_indexes<'s>(&'s self, ctx: &Ctx<'_>) -> impl Iterator<Item = &'s str> {
        let keeps_partial_indexes = ctx.has_preview_feature("partialIndexes");
        let indexes = self.table.indexes.iter();
        indexes
            .filter(move |index| {
                index.has_expression()
                    && index.constraint != Some(IndexConstraint::Exclusion)
                    && (keeps_partial_indexes || index.predicate.is_none())
            })
            .map(|index| index.name.as_str())
    }
}

fn remarks(ctx: &Ctx<'_>, place: usize) -> Vec<String> {
    let pair = &ctx.tables[place];
    let table = pair.table;
    let is_new = pair.previous.is_none();
    let has_comment =
        table.comment.is_some() || table.columns.iter().any(|column| column.comment.is_some());
    let mut remarks = Vec::new();
    if pair.named.origin == Origin::Reserved {
        remarks.push(remarks::renamed("model", &pair.named.name, &table.name.name));
    }
    let mut remark = |applies: bool, text: &str| {
        if applies {
            remarks.push(text.to_owned());
        }
    };
    remark(is_new && table.partitioning == Partitioning::Partitioned, remarks::PARTITIONED);
    remark(is_new && table.partitioning == Partitioning::Inherited, remarks::INHERITED);
    remark(is_new && !table.checks.is_empty(), remarks::CHECKS);
    remark(is_new && pair.exclusions().next().is_some(), remarks::EXCLUSIONS);
    remark(pair.columns.is_empty(), remarks::NO_COLUMNS);
    let is_unusable = !pair.has_identifier && !pair.is_ignored_by_choice();
    remark(!pair.columns.is_empty() && is_unusable, remarks::NO_IDENTIFIER);
    remark(is_new && has_comment, remarks::COMMENTS);
    remark(is_new && defers(ctx, pair), remarks::DEFERRING);
    remark(is_new && table.row_security, remarks::ROW_SECURITY);
    remark(has_new_nulls_order(pair), remarks::NULLS_ORDER);
    remark(pair.expression_indexes(ctx).next().is_some(), remarks::EXPRESSION_INDEX);
    remarks
}

fn defers(ctx: &Ctx<'_>, pair: &TablePair<'_>) -> bool {
    let has_keys = ctx.previous.relation_mode() == RelationMode::ForeignKeys;
    let mut foreign_keys = pair.foreign_keys.iter().filter(|key| has_keys && key.names.is_some());
    pair.keys.iter().any(|key| key.deferrable != Deferrable::No)
        || foreign_keys.any(|key| key.key.deferrable != Deferrable::No)
}

/// In an index that the schema before did not have, or in a column behind its last.
fn has_new_nulls_order(pair: &TablePair<'_>) -> bool {
    pair.keys.iter().any(|key| {
        let known = index::previous(pair, key).map_or(0, |previous| previous.columns().len());
        key.columns.iter().skip(known).any(KeyColumn::has_other_nulls_order)
    })
}
