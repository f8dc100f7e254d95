//! Values that the client gives new rows: ids and the current moment, as Prisma's client makes them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::model::{ClientDefault, Kind};
use crate::value::PrismaValue;

const BASE36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const URL_SAFE: &[u8; 64] = b"_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The moment of a query, cut to milliseconds as Prisma's clock is.
pub(crate) fn now() -> PrismaValue {
    let millis = Utc::now().timestamp_millis();
    DateTime::<Utc>::from_timestamp_millis(millis).unwrap_or_default().into()
}

/// The value of a default; NULL where the client gives none.
pub(crate) fn generate(default: ClientDefault, kind: Kind, now: &PrismaValue) -> PrismaValue {
    let uuid = |uuid: Uuid| match kind {
        Kind::Uuid => PrismaValue::Uuid(uuid),
        _ => PrismaValue::String(uuid.hyphenated().to_string()),
    };
    match default {
        ClientDefault::None => PrismaValue::Null,
        ClientDefault::Now => now.clone(),
        ClientDefault::Uuid4 => uuid(Uuid::new_v4()),
        ClientDefault::Uuid7 => uuid(Uuid::now_v7()),
        ClientDefault::Cuid => PrismaValue::String(cuid()),
        ClientDefault::Cuid2 => PrismaValue::String(cuid2()),
        ClientDefault::Ulid => PrismaValue::String(ulid()),
        ClientDefault::Nanoid(length) => PrismaValue::String(random(URL_SAFE, usize::from(length))),
    }
}

/// `c`, the time, a counter, the process, chance; all in base 36.
fn cuid() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);

    let count = u64::from(COUNTER.fetch_add(1, Ordering::Relaxed)) % 36_u64.pow(4);
    let process = u64::from(std::process::id()) % 36_u64.pow(2);
    format!(
        "c{}{}{}{}",
        base(BASE36, millis(), 8),
        base(BASE36, count, 4),
        base(BASE36, process, 2),
        random(BASE36, 10)
    )
}

/// A letter, then chance: 24 characters.
fn cuid2() -> String {
    format!("{}{}", random(&BASE36[10..], 1), random(BASE36, 23))
}

/// Ten characters of time, sixteen of chance.
fn ulid() -> String {
    format!("{}{}", base(CROCKFORD, millis(), 10), random(CROCKFORD, 16))
}

fn millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The last `width` digits of a number.
fn base(digits: &[u8], mut number: u64, width: usize) -> String {
    let radix = digits.len() as u64;
    let mut text = vec![digits[0]; width];
    for place in text.iter_mut().rev() {
        *place = digits[usize::try_from(number % radix).unwrap_or_default()];
        number /= radix;
    }
    text.into_iter().map(char::from).collect()
}

/// Characters by chance, each as likely as the others: bytes past the last full round of the alphabet are thrown away.
fn random(alphabet: &[u8], length: usize) -> String {
    let rounds = 256 / alphabet.len() * alphabet.len();
    let mut text = String::with_capacity(length);
    loop {
        for (index, byte) in Uuid::new_v4().into_bytes().into_iter().enumerate() {
            if text.len() == length {
                return text;
            }
            // Bytes 6 and 8 of a random uuid hold its version.
            if index != 6 && index != 8 && usize::from(byte) < rounds {
                text.push(char::from(alphabet[usize::from(byte) % alphabet.len()]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_have_their_lengths_and_alphabets() {
        assert_eq!(cuid().len(), 25);
        assert!(cuid().starts_with('c'));
        assert_eq!(cuid2().len(), 24);
        assert!(cuid2().starts_with(|first: char| first.is_ascii_lowercase()));
        assert_eq!(ulid().len(), 26);
        assert!(ulid().bytes().all(|byte| CROCKFORD.contains(&byte)));
        assert_eq!(random(URL_SAFE, 21).len(), 21);
        assert_eq!(random(URL_SAFE, 255).len(), 255);
    }

    #[test]
    fn ids_do_not_repeat() {
        for make in [cuid, cuid2, ulid] {
            let ids: BTreeSet<String> = (0..1_000).map(|_| make()).collect();
            assert_eq!(ids.len(), 1_000);
        }
    }

    #[test]
    fn times_sort_as_text() {
        assert_eq!(base(CROCKFORD, 31, 3), "00Z");
        assert_eq!(base(BASE36, 36, 3), "010");
    }
}
