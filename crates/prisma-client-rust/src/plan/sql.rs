//! SQL text in the making: quoting, parameters, casts, aliases.

use bytes::Bytes;
use postgres::driver::Type;

use super::guards::Guard;
use super::scope::Scope;
use super::shape::{Enums, Piece, Shape};
use std::sync::Arc;

use crate::columns::Columns;
use crate::model::{Column, Descriptor, Kind};
use crate::prepared::Text;
use crate::value::PrismaValue;
use crate::wire::encode::{Bound, Param};

/// SQL with its parameters.
#[derive(Debug, Clone, Default)]
pub struct Statement {
    pub(crate) shape: Shape,
    /// Its text, where that is known without a shape.
    pub(crate) known: Option<Arc<Text>>,
    /// The schema of models that name none.
    schema: Box<str>,
    pub(crate) params: Vec<Param>,
    /// Where it wrote nothing, one of these may be why.
    pub(crate) guards: Vec<Guard>,
}

impl Statement {
    /// A statement of our own that was made at run time.
    pub(crate) fn of(text: String) -> Self {
        let mut shape = Shape::default();
        shape.push(Piece::Made(text));
        Self { shape, ..Self::default() }
    }

    /// A statement that was planned before, with other values.
    pub(crate) fn again(text: Arc<Text>, params: Vec<Param>) -> Self {
        Self { known: Some(text), params, ..Self::default() }
    }

    /// More SQL of our own, before all.
    pub(crate) fn begin_with(&mut self, text: String) {
        self.shape.begin_with(text);
    }

    /// More SQL of our own, at the end.
    pub(crate) fn push(&mut self, text: &'static str) {
        self.shape.push(Piece::Text(text));
    }

    /// Whether it may write nothing since its values lead out of the scope.
    pub(crate) fn is_guarded(&self) -> bool {
        !self.guards.is_empty()
    }

    /// Whether it is known to write nothing.
    pub(crate) fn is_refused(&self) -> bool {
        self.guards.iter().any(|guard| matches!(guard, Guard::Refused(_)))
    }

    /// The SQL.
    pub(crate) fn text(&self, enums: Enums) -> String {
        self.shape.text(&self.schema, enums)
    }
}

/// A table's name inside one statement: `t0`, `t1` …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Alias(u32);

/// A statement that is being written.
#[derive(Debug)]
pub(crate) struct Sql<'s> {
    shape: Shape,
    params: Vec<Param>,
    guards: Vec<Guard>,
    scope: Scope<'s>,
    aliases: u32,
}

impl<'s> Sql<'s> {
    pub(crate) fn new(scope: Scope<'s>) -> Self {
        let (params, guards) = (Vec::new(), Vec::new());
        Self { shape: Shape::default(), params, guards, scope, aliases: 0 }
    }

    pub(crate) fn finish(self) -> Statement {
        let Self { shape, params, guards, scope, .. } = self;
        Statement { shape, known: None, schema: scope.schema.into(), params, guards }
    }

    pub(crate) fn scope(&self) -> Scope<'s> {
        self.scope
    }

    /// What was made a condition of the whole statement.
    pub(super) fn guard(&mut self, guard: Guard) {
        self.guards.push(guard);
    }

    pub(crate) fn alias(&mut self) -> Alias {
        self.aliases += 1;
        Alias(self.aliases - 1)
    }

    /// Text of our own: never a value, never a name.
    pub(crate) fn push(&mut self, text: &'static str) -> &mut Self {
        self.piece(Piece::Text(text))
    }

    pub(crate) fn name(&mut self, name: &'static str) -> &mut Self {
        self.piece(Piece::Name(name))
    }

    /// A name of our own with a number: `"k0"`.
    pub(crate) fn numbered(&mut self, letter: &'static str, number: usize) -> &mut Self {
        self.piece(Piece::Made(format!("\"{letter}{number}\"")))
    }

    pub(crate) fn qualified(
        &mut self,
        schema: Option<&'static str>,
        name: &'static str,
    ) -> &mut Self {
        self.piece(Piece::Qualified(schema, name))
    }

    pub(crate) fn table(&mut self, model: &Descriptor) -> &mut Self {
        self.qualified(model.schema, model.table)
    }

    pub(crate) fn aliased(&mut self, alias: Alias) -> &mut Self {
        self.piece(Piece::Alias(alias.0))
    }

    /// `"t0"."column"`.
    pub(crate) fn column(&mut self, alias: Alias, column: &Column) -> &mut Self {
        self.piece(Piece::Column(alias.0, column.name))
    }

    /// Columns of a model, cast where the binary form is not ours to read.
    pub(crate) fn columns(
        &mut self,
        alias: Alias,
        model: &'static Descriptor,
        columns: &Columns,
    ) -> &mut Self {
        let Columns::Only { order, .. } = columns else {
            return self.piece(Piece::Columns(alias.0, model));
        };
        for (index, column) in order.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.piece(Piece::Read(alias.0, model.column(*column)));
        }
        self
    }

    /// A value compared with, or stored in, `column`.
    pub(crate) fn value(&mut self, column: &Column, value: PrismaValue) -> &mut Self {
        self.typed(column.kind, column.is_list(), value).of(column)
    }

    /// Errors about the last parameter name this column's field.
    pub(crate) fn of(&mut self, column: &Column) -> &mut Self {
        if let Some(param) = self.params.last_mut() {
            param.field = column.field;
        }
        self
    }

    /// A list of values for `= ANY(..)` or `unnest(..)`.
    pub(crate) fn list(&mut self, kind: Kind, values: Vec<PrismaValue>) -> &mut Self {
        self.typed(kind, true, PrismaValue::List(values))
    }

    /// The same in its binary form, for a column.
    pub(crate) fn array(&mut self, kind: Kind, array: Bytes) -> &mut Self {
        self.bound(kind, true, Bound::Array(array))
    }

    /// A value of a kind, or a list of them.
    pub(crate) fn typed(&mut self, kind: Kind, list: bool, value: PrismaValue) -> &mut Self {
        self.bound(kind, list, Bound::Value(value))
    }

    fn bound(&mut self, kind: Kind, list: bool, bound: Bound) -> &mut Self {
        let (scalar, array) = wire_types(kind);
        let param = Param { bound, digits: kind.digits(), field: "" };
        self.param(param, if list { array } else { scalar });
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
        self.param(Param::new(PrismaValue::String(value)), Type::TEXT)
    }

    /// A plain number parameter, as of LIMIT.
    pub(crate) fn number(&mut self, value: i64) -> &mut Self {
        self.param(Param::new(PrismaValue::BigInt(value)), Type::INT8)
    }

    fn param(&mut self, param: Param, ty: Type) -> &mut Self {
        self.params.push(param);
        self.piece(Piece::Param(ty))
    }

    fn piece(&mut self, piece: Piece) -> &mut Self {
        self.shape.push(piece);
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
pub(super) fn wire_types(kind: Kind) -> (Type, Type) {
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
