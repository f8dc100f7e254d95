//! `where:` of a partial index: `raw("…")`, or an object with a value for each field. Known where the preview feature for
//! partial indexes is on, which Prisma has since version 7.

use super::arguments::Arguments;
use super::{Ctx, Feature, coerce};
use crate::ast::{Expr, Ident};
use crate::schema::{
    Condition, ConditionValue, FieldId, ModelId, Predicate, ScalarFieldId, ScalarFieldType,
    ScalarType, Schema,
};
use crate::suggest::suggest;

pub(super) fn resolve<'a>(
    arguments: &mut Arguments<'a>,
    model: ModelId,
    ctx: &mut Ctx<'a, '_>,
) -> Option<Predicate> {
    if !ctx.resolved.features.contains(&Feature::PartialIndexes) {
        return None;
    }
    let read = match arguments.optional("where")? {
        Expr::Function("raw", list, _) => {
            let first = list.list.first();
            match first.and_then(|argument| coerce::string(&argument.value, ctx.diagnostics)) {
                Some("") => Err(Wrong::new("The `where` argument cannot contain an empty string.")),
                Some(sql) => Ok(Predicate::Raw(sql.to_owned())),
                None => Err(Wrong::new(
                    "The `where` argument must be a raw() function with a string argument, e.g. `where: \
                     raw(\"status = 'active'\")`.",
                )),
            }
        }
        Expr::Object(members, _) if members.is_empty() => {
            Err(Wrong::new("The `where` argument cannot be an empty object."))
        }
        Expr::Object(members, _) => {
            let conditions =
                members.iter().map(|(name, value)| condition(*name, value, model, ctx));
            conditions.collect::<Result<_, _>>().map(Predicate::All)
        }
        other => {
            if !matches!(other, Expr::Function(..)) {
                ctx.diagnostics.push(coerce::wrong("function", other));
            }
            Err(Wrong::new(
                "The `where` argument must be either a raw() function call or an object literal, e.g. `where: \
                 raw(\"status = 'active'\")` or `where: { active: true }`.",
            ))
        }
    };
    match read {
        Ok(predicate) => Some(predicate),
        Err(wrong) => {
            let mut diagnostic = arguments.error("invalid-predicate", wrong.message);
            if let Some(unknown) = wrong.unknown {
                let known = ctx.names.fields[model.index()].keys().copied();
                diagnostic = suggest(diagnostic, unknown.text, unknown.span, known);
            }
            ctx.diagnostics.push(diagnostic);
            None
        }
    }
}

/// What to say of a predicate that cannot be read.
struct Wrong<'a> {
    message: String,
    /// A name that no field has.
    unknown: Option<Ident<'a>>,
}

impl Wrong<'_> {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), unknown: None }
    }
}

fn condition<'a>(
    name: Ident<'a>,
    value: &Expr<'a>,
    model: ModelId,
    ctx: &Ctx<'a, '_>,
) -> Result<Condition, Wrong<'a>> {
    let field = field(name, model, ctx)?;
    let (is_negated, value) = match value {
        Expr::Object(members, _) => match members.as_slice() {
            [(key, value)] if key.text == "not" => (true, value),
            [(key, _)] => {
                return Err(Wrong::new(format!(
                    "Unknown key '{}' in nested where clause object. Only 'not' is supported.",
                    key.text
                )));
            }
            _ => {
                return Err(Wrong::new(
                    "Nested object in where clause must have exactly one key. Use `{ not: null }` or `{ not: \
                     \"value\" }`.",
                ));
            }
        },
        value => (false, value),
    };
    let value = literal(value)?;
    fits(&value, name.text, field, &ctx.resolved.schema)?;
    Ok(Condition { field, is_negated, value })
}

fn field<'a>(
    name: Ident<'a>,
    model: ModelId,
    ctx: &Ctx<'a, '_>,
) -> Result<ScalarFieldId, Wrong<'a>> {
    let position = ctx.names.fields[model.index()].get(name.text);
    let found = position.and_then(|position| ctx.names.field_ids[model.index()][*position]);
    match found {
        Some(FieldId::Scalar(id)) => Ok(id),
        Some(FieldId::Relation(_)) => Err(Wrong::new(format!(
            "Field '{}' is a relation field. Only scalar fields can be used in the where clause.",
            name.text
        ))),
        None => {
            let model = &ctx.resolved.schema.models[model.index()].name.text;
            let message = format!("Field '{}' does not exist in model '{model}'.", name.text);
            Err(Wrong { message, unknown: Some(name) })
        }
    }
}

fn literal<'a>(value: &Expr<'a>) -> Result<ConditionValue, Wrong<'a>> {
    const EXPECTED: &str = "in where clause. Expected true, false, null, a string, a number, or an object like { not: null }.";
    match value {
        Expr::Constant("null", _) => Ok(ConditionValue::Null),
        Expr::Constant("true", _) => Ok(ConditionValue::Boolean(true)),
        Expr::Constant("false", _) => Ok(ConditionValue::Boolean(false)),
        Expr::String(text, _) => Ok(ConditionValue::Text(text.clone().into_owned())),
        Expr::Number(number, _) => Ok(ConditionValue::Number((*number).to_owned())),
        Expr::Constant(word, _) => Err(Wrong::new(format!("Invalid value '{word}' {EXPECTED}"))),
        _ => Err(Wrong::new(format!("Invalid value {EXPECTED}"))),
    }
}

/// Whether a column of the field's type can be compared with a value; with null, any can.
fn fits<'a>(
    value: &ConditionValue,
    name: &str,
    field: ScalarFieldId,
    schema: &Schema,
) -> Result<(), Wrong<'a>> {
    let (types, what): (&[ScalarType], _) = match value {
        ConditionValue::Null => return Ok(()),
        ConditionValue::Boolean(_) => (&[ScalarType::Boolean], "Boolean"),
        ConditionValue::Number(_) => (
            &[ScalarType::Int, ScalarType::BigInt, ScalarType::Float, ScalarType::Decimal],
            "a Number",
        ),
        ConditionValue::Text(_) => (&[ScalarType::String, ScalarType::DateTime], "a String"),
    };
    match &schema.scalar_fields[field.index()].ty {
        ScalarFieldType::Scalar(ty) if types.contains(ty) => Ok(()),
        ScalarFieldType::Enum(_) if matches!(value, ConditionValue::Text(_)) => Ok(()),
        ScalarFieldType::Scalar(ty) => Err(Wrong::new(format!(
            "Type mismatch: field '{name}' is of type {ty}, but the value is {what}."
        ))),
        ScalarFieldType::Enum(_) => Err(Wrong::new(format!(
            "Type mismatch: field '{name}' is an Enum and only accepts String values in the where clause."
        ))),
        ScalarFieldType::Unsupported(_) => Err(Wrong::new(format!(
            "Field '{name}' is an unsupported type and cannot be used in the object syntax of a where clause. Use raw() \
             instead."
        ))),
    }
}
