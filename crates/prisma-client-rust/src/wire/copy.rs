//! Rows in the binary form of COPY.

use std::error::Error;

use bytes::{BufMut as _, Bytes, BytesMut};
use postgres::driver::{IsNull, ToSql as _, Type};

use super::encode::ParamRef;

/// The signature, no flags, no extension.
const HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Rows that are being written.
#[derive(Debug)]
pub(crate) struct Rows {
    bytes: BytesMut,
}

impl Rows {
    /// Begins a COPY.
    pub(crate) fn begin(mut bytes: BytesMut) -> Self {
        bytes.put_slice(HEADER);
        Self { bytes }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Begins a row of so many values.
    pub(crate) fn row(&mut self, values: usize) {
        // A table has at most 1,600 columns.
        self.bytes.put_i16(i16::try_from(values).unwrap_or(i16::MAX));
    }

    /// Appends a value of the row; what is wrong with it otherwise.
    pub(crate) fn value(&mut self, value: ParamRef<'_>, ty: &Type) -> Result<(), String> {
        let start = self.bytes.len();
        self.bytes.put_i32(-1);
        let null = value
            .to_sql(ty, &mut self.bytes)
            .map_err(|error: Box<dyn Error + Sync + Send>| error.to_string())?;
        if let IsNull::No = null {
            let size = i32::try_from(self.bytes.len() - start - 4)
                .map_err(|_| "the value is too large".to_owned())?;
            self.bytes[start..start + 4].copy_from_slice(&size.to_be_bytes());
        }
        Ok(())
    }

    /// What was written since the last time; then there is room for about as much again.
    pub(crate) fn split(&mut self, room: usize) -> Bytes {
        let written = self.bytes.split().freeze();
        self.bytes.reserve(room);
        written
    }

    /// Ends the COPY.
    pub(crate) fn end(mut self) -> Bytes {
        self.bytes.put_i16(-1);
        self.bytes.freeze()
    }
}
