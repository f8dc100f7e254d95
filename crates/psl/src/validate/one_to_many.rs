//! One-to-many: the end that is no list holds the key, and only it.

use super::{Ctx, in_relation};
use crate::walkers::RelationFieldWalker;

pub(super) fn check(
    forward: RelationFieldWalker<'_>,
    back: RelationFieldWalker<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    key_is_there(forward, ctx);
    key_is_not_on_the_list(forward, back, ctx);
    actions_are_not_on_the_list(forward, back, ctx);
}

fn key_is_there(forward: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let (field, model) = (forward.name(), forward.model().name());
    if forward.fields().next().is_none() {
        let message = format!(
            "The relation field `{field}` on Model `{model}` must specify the `fields` argument in the @relation \
             attribute. You can run `prisma format` to fix this automatically."
        );
        ctx.push(in_relation("relation-without-fields", forward, message));
    }
    if forward.references().next().is_none() {
        let message = format!(
            "The relation field `{field}` on Model `{model}` must specify the `references` argument in the @relation \
             attribute."
        );
        ctx.push(in_relation("relation-without-references", forward, message));
    }
}

fn key_is_not_on_the_list(
    forward: RelationFieldWalker<'_>,
    back: RelationFieldWalker<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    if back.fields().next().is_none() && back.references().next().is_none() {
        return;
    }
    let message = format!(
        "The relation field `{}` on Model `{}` must not specify the `fields` or `references` argument in the @relation \
         attribute. You must only specify it on the opposite field `{}` on model `{}`.",
        back.name(),
        back.model().name(),
        forward.name(),
        forward.model().name(),
    );
    ctx.push(
        in_relation("relation-key-on-list", back, message)
            .label(forward.span(), "the opposite field"),
    );
}

fn actions_are_not_on_the_list(
    forward: RelationFieldWalker<'_>,
    back: RelationFieldWalker<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    if back.data().on_delete.is_none() && back.data().on_update.is_none() {
        return;
    }
    let message = format!(
        "The relation field `{}` on Model `{}` must not specify the `onDelete` or `onUpdate` argument in the @relation \
         attribute. You must only specify it on the opposite field `{}` on model `{}`, or in case of a many to many \
         relation, in an explicit join table.",
        back.name(),
        back.model().name(),
        forward.name(),
        forward.model().name(),
    );
    ctx.push(
        in_relation("referential-action-on-list", back, message)
            .label(forward.span(), "the opposite field"),
    );
}
