//! Attributes of enums and their values.

use super::Ctx;
use super::arguments::AttributeSet;
use super::given_names::{mapped_name, namespace};
use crate::schema::EnumId;

pub(super) fn resolve(id: EnumId, ctx: &mut Ctx<'_, '_>) {
    let block = ctx.resolved.origins.enumeration(id);
    for (position, value) in block.values.iter().enumerate() {
        let mut attributes = AttributeSet::new(&value.attributes);
        if let Some(mut arguments) = attributes.single("map", ctx.diagnostics) {
            let name = mapped_name(&mut arguments, ctx.diagnostics);
            ctx.resolved.schema.enums[id.index()].values[position].mapped_name = name;
            arguments.finish(ctx.diagnostics);
        }
        attributes.finish(&["map"], ctx.diagnostics);
    }

    let mut attributes = AttributeSet::new(&block.attributes);
    if let Some(mut arguments) = attributes.single("map", ctx.diagnostics) {
        let name = mapped_name(&mut arguments, ctx.diagnostics);
        ctx.resolved.schema.enums[id.index()].mapped_name = name;
        arguments.finish(ctx.diagnostics);
    }
    if let Some(arguments) = attributes.single("schema", ctx.diagnostics) {
        ctx.resolved.schema.enums[id.index()].namespace = namespace(arguments, ctx.diagnostics);
    }
    attributes.finish(&["map", "schema"], ctx.diagnostics);
}
