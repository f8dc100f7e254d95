//! What is said of a field or an index, in all formats alike.

use psl::{
    Arity, DefaultValue, EnumWalker, IndexKind, IndexWalker, Literal, ReferentialAction,
    RelationFieldWalker, ScalarFieldType, ScalarFieldWalker, ScalarType,
};

/// `String`, `OrgRole`, `Unsupported("point")`, without arity.
pub(crate) fn bare_type(field: ScalarFieldWalker<'_>) -> String {
    match field.ty() {
        ScalarFieldType::Scalar(scalar) => scalar_name(*scalar).to_owned(),
        ScalarFieldType::Enum(_) => {
            field.enum_type().map_or_else(String::new, |walker| walker.name().to_owned())
        }
        ScalarFieldType::Unsupported(text) => format!("Unsupported(\"{text}\")"),
    }
}

fn scalar_name(scalar: ScalarType) -> &'static str {
    match scalar {
        ScalarType::Int => "Int",
        ScalarType::BigInt => "BigInt",
        ScalarType::Float => "Float",
        ScalarType::Decimal => "Decimal",
        ScalarType::Boolean => "Boolean",
        ScalarType::String => "String",
        ScalarType::DateTime => "DateTime",
        ScalarType::Json => "Json",
        ScalarType::Bytes => "Bytes",
    }
}

/// `?`, `[]` or nothing.
pub(crate) fn arity(arity: Arity) -> &'static str {
    match arity {
        Arity::Required => "",
        Arity::Optional => "?",
        Arity::List => "[]",
    }
}

/// `String?`.
pub fn full_type(field: ScalarFieldWalker<'_>) -> String {
    bare_type(field) + arity(field.arity())
}

/// What a row has where nothing is given, as the schema says it: `now()`, `"AUD"`.
pub(crate) fn default(field: ScalarFieldWalker<'_>) -> Option<String> {
    let values = field.enum_type();
    Some(match field.default()? {
        DefaultValue::Literal(value) => literal(value, values),
        DefaultValue::List(list) => {
            let list: Vec<String> = list.iter().map(|value| literal(value, values)).collect();
            format!("[{}]", list.join(", "))
        }
        DefaultValue::Now => "now()".to_owned(),
        DefaultValue::Autoincrement => "autoincrement()".to_owned(),
        DefaultValue::DbGenerated(Some(sql)) => format!("dbgenerated({sql:?})"),
        DefaultValue::DbGenerated(None) => "dbgenerated()".to_owned(),
        DefaultValue::Uuid { version: 4 } => "uuid()".to_owned(),
        DefaultValue::Uuid { version } => format!("uuid({version})"),
        DefaultValue::Cuid { version: 1 } => "cuid()".to_owned(),
        DefaultValue::Cuid { version } => format!("cuid({version})"),
        DefaultValue::Ulid => "ulid()".to_owned(),
        DefaultValue::Nanoid { length: 21 } => "nanoid()".to_owned(),
        DefaultValue::Nanoid { length } => format!("nanoid({length})"),
    })
}

fn literal(literal: &Literal, values: Option<EnumWalker<'_>>) -> String {
    match literal {
        Literal::String(text) => format!("{text:?}"),
        Literal::Number(number) => number.clone(),
        Literal::Boolean(value) => value.to_string(),
        Literal::EnumValue(at) => values
            .and_then(|walker| walker.values().get(*at))
            .map_or_else(String::new, |value| value.name().to_owned()),
    }
}

/// What else holds of a field: `id`, `unique`, `updated at`, its column's type and name.
pub(crate) fn marks(field: ScalarFieldWalker<'_>) -> Vec<String> {
    let mut marks = Vec::new();
    if field.is_in_primary_key() {
        marks.push("id".to_owned());
    }
    if is_unique(field) {
        marks.push("unique".to_owned());
    }
    if is_in_foreign_key(field) {
        marks.push("foreign key".to_owned());
    }
    if field.is_updated_at() {
        marks.push("set at each update".to_owned());
    }
    if let Some(native) = field.native_type() {
        marks.push(format!("db.{native}"));
    }
    if field.database_name() != field.name() {
        marks.push(format!("column {:?}", field.database_name()));
    }
    marks
}

/// Whether it alone tells rows apart, without being the key that does.
pub(crate) fn is_unique(field: ScalarFieldWalker<'_>) -> bool {
    let is_the_key = field.model().primary_key().is_some_and(|key| key.data().on_field);
    field.is_unique() && !(is_the_key && field.is_in_primary_key())
}

/// `orders`, `auth.orders`: the table as the database has it, where that says more than the model's name.
pub(crate) fn table(model: psl::ModelWalker<'_>) -> Option<String> {
    let schema = model.namespace();
    if schema.is_none() && model.database_name() == model.name() {
        return None;
    }
    Some(in_schema(schema, model.database_name()))
}

/// As [`table`], of an enum's type.
pub(crate) fn enum_type(walker: EnumWalker<'_>) -> Option<String> {
    let schema = walker.namespace();
    if schema.is_none() && walker.database_name() == walker.name() {
        return None;
    }
    Some(in_schema(schema, walker.database_name()))
}

fn in_schema(schema: Option<&str>, name: &str) -> String {
    schema.map_or_else(|| name.to_owned(), |schema| format!("{schema}.{name}"))
}

/// What a value of an enum is in the database, where that is something else.
pub(crate) fn mapped(value: &psl::EnumValue) -> Option<&str> {
    Some(value.database_name()).filter(|mapped| *mapped != value.name())
}

pub(crate) fn is_in_foreign_key(field: ScalarFieldWalker<'_>) -> bool {
    field.model().relation_fields().any(|relation| relation.fields().any(|own| own == field))
}

/// `unique (orgId, name)`, with what is unusual of it behind.
pub(crate) fn index(index: IndexWalker<'_>) -> String {
    let columns: Vec<String> = index
        .fields()
        .zip(index.columns())
        .map(|(field, column)| {
            format!("{}{}", field.name(), if column.is_descending() { " desc" } else { "" })
        })
        .collect();
    let kind = match index.kind() {
        IndexKind::PrimaryKey => "primary key",
        IndexKind::Unique => "unique",
        IndexKind::Normal => "index",
    };
    let mut text = format!("{kind} ({})", columns.join(", "));
    if let Some(algorithm) = index.algorithm() {
        text += &format!(" using {algorithm:?}").to_lowercase();
    }
    if let Some(predicate) = index.predicate() {
        text += " where ";
        text += &predicate;
    }
    text
}

/// `orgId → Org.id, on delete cascade`; the side without the key says `Booking.orgId`.
pub(crate) fn relation(field: RelationFieldWalker<'_>) -> String {
    let Some(relation) = field.relation() else { return String::new() };
    if let Some(table) = relation.join_table_name() {
        return format!("many-to-many, in {table}");
    }
    if !field.is_forward() {
        return relation.forward().map_or_else(String::new, |forward| {
            let key: Vec<&str> = forward.fields().map(ScalarFieldWalker::name).collect();
            format!("by {}.{}", forward.model().name(), key.join(", "))
        });
    }
    let own: Vec<&str> = field.fields().map(ScalarFieldWalker::name).collect();
    let other: Vec<&str> = field.references().map(ScalarFieldWalker::name).collect();
    let action = relation.on_delete().map_or("", action);
    format!(
        "{} → {}.{}, on delete {action}",
        own.join(", "),
        field.related_model().name(),
        other.join(", ")
    )
}

/// As SQL and DBML name it, in small letters.
pub(crate) fn action(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::Cascade => "cascade",
        ReferentialAction::Restrict => "restrict",
        ReferentialAction::NoAction => "no action",
        ReferentialAction::SetNull => "set null",
        ReferentialAction::SetDefault => "set default",
    }
}

/// The keys and indexes that no single field says.
pub(crate) fn compound_keys(model: psl::ModelWalker<'_>) -> impl Iterator<Item = String> {
    let keys = model.primary_key().into_iter().chain(model.indexes());
    keys.filter(|key| !key.data().on_field).map(index)
}
