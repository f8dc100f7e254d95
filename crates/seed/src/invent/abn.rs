//! Australian Business Numbers: two check digits before nine free ones.
//!
//! A number is valid when, one being taken off its first digit, the digits weighted 10, 1, 3, 5, … 19 add up to a
//! multiple of 89. Nothing says whether a valid number has been given to a business.

use rand::{Rng, RngExt as _};

const WEIGHTS: [u32; 9] = [3, 5, 7, 9, 11, 13, 15, 17, 19];

/// A number that passes its checksum: eleven digits.
pub(crate) fn abn(dice: &mut impl Rng) -> String {
    let digits: [u32; 9] = std::array::from_fn(|_| dice.random_range(0..10));
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    // The two check digits, less ten for the one that is taken off, complete the sum to a multiple of 89.
    let check = 99 - sum % 89;
    digits.iter().fold(check.to_string(), |number, digit| format!("{number}{digit}"))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    /// The checksum as the tax office words it, written apart from the code above.
    fn is_valid(number: &str) -> bool {
        let mut digits: Vec<u32> = number.chars().filter_map(|digit| digit.to_digit(10)).collect();
        digits[0] -= 1;
        let weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
        number.len() == 11
            && digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 89
                == 0
    }

    #[test]
    fn the_check_knows_right_from_wrong() {
        assert!(is_valid("51824753556"));
        assert!(!is_valid("51824753557"));
    }

    #[test]
    fn invented_numbers_are_valid() {
        let mut dice = StdRng::seed_from_u64(3);
        for _ in 0..1_000 {
            let number = abn(&mut dice);
            assert!(is_valid(&number), "{number}");
        }
    }
}
