//! A model as its table is: the schema's fields, joined with what the database says of their columns.
//!
//! The types that values are cast to come from the database, so that what the page shows and writes is right even where the
//! schema file is ahead of it.

use postgres::driver::Row;
use psl::{Arity, DefaultValue, FieldWalker, ModelWalker, ScalarFieldWalker, ScalarType, Schema};

use crate::failure::{Failure, Result};
use crate::ids::Id;
use crate::quoting::{ident, table};

/// A model whose table is there.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) name: String,
    /// Quoted, with its schema.
    pub(crate) table: String,
    pub(crate) documentation: Option<String>,
    pub(crate) fields: Vec<Field>,
    /// Positions in `fields` of the columns that tell rows apart; none for what has no such key, which can only be read.
    pub(crate) key: Vec<usize>,
    pub(crate) relations: Vec<Relation>,
    /// Fields of the schema whose columns the database does not have, or does not let be read.
    pub(crate) missing: Vec<String>,
    /// Whether each row tells by its `xmin` which version of it this is; not so in views.
    pub(crate) has_versions: bool,
}

/// A field with its column.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) column: String,
    pub(crate) documentation: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) arity: Arity,
    /// The column's type as SQL has it, without a length: `character varying`, `"OrgRole"`.
    pub(crate) sql_type: String,
    /// As the schema says it: `String?`.
    pub(crate) shown_type: String,
    /// Whether the column may be null.
    pub(crate) is_nullable: bool,
    /// Whether a row may be written without it.
    pub(crate) is_optional: bool,
    /// Whether the database makes its value, whatever is written.
    pub(crate) is_generated: bool,
    /// What is written where nobody says anything and the database has no default of its own.
    pub(crate) filled: Option<Filled>,
    /// The relation whose key it alone is: its position in `relations`.
    pub(crate) relation: Option<usize>,
}

/// Values that Prisma's client makes, and so has to be made here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filled {
    Id(Id),
    /// `@updatedAt`: also at each change.
    UpdatedAt,
}

/// How a field is filtered and edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Boolean,
    DateTime,
    Json,
    Bytes,
    /// The values as the database has them.
    Enum(Vec<String>),
    /// What Prisma has no type for.
    Other,
}

/// A relation, from the side of this model.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    pub(crate) name: String,
    pub(crate) to: String,
    /// The other table, quoted.
    pub(crate) table: String,
    /// The other model, where a filter leads to it.
    pub(crate) other: Option<Box<Model>>,
    /// Pairs of this model's field and the other's, and of their columns.
    pub(crate) pairs: Vec<Pair>,
    /// The table in which the rows of a many-to-many are paired, which has no model.
    pub(crate) through: Option<Through>,
    pub(crate) is_list: bool,
    /// Whether this side holds the key.
    pub(crate) is_forward: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) own: String,
    pub(crate) own_column: String,
    pub(crate) other: String,
    pub(crate) other_column: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Through {
    /// Quoted, with its schema.
    pub(crate) table: String,
    /// The columns with the key of this model and of the other.
    pub(crate) own_column: &'static str,
    pub(crate) other_column: &'static str,
    /// The field of the other model that leads back.
    pub(crate) back: String,
}

/// The query that [`Model::of`] wants the rows of: table and schema are its parameters.
pub(crate) const COLUMNS: &str = include_str!("columns.sql");

impl Model {
    /// Fails where the schema has no such model.
    pub(crate) fn find<'s>(schema: &'s Schema, name: &str) -> Result<ModelWalker<'s>> {
        schema.find_model(name).ok_or_else(|| {
            let names: Vec<&str> = schema.models().map(ModelWalker::name).collect();
            let near = psl::nearest(name, names.iter().copied());
            let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
            Failure::not_found(format!("The schema has no model {name:?}{hint}"))
        })
    }

    /// `rows` are what [`COLUMNS`] gives for the model's table.
    ///
    /// Fails where the table is not there.
    pub(crate) fn of(walker: ModelWalker<'_>, default_schema: &str, rows: &[Row]) -> Result<Self> {
        let name = walker.name().to_owned();
        if rows.is_empty() {
            return Err(Failure::not_found(format!(
                "The database has no table {:?} that may be read, where the schema has model {name}",
                walker.database_name()
            ))
            .help("bring the database up to date: cargo xtask migrate dev"));
        }
        let relations: Vec<Relation> =
            walker.relation_fields().filter_map(|field| relation(field, default_schema)).collect();
        let mut missing = Vec::new();
        let mut fields = Vec::new();
        for field in walker.scalar_fields() {
            match rows.iter().find(|row| row.get::<_, &str>(0) == field.database_name()) {
                Some(row) => fields.push(Field::of(field, row, &relations)),
                None => missing.push(field.name().to_owned()),
            }
        }
        let key = key(walker, &fields);
        let table = table(namespace(walker, default_schema), walker.database_name());
        let documentation = walker.documentation().map(str::to_owned);
        let has_versions = rows[0].get(5);
        Ok(Self { name, table, documentation, fields, key, relations, missing, has_versions })
    }

    pub(crate) fn field(&self, name: &str) -> Result<&Field> {
        self.fields.iter().find(|field| field.name == name).ok_or_else(|| {
            Failure::not_found(format!("{} has no field {name:?} in the database", self.name))
        })
    }

    pub(crate) fn key_fields(&self) -> impl Iterator<Item = &Field> {
        self.key.iter().map(|&at| &self.fields[at])
    }
}

impl Field {
    fn of(field: ScalarFieldWalker<'_>, row: &Row, relations: &[Relation]) -> Self {
        let (sql_type, is_not_null, has_default, is_generated): (String, bool, bool, bool) =
            (row.get(1), row.get(2), row.get(3), row.get(4));
        let filled = if field.is_updated_at() {
            Some(Filled::UpdatedAt)
        } else if has_default {
            None
        } else {
            field.default().and_then(id).map(Filled::Id)
        };
        let is_its_key = |relation: &Relation| {
            relation.is_forward
                && relation.pairs.len() == 1
                && relation.pairs[0].own == field.name()
        };
        Self {
            name: field.name().to_owned(),
            column: field.database_name().to_owned(),
            documentation: field.documentation().map(str::to_owned),
            kind: kind(field),
            arity: field.arity(),
            sql_type,
            shown_type: docs::full_type(field),
            is_nullable: !is_not_null,
            is_optional: !is_not_null || has_default || is_generated || filled.is_some(),
            is_generated,
            filled,
            relation: relations.iter().position(is_its_key),
        }
    }

    /// The column of the table `t`.
    pub(crate) fn sql(&self) -> String {
        self.sql_of("t")
    }

    /// The column of the table under that name.
    pub(crate) fn sql_of(&self, alias: &str) -> String {
        format!("{alias}.{}", ident(&self.column))
    }

    /// Whether its type can be compared for equality; `json` and `xml` cannot.
    pub(crate) fn is_comparable(&self) -> bool {
        !matches!(self.sql_type.as_str(), "json" | "xml" | "json[]" | "xml[]")
            && self.kind != Kind::Other
    }

    /// Whether its type is one of texts: `String` may also be a uuid or an address.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.sql_type.as_str(), "text" | "character varying" | "bpchar" | "citext")
    }

    /// Whether it is one JSON document.
    pub(crate) fn is_document(&self) -> bool {
        self.kind == Kind::Json && !self.is_list()
    }

    pub(crate) fn is_list(&self) -> bool {
        self.arity == Arity::List
    }
}

fn id(default: &DefaultValue) -> Option<Id> {
    Some(match *default {
        DefaultValue::Uuid { version } => Id::Uuid { version },
        DefaultValue::Cuid { version } => Id::Cuid { version },
        DefaultValue::Ulid => Id::Ulid,
        DefaultValue::Nanoid { length } => Id::Nanoid { length },
        _ => return None,
    })
}

fn kind(field: ScalarFieldWalker<'_>) -> Kind {
    if let Some(walker) = field.enum_type() {
        let values = walker.values().iter().map(|value| value.database_name().to_owned());
        return Kind::Enum(values.collect());
    }
    match field.scalar_type() {
        Some(ScalarType::Int | ScalarType::BigInt | ScalarType::Float | ScalarType::Decimal) => {
            Kind::Number
        }
        Some(ScalarType::Boolean) => Kind::Boolean,
        Some(ScalarType::String) => Kind::Text,
        Some(ScalarType::DateTime) => Kind::DateTime,
        Some(ScalarType::Json) => Kind::Json,
        Some(ScalarType::Bytes) => Kind::Bytes,
        None => Kind::Other,
    }
}

/// The primary key, else a unique one of which no part may be absent.
fn key(walker: ModelWalker<'_>, fields: &[Field]) -> Vec<usize> {
    let position = |name: &str| fields.iter().position(|field| field.name == name);
    let keys = walker.primary_key().into_iter().chain(walker.unique_criteria());
    for key in keys.filter(|key| !key.is_partial()) {
        let is_total = key.fields().all(|field| field.arity() == Arity::Required);
        let found: Option<Vec<usize>> = key.fields().map(|field| position(field.name())).collect();
        match found {
            Some(found) if is_total && !found.is_empty() => return found,
            _ => {}
        }
    }
    Vec::new()
}

/// A relation by its field; none for what the schema does not say whole.
fn relation(field: psl::RelationFieldWalker<'_>, default_schema: &str) -> Option<Relation> {
    let (own, to) = (field.model(), field.related_model());
    let relation = field.relation()?;
    let (pairs, through) = if let Some(forward) = relation.forward() {
        let keys = forward.fields().zip(forward.references());
        let is_forward = field.is_forward();
        let pairs =
            keys.map(
                |(key, referenced)| {
                    if is_forward { pair(key, referenced) } else { pair(referenced, key) }
                },
            );
        (pairs.collect(), None)
    } else {
        let (a, _) = relation.many_to_many()?;
        let (own_column, other_column) = if a == field { ("A", "B") } else { ("B", "A") };
        let through = Through {
            table: table(namespace(a.model(), default_schema), &relation.join_table_name()?),
            own_column,
            other_column,
            back: field.opposite()?.name().to_owned(),
        };
        let (own, other) =
            (own.primary_key()?.fields().next()?, to.primary_key()?.fields().next()?);
        (vec![pair(own, other)], Some(through))
    };
    Some(Relation {
        name: field.name().to_owned(),
        to: to.name().to_owned(),
        table: table(namespace(to, default_schema), to.database_name()),
        other: None,
        pairs,
        through,
        is_list: field.arity() == Arity::List,
        is_forward: field.is_forward(),
    })
}

/// The schema of the database that a model's table is in.
pub(crate) fn namespace<'s>(model: ModelWalker<'s>, default_schema: &'s str) -> &'s str {
    model.namespace().unwrap_or(default_schema)
}

fn pair(own: ScalarFieldWalker<'_>, other: ScalarFieldWalker<'_>) -> Pair {
    Pair {
        own: own.name().to_owned(),
        own_column: own.database_name().to_owned(),
        other: other.name().to_owned(),
        other_column: other.database_name().to_owned(),
    }
}

/// Whether anything of a model can be shown, which is not so for what is ignored.
pub(crate) fn shown(schema: &Schema) -> impl Iterator<Item = ModelWalker<'_>> {
    schema.models().filter(|model| {
        !model.is_ignored() && model.fields().any(|field| matches!(field, FieldWalker::Scalar(_)))
    })
}
