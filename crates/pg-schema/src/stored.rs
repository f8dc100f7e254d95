//! A schema as bytes and back, for whoever keeps one between two runs of the same program.
//!
//! The form is nobody else's business: it has no version, and another build of this crate may have another one.
//! Bytes that no schema was made into give none; what they hold is not judged beyond that.
//!
//! Lengths come first, numbers are little-endian, a variant is its place in the list below. A field or variant that is
//! missing in the lists does not compile.

use crate::{
    Arity, Check, Column, ColumnDefault, ColumnType, Deferrable, Enum, Extension, ForeignKey,
    ForeignKeyAction, Generated, GeneratedKind, Identity, Index, IndexAlgorithm, IndexConstraint,
    IndexKey, IndexKeyPart, Literal, NullsOrder, Number, ObjectName, OpClass, Partitioning,
    PgSchema, PrimaryKey, Printed, Sequence, SequenceOwner, SortOrder, Table, View, ViewKind,
};

impl PgSchema {
    /// All of the schema as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes);
        bytes
    }

    /// The schema that [`to_bytes`](Self::to_bytes) made these bytes of.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let schema = Self::read(&mut bytes)?;
        bytes.is_empty().then_some(schema)
    }
}

/// A value that can be written and read back.
trait Stored: Sized {
    fn write(&self, bytes: &mut Vec<u8>);

    /// Takes the value off the front.
    fn read(bytes: &mut &[u8]) -> Option<Self>;
}

macro_rules! structs {
    ($($name:ident { $($field:ident),* })*) => { $(
        impl Stored for $name {
            fn write(&self, bytes: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($field.write(bytes);)*
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Stored::read(bytes)?),* })
            }
        }
    )* };
}

macro_rules! enums {
    ($($name:ident { $($number:literal $variant:ident $(($value:ident))?),* })*) => { $(
        impl Stored for $name {
            fn write(&self, bytes: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $(($value))? => {
                        bytes.push($number);
                        $($value.write(bytes);)?
                    })*
                }
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                match u8::read(bytes)? {
                    $($number => {
                        $(let $value = Stored::read(bytes)?;)?
                        Some(Self::$variant $(($value))?)
                    })*
                    _ => None,
                }
            }
        }
    )* };
}

structs! {
    PgSchema {
        default_namespace, names_in_full, is_desired, names_partial_indexes, namespaces, extensions, enums, sequences,
        tables, views
    }
    Extension { name, schema, version, relocatable }
    Enum { name, values, comment }
    Sequence { name, data_type, start, minimum, maximum, increment, cache, cycle, owner }
    SequenceOwner { table, column }
    Table {
        name, columns, primary_key, indexes, foreign_keys, checks, partitioning, row_security, comment
    }
    Check { name, definition, validated }
    View { name, kind, columns, definition, comment }
    ObjectName { namespace, name }
    Column {
        name, ty, arity, default, identity, generated, client_default, collation, comment, printed
    }
    Printed { type_name, is_added_base_type, formatted_type, default }
    Generated { expression, kind }
    PrimaryKey { name, columns, deferrable }
    Index {
        name, unique, algorithm, keys, include, predicate, nulls_not_distinct, valid, constraint
    }
    IndexKey { part, order, nulls, ops, collation }
    OpClass { name, is_default }
    ForeignKey {
        name, columns, referenced_table, referenced_columns, on_delete, on_update, deferrable, validated
    }
}

enums! {
    Partitioning { 0 None, 1 Partitioned, 2 Partition, 3 Inherited }
    ViewKind { 0 Plain, 1 Materialized }
    Arity { 0 Required, 1 Nullable, 2 List }
    ColumnType {
        0 SmallInt, 1 Integer, 2 BigInt, 3 Oid, 4 Decimal(digits), 5 Money, 6 Real, 7 DoublePrecision, 8 VarChar(length),
        9 Char(length), 10 Text, 11 Bit(length), 12 VarBit(length), 13 Uuid, 14 Xml, 15 Inet, 16 Citext, 17 Boolean,
        18 ByteA, 19 Timestamp(digits), 20 Timestamptz(digits), 21 Time(digits), 22 Timetz(digits), 23 Date, 24 Json,
        25 JsonB, 26 Enum(name), 27 Unsupported(name)
    }
    Identity { 0 Always, 1 ByDefault }
    GeneratedKind { 0 Stored, 1 Virtual }
    ColumnDefault {
        0 Literal(value), 1 List(values), 2 Now, 3 Autoincrement(sequence), 4 Expression(text), 5 Unknown
    }
    Literal {
        0 Bool(value), 1 Number(number), 2 String(text), 3 Enum(name), 4 Bytes(bytes_of_it), 5 Json(text), 6 DateTime(text)
    }
    IndexAlgorithm { 0 BTree, 1 Hash, 2 Gist, 3 Gin, 4 SpGist, 5 Brin, 6 Other(name) }
    IndexKeyPart { 0 Column(name), 1 Expression(text) }
    SortOrder { 0 Asc, 1 Desc }
    NullsOrder { 0 First, 1 Last }
    IndexConstraint { 0 Unique(deferrable), 1 Exclusion }
    ForeignKeyAction { 0 NoAction, 1 Restrict, 2 Cascade, 3 SetNull, 4 SetDefault }
    Deferrable { 0 No, 1 InitiallyImmediate, 2 InitiallyDeferred }
}

impl Stored for u8 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(*self);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (&first, rest) = bytes.split_first()?;
        *bytes = rest;
        Some(first)
    }
}

impl Stored for bool {
    fn write(&self, bytes: &mut Vec<u8>) {
        u8::from(*self).write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        match u8::read(bytes)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Stored for u32 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (number, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(Self::from_le_bytes(*number))
    }
}

impl Stored for i64 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (number, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(Self::from_le_bytes(*number))
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        // No catalog holds four billion of anything.
        u32::try_from(self.len()).unwrap_or(u32::MAX).write(bytes);
        for value in self {
            value.write(bytes);
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        // Grows as values are found: a length may say anything.
        (0..u32::read(bytes)?).map(|_| T::read(bytes)).collect()
    }
}

impl<T: Stored> Stored for Option<T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.is_some().write(bytes);
        if let Some(value) = self {
            value.write(bytes);
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        if bool::read(bytes)? { T::read(bytes).map(Some) } else { Some(None) }
    }
}

impl Stored for String {
    fn write(&self, bytes: &mut Vec<u8>) {
        u32::try_from(self.len()).unwrap_or(u32::MAX).write(bytes);
        bytes.extend(self.as_bytes());
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let length = usize::try_from(u32::read(bytes)?).ok()?;
        let (text, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        Self::from_utf8(text.to_vec()).ok()
    }
}

impl Stored for (u32, u32) {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.0.write(bytes);
        self.1.write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some((u32::read(bytes)?, u32::read(bytes)?))
    }
}

impl Stored for Number {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.as_str().to_owned().write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Self::parse(&String::read(bytes)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Something of everything that has a form of its own.
    fn sample() -> PgSchema {
        let mut table = Table::new(ObjectName::qualified("public", "Füße"));
        let types = [
            ColumnType::Decimal(Some((65, 30))),
            ColumnType::Decimal(None),
            ColumnType::VarChar(Some(3)),
            ColumnType::Enum(ObjectName::qualified("sales", "Kind")),
            ColumnType::Unsupported("tsvector".to_owned()),
        ];
        let defaults = [
            Some(ColumnDefault::Literal(Literal::Number(Number::from(-7)))),
            Some(ColumnDefault::List(vec![Literal::Bool(true), Literal::Bytes(vec![0, 255])])),
            Some(ColumnDefault::Autoincrement(Some(ObjectName::bare("seq")))),
            Some(ColumnDefault::Expression("(1 + 1)".to_owned())),
            None,
        ];
        for (ty, default) in types.into_iter().zip(defaults) {
            table.columns.push(Column { default, ..Column::new("c", ty, Arity::List) });
        }
        table.primary_key = Some(PrimaryKey::new("key", &["c"]));
        let keys = vec![IndexKey {
            part: IndexKeyPart::Expression("lower(c)".to_owned()),
            order: Some(SortOrder::Desc),
            nulls: Some(NullsOrder::Last),
            ops: Some(OpClass { name: "ops".to_owned(), is_default: false }),
            collation: Some("C".to_owned()),
        }];
        let constraint = Some(IndexConstraint::Unique(Deferrable::InitiallyDeferred));
        table.indexes.push(Index { keys, constraint, ..Index::unique("index", &[]) });
        table.foreign_keys.push(ForeignKey::new("fk", &["c"], ObjectName::bare("other"), &["d"]));
        let sequence = Sequence {
            name: ObjectName::bare("seq"),
            data_type: "bigint".to_owned(),
            start: i64::MIN,
            minimum: i64::MIN,
            maximum: i64::MAX,
            increment: -1,
            cache: 1,
            cycle: true,
            owner: Some(SequenceOwner { table: ObjectName::bare("t"), column: "c".to_owned() }),
        };
        PgSchema {
            namespaces: vec!["public".to_owned(), "sales".to_owned()],
            enums: vec![Enum::new(ObjectName::qualified("sales", "Kind"), &["a", "it's"])],
            sequences: vec![sequence],
            tables: vec![table],
            ..PgSchema::default()
        }
    }

    #[test]
    fn a_schema_comes_back_as_it_was() {
        for schema in [sample(), PgSchema::default()] {
            assert_eq!(PgSchema::from_bytes(&schema.to_bytes()), Some(schema));
        }
    }

    #[test]
    fn what_is_cut_or_longer_is_no_schema() {
        let bytes = sample().to_bytes();
        for length in 0..bytes.len() {
            assert_eq!(PgSchema::from_bytes(&bytes[..length]), None, "{length} bytes");
        }
        assert_eq!(PgSchema::from_bytes(&[bytes, vec![0]].concat()), None);
    }

    #[test]
    fn any_byte_may_be_wrong() {
        let bytes = sample().to_bytes();
        for at in 0..bytes.len() {
            for value in [0, 1, 7, 0x7f, 0xff] {
                let mut broken = bytes.clone();
                broken[at] = value;
                // It may be another schema; it is no panic and takes no more room than the bytes give.
                let _ = PgSchema::from_bytes(&broken);
            }
        }
    }
}
