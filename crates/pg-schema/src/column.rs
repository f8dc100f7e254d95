//! Columns and their types.
//!
//! A type is what PostgreSQL calls it, with its parameters as given: `Timestamp(None)` and
//! `Timestamp(Some(6))` are the same to the server and told apart here; the diff knows.

use crate::{ColumnDefault, ObjectName};

/// A column of a table or view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub ty: ColumnType,
    pub arity: Arity,
    pub default: Option<ColumnDefault>,
    /// `GENERATED … AS IDENTITY`. The default is then `None`.
    pub identity: Option<Identity>,
    /// `GENERATED ALWAYS AS (…)`. The default is then `None`.
    pub generated: Option<Generated>,
    /// The application fills in what the database has no default for. Nothing that a server
    /// knows of: never compared, only told in warnings.
    pub client_default: bool,
    /// Only where it differs from the type's own collation.
    pub collation: Option<String>,
    pub comment: Option<String>,
    /// `None` for a wanted column.
    pub printed: Option<Printed>,
}

/// A column in the words of the server that has it, for whoever has to repeat them. Never compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The type's name in the catalogs: `int4`, `_int4` for a list; of a domain, the type it is made of.
    pub type_name: String,
    /// Whether that is a base type that did not come with the server, as an extension brings them.
    pub is_added_base_type: bool,
    /// The type as it was declared: `character varying(3)[]`; of a domain, its name.
    pub formatted_type: String,
    /// The default, or what the column is generated from.
    pub default: Option<String>,
}

impl Column {
    /// A column with the given arity and nothing else to it.
    pub fn new(name: impl Into<String>, ty: ColumnType, arity: Arity) -> Self {
        Self {
            name: name.into(),
            ty,
            arity,
            default: None,
            identity: None,
            generated: None,
            client_default: false,
            collation: None,
            comment: None,
            printed: None,
        }
    }

    /// A column that is NOT NULL.
    pub fn required(name: impl Into<String>, ty: ColumnType) -> Self {
        Self::new(name, ty, Arity::Required)
    }

    /// A column that may be NULL.
    pub fn nullable(name: impl Into<String>, ty: ColumnType) -> Self {
        Self::new(name, ty, Arity::Nullable)
    }

    /// The same column with a default.
    #[must_use]
    pub fn with_default(mut self, default: ColumnDefault) -> Self {
        self.default = Some(default);
        self
    }

    /// Whether the server numbers the rows itself, by a sequence or an identity.
    pub fn is_autoincrement(&self) -> bool {
        self.identity.is_some() || matches!(self.default, Some(ColumnDefault::Autoincrement(_)))
    }
}

/// How many values a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arity {
    /// One value, NOT NULL.
    Required,
    /// One value or NULL.
    Nullable,
    /// An array. Whether it may be NULL does not matter to anybody here and is not kept.
    List,
}

/// A column's type, of its elements where the column is a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ColumnType {
    SmallInt,
    Integer,
    BigInt,
    Oid,
    /// Precision and scale.
    Decimal(Option<(u32, u32)>),
    Money,
    Real,
    DoublePrecision,
    /// At most so many characters.
    VarChar(Option<u32>),
    /// Padded to so many characters; `None` is the server's `char(1)`.
    Char(Option<u32>),
    Text,
    /// Exactly so many bits; `None` is the server's `bit(1)`.
    Bit(Option<u32>),
    VarBit(Option<u32>),
    Uuid,
    Xml,
    Inet,
    /// Of the extension `citext`.
    Citext,
    Boolean,
    ByteA,
    /// Digits of a second, 0 to 6.
    Timestamp(Option<u32>),
    Timestamptz(Option<u32>),
    Time(Option<u32>),
    Timetz(Option<u32>),
    Date,
    Json,
    JsonB,
    /// An enum of [`PgSchema::enums`](crate::PgSchema::enums).
    Enum(ObjectName),
    /// Anything else, as `format_type` writes it, without `[]`: `tsvector`, `geometry(Point,4326)`.
    Unsupported(String),
}

/// The two kinds of identity columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identity {
    Always,
    ByDefault,
}

/// What a generated column is computed from, as the server prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    pub expression: String,
    pub kind: GeneratedKind,
}

/// Whether a generated column takes room on disk (PostgreSQL 18 has both kinds).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GeneratedKind {
    Stored,
    Virtual,
}
