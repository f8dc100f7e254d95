//! The binary `numeric`: groups of four decimal digits.
//!
//! Header: number of groups, weight of the first (a power of 10,000), sign, digits to show after the point.

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::{BigInt, Sign};
use bytes::{BufMut, BytesMut};

const NEGATIVE: u16 = 0x4000;

/// Appends the binary form, or says why there is none.
pub(super) fn encode(value: &BigDecimal, out: &mut BytesMut) -> Result<(), String> {
    let (digits, scale) = value.as_bigint_and_exponent();
    let negative = digits.sign() == Sign::Minus;
    if !(-131_072..=16_383).contains(&scale) {
        return Err("the value is outside the range of numeric".to_owned());
    }
    let mut text = digits.magnitude().to_string();
    let scale = if scale < 0 {
        text.extend(std::iter::repeat_n('0', usize::try_from(-scale).unwrap_or_default()));
        0
    } else {
        usize::try_from(scale).unwrap_or_default()
    };
    if text.len() <= scale {
        text.insert_str(0, &"0".repeat(scale + 1 - text.len()));
    }
    let (whole, fraction) = text.split_at(text.len() - scale);
    let whole = format!("{}{whole}", "0".repeat((4 - whole.len() % 4) % 4));
    let fraction = format!("{fraction}{}", "0".repeat((4 - fraction.len() % 4) % 4));
    let mut groups: Vec<u16> =
        whole.as_bytes().chunks(4).chain(fraction.as_bytes().chunks(4)).map(group).collect();
    let leading = groups.iter().take_while(|group| **group == 0).count();
    let mut weight = i64::try_from(whole.len() / 4).unwrap_or(i64::MAX) - 1;
    groups.drain(..leading);
    weight -= i64::try_from(leading).unwrap_or_default();
    while groups.last() == Some(&0) {
        groups.pop();
    }
    if groups.is_empty() {
        weight = 0;
    }
    let range = |_| "the value is outside the range of numeric".to_owned();
    out.put_i16(i16::try_from(groups.len()).map_err(range)?);
    out.put_i16(i16::try_from(weight).map_err(range)?);
    out.put_u16(if negative && !groups.is_empty() { NEGATIVE } else { 0 });
    out.put_u16(u16::try_from(scale).map_err(range)?);
    for group in groups {
        out.put_u16(group);
    }
    Ok(())
}

/// The number, without the zeros that only fill up the column's scale.
pub(super) fn decode(bytes: &[u8]) -> Result<BigDecimal, String> {
    let word = |index: usize| -> Result<u16, String> {
        let at = index * 2;
        let bytes = bytes.get(at..at + 2).ok_or("the numeric is cut short")?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    };
    let (groups, weight, sign) = (word(0)?, word(1)?.cast_signed(), word(2)?);
    if sign != 0 && sign != NEGATIVE {
        return Err("the numeric is NaN or infinite, which has no Decimal".to_owned());
    }
    if groups <= 4 {
        return small(bytes, groups, weight, sign == NEGATIVE);
    }
    let mut digits = BigInt::ZERO;
    for index in 0..usize::from(groups) {
        digits = digits * 10_000 + i64::from(word(4 + index)?);
    }
    let mut scale = (i64::from(groups) - 1 - i64::from(weight)) * 4;
    if scale < 0 {
        digits *= BigInt::from(10).pow(u32::try_from(-scale).unwrap_or_default());
        scale = 0;
    }
    let ten = BigInt::from(10);
    // A group holds at most three zeros too many.
    while scale > 0 && &digits % &ten == BigInt::ZERO {
        digits /= &ten;
        scale -= 1;
    }
    if sign == NEGATIVE {
        digits = -digits;
    }
    Ok(BigDecimal::new(digits, scale))
}

/// A number of at most four groups, which most are: they fit a machine word.
fn small(bytes: &[u8], groups: u16, weight: i16, negative: bool) -> Result<BigDecimal, String> {
    let groups = bytes.get(8..8 + usize::from(groups) * 2).ok_or("the numeric is cut short")?;
    let mut digits: i64 = 0;
    for group in groups.chunks_exact(2) {
        digits = digits * 10_000 + i64::from(u16::from_be_bytes([group[0], group[1]]));
    }
    let after = i64::try_from(groups.len() / 2).unwrap_or_default() - 1 - i64::from(weight);
    let mut scale = after * 4;
    while scale > 0 && digits % 10 == 0 {
        digits /= 10;
        scale -= 1;
        if digits == 0 {
            scale = 0;
        }
    }
    let mut number = BigInt::from(if negative { -digits } else { digits });
    if scale < 0 {
        number *= BigInt::from(10).pow(u32::try_from(-scale).unwrap_or_default());
        scale = 0;
    }
    Ok(BigDecimal::new(number, scale))
}

fn group(digits: &[u8]) -> u16 {
    digits.iter().fold(0, |value, digit| value * 10 + u16::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use super::*;

    #[test]
    fn numbers_survive_the_way_out_and_back() {
        let long = format!("-{}.{}", "9".repeat(500), "123456789".repeat(60));
        let cases = [
            "0",
            "1",
            "-1",
            "10000",
            "0.0001",
            "-151.209300",
            "123456789.987654321",
            "1E+20",
            "1e-20",
            &long,
        ];
        for text in cases {
            let number = BigDecimal::from_str(text).unwrap();
            let mut bytes = BytesMut::new();
            encode(&number, &mut bytes).unwrap();
            assert_eq!(decode(&bytes).unwrap(), number, "{text}");
        }
    }

    #[test]
    fn zeros_of_the_scale_are_left_out() {
        // 1.50 at scale 2: one group 1, one group 5000.
        let decoded = decode(&[0, 2, 0, 0, 0, 0, 0, 2, 0, 1, 0x13, 0x88]).unwrap();
        assert_eq!(decoded.to_string(), "1.5");
        assert_eq!(decode(&[0, 1, 0, 1, 0, 0, 0, 0, 0, 3]).unwrap().to_string(), "30000");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert!(decode(&[0, 0, 0, 0, 0xC0, 0, 0, 0]).unwrap_err().contains("NaN"));
        assert!(decode(&[0, 1, 0]).unwrap_err().contains("cut short"));
    }
}
