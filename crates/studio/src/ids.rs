//! Ids in the shapes that Prisma's client makes, for rows that are written here.
//!
//! All of their chance comes from random UUIDs, which take theirs from the system.

use std::time::{SystemTime, UNIX_EPOCH};

use uuid::Uuid;

/// Which kind of id a field has by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Id {
    Uuid { version: u8 },
    Cuid { version: u8 },
    Ulid,
    Nanoid { length: u8 },
}

impl Id {
    pub(crate) fn make(self) -> String {
        match self {
            Self::Uuid { version: 7 } => Uuid::now_v7().to_string(),
            Self::Uuid { .. } => Uuid::new_v4().to_string(),
            // A letter first, then what no other row has.
            Self::Cuid { version: 1 } => format!("c{}", characters(BASE_36, 24)),
            Self::Cuid { .. } => characters(&BASE_36[10..], 1) + &characters(BASE_36, 23),
            Self::Ulid => time() + &characters(CROCKFORD, 16),
            Self::Nanoid { length } => characters(URL_SAFE, usize::from(length)),
        }
    }
}

const BASE_36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const CROCKFORD: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const URL_SAFE: &[u8] = b"useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict";

fn characters(alphabet: &[u8], count: usize) -> String {
    let mut text = String::with_capacity(count);
    while text.len() < count {
        // Bytes 6 and 8 of a UUID say which kind it is.
        let bytes = Uuid::new_v4().into_bytes();
        let free = bytes.iter().enumerate().filter(|(at, _)| !matches!(at, 6 | 8));
        for (_, byte) in free.take(count - text.len()) {
            // A little more of the first characters than of the last, which 14 bytes of chance can bear.
            text.push(char::from(alphabet[usize::from(*byte) % alphabet.len()]));
        }
    }
    text
}

/// The first ten characters of a ULID: milliseconds since 1970, so that they sort.
fn time() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let digit = |at: u32| char::from(CROCKFORD[usize::try_from(now >> (5 * at) & 31).unwrap_or(0)]);
    (0..10).rev().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_shapes_and_are_never_the_same() {
        for (id, length) in [
            (Id::Uuid { version: 4 }, 36),
            (Id::Uuid { version: 7 }, 36),
            (Id::Cuid { version: 1 }, 25),
            (Id::Cuid { version: 2 }, 24),
            (Id::Ulid, 26),
            (Id::Nanoid { length: 21 }, 21),
            (Id::Nanoid { length: 64 }, 64),
        ] {
            let (first, second) = (id.make(), id.make());
            assert_eq!(first.len(), length, "{first}");
            assert_ne!(first, second);
        }
        assert!(Id::Cuid { version: 2 }.make().starts_with(|char: char| char.is_ascii_lowercase()));
        assert_eq!(Id::Uuid { version: 7 }.make().as_bytes()[14], b'7');
        assert_eq!(time().len(), 10);
    }
}
