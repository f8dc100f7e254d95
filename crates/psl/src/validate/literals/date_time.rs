//! Points in time as RFC 3339 writes them: `2020-02-29T12:00:00.5+10:00`.

const TOO_SHORT: &str = "premature end of input";
const TOO_LONG: &str = "trailing input";
const INVALID: &str = "input contains invalid characters";
const OUT_OF_RANGE: &str = "input is out of range";

pub(in crate::validate) fn error(text: &str) -> Option<String> {
    check(text.as_bytes()).err().map(str::to_owned)
}

fn check(text: &[u8]) -> Result<(), &'static str> {
    let mut rest = text;
    let year = digits(&mut rest, 4)?;
    one_of(&mut rest, b"-")?;
    let month = within(digits(&mut rest, 2)?, 1, 12)?;
    one_of(&mut rest, b"-")?;
    let day = within(digits(&mut rest, 2)?, 1, 31)?;
    one_of(&mut rest, b"tT ")?;
    within(digits(&mut rest, 2)?, 0, 23)?;
    one_of(&mut rest, b":")?;
    within(digits(&mut rest, 2)?, 0, 59)?;
    one_of(&mut rest, b":")?;
    // 60 is a leap second.
    within(digits(&mut rest, 2)?, 0, 60)?;
    if let Some(fraction) = rest.strip_prefix(b".") {
        rest = fraction;
        digits(&mut rest, 1)?;
        let more = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        rest = &rest[more..];
    }
    offset(&mut rest)?;
    if !rest.is_empty() {
        return Err(TOO_LONG);
    }
    within(day, 1, days_of_month(year, month))?;
    Ok(())
}

fn offset(rest: &mut &[u8]) -> Result<(), &'static str> {
    if one_of(rest, b"zZ").is_ok() {
        return Ok(());
    }
    if let Some(minus) = rest.strip_prefix("\u{2212}".as_bytes()) {
        *rest = minus;
    } else {
        one_of(rest, b"+-")?;
    }
    let hours = digits(rest, 2)?;
    one_of(rest, b":")?;
    within(digits(rest, 2)?, 0, 59)?;
    within(hours, 0, 23)?;
    Ok(())
}

/// The number that exactly `count` digits make.
fn digits(rest: &mut &[u8], count: usize) -> Result<u32, &'static str> {
    let text = rest.get(..count).ok_or(TOO_SHORT)?;
    let number = text.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')).ok_or(INVALID)
    })?;
    *rest = &rest[count..];
    Ok(number)
}

fn one_of(rest: &mut &[u8], allowed: &[u8]) -> Result<(), &'static str> {
    let first = rest.first().ok_or(TOO_SHORT)?;
    if !allowed.contains(first) {
        return Err(INVALID);
    }
    *rest = &rest[1..];
    Ok(())
}

fn within(number: u32, least: u32, most: u32) -> Result<u32, &'static str> {
    if (least..=most).contains(&number) { Ok(number) } else { Err(OUT_OF_RANGE) }
}

fn days_of_month(year: u32, month: u32) -> u32 {
    let is_leap_year =
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(is_leap_year),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{INVALID, OUT_OF_RANGE, TOO_LONG, TOO_SHORT, error};

    #[test]
    fn points_in_time_and_what_is_none() {
        for valid in [
            "2020-01-01T00:00:00Z",
            "2020-02-29t00:00:60.123456789012z",
            "2020-01-01 00:00:00+10:00",
        ] {
            assert_eq!(error(valid), None, "{valid}");
        }
        for (text, details) in [
            ("", TOO_SHORT),
            ("2020-01-01", TOO_SHORT),
            ("2020-01-01T00:00:00+00", TOO_SHORT),
            ("20-01-01T00:00:00Z", INVALID),
            ("2020-01-01T00:00:00.Z", INVALID),
            ("2020-01-01T00:00:00+0000", INVALID),
            ("2020-13-01T00:00:00Z", OUT_OF_RANGE),
            ("2021-02-29T00:00:00Z", OUT_OF_RANGE),
            ("2020-01-01T00:00:00+24:00", OUT_OF_RANGE),
            ("2020-01-01T00:00:00Zx", TOO_LONG),
        ] {
            assert_eq!(error(text).as_deref(), Some(details), "{text}");
        }
    }
}
