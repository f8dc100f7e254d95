//! `@db.…`: PostgreSQL's column types under the names Prisma gives them.

/// A native type with its arguments, as written after `@db.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NativeType {
    SmallInt,
    Integer,
    BigInt,
    Oid,
    /// Precision and scale.
    Decimal(Option<(u32, u32)>),
    Money,
    Real,
    DoublePrecision,
    VarChar(Option<u32>),
    Char(Option<u32>),
    Text,
    Bit(Option<u32>),
    VarBit(Option<u32>),
    Uuid,
    Xml,
    Inet,
    Citext,
    Boolean,
    ByteA,
    Timestamp(Option<u32>),
    Timestamptz(Option<u32>),
    Time(Option<u32>),
    Timetz(Option<u32>),
    Date,
    Json,
    JsonB,
}
