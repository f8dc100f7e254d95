//! Enum types as enums.

use std::fmt::Write as _;

use psl::EnumWalker;

use super::block::{Block, Call, Documentation};
use super::ctx::Ctx;
use super::pairs::EnumPair;
use super::remarks;

pub(super) fn render(ctx: &Ctx<'_>, pair: &EnumPair<'_>) -> Block {
    let written = pair.previous.and_then(EnumWalker::documentation);
    let mut block = Block::new("enum", &pair.named.name, written);
    if pair.previous.is_none() && pair.enumeration.comment.is_some() {
        block.documentation.remark(remarks::ENUM_COMMENT);
    }
    block.is_commented_out = !pair.has_named_values();
    for (named, value) in pair.values.iter().zip(&pair.enumeration.values) {
        let known = pair.previous.and_then(|previous| {
            previous.values().iter().find(|known| known.database_name() == value)
        });
        let documentation =
            Documentation::new(known.and_then(|known| known.documentation.as_deref()));
        // A value without a letter in it can only be told of.
        let mut line = if named.name.is_empty() {
            format!("{documentation}// {value}")
        } else {
            format!("{documentation}{}", named.name)
        };
        if let Some(mapped) = named.mapped {
            let _ = write!(line, " {}", Call::new("@map").text(mapped));
        }
        block.line(line);
    }
    block.attribute("map", pair.named.mapped);
    block.attribute("schema", ctx.namespace(&pair.enumeration.name));
    block
}
