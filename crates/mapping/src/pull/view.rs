//! Views as views: their columns as the database has them, keys and relations as the schema before had them.

use psl::{IndexKind, ModelWalker, ScalarFieldWalker};

use super::block::{Block, Call, list};
use super::ctx::Ctx;
use super::names::Origin;
use super::pairs::{ColumnPair, ViewPair};
use super::{index, relation_field, remarks, scalar_field};

pub(super) fn render(ctx: &Ctx<'_>, pair: &ViewPair<'_>) -> Block {
    let previous = pair.previous;
    let mut block =
        Block::new("view", &pair.named.name, previous.and_then(ModelWalker::documentation));
    if pair.named.origin == Origin::Reserved {
        let remark = remarks::renamed("view", &pair.named.name, &pair.view.name.name);
        block.documentation.remark(&remark);
    }
    let has_comment = pair.view.comment.is_some()
        || pair.view.columns.iter().any(|column| column.comment.is_some());
    if previous.is_none() && has_comment {
        block.documentation.remark(remarks::VIEW_COMMENTS);
    }
    for column in &pair.columns {
        block.line(scalar_field::render(ctx, column, id_of_field(column), unique_of_field(column)));
    }
    for field in previous.into_iter().flat_map(ModelWalker::relation_fields) {
        if ctx.is_there(field.related_model()) {
            block.line(relation_field::copied(field));
        }
    }
    if let Some(key) = previous.and_then(ModelWalker::primary_key)
        && key.columns().len() > 1
    {
        let data = key.data();
        block.line(
            Call::new("@@id")
                .value(list(key.fields().map(ScalarFieldWalker::name)))
                .named_text("name", data.client_name.as_deref())
                .named_text("map", data.mapped_name.as_deref()),
        );
    }
    let indexes = previous.into_iter().flat_map(ModelWalker::indexes);
    let is_of_field = |kind: IndexKind, columns: usize| kind == IndexKind::Unique && columns == 1;
    for copy in indexes.filter(|index| !is_of_field(index.kind(), index.columns().len())) {
        block.line(index::copied(copy));
    }
    block.attribute("map", pair.named.mapped);
    if previous.is_some_and(ModelWalker::is_ignored) {
        block.line("@@ignore");
    }
    block.attribute("schema", ctx.namespace(&pair.view.name));
    block
}

fn id_of_field(pair: &ColumnPair<'_>) -> Option<Call> {
    let field = pair.previous?;
    let key = field.model().primary_key()?;
    let is_it = key.columns().len() == 1 && field.is_in_primary_key();
    is_it.then(|| Call::new("@id").named_text("map", key.data().mapped_name.as_deref()))
}

fn unique_of_field(pair: &ColumnPair<'_>) -> Option<Call> {
    let field = pair.previous?;
    let key = field.model().indexes().find(|index| {
        index.kind() == IndexKind::Unique
            && index.data().on_field
            && index.fields().any(|other| other == field)
    })?;
    Some(Call::new("@unique").named_text("map", key.data().mapped_name.as_deref()))
}
