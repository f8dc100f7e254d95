//! A row as the server sent it, its values found once; used again for the next one, so that none costs an allocation.

use postgres::driver::Type;

use super::decode::Cell;

/// The values of one row.
#[derive(Debug, Default)]
pub(crate) struct Line {
    bytes: Vec<u8>,
    values: Vec<Value>,
}

/// Where in the bytes a value is.
#[derive(Debug)]
struct Value {
    start: u32,
    end: u32,
    ty: Type,
}

/// Where NULL begins.
const NULL: u32 = u32::MAX;

impl Line {
    /// For rows of columns of these types.
    pub(crate) fn of(types: impl Iterator<Item = Type>) -> Self {
        let values = types.map(|ty| Value { start: NULL, end: NULL, ty }).collect();
        Self { values, bytes: Vec::with_capacity(1_024) }
    }

    /// Takes a row in the place of the one before; whether it is one.
    pub(crate) fn hold(&mut self, row: &[u8]) -> bool {
        self.bytes.clear();
        self.bytes.extend_from_slice(row);
        let Some((count, mut rest)) = row.split_first_chunk() else { return false };
        if usize::from(u16::from_be_bytes(*count)) != self.values.len() {
            return false;
        }
        let mut at: u32 = 2;
        for value in &mut self.values {
            let Some((length, after)) = rest.split_first_chunk() else { return false };
            let length = u32::from_be_bytes(*length);
            at += 4;
            if length == NULL {
                value.start = NULL;
                rest = after;
                continue;
            }
            let Some(after) = after.get(length as usize..) else { return false };
            value.start = at;
            at += length;
            value.end = at;
            rest = after;
        }
        true
    }

    /// One value.
    #[inline]
    pub(crate) fn cell(&self, column: usize) -> Cell<'_> {
        let Value { start, end, ty } = &self.values[column];
        let bytes = (*start != NULL).then(|| &self.bytes[*start as usize..*end as usize]);
        Cell { ty, bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_its_values() {
        let mut line = Line::of([Type::TEXT, Type::TEXT, Type::TEXT].into_iter());
        let row = b"\0\x03\0\0\0\x02ab\xff\xff\xff\xff\0\0\0\0";
        assert!(line.hold(row));
        let values: Vec<_> = (0..3).map(|column| line.cell(column).bytes).collect();
        assert_eq!(values, [Some(&b"ab"[..]), None, Some(b"")]);
        for cut in 0..row.len() {
            assert!(!line.hold(&row[..cut]), "{cut}");
        }
        assert!(line.hold(row));
        assert!(!line.hold(b"\0\x01\0\0\0\0"), "fewer than there are columns");
    }
}
