//! `@@schema`: on everything or nothing, and only schemas that the datasource lists.

use super::{Ctx, container};
use crate::diagnostic::Diagnostic;
use crate::schema::Name;
use crate::suggest::nearest;
use crate::walkers::ModelWalker;

pub(super) fn check_model(model: ModelWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    if let Some(name) = &model.data().namespace {
        is_known(name, ctx);
    } else if ctx.origins().schemas.is_some() {
        let container = container(model);
        let message = format!("This {container} is missing an `@@schema` attribute.");
        let code = "missing-schema";
        let diagnostic = Diagnostic::in_model(code, container, model.name(), message, model.span());
        ctx.push(add_one(diagnostic, ctx));
    }
}

pub(super) fn check_enums(ctx: &mut Ctx<'_, '_, '_>) {
    for r#enum in ctx.resolved.schema.enums() {
        if let Some(name) = &r#enum.data().namespace {
            is_known(name, ctx);
        } else if ctx.origins().schemas.is_some() {
            let message = "This enum is missing an `@@schema` attribute.";
            let diagnostic = Diagnostic::error("missing-schema", message, r#enum.data().span);
            ctx.push(add_one(diagnostic, ctx));
        }
    }
}

fn add_one(diagnostic: Diagnostic, ctx: &Ctx<'_, '_, '_>) -> Diagnostic {
    let schemas = ctx.resolved.schema.datasource().map(|datasource| datasource.schemas.as_slice());
    match schemas {
        Some([first, ..]) => diagnostic.help(format!("add `@@schema(\"{}\")`", first.text)),
        _ => diagnostic,
    }
}

fn is_known(name: &Name, ctx: &mut Ctx<'_, '_, '_>) {
    if !ctx.has_datasource() {
        let message = "@@schema is not supported on the current datasource provider";
        ctx.push(Diagnostic::error("schema-without-datasource", message, name.span));
        return;
    }
    if ctx.schemas.contains(name.text.as_str()) {
        return;
    }
    let message = "This schema is not defined in the datasource. Read more on `@@schema` at https://pris.ly/d/multi-schema";
    let mut diagnostic = Diagnostic::error("unknown-schema", message, name.span);
    if let Some(span) = ctx.origins().schemas {
        diagnostic = diagnostic.label(span, "the schemas of the datasource");
    }
    if ctx.suggestions.affords(ctx.schemas.len()) {
        let mut listed: Vec<&str> = ctx.schemas.iter().copied().collect();
        listed.sort_unstable();
        if let Some(near) = nearest(&name.text, listed) {
            diagnostic = diagnostic.help(format!("did you mean \"{near}\"?"));
        }
    }
    ctx.push(diagnostic);
}
