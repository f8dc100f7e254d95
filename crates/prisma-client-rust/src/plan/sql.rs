//! SQL text in the making: quoting, parameters, casts, aliases.

use std::fmt::Write as _;

use postgres::driver::Type;

use crate::model::{Column, Descriptor, Kind};
use crate::quote;
use crate::value::PrismaValue;
use crate::wire::encode::Param;

/// SQL with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) params: Vec<Param>,
    pub(crate) types: Vec<Type>,
}

/// A table's name inside one statement: `t0`, `t1` …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Alias(u32);

/// A statement that is being written.
#[derive(Debug)]
pub(crate) struct Sql<'s> {
    statement: Statement,
    /// The schema of models that name none.
    schema: &'s str,
    aliases: u32,
}

impl<'s> Sql<'s> {
    pub(crate) fn new(schema: &'s str) -> Self {
        let statement =
            Statement { text: String::with_capacity(256), params: Vec::new(), types: Vec::new() };
        Self { statement, schema, aliases: 0 }
    }

    pub(crate) fn finish(self) -> Statement {
        self.statement
    }

    pub(crate) fn alias(&mut self) -> Alias {
        self.aliases += 1;
        Alias(self.aliases - 1)
    }

    /// Text of our own: never a value, never a name.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.statement.text.push_str(text);
        self
    }

    pub(crate) fn name(&mut self, name: &str) -> &mut Self {
        self.push(&quote::identifier(name))
    }

    pub(crate) fn qualified(&mut self, schema: Option<&str>, name: &str) -> &mut Self {
        self.name(schema.unwrap_or(self.schema)).push(".").name(name)
    }

    pub(crate) fn table(&mut self, model: &Descriptor) -> &mut Self {
        self.qualified(model.schema, model.table)
    }

    pub(crate) fn aliased(&mut self, alias: Alias) -> &mut Self {
        // Writing to a String cannot fail.
        let _ = write!(self.statement.text, "\"t{}\"", alias.0);
        self
    }

    /// `"t0"."column"`.
    pub(crate) fn column(&mut self, alias: Alias, column: &Column) -> &mut Self {
        self.aliased(alias).push(".").name(column.name)
    }

    /// Every column of a model, in the order of its descriptor, cast where the binary form is not ours to read.
    pub(crate) fn columns(&mut self, alias: Alias, model: &Descriptor) -> &mut Self {
        for (index, column) in model.columns.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.column(alias, column);
            if let Some(cast) = read_cast(column.kind) {
                self.push("::").push(cast);
                if column.is_list() {
                    self.push("[]");
                }
            }
        }
        self
    }

    /// A value compared with, or stored in, `column`.
    pub(crate) fn value(&mut self, column: &Column, value: PrismaValue) -> &mut Self {
        self.typed(column.kind, column.is_list(), value)
    }

    /// A list of values for `= ANY(..)` or `unnest(..)`.
    pub(crate) fn list(&mut self, kind: Kind, values: Vec<PrismaValue>) -> &mut Self {
        self.typed(kind, true, PrismaValue::List(values))
    }

    /// A value of a kind, or a list of them.
    pub(crate) fn typed(&mut self, kind: Kind, list: bool, value: PrismaValue) -> &mut Self {
        let (scalar, array) = wire_types(kind);
        let digits = match kind {
            Kind::Timestamp(digits) | Kind::Timestamptz(digits) => digits,
            _ => 6,
        };
        self.param(Param { value, digits }, if list { array } else { scalar });
        match kind {
            Kind::Via(name) => {
                self.push("::").push(name);
            }
            Kind::Money => {
                self.push("::money");
            }
            Kind::Oid => {
                self.push("::oid");
            }
            Kind::Enum(name, schema) => {
                self.push("::").qualified(schema, name);
            }
            _ => return self,
        }
        if list { self.push("[]") } else { self }
    }

    /// A plain text parameter, as a pattern of LIKE.
    pub(crate) fn text(&mut self, value: String) -> &mut Self {
        self.param(Param { value: PrismaValue::String(value), digits: 6 }, Type::TEXT)
    }

    /// A plain number parameter, as of LIMIT.
    pub(crate) fn number(&mut self, value: i64) -> &mut Self {
        self.param(Param { value: PrismaValue::BigInt(value), digits: 6 }, Type::INT8)
    }

    fn param(&mut self, param: Param, ty: Type) -> &mut Self {
        self.statement.params.push(param);
        self.statement.types.push(ty);
        let _ = write!(self.statement.text, "${}", self.statement.params.len());
        self
    }
}

/// The cast that makes a column readable, if it needs one.
pub(super) fn read_cast(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Via(_) | Kind::Enum(..) => Some("text"),
        Kind::Money => Some("numeric"),
        _ => None,
    }
}

/// The types that parameters are sent as. All are built in, so that preparing asks the server for nothing more.
fn wire_types(kind: Kind) -> (Type, Type) {
    match kind {
        Kind::Text | Kind::Via(_) | Kind::Enum(..) => (Type::TEXT, Type::TEXT_ARRAY),
        Kind::Char => (Type::BPCHAR, Type::BPCHAR_ARRAY),
        Kind::Uuid => (Type::UUID, Type::UUID_ARRAY),
        Kind::Int2 | Kind::Int4 => (Type::INT4, Type::INT4_ARRAY),
        Kind::Int8 | Kind::Oid => (Type::INT8, Type::INT8_ARRAY),
        Kind::Float4 => (Type::FLOAT4, Type::FLOAT4_ARRAY),
        Kind::Float8 => (Type::FLOAT8, Type::FLOAT8_ARRAY),
        Kind::Numeric | Kind::Money => (Type::NUMERIC, Type::NUMERIC_ARRAY),
        Kind::Bool => (Type::BOOL, Type::BOOL_ARRAY),
        Kind::Timestamp(_) => (Type::TIMESTAMP, Type::TIMESTAMP_ARRAY),
        Kind::Timestamptz(_) => (Type::TIMESTAMPTZ, Type::TIMESTAMPTZ_ARRAY),
        Kind::Date => (Type::DATE, Type::DATE_ARRAY),
        Kind::Time => (Type::TIME, Type::TIME_ARRAY),
        Kind::Timetz => (Type::TIMETZ, Type::TIMETZ_ARRAY),
        Kind::Json => (Type::JSON, Type::JSON_ARRAY),
        Kind::JsonB => (Type::JSONB, Type::JSONB_ARRAY),
        Kind::Bytes => (Type::BYTEA, Type::BYTEA_ARRAY),
    }
}
