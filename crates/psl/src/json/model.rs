//! Models, views and enums.

use super::value::{Json, Object};
use super::{field, source_file_path, texts};
use crate::schema::{EnumValue, IndexKind, ScalarFieldType, Schema};
use crate::walkers::{EnumWalker, FieldWalker, IndexWalker, ModelWalker, ScalarFieldWalker};

/// Every model, then every view.
pub(super) fn in_order(schema: &Schema) -> impl Iterator<Item = ModelWalker<'_>> {
    let models = schema.models().filter(|model| !model.is_view());
    models.chain(schema.models().filter(|model| model.is_view()))
}

pub(super) fn model(model: ModelWalker<'_>) -> Object<'_> {
    let (left_out, fields): (Vec<_>, Vec<_>) =
        model.fields().partition(|field| is_left_out(*field));
    let primary_key = model.primary_key().filter(|key| !key.data().on_field);
    // A partial index does not tell rows apart.
    let uniques = || {
        model.indexes().filter(|index| {
            index.kind() == IndexKind::Unique && !index.data().on_field && !index.is_partial()
        })
    };
    Object::new()
        .key("name", model.name())
        .key("dbName", model.data().mapped_name.as_ref())
        .key("schema", model.namespace())
        .list("fields", fields, field::field)
        .key("primaryKey", primary_key.map(key))
        .key(
            "uniqueFields",
            uniques().map(|index| field_names(index).into()).collect::<Vec<Json<'_>>>(),
        )
        .list("uniqueIndexes", uniques(), key)
        .key("isGenerated", false)
        .optional("documentation", model.documentation())
        .key("isView", model.is_view())
        .list("ignoredFields", left_out, field::field)
        .optional("sourceFilePath", source_file_path(model.schema(), model.span()))
}

/// Whether clients do not have the field.
fn is_left_out(field: FieldWalker<'_>) -> bool {
    match field {
        FieldWalker::Scalar(field) => {
            field.is_ignored() || matches!(field.ty(), ScalarFieldType::Unsupported(_))
        }
        FieldWalker::Relation(field) => field.data().is_ignored,
    }
}

/// A way to name one row.
fn key(index: IndexWalker<'_>) -> Object<'_> {
    Object::new().key("name", index.data().client_name.as_ref()).key("fields", field_names(index))
}

fn field_names(index: IndexWalker<'_>) -> Vec<Json<'_>> {
    texts(index.fields().map(ScalarFieldWalker::name))
}

pub(super) fn enumeration(r#enum: EnumWalker<'_>) -> Object<'_> {
    Object::new()
        .key("name", r#enum.name())
        .list("values", r#enum.values(), enum_value)
        .key("dbName", r#enum.data().mapped_name.as_ref())
        .optional("documentation", r#enum.documentation())
        .key("schema", r#enum.namespace())
        .optional("sourceFilePath", source_file_path(r#enum.schema(), r#enum.data().span))
}

fn enum_value(value: &EnumValue) -> Object<'_> {
    Object::new()
        .key("name", value.name())
        .key("dbName", value.mapped_name.as_ref())
        .optional("documentation", value.documentation.as_ref())
}
