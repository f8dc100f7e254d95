//! Constants of a type that the server prints in another form than it was given: `'1 hour'` is `'01:00:00'`.

use super::super::json::same_json;

/// Whether two constants of one type are the same.
pub(super) fn same_constant(ty: &str, a: &str, b: &str) -> bool {
    a == b
        || match ty.split(['(', ' ']).next() {
            Some("interval") => interval(a).is_some_and(|a| Some(a) == interval(b)),
            Some("timestamp" | "date" | "time") => same_moment(a, b),
            Some("json" | "jsonb") => same_json(a, b),
            Some("bytea") => bytes(a).is_some_and(|a| Some(a) == bytes(b)),
            Some("money") => amount(a) == amount(b),
            _ => false,
        }
}

/// Months, days and microseconds. `None` for what is written in some other way than `1 day 2 hours` or `02:00:00`.
fn interval(text: &str) -> Option<(i64, i64, i64)> {
    const SECOND: i64 = 1_000_000;
    let (mut months, mut days, mut micros) = (0_i64, 0_i64, 0_i64);
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if word.contains(':') {
            micros = micros.checked_add(clock(word)?)?;
            continue;
        }
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let count: i64 = digits.parse().ok()?;
        let unit = if digits.len() < word.len() { &word[digits.len()..] } else { words.next()? };
        let (sum, each) = match unit.to_ascii_lowercase().as_str() {
            "y" | "yr" | "yrs" | "year" | "years" => (&mut months, 12),
            "mon" | "mons" | "month" | "months" => (&mut months, 1),
            "w" | "week" | "weeks" => (&mut days, 7),
            "d" | "day" | "days" => (&mut days, 1),
            "h" | "hr" | "hrs" | "hour" | "hours" => (&mut micros, 3600 * SECOND),
            "m" | "min" | "mins" | "minute" | "minutes" => (&mut micros, 60 * SECOND),
            "s" | "sec" | "secs" | "second" | "seconds" => (&mut micros, SECOND),
            "ms" | "millisecond" | "milliseconds" => (&mut micros, 1000),
            _ => return None,
        };
        *sum = sum.checked_add(count.checked_mul(each)?)?;
    }
    Some((months, days, micros))
}

/// `-01:30`, `00:00:01.5` in microseconds.
fn clock(word: &str) -> Option<i64> {
    let unsigned = word.trim_start_matches(['-', '+']);
    let mut micros = 0_i64;
    let mut unit = 3_600_000_000_i64;
    for part in unsigned.split(':') {
        let (whole, fraction) = part.split_once('.').unwrap_or((part, ""));
        micros = micros.checked_add(whole.parse::<i64>().ok()?.checked_mul(unit)?)?;
        if !fraction.is_empty() {
            micros = micros.checked_add(format!("{fraction:0<6}").get(..6)?.parse().ok()?)?;
        }
        unit /= 60;
    }
    Some(if word.starts_with('-') { -micros } else { micros })
}

/// Whether two points in time may be the same. Where one says its zone, the server has printed it in the session's.
fn same_moment(a: &str, b: &str) -> bool {
    let (a_parts, b_parts) = (moment(a), moment(b));
    match (a_parts, b_parts) {
        (Some((_, _, true)), Some(_)) | (Some(_), Some((_, _, true))) => true,
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// Date, time of day and whether there is a zone; `None` for words such as `infinity`.
fn moment(text: &str) -> Option<(&str, i64, bool)> {
    let text = text.trim();
    let (date, time) = match text.split_once([' ', 'T']) {
        Some(parts) => parts,
        None if text.contains(':') => ("", text),
        None => (text, "00:00"),
    };
    date.chars().all(|c| c.is_ascii_digit() || c == '-').then_some(())?;
    let time = time.trim_start();
    let end = time.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.')));
    let end = end.unwrap_or(time.len());
    Some((date, clock(&time[..end])?, end < time.len()))
}

/// What `\x6162`, or `ab` with `\\` for a backslash and `\000` for any byte, stands for.
fn bytes(text: &str) -> Option<Vec<u8>> {
    if let Some(digits) = text.strip_prefix("\\x") {
        let pair = |at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        return (0..digits.len()).step_by(2).map(pair).collect();
    }
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            bytes.push(*first);
        } else if let Some(after) = rest.strip_prefix(b"\\") {
            bytes.push(b'\\');
            rest = after;
        } else {
            let (digits, after) = rest.split_at_checked(3)?;
            bytes.push(u8::from_str_radix(str::from_utf8(digits).ok()?, 8).ok()?);
            rest = after;
        }
    }
    Some(bytes)
}

/// The digits of an amount of money, without what a locale adds.
fn amount(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).collect()
}
