//! `@default(…)`.

use super::Ctx;
use super::arguments::Arguments;
use super::default_hints::{self, FUNCTIONS};
use super::given_names::name_argument;
use super::origins::DefaultOrigin;
use crate::ast::{self, Expr};
use crate::diagnostic::Diagnostic;
use crate::schema::{
    Arity, DefaultValue, EnumId, Literal, ScalarFieldId, ScalarFieldType, ScalarType,
};
use crate::source::Span;
use crate::suggest::{in_another_case, nearest};

/// What reading a value came to: a default; one that is fine here and that validation will refuse; or what is wrong.
type Read = Result<Option<DefaultValue>, Vec<String>>;

/// The type that a default is for.
pub(super) enum Target<'n> {
    Scalar(ScalarType),
    Enum(EnumId),
    Unsupported,
    /// With its name.
    Composite(&'n str),
}

/// Says what is wrong with a default in a `type` block. Nothing is kept of it: such blocks are refused in any case.
pub(super) fn in_composite_type(
    field: &ast::Field<'_>,
    target: &Target<'_>,
    arguments: &mut Arguments<'_>,
    ctx: &mut Ctx<'_, '_>,
) {
    let Some(value) = arguments.default("value", ctx.diagnostics) else { return };
    if arguments.optional("map").is_some() {
        let message = "The `map` argument is not allowed on a composite type field.";
        ctx.diagnostics.push(arguments.error("invalid-default", message));
    }
    let is_list = field.arity == Arity::List;
    let read = match (value, target) {
        (Expr::Function("dbgenerated", ..), _) => Err(vec![
            "Fields of composite types cannot have `dbgenerated()` as default.".to_owned(),
        ]),
        (_, Target::Composite(ty)) => {
            ctx.diagnostics.push(on_composite_type(field.name.text, ty, arguments));
            return;
        }
        (_, Target::Unsupported) => Err(vec![
            "Composite field of type `Unsupported` cannot have default values.".to_owned(),
        ]),
        (_, Target::Enum(id)) => of_enum(value, *id, is_list, ctx),
        (Expr::Function(name @ ("autoincrement" | "auto"), ..), Target::Scalar(_)) => {
            Err(vec![format!("The function `{name}()` is not supported on composite fields.")])
        }
        (Expr::Function(name, _, span), Target::Scalar(_)) if !FUNCTIONS.contains(name) => {
            ctx.diagnostics.push(unknown_function(name, *span));
            return;
        }
        (Expr::Function("nanoid", ..), Target::Scalar(scalar)) => {
            Err(vec![wrong_function("nanoid", *scalar)])
        }
        (Expr::Function(name, arguments, _), Target::Scalar(scalar)) => {
            function(name, &arguments.list, *scalar)
        }
        (_, Target::Scalar(scalar)) => literal(value, *scalar, is_list),
    };
    for message in read.err().unwrap_or_default() {
        ctx.diagnostics.push(arguments.error("invalid-default", message));
    }
}

fn on_composite_type(field: &str, ty: &str, arguments: &Arguments<'_>) -> Diagnostic {
    let message = "Defaults on fields of type composite are not supported. Please remove the `@default` attribute.";
    let span = arguments.attribute.span;
    Diagnostic::in_field("invalid-default", field, "composite type", ty, message, span)
}

/// A function in `@default` that nobody knows.
pub(crate) fn unknown_function(name: &str, span: Span) -> Diagnostic {
    let message = format!(
        "Unknown function in @default(): `{name}` is not known. You can read about the available functions here: \
         https://pris.ly/d/attribute-functions"
    );
    let diagnostic = Diagnostic::error("unknown-function", message, span);
    // `auto()` is another database's.
    if let Some(same) = in_another_case(name, FUNCTIONS).filter(|same| *same != "auto") {
        return diagnostic.fix(format!("write `{same}`"), span.part(0..name.len()), same);
    }
    match nearest(name, FUNCTIONS.into_iter().filter(|function| *function != "auto")) {
        Some(near) => diagnostic.help(format!("did you mean `{near}()`?")),
        None => diagnostic,
    }
}

pub(super) fn of_field<'a>(
    id: ScalarFieldId,
    arguments: &mut Arguments<'a>,
    ctx: &mut Ctx<'a, '_>,
) {
    let Some(value) = arguments.default("value", ctx.diagnostics) else { return };
    let mapped_name = name_argument("map", arguments, ctx.diagnostics);
    let field = &ctx.resolved.schema.scalar_fields[id.index()];
    let is_list = field.arity == Arity::List;
    let is_composite = ctx.resolved.origins.scalar_field(id).composite_type.is_some();

    let read = match (value, &field.ty) {
        (Expr::Function("dbgenerated", arguments, _), _) => dbgenerated(&arguments.list),
        (_, ScalarFieldType::Unsupported(_)) if is_composite => {
            let field = ctx.resolved.origins.scalar_field(id).field;
            let ast::FieldType::Named(ty) = &field.ty else { return };
            ctx.diagnostics.push(on_composite_type(field.name.text, ty.text, arguments));
            return;
        }
        (_, ScalarFieldType::Unsupported(_)) => Err(vec![
            "Only @default(dbgenerated(\"...\")) can be used for Unsupported types.".to_owned(),
        ]),
        (_, ScalarFieldType::Enum(id)) => of_enum(value, *id, is_list, ctx),
        (Expr::Function("autoincrement", ..), _) if mapped_name.is_some() => {
            Err(vec!["Naming an autoincrement default value is not allowed.".to_owned()])
        }
        (Expr::Function(name, arguments, _), ScalarFieldType::Scalar(scalar)) => {
            function(name, &arguments.list, *scalar)
        }
        (_, ScalarFieldType::Scalar(scalar)) => literal(value, *scalar, is_list),
    };

    match read {
        Ok(default) => {
            ctx.resolved.schema.scalar_fields[id.index()].default = default;
            let origin = DefaultOrigin { attribute: arguments.attribute, value, mapped_name };
            ctx.resolved.origins.scalar_fields[id.index()].default = Some(origin);
        }
        Err(messages) => {
            let ty = ctx.resolved.schema.scalar_fields[id.index()].ty.clone();
            for message in messages {
                let diagnostic = arguments.error("invalid-default", message);
                // What is not in brackets is wrong in a list, whatever else is done about it, and so is a name for
                // `autoincrement()`.
                let is_named_sequence =
                    mapped_name.is_some() && matches!(value, Expr::Constant("autoincrement", _));
                let diagnostic = if is_list || is_named_sequence {
                    diagnostic
                } else {
                    default_hints::add(diagnostic, value, &ty, ctx)
                };
                ctx.diagnostics.push(diagnostic);
            }
        }
    }
}

fn of_enum(value: &Expr<'_>, id: EnumId, is_list: bool, ctx: &Ctx<'_, '_>) -> Read {
    match value {
        Expr::Array(elements, _) if is_list => elements
            .iter()
            .map(|element| enum_value(element, id, ctx))
            .collect::<Result<_, _>>()
            .map(DefaultValue::List)
            .map(Some),
        _ if is_list => Err(vec![no_enum_value(value)]),
        _ => enum_value(value, id, ctx).map(DefaultValue::Literal).map(Some),
    }
}

fn literal(value: &Expr<'_>, scalar: ScalarType, is_list: bool) -> Read {
    match value {
        Expr::Array(elements, _) if is_list => elements
            .iter()
            .map(|element| scalar_literal(element, scalar))
            .collect::<Result<_, _>>()
            .map(DefaultValue::List)
            .map(Some),
        _ if is_list => Err(vec!["The default value of a list field must be a list.".to_owned()]),
        Expr::Array(..) => {
            Err(vec!["The default value of a non-list field cannot be a list.".to_owned()])
        }
        _ => scalar_literal(value, scalar).map(DefaultValue::Literal).map(Some),
    }
}

fn enum_value(value: &Expr<'_>, id: EnumId, ctx: &Ctx<'_, '_>) -> Result<Literal, Vec<String>> {
    let Expr::Constant(name, _) = value else { return Err(vec![no_enum_value(value)]) };
    ctx.names.values[id.index()].get(name).copied().map(Literal::EnumValue).ok_or_else(|| {
        vec![format!("The defined default value `{name}` is not a valid value of the enum specified for the field.")]
    })
}

fn no_enum_value(value: &Expr<'_>) -> String {
    format!("Expected an enum value, but found `{value}`.")
}

fn scalar_literal(value: &Expr<'_>, scalar: ScalarType) -> Result<Literal, Vec<String>> {
    use ScalarType::{BigInt, Boolean, Bytes, DateTime, Decimal, Float, Int, Json, String};
    match (scalar, value) {
        (String | Json | Bytes | DateTime | Decimal, Expr::String(text, _)) => {
            Ok(Literal::String(text.clone().into_owned()))
        }
        (Int | BigInt | Float | Decimal, Expr::Number(text, _)) => {
            Ok(Literal::Number((*text).to_owned()))
        }
        (Boolean, Expr::Constant("true", _)) => Ok(Literal::Boolean(true)),
        (Boolean, Expr::Constant("false", _)) => Ok(Literal::Boolean(false)),
        (Boolean, Expr::Constant(..)) => {
            Err(vec!["A boolean literal must be `true` or `false`.".to_owned()])
        }
        _ => Err(vec![format!("Expected a {scalar} value, but found `{value}`.")]),
    }
}

fn function(name: &str, arguments: &[ast::Argument<'_>], scalar: ScalarType) -> Read {
    use ScalarType::{BigInt, DateTime, Int, String};
    match (scalar, name) {
        (Int | BigInt, "autoincrement") => {
            without_arguments(name, arguments, DefaultValue::Autoincrement)
        }
        (DateTime, "now") => without_arguments(name, arguments, DefaultValue::Now),
        (String, "ulid") => without_arguments(name, arguments, DefaultValue::Ulid),
        (String, "uuid") => version(name, arguments, 4, "which is either 4 or 7", |version| {
            matches!(version, 4 | 7).then_some(DefaultValue::Uuid { version })
        }),
        (String, "cuid") => version(name, arguments, 1, "which is either 1 or 2", |version| {
            matches!(version, 1 | 2).then_some(DefaultValue::Cuid { version })
        }),
        (String, "nanoid") => version(name, arguments, 21, "between 2 and 255", |length| {
            (length >= 2).then_some(DefaultValue::Nanoid { length })
        }),
        (_, "auto") if arguments.is_empty() => Ok(None),
        (_, "auto") => Err(vec!["`auto()` takes no arguments".to_owned()]),
        (_, known) if FUNCTIONS.contains(&known) => Err(vec![wrong_function(name, scalar)]),
        _ => Ok(None),
    }
}

fn wrong_function(name: &str, scalar: ScalarType) -> String {
    format!("The function `{name}()` cannot be used on fields of type `{scalar}`.")
}

fn without_arguments(name: &str, arguments: &[ast::Argument<'_>], default: DefaultValue) -> Read {
    if arguments.is_empty() {
        return Ok(Some(default));
    }
    Err(vec![format!(
        "The `{name}` function does not take any argument. Consider changing this default to `{name}()`."
    )])
}

/// A function that takes a number or nothing.
fn version(
    name: &str,
    arguments: &[ast::Argument<'_>],
    unsaid: u8,
    range: &str,
    make: impl Fn(u8) -> Option<DefaultValue>,
) -> Read {
    let wrong_kind = || format!("`{name}()` takes a single Int argument.");
    let mut messages = Vec::new();
    if arguments.len() > 1 {
        messages.push(wrong_kind());
    }
    let default = match arguments.first().map(|argument| &argument.value) {
        None => make(unsaid),
        Some(Expr::Number(text, _)) => {
            let default = text.parse().ok().and_then(make);
            if default.is_none() {
                messages.push(format!(
                    "`{name}()` takes either no argument, or a single integer argument {range}."
                ));
            }
            default
        }
        Some(_) => {
            messages.push(wrong_kind());
            None
        }
    };
    if messages.is_empty() { Ok(default) } else { Err(messages) }
}

fn dbgenerated(arguments: &[ast::Argument<'_>]) -> Read {
    let wrong_kind = || "`dbgenerated()` takes a single String argument".to_owned();
    let mut messages = Vec::new();
    if arguments.len() > 1 {
        messages.push(wrong_kind());
    }
    let mut expression = None;
    match arguments.first().map(|argument| &argument.value) {
        None => {}
        Some(Expr::String(text, _)) if text.is_empty() => messages.push(
            "dbgenerated() takes either no argument, or a single nonempty string argument."
                .to_owned(),
        ),
        Some(Expr::String(text, _)) => expression = Some(text.clone().into_owned()),
        Some(_) => messages.push(wrong_kind()),
    }
    if messages.is_empty() {
        Ok(Some(DefaultValue::DbGenerated(expression)))
    } else {
        Err(messages)
    }
}
