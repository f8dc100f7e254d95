//! The order of migration folders: Prisma's CLI sorts them by locale, not by bytes.
//!
//! With time stamps in front the two orders are the same; without, `a_x` comes before `B_x`. This is the root
//! collation as far as names of folders need it: ASCII, accented Latin letters, Greek and Cyrillic as Node orders
//! them; other scripts one after the other, each by code point.

use std::cmp::Ordering;

/// ASCII punctuation in the root collation's order; digits and letters follow it.
const PUNCTUATION: &str = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

/// Letters that differ by their accent only, in their order.
const ACCENTED: [&str; 33] = [
    "aáàăâåäãąā",
    "cćĉčċç",
    "dďđð",
    "eéèĕêěëėęē",
    "gğĝġģ",
    "hĥħ",
    "iíìĭîïĩįī",
    "jĵ",
    "kķ",
    "lĺľļłŀ",
    "nńňñņ",
    "oóòŏôöőõøō",
    "rŕřŗ",
    "sśŝšşș",
    "tťţț",
    "uúùŭûůüűũųū",
    "wŵ",
    "yýŷÿ",
    "zźžż",
    "αά",
    "εέ",
    "ηή",
    "ιίϊΐ",
    "οό",
    "υύϋΰ",
    "ωώ",
    "гѓ",
    "еёѐ",
    "иѝ",
    "кќ",
    "ії",
    "уў",
    "σς",
];

/// Which of two folder names comes first.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    if is_plain(a) && is_plain(b) {
        let place = |byte: u8| if byte == b'_' { 0 } else { byte };
        return a.bytes().map(place).cmp(b.bytes().map(place));
    }
    // Letters first, then accents, then lower before upper case, each over the whole name; bytes
    // at last, so that only equal names are equal.
    level(a, b, |key| key.letter)
        .then_with(|| level(a, b, |key| key.accent))
        .then_with(|| level(a, b, |key| key.case))
        .then_with(|| a.cmp(b))
}

/// Whether a name is as tools make them: then it is ordered in no time.
fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| matches!(byte, b'_' | b'0'..=b'9' | b'a'..=b'z'))
}

/// What one letter counts for; some count as two.
#[derive(Clone, Copy)]
struct Key {
    /// The kind of letter, and its place there.
    letter: (Kind, u32),
    accent: usize,
    case: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Punctuation,
    Symbol,
    Letter,
    Hangul,
    /// What comes after all alphabets: kana before Chinese characters, as their code points are.
    Other,
}

fn level<T: Ord>(a: &str, b: &str, part: impl Fn(Key) -> T) -> Ordering {
    let parts = |name: &str| -> Vec<T> { name.chars().flat_map(keys).map(&part).collect() };
    parts(a).cmp(&parts(b))
}

fn keys(char: char) -> Vec<Key> {
    // Beyond every accent, and beyond both cases.
    let ligature = |letters: &str, accent, case| {
        letters.chars().map(|char| Key { accent, case, ..key(char) }).collect()
    };
    match char {
        'æ' => ligature("ae", 99, 0),
        'Æ' => ligature("ae", 99, 1),
        'œ' => ligature("oe", 99, 0),
        'Œ' => ligature("oe", 99, 1),
        'ß' => ligature("ss", 0, 2),
        'ẞ' => ligature("ss", 0, 3),
        _ => vec![key(char)],
    }
}

fn key(char: char) -> Key {
    if let Some(place) = PUNCTUATION.find(char) {
        // All of it is ASCII, so that a byte offset is a rank.
        let place = u32::try_from(place).unwrap_or(0);
        return Key { letter: (Kind::Punctuation, place), accent: 0, case: 0 };
    }
    let lower = char.to_lowercase().next().unwrap_or(char);
    let (base, accent) = ACCENTED
        .iter()
        .find_map(|letters| {
            let accent = letters.chars().position(|letter| letter == lower)?;
            Some((letters.chars().next()?, accent))
        })
        .unwrap_or((lower, 0));
    let kind = match base {
        '\u{2000}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => Kind::Symbol,
        '\u{ac00}'..='\u{d7af}' => Kind::Hangul,
        '\u{3000}'.. => Kind::Other,
        _ => Kind::Letter,
    };
    let case = u32::from(lower != char);
    Key { letter: (kind, place(base)), accent, case }
}

/// The code point, but for the letters that stand among those of ASCII.
fn place(letter: char) -> u32 {
    // Room for one between any two.
    let after = |letter: char| 2 * u32::from(letter) + 1;
    match letter {
        'ı' => after('i'),
        'ŋ' => after('n'),
        'ĸ' => after('q'),
        'ŧ' => after('t'),
        'þ' => after('z'),
        _ => 2 * u32::from(letter),
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
            "_a", "10_a", "2_a", "a", "A", "å", "ä", "a_", "a_x", "a-b", "ab", "aB", "Ab", "ae",
            "áe", "æ", "B_x", "e", "é", "É", "è", "f", "ss", "SS", "ß", "ssa", "ßb", "t", "ŧ", "ж",
            "한", "あ", "日本",
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
