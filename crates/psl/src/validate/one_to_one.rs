//! One-to-one: one end holds the key, the whole key, and the key is unique; the other end may be missing.

use super::{Ctx, in_relation};
use crate::schema::Arity;
use crate::walkers::{RelationFieldWalker, ScalarFieldWalker};

/// What labels call the field at the other end.
const OPPOSITE: &str = "the opposite field";

pub(super) fn keys_are_there(
    forward: RelationFieldWalker<'_>,
    back: RelationFieldWalker<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    if !has_fields(forward) && !has_fields(back) {
        for (one, other) in [(forward, back), (back, forward)] {
            ctx.push(
                in_relation("relation-without-fields", one, missing("fields", one, other))
                    .label(other.span(), OPPOSITE),
            );
        }
    }
    if !has_references(forward) && !has_references(back) {
        for (one, other) in [(forward, back), (back, forward)] {
            ctx.push(
                in_relation("relation-without-references", one, missing("references", one, other))
                    .label(other.span(), OPPOSITE),
            );
        }
    }
}

fn missing(argument: &str, one: RelationFieldWalker<'_>, other: RelationFieldWalker<'_>) -> String {
    format!(
        "The relation fields `{}` on Model `{}` and `{}` on Model `{}` do not provide the `{argument}` argument in the \
         @relation attribute. You have to provide it on one of the two fields.",
        one.name(),
        one.model().name(),
        other.name(),
        other.model().name(),
    )
}

pub(super) fn keys_are_on_one_side(
    forward: RelationFieldWalker<'_>,
    back: RelationFieldWalker<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    let both = [
        ("references", has_references(forward) && has_references(back)),
        ("fields", has_fields(forward) && has_fields(back)),
    ];
    for (argument, _) in both.into_iter().filter(|(_, both)| *both) {
        let message = format!(
            "The relation fields `{}` on Model `{}` and `{}` on Model `{}` both provide the `{argument}` argument in \
             the @relation attribute. You have to provide it only on one of the two fields.",
            forward.name(),
            forward.model().name(),
            back.name(),
            back.model().name(),
        );
        for (one, other) in [(forward, back), (back, forward)] {
            ctx.push(
                in_relation("relation-key-on-both-sides", one, &message)
                    .label(other.span(), OPPOSITE),
            );
        }
    }
}

pub(super) fn actions_are_on_one_side(
    forward: RelationFieldWalker<'_>,
    back: RelationFieldWalker<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    let has_action = |field: RelationFieldWalker<'_>| {
        field.data().on_delete.is_some() || field.data().on_update.is_some()
    };
    if !has_action(back) {
        return;
    }
    if has_action(forward) {
        for (one, other) in [(back, forward), (forward, back)] {
            let message = format!(
                "The relation fields `{}` on Model `{}` and `{}` on Model `{}` both provide the `onDelete` or \
                 `onUpdate` argument in the @relation attribute. You have to provide it only on one of the two fields.",
                one.name(),
                one.model().name(),
                other.name(),
                other.model().name(),
            );
            ctx.push(
                in_relation("referential-action-on-both-sides", one, message)
                    .label(other.span(), OPPOSITE),
            );
        }
        return;
    }
    let message = format!(
        "The relation field `{}` on Model `{}` must not specify the `onDelete` or `onUpdate` argument in the @relation \
         attribute. You must only specify it on the opposite field `{}` on model `{}`.",
        back.name(),
        back.model().name(),
        forward.name(),
        forward.model().name(),
    );
    ctx.push(
        in_relation("referential-action-on-wrong-side", back, message)
            .label(forward.span(), OPPOSITE),
    );
}

pub(super) fn key_is_unique(forward: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(key) = &forward.data().fields else { return };
    if ctx.keys.is_unique(forward.model(), key) {
        return;
    }
    let names = forward.fields().map(ScalarFieldWalker::name).collect::<Vec<_>>().join(", ");
    let what = "A one-to-one relation must use unique fields on the defining side. Either add an";
    let message = if key.len() == 1 {
        format!(
            "{what} `@unique` attribute to the field `{names}`, or change the relation to one-to-many."
        )
    } else {
        format!(
            "{what} `@@unique([{names}])` attribute to the model, or change the relation to one-to-many."
        )
    };
    let diagnostic = in_relation("one-to-one-not-unique", forward, message);
    ctx.push(match forward.fields().next().filter(|_| key.len() == 1) {
        Some(field) => diagnostic.label(field.data().name.span, "is not unique"),
        None => diagnostic,
    });
}

/// `fields` on one side and `references` on the other. Silent once anything is wrong.
pub(super) fn halves_of_the_key(
    forward: RelationFieldWalker<'_>,
    back: RelationFieldWalker<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    if ctx.has_errors() {
        return;
    }
    let message = |here: &str, there: &str| {
        format!(
            "The relation field `{}` on Model `{}` provides the `{here}` argument in the @relation attribute. And the \
             related field `{}` on Model `{}` provides the `{there}` argument. You must provide both arguments on the \
             same side.",
            forward.name(),
            forward.model().name(),
            back.name(),
            back.model().name(),
        )
    };
    let both = |message: &str, ctx: &mut Ctx<'_, '_, '_>| {
        for (one, other) in [(forward, back), (back, forward)] {
            ctx.push(in_relation("relation-key-split", one, message).label(other.span(), OPPOSITE));
        }
    };
    if has_fields(forward) && has_references(back) {
        both(&message("fields", "references"), ctx);
    }
    if has_references(forward) && has_fields(back) {
        both(&message("references", "fields"), ctx);
    }
}

/// Nothing in the database could keep both ends there. Silent once anything is wrong.
pub(super) fn back_is_optional(
    forward: RelationFieldWalker<'_>,
    back: RelationFieldWalker<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    if ctx.has_errors() || back.arity() != Arity::Required {
        return;
    }
    let related = forward.model().name();
    let message = format!(
        "The relation field `{}` on Model `{}` is required. This is not valid because it's not possible to enforce \
         this constraint on the database level. Please change the field type from `{related}` to `{related}?` to fix \
         this.",
        back.name(),
        back.model().name(),
    );
    let ty = ctx.origins().relation_field(back.id()).field.ty_span;
    let fix = format!("{related}?");
    ctx.push(
        in_relation("required-back-relation", back, message).label(forward.span(), OPPOSITE).fix(
            "make it optional",
            ty,
            fix,
        ),
    );
}

/// The key belongs on the side that cannot be without it. Silent once anything is wrong.
pub(super) fn key_is_on_the_required_side(
    forward: RelationFieldWalker<'_>,
    back: RelationFieldWalker<'_>,
    ctx: &mut Ctx<'_, '_, '_>,
) {
    if ctx.has_errors() || forward.arity() != Arity::Required {
        return;
    }
    if back.data().fields.is_none() && back.data().references.is_none() {
        return;
    }
    let message = format!(
        "The relation field `{}.{}` defines the `fields` and/or `references` argument. You must set them on the \
         required side of the relation (`{}.{}`) in order for the constraints to be enforced. Alternatively, you can \
         change this field to be required and the opposite optional, or make both sides of the relation optional.",
        back.model().name(),
        back.name(),
        forward.model().name(),
        forward.name(),
    );
    ctx.push(
        in_relation("relation-key-on-optional-side", back, message)
            .label(forward.span(), "the required side"),
    );
}

fn has_fields(field: RelationFieldWalker<'_>) -> bool {
    field.fields().next().is_some()
}

fn has_references(field: RelationFieldWalker<'_>) -> bool {
    field.references().next().is_some()
}
