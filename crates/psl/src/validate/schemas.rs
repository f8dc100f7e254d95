//! `@@schema`: on everything or nothing, and only schemas that the datasource lists.

use super::{Ctx, container};
use crate::diagnostic::Diagnostic;
use crate::schema::Name;
use crate::suggest::nearest;

pub(super) fn check(ctx: &mut Ctx<'_, '_, '_>) {
    let schema = &ctx.resolved.schema;
    let Some(datasource) = schema.datasource() else { return };
    let is_list_given = ctx.origins().schemas.is_some();
    for model in schema.models() {
        match &model.data().namespace {
            Some(name) => is_listed(name, &datasource.schemas, ctx),
            None if is_list_given => {
                let message =
                    format!("This {} is missing an `@@schema` attribute.", container(model));
                let code = "missing-schema";
                ctx.push(Diagnostic::in_model(
                    code,
                    container(model),
                    model.name(),
                    message,
                    model.span(),
                ));
            }
            None => {}
        }
    }
    for r#enum in schema.enums() {
        match &r#enum.data().namespace {
            Some(name) => is_listed(name, &datasource.schemas, ctx),
            None if is_list_given => {
                let message = "This enum is missing an `@@schema` attribute.";
                ctx.push(Diagnostic::error("missing-schema", message, r#enum.data().span));
            }
            None => {}
        }
    }
}

fn is_listed(name: &Name, listed: &[Name], ctx: &mut Ctx<'_, '_, '_>) {
    if listed.iter().any(|schema| schema.text == name.text) {
        return;
    }
    let message = "This schema is not defined in the datasource. Read more on `@@schema` at https://pris.ly/d/multi-schema";
    let diagnostic = Diagnostic::error("unknown-schema", message, name.span);
    ctx.push(match nearest(&name.text, listed.iter().map(|schema| schema.text.as_str())) {
        Some(near) => diagnostic.help(format!("did you mean \"{near}\"?")),
        None => diagnostic,
    });
}
