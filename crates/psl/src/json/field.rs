//! Fields of models and views.

use super::value::{Json, Object};
use super::{default, texts};
use crate::native_type::NativeType;
use crate::schema::{Arity, ReferentialAction, RelationMode, ScalarFieldType};
use crate::walkers::{FieldWalker, RelationFieldWalker, RelationWalker, ScalarFieldWalker};

pub(super) fn field(field: FieldWalker<'_>) -> Object<'_> {
    match field {
        FieldWalker::Scalar(field) => scalar_field(field),
        FieldWalker::Relation(field) => relation_field(field),
    }
}

fn scalar_field(field: ScalarFieldWalker<'_>) -> Object<'_> {
    let (kind, ty) = match field.ty() {
        ScalarFieldType::Scalar(scalar) => ("scalar", scalar.as_str()),
        ScalarFieldType::Enum(_) => ("enum", field.enum_type().map_or("", |ty| ty.name())),
        ScalarFieldType::Unsupported(ty) => ("unsupported", ty.as_str()),
    };
    let is_id = field
        .model()
        .primary_key()
        .is_some_and(|key| matches!(key.columns(), [column] if column.field == field.id()));
    let holds_relation =
        field.model().relation_fields().any(|relation| relation.fields().any(|key| key == field));
    Object::new()
        .key("name", field.name())
        .optional("dbName", field.data().mapped_name.as_ref())
        .key("kind", kind)
        .key("isList", field.arity() == Arity::List)
        .key("isRequired", field.arity() != Arity::Optional)
        .key("isUnique", !is_id && is_unique(field))
        .key("isId", is_id)
        .key("isReadOnly", holds_relation)
        .key("hasDefaultValue", field.default().is_some())
        .key("type", ty)
        .key("nativeType", field.native_type().map(native_type))
        .optional("default", field.default().map(|value| default::default(value, field)))
        .key("isGenerated", false)
        .key("isUpdatedAt", field.is_updated_at())
        .optional("documentation", field.documentation())
}

/// By itself and among all rows, not only those of a partial index.
fn is_unique(field: ScalarFieldWalker<'_>) -> bool {
    field.model().unique_criteria().any(|index| {
        !index.is_partial() && matches!(index.columns(), [column] if column.field == field.id())
    })
}

/// Name and arguments, the latter as texts.
fn native_type<'s>(ty: NativeType) -> Vec<Json<'s>> {
    let arguments = ty.arguments().into_iter().map(|argument| argument.to_string().into());
    vec![ty.name().into(), Json::Array(arguments.collect())]
}

fn relation_field(field: RelationFieldWalker<'_>) -> Object<'_> {
    let relation = field.relation();
    let data = field.data();
    Object::new()
        .key("name", field.name())
        .key("kind", "object")
        .key("isList", field.arity() == Arity::List)
        .key("isRequired", field.arity() != Arity::Optional)
        .key("isUnique", false)
        .key("isId", false)
        .key("isReadOnly", false)
        .key("hasDefaultValue", false)
        .key("type", field.related_model().name())
        .key("nativeType", Json::Null)
        .key("relationName", field.relation_name())
        .key("relationFromFields", texts(field.fields().map(ScalarFieldWalker::name)))
        .key("relationToFields", texts(field.references().map(ScalarFieldWalker::name)))
        .optional("relationOnDelete", data.on_delete.map(ReferentialAction::as_str))
        .optional("relationOnUpdate", data.on_update.map(ReferentialAction::as_str))
        .key("isGenerated", false)
        .key("isUpdatedAt", false)
        .optional("documentation", field.documentation())
        .optional("foreignKey", relation.and_then(|relation| foreign_key(field, relation)))
        .optional("joinTable", relation.and_then(|relation| join_table(field, relation)))
}

fn foreign_key<'s>(
    field: RelationFieldWalker<'s>,
    relation: RelationWalker<'s>,
) -> Option<Object<'s>> {
    if relation.forward() != Some(field) {
        return None;
    }
    let is_constraint = relation.schema().relation_mode() == RelationMode::ForeignKeys
        && !field.model().is_view()
        && !field.related_model().is_view();
    let name = relation.constraint_name().filter(|_| is_constraint);
    Some(
        Object::new()
            .key("effectiveDbName", name)
            .key("onDelete", relation.on_delete().map(ReferentialAction::as_str))
            .key("onUpdate", relation.on_update().map(ReferentialAction::as_str)),
    )
}

fn join_table<'s>(
    field: RelationFieldWalker<'s>,
    relation: RelationWalker<'s>,
) -> Option<Object<'s>> {
    let (a, _) = relation.many_to_many()?;
    let (own, other) = if a == field { ("A", "B") } else { ("B", "A") };
    Some(
        Object::new()
            .key("effectiveDbName", relation.join_table_name()?)
            .key("schema", a.model().namespace())
            .key("fromColumn", own)
            .key("toColumn", other),
    )
}
