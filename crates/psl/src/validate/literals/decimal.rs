//! Decimal numbers of any size: `-1_000.5e-3`.

pub(in crate::validate) fn error(text: &str) -> Option<String> {
    check(text).err()
}

fn check(text: &str) -> Result<(), String> {
    let (base, exponent) = match text.find(['e', 'E']) {
        Some(position) => (&text[..position], Some(&text[position + 1..])),
        None => (text, None),
    };
    if let Some(exponent) = exponent {
        exponent.parse::<i64>().map_err(|error| error.to_string())?;
    }
    if base.is_empty() {
        return Err("Failed to parse empty string".to_owned());
    }
    // One point may stand anywhere among the digits, even before the sign.
    let digits = base.replacen('.', "", 1);
    let unsigned = digits.strip_prefix(['-', '+']).unwrap_or(&digits);
    if unsigned.is_empty() {
        return Err("cannot parse integer from empty string".to_owned());
    }
    if unsigned.starts_with('_') || unsigned.contains(|c: char| c != '_' && !c.is_ascii_digit()) {
        return Err("invalid digit found in string".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::error;

    #[test]
    fn numbers_and_what_is_none() {
        for valid in ["1", "+1", "1_000", ".5", "5.", "-.5", "1e400", "1E5"] {
            assert_eq!(error(valid), None, "{valid}");
        }
        for (text, details) in [
            ("", "Failed to parse empty string"),
            ("e5", "Failed to parse empty string"),
            ("1e", "cannot parse integer from empty string"),
            (".", "cannot parse integer from empty string"),
            ("-", "cannot parse integer from empty string"),
            ("1.2.3", "invalid digit found in string"),
            ("--1", "invalid digit found in string"),
            ("_1", "invalid digit found in string"),
            ("1e99999999999999999999", "number too large to fit in target type"),
        ] {
            assert_eq!(error(text).as_deref(), Some(details), "{text}");
        }
    }
}
