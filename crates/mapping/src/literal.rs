//! Constants as the schema writes them, in the form that PostgreSQL is given.

/// `007.50` is `7.50`: digits that are written stay, but for zeroes in front.
pub(crate) fn number(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let trimmed = digits.trim_start_matches('0');
    let zero = if trimmed.starts_with(|c: char| c.is_ascii_digit()) { "" } else { "0" };
    let sign = if digits.bytes().any(|digit| matches!(digit, b'1'..=b'9')) { sign } else { "" };
    format!("{sign}{zero}{trimmed}")
}

/// `2020-01-01T00:00:00.50Z` is `2020-01-01 00:00:00.500 +00:00`: digits of a second come by
/// threes.
pub(crate) fn date_time(text: &str) -> Option<String> {
    let date = text.get(..10)?;
    let rest = text.get(10..)?.strip_prefix(['T', 't', ' '])?;
    let offset_at = rest.find(['Z', 'z', '+', '-'])?;
    let (time, offset) = rest.split_at(offset_at);
    let offset = if offset.eq_ignore_ascii_case("z") { "+00:00" } else { offset };
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let fraction = fraction.trim_end_matches('0');
    let fraction = match fraction.len() {
        0 => String::new(),
        digits => format!(".{fraction:0<width$}", width = digits.div_ceil(3) * 3),
    };
    Some(format!("{date} {clock}{fraction} {offset}"))
}

/// Standard alphabet; padding may be left out.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for c in text.trim_end_matches('=').bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xFF) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_zeroes_in_front_only() {
        for (written, given) in [
            ("1.0", "1.0"),
            ("100", "100"),
            ("-007.50", "-7.50"),
            ("0.0001", "0.0001"),
            ("000", "0"),
            ("-0", "0"),
            ("9007199254740993", "9007199254740993"),
        ] {
            assert_eq!(number(written), given);
        }
    }

    #[test]
    fn times_have_a_fraction_of_threes_and_an_offset() {
        for (written, given) in [
            ("2020-01-01T00:00:00.000Z", "2020-01-01 00:00:00 +00:00"),
            ("2020-01-01T10:00:00+02:00", "2020-01-01 10:00:00 +02:00"),
            ("2020-01-01T10:00:00.5-03:30", "2020-01-01 10:00:00.500 -03:30"),
            ("2020-01-01T10:00:00.123456789Z", "2020-01-01 10:00:00.123456789 +00:00"),
        ] {
            assert_eq!(date_time(written).as_deref(), Some(given));
        }
        assert_eq!(date_time("yesterday"), None);
    }

    #[test]
    fn bytes_are_decoded() {
        assert_eq!(base64("aGVsbG8=").as_deref(), Some(&b"hello"[..]));
        assert_eq!(base64("+/+/").as_deref(), Some(&[0xFB, 0xFF, 0xBF][..]));
        assert_eq!(base64("").as_deref(), Some(&[][..]));
        assert_eq!(base64("a b"), None);
    }
}
