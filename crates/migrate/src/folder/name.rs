//! Names of new migrations: `20260131093001_add_nickname`, the moment in UTC and what a person
//! called it, in snake case.

use std::time::SystemTime;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::order;
use crate::Error;

/// Longer names do not go through (P3010); the folder's name adds a time stamp to it.
pub const MAXIMUM_BYTES: usize = 200;

const MOMENT: &str = "%Y%m%d%H%M%S";

/// The folder's name of a migration made at `now`. A title without letters and digits gives a name that
/// ends with the underscore, as Prisma's does.
///
/// Fails with P3010 when the title is too long.
pub fn new(title: &str, now: SystemTime) -> Result<String, Error> {
    at(title, now.into())
}

/// Like [`new`], yet in any case a name that comes after `last`: two migrations may be made in one second,
/// and a colleague's clock may be ahead. Order is all that the moment is for.
pub fn after(last: Option<&str>, title: &str, now: SystemTime) -> Result<String, Error> {
    let name = new(title, now)?;
    match last.filter(|last| order::compare(last, &name).is_ge()).and_then(moment) {
        Some(taken) => at(title, taken + TimeDelta::seconds(1)),
        None => Ok(name),
    }
}

/// A name that stands where `last` stood: with its moment, or else after it.
///
/// Fails with P3010 when the title is too long.
pub fn in_place_of(last: &str, title: &str) -> Result<String, Error> {
    match moment(last) {
        Some(moment) => at(title, moment),
        None => Ok(format!("{last}_{}", checked_slug(title)?)),
    }
}

fn at(title: &str, moment: DateTime<Utc>) -> Result<String, Error> {
    Ok(format!("{}_{}", moment.format(MOMENT), checked_slug(title)?))
}

fn checked_slug(title: &str) -> Result<String, Error> {
    let slug = slug(title);
    if slug.len() > MAXIMUM_BYTES {
        return Err(Error::new(
            "P3010",
            format!(
                "The name of the migration is too long. It must not be longer than {MAXIMUM_BYTES} characters (bytes)."
            ),
        )
        .with_help("choose a shorter --name"));
    }
    Ok(slug)
}

/// The moment in a name.
pub(super) fn moment(name: &str) -> Option<DateTime<Utc>> {
    let digits =
        name.get(..14).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    NaiveDateTime::parse_from_str(digits, MOMENT).ok().map(|moment| moment.and_utc())
}

/// Snake case: words are split at anything that is no letter or digit and where the case changes.
pub fn slug(title: &str) -> String {
    let plain: Vec<char> = title.chars().flat_map(transliterate).collect();
    let mut slug = String::with_capacity(plain.len());
    for (at, &char) in plain.iter().enumerate() {
        let apostrophe = char == '\'' && is_contraction(&plain, at);
        if apostrophe {
            continue;
        }
        let separates = !char.is_ascii_alphanumeric() || starts_word(&plain, at);
        if separates && !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
        if char.is_ascii_alphanumeric() {
            slug.push(char.to_ascii_lowercase());
        }
    }
    if slug.ends_with('_') {
        slug.pop();
    }
    slug
}

/// Whether the case says that a word begins here: `addNickname`, `parseHTTPServer`, `addURL`, `API2`.
fn starts_word(chars: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| chars[before]) else { return false };
    let here = chars[at];
    let after = chars.get(at + 1);
    let capital = here.is_ascii_uppercase();
    let lower = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
    if capital && lower(before) {
        return true;
    }
    if here.is_ascii_digit() && before.is_ascii_uppercase() {
        return at >= 2 && chars[at - 2].is_ascii_uppercase();
    }
    // The last capital of a run belongs to the next word, except before a plural: `URLs`.
    capital
        && before.is_ascii_uppercase()
        && after.is_some_and(|&after| after.is_ascii_lowercase() && after != 's')
}

/// `don't` is one word.
fn is_contraction(chars: &[char], at: usize) -> bool {
    let word_before = at > 0 && chars[at - 1].is_ascii_alphanumeric();
    let letter = chars.get(at + 1).is_some_and(|char| matches!(char, 't' | 's' | 'T' | 'S'));
    word_before && letter && chars.get(at + 2).is_none_or(|char| char.is_whitespace())
}

fn transliterate(char: char) -> Vec<char> {
    let text = match char {
        'ä' | 'æ' => "ae",
        'Ä' => "Ae",
        'Æ' => "AE",
        'ö' | 'œ' => "oe",
        'Ö' => "Oe",
        'Œ' => "OE",
        'ü' => "ue",
        'Ü' => "Ue",
        'ß' => "ss",
        'ẞ' => "Ss",
        'þ' => "th",
        'Þ' => "TH",
        '&' => " and ",
        _ => return vec![base_letter(char)],
    };
    text.chars().collect()
}

/// The letter without its accent, for the Latin letters of European languages.
pub(super) fn base_letter(char: char) -> char {
    const ACCENTED: [(char, &str); 46] = [
        ('A', "ÀÁÂÃÅĀĂĄÄ"),
        ('a', "àáâãåāăąä"),
        ('C', "ÇĆĈĊČ"),
        ('c', "çćĉċč"),
        ('D', "ÐĎĐ"),
        ('d', "ðďđ"),
        ('E', "ÈÉÊËĒĔĖĘĚ"),
        ('e', "èéêëēĕėęě"),
        ('G', "ĜĞĠĢ"),
        ('g', "ĝğġģ"),
        ('H', "ĤĦ"),
        ('h', "ĥħ"),
        ('I', "ÌÍÎÏĨĪĬĮİ"),
        ('i', "ìíîïĩīĭįı"),
        ('J', "Ĵ"),
        ('j', "ĵ"),
        ('K', "Ķ"),
        ('k', "ķĸ"),
        ('L', "ĹĻĽĿŁ"),
        ('l', "ĺļľŀł"),
        ('N', "ÑŃŅŇ"),
        ('n', "ñńņň"),
        ('O', "ÒÓÔÕØŌŎŐÖ"),
        ('o', "òóôõøōŏőö"),
        ('R', "ŔŖŘ"),
        ('r', "ŕŗř"),
        ('S', "ŚŜŞŠȘ"),
        ('s', "śŝşšș"),
        ('T', "ŢŤŦȚ"),
        ('t', "ţťŧț"),
        ('U', "ÙÚÛŨŪŬŮŰŲÜ"),
        ('u', "ùúûũūŭůűųü"),
        ('W', "Ŵ"),
        ('w', "ŵ"),
        ('Y', "ÝŶŸ"),
        ('y', "ýÿŷ"),
        ('Z', "ŹŻŽ"),
        ('z', "źżž"),
        ('\'', "’"),
        ('-', "‐‑‒–—―"),
        (' ', "\u{a0}\u{2009}\u{202f}\u{3000}"),
        ('"', "“”„«»"),
        ('.', "…·"),
        ('*', "×•"),
        ('/', "÷⁄"),
        ('!', "¡"),
    ];
    if char.is_ascii() {
        return char;
    }
    ACCENTED.iter().find(|(_, accented)| accented.contains(char)).map_or(char, |(base, _)| *base)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn slugs_are_those_of_the_reference() {
        for (title, expected) in [
            ("init_core", "init_core"),
            ("Add nickname", "add_nickname"),
            ("addNickname", "add_nickname"),
            ("add-student.nickname", "add_student_nickname"),
            ("  -- spaces --  ", "spaces"),
            ("parseHTTPServer", "parse_http_server"),
            ("API2", "api_2"),
            ("HTTPServer2Go", "http_server2_go"),
            ("AB12cd", "ab_12cd"),
            ("ABCsd", "abcsd"),
            ("ABsX", "abs_x"),
            ("ÐÞþ", "dt_hth"),
            ("Łódź – naïve “q”", "lodz_naive_q"),
            ("It's", "its"),
            ("addURLs", "add_urls"),
            ("a1B2", "a1_b2"),
            ("don't drop", "dont_drop"),
            ("Fahrschüler & Prüfung", "fahrschueler_and_pruefung"),
            ("École", "ecole"),
            ("../../etc/passwd", "etc_passwd"),
            ("日本", ""),
            ("", ""),
        ] {
            assert_eq!(slug(title), expected, "{title:?}");
        }
    }

    #[test]
    fn a_name_is_the_moment_in_utc_and_the_slug() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_769_851_801);
        assert_eq!(new("Add nickname", now).unwrap(), "20260131093001_add_nickname");
        assert_eq!(new("", now).unwrap(), "20260131093001_");
    }

    #[test]
    fn a_long_name_is_refused() {
        let now = SystemTime::UNIX_EPOCH;
        assert!(new(&"x".repeat(200), now).is_ok());
        assert_eq!(new(&"x".repeat(201), now).unwrap_err().code(), Some("P3010"));
    }
}
