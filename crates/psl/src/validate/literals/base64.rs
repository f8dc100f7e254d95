//! Bytes: base64 with its padding.

pub(in crate::validate) fn error(text: &str) -> Option<String> {
    (!is_valid(text.as_bytes()))
        .then(|| "Could not convert from `base64 encoded bytes` to `PrismaValue::Bytes`".to_owned())
}

fn is_valid(text: &[u8]) -> bool {
    if !text.len().is_multiple_of(4) {
        return false;
    }
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = &text[..text.len() - padding];
    // The last digit before padding holds 2 or 4 bits that no byte takes; they have to be zero.
    let unused_bits = match padding {
        0 => 0,
        1 => 0b11,
        2 => 0b1111,
        _ => return false,
    };
    let last = digits.last().and_then(|digit| value(*digit)).unwrap_or(0);
    digits.iter().all(|digit| value(*digit).is_some()) && last & unused_bits == 0
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::error;

    #[test]
    fn padding_and_spare_bits_are_looked_at() {
        for valid in ["", "abcd", "YQ==", "YWI=", "ab/+"] {
            assert_eq!(error(valid), None, "{valid}");
        }
        for invalid in ["a", "ab==", "ab=", "====", "a b=", "ab-_", "abcd\n", "é"] {
            assert!(error(invalid).is_some(), "{invalid}");
        }
    }
}
