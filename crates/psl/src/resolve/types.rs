//! Second pass: what each field is. Makes the schema's models, enums and fields.

use super::Ctx;
use super::names::TypeName;
use super::origins::{RelationFieldOrigin, ScalarFieldOrigin};
use crate::ast::{Block, EnumBlock, Field, FieldType, File, Ident, ModelBlock, ModelKeyword};
use crate::diagnostic::Diagnostic;
use crate::schema::{
    Enum, EnumValue, FieldId, Model, ModelId, Name, RelationField, RelationFieldId, ScalarField,
    ScalarFieldId, ScalarFieldType, ScalarType,
};
use crate::suggest::suggest;

pub(super) fn resolve<'a>(files: &'a [File<'a>], ctx: &mut Ctx<'a, '_>) {
    let mut composite_types = Vec::new();
    for block in files.iter().flat_map(|file| &file.blocks) {
        match block {
            Block::Model(block) => model(block, ctx),
            Block::Enum(block) => enumeration(block, ctx),
            Block::CompositeType(block) => composite_types.push(block),
            Block::Datasource(_) | Block::Generator(_) => {}
        }
    }
    for block in &composite_types {
        composite_type(block, ctx);
    }
    ctx.resolved.origins.composite_types = composite_types;
}

/// What a field's type turned out to be.
enum Resolved {
    Scalar(ScalarFieldType),
    /// A position among the composite types.
    Composite(usize),
    Model(ModelId),
}

fn model<'a>(block: &'a ModelBlock<'a>, ctx: &mut Ctx<'a, '_>) {
    let schema = &mut ctx.resolved.schema;
    let id = ModelId(next(schema.models.len()));
    schema.models.push(Model {
        name: block.name.into(),
        is_view: block.keyword == ModelKeyword::View,
        documentation: block.documentation.clone(),
        mapped_name: None,
        namespace: None,
        is_ignored: false,
        fields: Vec::new(),
        primary_key: None,
        indexes: Vec::new(),
        span: block.span,
    });
    ctx.resolved.origins.models.push(block);
    let mut fields = Vec::with_capacity(block.fields.len());
    for written in &block.fields {
        let ty = field_type(written, true, ctx);
        fields.push(ty.map(|ty| field(id, written, ty, ctx)));
    }
    ctx.resolved.schema.models[id.index()].fields = fields.iter().flatten().copied().collect();
    ctx.names.field_ids.push(fields);
}

fn field<'a>(
    model: ModelId,
    written: &'a Field<'a>,
    ty: Resolved,
    ctx: &mut Ctx<'a, '_>,
) -> FieldId {
    let (schema, origins) = (&mut ctx.resolved.schema, &mut ctx.resolved.origins);
    let (ty, composite_type) = match ty {
        Resolved::Scalar(ty) => (ty, None),
        // PostgreSQL has no composite types for Prisma; validation says so. Until then it is a column of unknown type.
        Resolved::Composite(position) => {
            (ScalarFieldType::Unsupported(String::new()), Some(position))
        }
        Resolved::Model(related_model) => {
            let id = RelationFieldId(next(schema.relation_fields.len()));
            schema.relation_fields.push(RelationField {
                model,
                name: written.name.into(),
                documentation: written.documentation.clone(),
                arity: written.arity,
                related_model,
                relation: None,
                relation_name: None,
                fields: None,
                references: None,
                on_delete: None,
                on_update: None,
                mapped_name: None,
                is_ignored: false,
                span: written.span,
            });
            origins.relation_fields.push(RelationFieldOrigin { field: written, attribute: None });
            return FieldId::Relation(id);
        }
    };
    let id = ScalarFieldId(next(schema.scalar_fields.len()));
    schema.scalar_fields.push(ScalarField {
        model,
        name: written.name.into(),
        documentation: written.documentation.clone(),
        mapped_name: None,
        arity: written.arity,
        ty,
        native_type: None,
        default: None,
        is_updated_at: false,
        is_ignored: false,
        span: written.span,
    });
    origins.scalar_fields.push(ScalarFieldOrigin {
        field: written,
        composite_type,
        native_type: None,
        default: None,
    });
    FieldId::Scalar(id)
}

fn enumeration<'a>(block: &'a EnumBlock<'a>, ctx: &mut Ctx<'a, '_>) {
    if block.values.is_empty() {
        let message = "An enum must have at least one value.";
        ctx.diagnostics.push(Diagnostic::validating("enum-without-values", message, block.span));
    }
    let values = block.values.iter().map(|value| EnumValue {
        name: value.name.into(),
        documentation: value.documentation.clone(),
        mapped_name: None,
    });
    ctx.resolved.schema.enums.push(Enum {
        name: block.name.into(),
        documentation: block.documentation.clone(),
        mapped_name: None,
        namespace: None,
        values: values.collect(),
        span: block.span,
    });
    ctx.resolved.origins.enums.push(block);
}

/// Composite types leave nothing in the schema; their fields are looked up for the sake of what is wrong with them.
fn composite_type(block: &ModelBlock<'_>, ctx: &mut Ctx<'_, '_>) {
    for field in &block.fields {
        if let Some(Resolved::Model(model)) = field_type(field, false, ctx) {
            let message = format!(
                "Error validating composite type \"{}\": {} refers to a model, making this a relation field. Relation \
                 fields inside composite types are not supported.",
                block.name.text,
                ctx.resolved.origins.models[model.index()].name.text,
            );
            ctx.diagnostics.push(Diagnostic::error(
                "composite-type-relation",
                message,
                field.ty_span,
            ));
        }
    }
}

fn field_type(field: &Field<'_>, in_model: bool, ctx: &mut Ctx<'_, '_>) -> Option<Resolved> {
    let name = match &field.ty {
        FieldType::Unsupported(text) => {
            return Some(Resolved::Scalar(ScalarFieldType::Unsupported(text.clone().into_owned())));
        }
        FieldType::Named(name) => *name,
    };
    if let Some(scalar) = ScalarType::from_name(name.text) {
        return Some(Resolved::Scalar(ScalarFieldType::Scalar(scalar)));
    }
    match ctx.names.types.get(name.text) {
        Some(TypeName::Model(id)) => Some(Resolved::Model(*id)),
        Some(TypeName::Enum(id)) => Some(Resolved::Scalar(ScalarFieldType::Enum(*id))),
        Some(TypeName::CompositeType(position)) => Some(Resolved::Composite(*position)),
        None => {
            let diagnostic = unknown(name, in_model, ctx);
            ctx.diagnostics.push(diagnostic);
            None
        }
    }
}

/// The name in capitals of a word in small letters is part of the message, but in composite types.
fn unknown(name: Ident<'_>, in_model: bool, ctx: &mut Ctx<'_, '_>) -> Diagnostic {
    let message = format!(
        "Type \"{}\" is neither a built-in type, nor refers to another model, composite type, or enum.",
        name.text
    );
    let scalars = ScalarType::ALL.map(ScalarType::as_str);
    let scalar = scalars.into_iter().find(|scalar| scalar.eq_ignore_ascii_case(name.text));
    let same = match (ctx.names.in_lower_case.get(name.text).copied(), scalar) {
        (Some((same, is_only)), scalar) => {
            Some((same, is_only && scalar.is_none_or(|scalar| scalar == same)))
        }
        (None, scalar) => scalar.map(|scalar| (scalar, true)),
    };
    if let Some((same, is_only)) = same.filter(|_| in_model) {
        let message = format!("{message} Did you mean \"{same}\"?");
        let diagnostic = Diagnostic::error("unknown-type", message, name.span);
        if !is_only {
            return diagnostic;
        }
        return diagnostic.fix(format!("write `{same}`"), name.span, same);
    }
    let diagnostic = Diagnostic::error("unknown-type", message, name.span);
    if !ctx.suggestions.affords(ctx.names.types.len()) {
        return diagnostic;
    }
    let mut candidates: Vec<&str> = ctx.names.types.keys().copied().chain(scalars).collect();
    candidates.sort_unstable();
    suggest(diagnostic, name.text, name.span, candidates)
}

fn next(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

impl From<Ident<'_>> for Name {
    fn from(ident: Ident<'_>) -> Self {
        Self { text: ident.text.to_owned(), span: ident.span }
    }
}
