//! The order of migration folders: Prisma's CLI sorts them by locale, not by bytes.
//!
//! With time stamps in front the two orders are the same; without, `a_x` comes before `B_x`.
//! This is the root collation as far as names of folders need it: ASCII exactly, the common accented
//! Latin letters beside their base letter, everything else after by code point.

use std::cmp::Ordering;

/// ASCII punctuation in the root collation's order; digits and letters follow it.
const PUNCTUATION: &str = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

/// Which of two folder names comes first.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    // Letters first, then accents, then lower before upper case, each over the whole name; bytes
    // at last, so that only equal names are equal.
    level(a, b, |key| key.letter)
        .then_with(|| level(a, b, |key| key.accent))
        .then_with(|| level(a, b, |key| u32::from(key.upper)))
        .then_with(|| a.cmp(b))
}

struct Key {
    letter: u32,
    accent: u32,
    upper: bool,
}

fn level(a: &str, b: &str, part: impl Fn(Key) -> u32) -> Ordering {
    a.chars().map(|char| part(key(char))).cmp(b.chars().map(|char| part(key(char))))
}

fn key(char: char) -> Key {
    if let Some(place) = PUNCTUATION.find(char) {
        // All of it is ASCII, so that a byte offset is a rank.
        return Key { letter: u32::try_from(place).unwrap_or(0), accent: 0, upper: false };
    }
    let base = super::name::base_letter(char);
    let lower = base.to_lowercase().next().unwrap_or(base);
    Key {
        letter: 0x80 + u32::from(lower),
        accent: if base == char {
            0
        } else {
            u32::from(char.to_lowercase().next().unwrap_or(char))
        },
        upper: char.is_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `localeCompare` of Node made of all printable ASCII characters.
    const ASCII: &str = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ";

    #[test]
    fn ascii_is_ordered_as_node_orders_it() {
        let mut sorted: Vec<char> = (' '..='~').collect();
        sorted.sort_by(|a, b| compare(&a.to_string(), &b.to_string()));
        assert_eq!(sorted.into_iter().collect::<String>(), ASCII);
    }

    #[test]
    fn names_are_ordered_as_node_orders_them() {
        let expected = [
            "_a", "10_a", "2_a", "a", "A", "a_", "a_x", "a-b", "ab", "aB", "Ab", "B_x", "e", "é",
            "É", "f",
        ];
        let mut sorted = expected;
        sorted.sort_unstable();
        assert_ne!(sorted, expected, "bytes order them otherwise");
        sorted.sort_by(|a, b| compare(a, b));
        assert_eq!(sorted, expected);
    }

    #[test]
    fn only_equal_names_are_equal() {
        assert_eq!(compare("a", "a"), Ordering::Equal);
        assert_ne!(compare("a", "A"), Ordering::Equal);
        assert_ne!(compare("ß", "ẞ"), Ordering::Equal);
    }
}
