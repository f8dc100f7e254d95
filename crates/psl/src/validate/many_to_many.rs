//! Many-to-many: the table between is made by itself, from one id column on each side, and takes no options.

use super::{Ctx, container, in_relation};
use crate::ast::Argument;
use crate::diagnostic::Diagnostic;
use crate::schema::RelationFieldId;
use crate::walkers::{ModelWalker, RelationFieldWalker, ScalarFieldWalker};

pub(super) fn implicit(a: RelationFieldId, b: RelationFieldId, ctx: &mut Ctx<'_, '_, '_>) {
    let ends = [ctx.relation_field(a), ctx.relation_field(b)];
    if ends.iter().any(|field| field.model().is_view()) {
        for field in ends {
            let message = "Implicit many-to-many relations are not supported for views.";
            ctx.push(Diagnostic::validating("many-to-many-view", message, field.span()));
        }
    }
    for field in ends {
        references_an_id(field, ctx);
    }
    for field in ends {
        has_no_actions(field, ctx);
    }
    for field in ends {
        if field.data().references.is_some() {
            let message = "Implicit many-to-many relation should not have references argument defined. Either remove \
                           it, or change the relation to one-to-many.";
            ctx.push(in_relation("many-to-many-references", field, message));
        }
    }
}

/// The form of document databases: lists of ids on one side.
pub(super) fn embedded(a: RelationFieldId, b: RelationFieldId, ctx: &mut Ctx<'_, '_, '_>) {
    for id in [a, b] {
        let message = format!(
            "Embedded many-to-many relations are not supported on {}. Please use the syntax defined in \
             https://pris.ly/d/relational-database-many-to-many",
            ctx.database_in_messages(),
        );
        let span = ctx.relation_field(id).span();
        ctx.push(Diagnostic::validating("embedded-many-to-many", message, span));
    }
}

fn references_an_id(field: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let (model, related) = (field.model(), field.related_model());
    let Some(id) = single_id(related) else {
        let message = format!(
            "The relation field `{}` on {} `{}` references `{}` which does not have an `@id` field. Models without \
             `@id` cannot be part of a many to many relation. Use an explicit intermediate Model to represent this \
             relationship.",
            field.name(),
            container(related),
            model.name(),
            related.name(),
        );
        let code = "many-to-many-without-id";
        ctx.push(
            Diagnostic::in_field(
                code,
                field.name(),
                container(related),
                model.name(),
                message,
                field.span(),
            )
            .label(related.data().name.span, "has no `@id` field"),
        );
        return;
    };
    let names: Vec<&str> = field.references().map(ScalarFieldWalker::name).collect();
    if field.data().references.is_some() && names != [id] {
        let message = format!(
            "Implicit many-to-many relations must always reference the id field of the related model. Change the \
             argument `references` to use the id field of the related model `{}`. But it is referencing the following \
             fields that are not the id: {}",
            related.name(),
            names.join(", "),
        );
        ctx.push(Diagnostic::validating("many-to-many-references", message, field.span()));
    }
}

fn single_id(model: ModelWalker<'_>) -> Option<&str> {
    let primary_key = model.primary_key()?;
    let mut fields = primary_key.fields();
    fields.next().filter(|_| primary_key.columns().len() == 1).map(ScalarFieldWalker::name)
}

fn has_no_actions(field: RelationFieldWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let Some(attribute) = ctx.origins().relation_field(field.id()).attribute else { return };
    let arguments =
        ["onDelete", "onUpdate"].into_iter().filter_map(|name| attribute.argument(name));
    for Argument { value, .. } in arguments {
        let message = "Referential actions on implicit many-to-many relations are not supported";
        ctx.push(Diagnostic::validating("many-to-many-action", message, value.span()));
    }
}
