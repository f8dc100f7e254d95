//! Arrays in their binary form: a head, then the members, each behind its size.

use std::borrow::BorrowMut;

use bytes::{BufMut as _, BytesMut};
use postgres::driver::{IsNull, Type};

use super::encode::{self, Boxed};
use super::moment;
use crate::value::PrismaValue;

/// How many dimensions, whether there are NULLs, of which type; with members also how many and the number of the first.
const HEAD: usize = 20;
const HEAD_OF_NONE: usize = 12;

/// An array that is being written, member by member.
#[derive(Debug, Clone)]
pub(crate) struct Array<B> {
    out: B,
    start: usize,
    member: Type,
    /// Those that a timestamp keeps after the second.
    digits: u8,
    usual: Usual,
    length: i32,
    has_null: bool,
}

/// The types that arrays are mostly of: the size of their values is known, and which type it is, is looked at once.
#[derive(Debug, Clone, Copy)]
enum Usual {
    Text,
    Int,
    Moment,
    None,
}

impl<B: BorrowMut<BytesMut>> Array<B> {
    /// Begins an array of such members, at the end of what is there.
    pub(crate) fn begin(mut out: B, member: &Type, digits: u8) -> Self {
        let usual = match *member {
            Type::TEXT => Usual::Text,
            Type::INT4 => Usual::Int,
            Type::TIMESTAMP | Type::TIMESTAMPTZ => Usual::Moment,
            _ => Usual::None,
        };
        let buffer = out.borrow_mut();
        let start = buffer.len();
        buffer.put_bytes(0, HEAD);
        Self { out, start, member: member.clone(), digits, usual, length: 0, has_null: false }
    }

    /// Appends a member; what is wrong with it otherwise.
    pub(crate) fn push(&mut self, value: &PrismaValue) -> Result<(), Boxed> {
        let out = self.out.borrow_mut();
        match (self.usual, value) {
            (Usual::Text, PrismaValue::String(value)) => {
                out.put_i32(size(value.len())?);
                encode::text(value, out)?;
            }
            (Usual::Int, PrismaValue::Int(value)) => {
                out.put_i32(4);
                out.put_i32(*value);
            }
            (Usual::Moment, PrismaValue::DateTime(value)) => {
                out.put_i32(8);
                let micros = moment::to_micros(value, self.digits);
                out.put_i64(micros.ok_or_else(|| encode::too_large(&self.member))?);
            }
            _ => {
                let start = out.len();
                out.put_i32(-1);
                match encode::encode(value, self.digits, &self.member, out)? {
                    IsNull::Yes => self.has_null = true,
                    IsNull::No => {
                        let size = size(out.len() - start - 4)?;
                        out[start..start + 4].copy_from_slice(&size.to_be_bytes());
                    }
                }
            }
        }
        self.length = self.length.checked_add(1).ok_or("the list is too long for an array")?;
        Ok(())
    }

    /// How many members there are.
    pub(crate) fn length(&self) -> i32 {
        self.length
    }

    /// How many bytes it is so far.
    pub(crate) fn bytes(&self) -> usize {
        self.out.borrow().len() - self.start
    }

    /// The whole of it, where it began.
    pub(crate) fn end(mut self) -> B {
        let out = self.out.borrow_mut();
        let mut head = &mut out[self.start..self.start + HEAD];
        head.put_i32(i32::from(self.length > 0));
        head.put_i32(i32::from(self.has_null));
        head.put_u32(self.member.oid());
        head.put_i32(self.length);
        head.put_i32(1);
        if self.length == 0 {
            out.truncate(self.start + HEAD_OF_NONE);
        }
        self.out
    }
}

fn size(bytes: usize) -> Result<i32, Boxed> {
    i32::try_from(bytes).map_err(|_| "the value is too large for an array".into())
}
