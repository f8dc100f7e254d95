//! The resolved schema: plain data, every name already looked up.
//!
//! Items live in flat vectors in source order and refer to each other by typed ids. Reading goes through
//! [`crate::walkers`]; only the resolver builds these values. What is here has passed name resolution: an id always
//! points at something. What a person got wrong is in the diagnostics beside it, and left out here.

pub use crate::ast::Arity;
use crate::native_type::NativeType;
pub use crate::scalar_type::ScalarType;
use crate::source::{SourceFile, Span};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub(crate) u32);

            impl $name {
                /// Position in source order, from 0.
                pub fn index(self) -> usize {
                    self.0 as usize
                }
            }
        )+
    };
}

ids! {
    /// A `model` or a `view`.
    ModelId,
    /// An `enum`.
    EnumId,
    /// A field that is stored in a column.
    ScalarFieldId,
    /// A field that names another model.
    RelationFieldId,
    /// A primary key, unique or plain index.
    IndexId,
    /// One relation between two models, whichever of its two fields are written.
    RelationId,
}

/// Everything that one or more schema files say, resolved.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    pub(crate) files: Vec<SourceFile>,
    pub(crate) datasource: Option<Datasource>,
    pub(crate) generators: Vec<Generator>,
    pub(crate) models: Vec<Model>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) scalar_fields: Vec<ScalarField>,
    pub(crate) relation_fields: Vec<RelationField>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) relations: Vec<Relation>,
}

/// A name as written, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

/// A value that may come from the environment: `"literal"` or `env("NAME")`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvOr {
    Literal(String),
    Env(String),
}

/// The `datasource` block.
#[derive(Debug, Clone)]
pub struct Datasource {
    pub name: Name,
    pub provider: String,
    /// Absent in schemas written for Prisma 7, where the URL lives in a config file.
    pub url: Option<EnvOr>,
    pub direct_url: Option<EnvOr>,
    pub shadow_database_url: Option<EnvOr>,
    pub relation_mode: RelationMode,
    /// `schemas = ["a", "b"]`; empty when not given.
    pub schemas: Vec<Name>,
    pub extensions: Vec<Extension>,
    pub span: Span,
}

/// Whether relations become foreign keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RelationMode {
    #[default]
    ForeignKeys,
    Prisma,
}

/// One entry of `extensions = [name(map, schema, version)]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    pub name: Name,
    pub mapped_name: Option<String>,
    pub schema: Option<String>,
    pub version: Option<String>,
}

/// A `generator` block.
#[derive(Debug, Clone)]
pub struct Generator {
    pub name: Name,
    pub provider: EnvOr,
    pub output: Option<EnvOr>,
    pub preview_features: Vec<String>,
    /// Every other key in source order, as plain text (strings unquoted, lists as their elements).
    pub properties: Vec<(String, PropertyValue)>,
    pub span: Span,
}

/// The value of a generator's own key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PropertyValue {
    One(String),
    Env(String),
    Many(Vec<String>),
}

/// A `model` or `view` block.
#[derive(Debug, Clone)]
pub struct Model {
    pub name: Name,
    pub is_view: bool,
    pub documentation: Option<String>,
    /// `@@map`.
    pub mapped_name: Option<String>,
    /// `@@schema`.
    pub namespace: Option<Name>,
    pub is_ignored: bool,
    /// Fields in source order.
    pub fields: Vec<FieldId>,
    pub primary_key: Option<IndexId>,
    /// `@unique`s of fields, then every `@@index`, then every `@@unique`, each in source order: the order in which the
    /// reference engine makes them.
    pub indexes: Vec<IndexId>,
    pub span: Span,
}

/// One field of a model, of either kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldId {
    Scalar(ScalarFieldId),
    Relation(RelationFieldId),
}

/// A field that is stored in a column.
#[derive(Debug, Clone)]
pub struct ScalarField {
    pub model: ModelId,
    pub name: Name,
    pub documentation: Option<String>,
    pub mapped_name: Option<String>,
    pub arity: Arity,
    pub ty: ScalarFieldType,
    /// `@db.…`, when written.
    pub native_type: Option<NativeType>,
    pub default: Option<DefaultValue>,
    pub is_updated_at: bool,
    pub is_ignored: bool,
    pub span: Span,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScalarFieldType {
    Scalar(ScalarType),
    Enum(EnumId),
    /// `Unsupported("…")`, with the text between the quotes.
    Unsupported(String),
}

/// `@default(…)`.
#[derive(Debug, Clone, PartialEq)]
pub enum DefaultValue {
    Literal(Literal),
    List(Vec<Literal>),
    /// `now()`: set by the database.
    Now,
    /// `autoincrement()`: a sequence of the database.
    Autoincrement,
    /// `dbgenerated("…")`; `None` for `dbgenerated()`.
    DbGenerated(Option<String>),
    /// `uuid()` or `uuid(7)`: set by the client.
    Uuid {
        version: u8,
    },
    /// `cuid()` or `cuid(2)`: set by the client.
    Cuid {
        version: u8,
    },
    /// `ulid()`: set by the client.
    Ulid,
    /// `nanoid(n)`: set by the client; 21 characters when no length is given.
    Nanoid {
        length: u8,
    },
}

/// A constant in the schema.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// Unescaped.
    String(String),
    /// As written, since Decimal and `BigInt` defaults may not fit a machine number.
    Number(String),
    Boolean(bool),
    /// A value of the field's enum: its position in [`Enum::values`].
    EnumValue(usize),
}

/// An `enum` block.
#[derive(Debug, Clone)]
pub struct Enum {
    pub name: Name,
    pub documentation: Option<String>,
    pub mapped_name: Option<String>,
    pub namespace: Option<Name>,
    pub values: Vec<EnumValue>,
    pub span: Span,
}

/// One value of an enum.
#[derive(Debug, Clone)]
pub struct EnumValue {
    pub name: Name,
    pub documentation: Option<String>,
    pub mapped_name: Option<String>,
}

/// A primary key, unique or plain index, whether written on a field or on the block.
#[derive(Debug, Clone)]
pub struct Index {
    pub model: ModelId,
    pub kind: IndexKind,
    pub columns: Vec<IndexColumn>,
    /// `name:`, the client's name of a compound key.
    pub client_name: Option<String>,
    /// `map:`, the database's name.
    pub mapped_name: Option<String>,
    /// `type:`.
    pub algorithm: Option<IndexAlgorithm>,
    /// `where:`, of a partial index.
    pub predicate: Option<Predicate>,
    /// Written as `@id` or `@unique` on the field.
    pub on_field: bool,
    pub span: Span,
}

/// Which rows are in a partial index.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// `raw("…")`: SQL as written.
    Raw(String),
    /// `{ field: value, … }`: rows for which all hold.
    All(Vec<Condition>),
}

/// One entry of a predicate's object.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub field: ScalarFieldId,
    /// `{ not: … }`.
    pub is_negated: bool,
    pub value: ConditionValue,
}

/// What a column is compared with in a predicate's object.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionValue {
    Null,
    Boolean(bool),
    /// As written.
    Number(String),
    /// Unescaped.
    Text(String),
}

/// What an index is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndexKind {
    PrimaryKey,
    Unique,
    Normal,
}

/// One column of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    pub field: ScalarFieldId,
    pub sort: Option<SortOrder>,
    pub ops: Option<OperatorClass>,
}

/// `sort: Asc | Desc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SortOrder {
    Asc,
    Desc,
}

/// `ops: …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperatorClass {
    /// A class Prisma knows by name, as `JsonbPathOps`.
    Known(String),
    /// `raw("…")`.
    Raw(String),
}

/// `type: …` of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndexAlgorithm {
    BTree,
    Hash,
    Gist,
    Gin,
    SpGist,
    Brin,
}

/// A field that names another model.
#[derive(Debug, Clone)]
pub struct RelationField {
    pub model: ModelId,
    pub name: Name,
    pub documentation: Option<String>,
    pub arity: Arity,
    pub related_model: ModelId,
    /// Set once relations are resolved; `None` only where a diagnostic says why.
    pub relation: Option<RelationId>,
    /// `name:` of `@relation`.
    pub relation_name: Option<String>,
    /// `fields:`.
    pub fields: Option<Vec<ScalarFieldId>>,
    /// `references:`.
    pub references: Option<Vec<ScalarFieldId>>,
    pub on_delete: Option<ReferentialAction>,
    pub on_update: Option<ReferentialAction>,
    /// `map:`, the foreign key's name in the database.
    pub mapped_name: Option<String>,
    pub is_ignored: bool,
    pub span: Span,
}

/// What happens to a row when the row it refers to goes or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferentialAction {
    Cascade,
    Restrict,
    NoAction,
    SetNull,
    SetDefault,
}

/// One relation, seen from its defining side.
#[derive(Debug, Clone)]
pub struct Relation {
    pub name: Option<String>,
    pub kind: RelationKind,
}

/// How two models are tied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationKind {
    /// `forward` holds the key (`fields:`); at most one row refers to each referenced row.
    OneToOne { forward: RelationFieldId, back: Option<RelationFieldId> },
    /// `forward` holds the key; many rows may refer to one.
    OneToMany { forward: RelationFieldId, back: Option<RelationFieldId> },
    /// Lists on both sides, kept in a table of their own. `a` belongs to the model that comes first by name.
    ManyToMany { a: RelationFieldId, b: RelationFieldId },
}
