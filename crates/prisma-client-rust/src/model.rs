//! What the runtime knows of a model: a static description, and how one row becomes a value.
//!
//! Generated code fills these in and nothing else; every query is planned from them. Columns and relations are named
//! by their position, the same numbers that the field types carry as const parameters.

use crate::enumeration::Enumeration;
use crate::filter::{Filter, UniqueFilter};
use crate::order::Order;
use crate::read::{Found, Related};
use crate::record::Record;
use crate::set::Set;

/// A model of the schema: its rows, with the relations that were fetched. Implemented by generated code, never by hand.
///
/// Fields, filters and queries have it in their types to say whose they are. An empty struct would do for that; it would
/// be one more type in each model, with traits of its own, which is seen where a hundred models are compiled.
pub trait Model: Record {
    /// The name of one row, `UniqueWhereParam` in generated code: the model's own type, so that a variant of
    /// prisma-client-rust's enum, as `IdEquals`, is a function of it.
    type Unique: From<UniqueFilter<Self>> + Into<UniqueFilter<Self>>;

    /// A condition on rows, `WhereParam` in generated code: a [`Filter`], or a type of the model's own around one, where
    /// prisma-client-rust's variants are functions of it.
    type Where: From<Filter<Self>> + Into<Filter<Self>>;

    /// A value of a row, `SetParam` in generated code: a [`Set`], or a type of the model's own around one.
    type Set: From<Set<Self>> + Into<Set<Self>>;

    /// A criterion to sort by, `OrderByParam` in generated code: an [`Order`], or a type of the model's own around one.
    type Order: From<Order<Self>> + Into<Order<Self>>;

    /// The table behind the model.
    const DESCRIPTOR: &'static Descriptor = Self::SHAPE.model;

    /// The table behind the model.
    fn descriptor() -> &'static Descriptor {
        Self::DESCRIPTOR
    }
}

/// A table as the planner sees it.
#[derive(Debug)]
pub struct Descriptor {
    /// The model's name in the schema.
    pub name: &'static str,
    /// The table's name in the database.
    pub table: &'static str,
    /// `@@schema`; `None` for the schema of the connection URL.
    pub schema: Option<&'static str>,
    /// Every column the client reads, in the order of `Data`.
    pub columns: &'static [Column],
    /// Every relation field.
    pub relations: &'static [Relation],
    /// The columns that name one row: the primary key, else the first unique key that cannot be null.
    pub id: &'static [u16],
    /// Every key of the schema that no two rows share, the primary key among them.
    pub uniques: &'static [&'static [u16]],
    /// How another model's `Data` reads its relations to this one: [`fetched`](crate::read::fetched).
    pub fetched: fn(Found<'_>) -> Related,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The field's name in the schema.
    pub field: &'static str,
    /// The column's name in the database.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be null or is an array.
    pub arity: Arity,
    /// What the client writes when a new row names no value.
    pub default: ClientDefault,
    /// `@updatedAt`: written on every create and update that does not set it.
    pub updated_at: bool,
    /// Whether a column that may be NULL is something else where a new row does not name it.
    pub defaulted: bool,
    /// Whether it holds the tenant that the row belongs to.
    pub tenant: bool,
    /// The values of its enum as the database has them; none for other columns.
    pub values: &'static [&'static str],
}

impl Column {
    /// A required column with the field's own name and no default.
    pub const fn new(field: &'static str, kind: Kind) -> Self {
        Self {
            field,
            name: field,
            kind,
            arity: Arity::Required,
            default: ClientDefault::None,
            updated_at: false,
            defaulted: false,
            tenant: false,
            values: &[],
        }
    }

    /// A required column of an enum: its name in the database, and `@@schema`.
    pub const fn enumeration<E: Enumeration>(
        field: &'static str,
        name: &'static str,
        schema: Option<&'static str>,
    ) -> Self {
        let mut column = Self::new(field, Kind::Enum(name, schema));
        column.values = E::DATABASE_NAMES;
        column
    }

    /// A required column of a type that goes through text.
    pub const fn via(field: &'static str, name: &'static str) -> Self {
        Self::new(field, Kind::Via(name))
    }

    /// `timestamp(p)`, required.
    pub const fn timestamp(field: &'static str, digits: u8) -> Self {
        Self::new(field, Kind::Timestamp(digits))
    }

    /// `timestamptz(p)`, required.
    pub const fn timestamptz(field: &'static str, digits: u8) -> Self {
        Self::new(field, Kind::Timestamptz(digits))
    }

    /// `@map`.
    #[must_use]
    pub const fn map(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// `T?`.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.arity = Arity::Optional;
        self
    }

    /// `T[]`.
    #[must_use]
    pub const fn list(mut self) -> Self {
        self.arity = Arity::List;
        self
    }

    /// A default that the client computes.
    #[must_use]
    pub const fn default(mut self, default: ClientDefault) -> Self {
        self.default = default;
        self
    }

    /// `@updatedAt`.
    #[must_use]
    pub const fn updated_at(mut self) -> Self {
        self.updated_at = true;
        self
    }

    /// `@default(..)` of a column that may be NULL, computed by the database.
    #[must_use]
    pub const fn defaulted(mut self) -> Self {
        self.defaulted = true;
        self
    }

    /// The tenant that the row belongs to.
    #[must_use]
    pub const fn tenant(mut self) -> Self {
        self.tenant = true;
        self
    }

    /// Whether it is the same to leave the column out of a new row and to write NULL.
    pub(crate) fn is_null_unless_set(&self) -> bool {
        self.arity != Arity::Required && !self.defaulted && self.default == ClientDefault::None
    }

    pub(crate) fn is_list(&self) -> bool {
        self.arity == Arity::List
    }
}

const PLAIN: Column = Column::new("", Kind::Text);

macro_rules! columns {
    ($($name:ident $kind:ident)+) => {
        impl Column {
            $(
                #[doc = concat!("A required column of [`Kind::", stringify!($kind), "`].")]
                pub const fn $name(field: &'static str) -> Self {
                    // In one step, since the compiler takes it for each column of each model.
                    Self { field, name: field, kind: Kind::$kind, ..PLAIN }
                }
            )+
        }
    };
}

columns! {
    text Text char Char uuid Uuid int2 Int2 int4 Int4 int8 Int8 oid Oid float4 Float4 float8 Float8
    numeric Numeric money Money bool Bool date Date time Time timetz Timetz json Json jsonb JsonB bytes Bytes
}

/// `T`, `T?` or `T[]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// Never null.
    Required,
    /// May be null.
    Optional,
    /// An array.
    List,
}

/// The column's type, as far as reading, comparing and writing differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `text`, `varchar`.
    Text,
    /// `char(n)`, compared without its padding.
    Char,
    /// `uuid`, a String in Rust.
    Uuid,
    /// A type that is written and read as text by a cast: its name as in SQL.
    Via(&'static str),
    /// An enum of the schema: its name in the database, and `@@schema`.
    Enum(&'static str, Option<&'static str>),
    /// `smallint`.
    Int2,
    /// `integer`.
    Int4,
    /// `bigint`.
    Int8,
    /// `oid`, an Int in Rust.
    Oid,
    /// `real`.
    Float4,
    /// `double precision`.
    Float8,
    /// `numeric`.
    Numeric,
    /// `money`, a Decimal in Rust.
    Money,
    /// `boolean`.
    Bool,
    /// `timestamp(p)`, UTC by convention: digits after the second.
    Timestamp(u8),
    /// `timestamptz(p)`.
    Timestamptz(u8),
    /// `date`.
    Date,
    /// `time(p)`, a moment of 1 January 1970 in Rust.
    Time,
    /// `timetz(p)`.
    Timetz,
    /// `json`.
    Json,
    /// `jsonb`.
    JsonB,
    /// `bytea`.
    Bytes,
}

impl Kind {
    /// How many digits of a second a value is sent with.
    pub(crate) fn digits(self) -> u8 {
        match self {
            Self::Timestamp(digits) | Self::Timestamptz(digits) => digits,
            _ => 6,
        }
    }
}

/// A default that the database does not compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientDefault {
    /// Left to the database, or required.
    None,
    /// `now()`: one moment for all rows of a query, in UTC whatever the session's time zone.
    Now,
    /// `uuid()` and `uuid(4)`.
    Uuid4,
    /// `uuid(7)`.
    Uuid7,
    /// `cuid()`.
    Cuid,
    /// `cuid(2)`.
    Cuid2,
    /// `ulid()`.
    Ulid,
    /// `nanoid(n)`.
    Nanoid(u8),
}

/// One relation field.
#[derive(Debug)]
pub struct Relation {
    /// The field's name in the schema.
    pub field: &'static str,
    /// The model at the other end.
    pub target: &'static Descriptor,
    /// Whether the field is a list.
    pub many: bool,
    /// How the rows find each other.
    pub link: Link,
    /// Whether the row belongs to the tenant of the row that this leads to: it has no column of its own for that.
    pub tenant: bool,
}

/// How the rows of a relation find each other.
#[derive(Debug, Clone, Copy)]
pub enum Link {
    /// Columns on both sides hold equal values.
    Keys {
        /// Columns of this model.
        from: &'static [u16],
        /// Columns of the target.
        to: &'static [u16],
        /// Whether this side holds the foreign key.
        holds_key: bool,
    },
    /// An implicit many-to-many: a table of pairs.
    Table {
        /// The table's name.
        table: &'static str,
        /// `@@schema` of the models.
        schema: Option<&'static str>,
        /// Its column for this side, `A` or `B`.
        from_column: &'static str,
        /// Its column for the other side.
        to_column: &'static str,
        /// This model's id.
        from: u16,
        /// The target's id.
        to: u16,
    },
}

impl Relation {
    /// To one row, by a foreign key of this model.
    pub const fn belongs_to(
        field: &'static str,
        target: &'static Descriptor,
        from: u16,
        to: u16,
    ) -> Self {
        let link = Link::Keys { from: one(from), to: one(to), holds_key: true };
        Self { field, target, many: false, link, tenant: false }
    }

    /// To at most one row, by a foreign key of the other model.
    pub const fn has_one(
        field: &'static str,
        target: &'static Descriptor,
        from: u16,
        to: u16,
    ) -> Self {
        let link = Link::Keys { from: one(from), to: one(to), holds_key: false };
        Self { field, target, many: false, link, tenant: false }
    }

    /// To any number of rows, by a foreign key of the other model.
    pub const fn has_many(
        field: &'static str,
        target: &'static Descriptor,
        from: u16,
        to: u16,
    ) -> Self {
        let link = Link::Keys { from: one(from), to: one(to), holds_key: false };
        Self { field, target, many: true, link, tenant: false }
    }

    /// Many to many, by a table of pairs.
    pub const fn through(field: &'static str, target: &'static Descriptor, link: Link) -> Self {
        Self { field, target, many: true, link, tenant: false }
    }

    /// The key has several columns, these.
    #[must_use]
    pub const fn by(mut self, from: &'static [u16], to: &'static [u16]) -> Self {
        if let Link::Keys { holds_key, .. } = self.link {
            self.link = Link::Keys { from, to, holds_key };
        }
        self
    }

    /// The row belongs to the tenant of the row that this leads to.
    #[must_use]
    pub const fn tenant(mut self) -> Self {
        self.tenant = true;
        self
    }

    /// The columns of this model that the related rows are found by.
    pub(crate) fn key(&'static self) -> &'static [u16] {
        match &self.link {
            Link::Keys { from, .. } => from,
            Link::Table { from, .. } => std::slice::from_ref(from),
        }
    }
}

/// Every position that a column can have, and some more.
const POSITIONS: &[u16; 2_048] = &{
    let mut positions = [0; 2_048];
    let mut position = 0;
    while position < 2_048 {
        positions[position as usize] = position;
        position += 1;
    }
    positions
};

/// A list of one column. Most keys are one, and a list in each generated relation is something to compile in each.
const fn one(column: u16) -> &'static [u16] {
    std::slice::from_ref(&POSITIONS[column as usize])
}

impl Descriptor {
    pub(crate) fn column(&self, index: u16) -> &'static Column {
        &self.columns[usize::from(index)]
    }

    /// The numbers of all columns.
    pub(crate) fn indices(&self) -> impl Iterator<Item = u16> {
        (0_u16..).zip(self.columns).map(|(index, _)| index)
    }

    pub(crate) fn relation(&self, index: u16) -> &'static Relation {
        &self.relations[usize::from(index)]
    }

    /// The column that holds the tenant.
    pub(crate) fn tenant_column(&self) -> Option<u16> {
        let index = self.columns.iter().position(|column| column.tenant)?;
        u16::try_from(index).ok()
    }

    /// Whether a row belongs to a tenant.
    pub(crate) fn has_tenant(&self) -> bool {
        self.columns.iter().any(|column| column.tenant)
            || self.relations.iter().any(|relation| relation.tenant)
    }

    /// Whether a row can be named: a view without a unique key cannot.
    pub(crate) fn has_id(&self) -> bool {
        !self.id.is_empty()
    }
}
