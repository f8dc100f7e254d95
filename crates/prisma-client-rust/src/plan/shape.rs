//! What the text of a statement is made of, before it is a text.
//!
//! Texts and names are compared by their place in the program, not by their letters: that they are the same place is
//! quick to see, and two places with the same letters only cost a second shape. So a query whose like was sent before
//! is known without its text being written.

use std::fmt::Write as _;
use std::ptr;

use postgres::driver::Type;

use super::sql::read_cast;
use crate::model::{Column, Descriptor, Kind};
use crate::quote;

/// How columns of enums are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Enums {
    /// Cast to text: the driver has nothing to ask the server about their types.
    AsText,
    /// As they are, which is less work for the server, row by row.
    AsTheyAre,
}

/// A part of a statement's text.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    /// SQL of our own.
    Text(&'static str),
    /// The same, made at run time.
    Made(String),
    /// A name of the database.
    Name(&'static str),
    /// A table's name with its schema; `None` for the schema of the connection.
    Qualified(Option<&'static str>, &'static str),
    /// A table's name inside the statement.
    Alias(u32),
    /// `"t0"."column"`.
    Column(u32, &'static str),
    /// `"t0"."column"` as it is read.
    Read(u32, &'static Column),
    /// Every column of a model as it is read.
    Columns(u32, &'static Descriptor),
    /// The next parameter.
    Param(Type),
}

/// The parts of a statement, with a number that differs where they do, nearly always.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    pieces: Vec<Piece>,
    fingerprint: u64,
}

impl Shape {
    pub(crate) fn push(&mut self, piece: Piece) {
        if self.pieces.capacity() == 0 {
            self.pieces.reserve(24);
        }
        let words = piece.words();
        for word in words {
            // What rustc hashes with: a multiplication for each word.
            self.fingerprint =
                (self.fingerprint.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
        self.pieces.push(piece);
    }

    pub(crate) fn begin_with(&mut self, text: String) {
        let after = std::mem::take(self);
        self.push(Piece::Made(text));
        for piece in after.pieces {
            self.push(piece);
        }
    }

    pub(crate) fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The SQL; `schema` is that of models that name none.
    pub(crate) fn text(&self, schema: &str, enums: Enums) -> String {
        let mut text = String::with_capacity(1_024);
        let mut params = 0;
        for piece in &self.pieces {
            // Writing to a String cannot fail.
            let _ = match piece {
                Piece::Text(part) => text.write_str(part),
                Piece::Made(part) => text.write_str(part),
                Piece::Name(name) => text.write_str(&quote::identifier(name)),
                Piece::Qualified(of, name) => {
                    let of = quote::identifier(of.unwrap_or(schema));
                    write!(text, "{of}.{}", quote::identifier(name))
                }
                Piece::Alias(alias) => write!(text, "\"t{alias}\""),
                Piece::Column(alias, name) => {
                    write!(text, "\"t{alias}\".{}", quote::identifier(name))
                }
                Piece::Read(alias, column) => read(&mut text, *alias, column, enums),
                Piece::Columns(alias, model) => {
                    model.columns.iter().enumerate().try_for_each(|(index, column)| {
                        text.push_str(if index == 0 { "" } else { ", " });
                        read(&mut text, *alias, column, enums)
                    })
                }
                Piece::Param(_) => {
                    params += 1;
                    write!(text, "${params}")
                }
            };
        }
        text
    }

    /// The first table that is named.
    pub(crate) fn table(&self) -> Option<&'static str> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Qualified(_, name) => Some(*name),
            _ => None,
        })
    }

    /// The types of the parameters.
    pub(crate) fn types(&self) -> Vec<Type> {
        let of = |piece: &Piece| match piece {
            Piece::Param(ty) => Some(ty.clone()),
            _ => None,
        };
        self.pieces.iter().filter_map(of).collect()
    }
}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint && self.pieces == other.pieces
    }
}

impl Piece {
    fn words(&self) -> [u64; 3] {
        match self {
            Self::Text(text) => [1, place(text), text.len() as u64],
            Self::Made(text) => {
                // Rare and short: letter by letter.
                let letters = text.bytes().fold(0_u64, |word, byte| {
                    word.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
                });
                [2, letters, text.len() as u64]
            }
            Self::Name(name) => [3, place(name), name.len() as u64],
            Self::Qualified(schema, name) => [4, schema.map_or(0, place), place(name)],
            Self::Alias(alias) => [5, u64::from(*alias), 0],
            Self::Column(alias, name) => [6, u64::from(*alias), place(name)],
            Self::Columns(alias, model) => {
                [7, u64::from(*alias), ptr::from_ref(*model).addr() as u64]
            }
            Self::Param(ty) => [8, u64::from(ty.oid()), 0],
            Self::Read(alias, column) => {
                [9, u64::from(*alias), ptr::from_ref(*column).addr() as u64]
            }
        }
    }
}

impl PartialEq for Piece {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) | (Self::Name(one), Self::Name(other)) => {
                ptr::eq(*one, *other)
            }
            (Self::Made(one), Self::Made(other)) => one == other,
            (Self::Qualified(a, one), Self::Qualified(b, other)) => {
                ptr::eq(*one, *other)
                    && match (a, b) {
                        (Some(a), Some(b)) => ptr::eq(*a, *b),
                        (a, b) => a.is_none() && b.is_none(),
                    }
            }
            (Self::Alias(one), Self::Alias(other)) => one == other,
            (Self::Column(a, one), Self::Column(b, other)) => a == b && ptr::eq(*one, *other),
            (Self::Read(a, one), Self::Read(b, other)) => a == b && ptr::eq(*one, *other),
            (Self::Columns(a, one), Self::Columns(b, other)) => a == b && ptr::eq(*one, *other),
            (Self::Param(one), Self::Param(other)) => one == other,
            _ => false,
        }
    }
}

fn place(text: &'static str) -> u64 {
    text.as_ptr().addr() as u64
}

/// A column, cast where the binary form is not ours to read.
fn read(text: &mut String, alias: u32, column: &Column, enums: Enums) -> std::fmt::Result {
    write!(text, "\"t{alias}\".{}", quote::identifier(column.name))?;
    match read_cast(column.kind) {
        Some(_) if enums == Enums::AsTheyAre && matches!(column.kind, Kind::Enum(..)) => Ok(()),
        Some(cast) => write!(text, "::{cast}{}", if column.is_list() { "[]" } else { "" }),
        None => Ok(()),
    }
}
