//! Homes in the west and north of Sydney, far enough from the sea for a lesson to go anywhere.
//!
//! A point is held in millionths of a degree: the precision of the columns, and exact.

use bigdecimal::BigDecimal;
use rand::seq::IndexedRandom as _;
use rand::{Rng, RngExt as _};

/// A point on earth, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) lat: i64,
    pub(crate) lng: i64,
}

/// An address and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) address: String,
    pub(crate) suburb: &'static str,
    pub(crate) point: Point,
}

/// Suburb, postcode, latitude and longitude of its centre.
const SUBURBS: &[(&str, u32, i64, i64)] = &[
    ("Parramatta", 2150, -33_815_000, 151_001_100),
    ("Westmead", 2145, -33_803_800, 150_987_600),
    ("Castle Hill", 2154, -33_732_900, 151_004_400),
    ("Epping", 2121, -33_772_800, 151_081_800),
    ("Eastwood", 2122, -33_791_500, 151_080_500),
    ("Ryde", 2112, -33_815_600, 151_101_000),
    ("Auburn", 2144, -33_849_300, 151_033_100),
    ("Granville", 2142, -33_832_900, 151_010_700),
    ("Merrylands", 2160, -33_836_300, 150_989_200),
    ("Blacktown", 2148, -33_771_200, 150_906_300),
    ("Baulkham Hills", 2153, -33_759_500, 150_990_700),
    ("Carlingford", 2118, -33_782_400, 151_048_500),
];

const STREETS: &[&str] = &[
    "Acacia",
    "Albert",
    "Banksia",
    "Bellevue",
    "Boronia",
    "Carrington",
    "Church",
    "Crown",
    "Darling",
    "Elizabeth",
    "George",
    "Grevillea",
    "Hunter",
    "Jacaranda",
    "King",
    "Lachlan",
    "Macquarie",
    "Murray",
    "Oxford",
    "Park",
    "Phillip",
    "Pittwater",
    "Queen",
    "Railway",
    "Station",
    "Victoria",
    "Waratah",
    "Wattle",
    "William",
    "York",
];

const KINDS: &[&str] = &["Street", "Street", "Road", "Avenue", "Parade", "Crescent", "Place"];

impl Point {
    /// Latitude and longitude as the columns hold them.
    pub(crate) fn decimals(self) -> (BigDecimal, BigDecimal) {
        (BigDecimal::new(self.lat.into(), 6), BigDecimal::new(self.lng.into(), 6))
    }
}

/// A home within a kilometre of a suburb's centre.
pub(crate) fn home(dice: &mut impl Rng) -> Place {
    let (suburb, postcode, lat, lng) = *SUBURBS.choose(dice).expect("there are suburbs");
    let street = STREETS.choose(dice).expect("there are streets");
    let kind = KINDS.choose(dice).expect("there are kinds of street");
    let number = dice.random_range(1..180);
    let point = Point {
        lat: lat + dice.random_range(-9_000..9_000),
        lng: lng + dice.random_range(-9_000..9_000),
    };
    Place { address: format!("{number} {street} {kind}, {suburb} NSW {postcode}"), suburb, point }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn columns_hold_six_digits() {
        let (lat, lng) = Point { lat: -33_815_001, lng: 151_001_100 }.decimals();
        assert_eq!(
            (lat.to_string(), lng.to_string()),
            ("-33.815001".to_owned(), "151.001100".to_owned())
        );
    }

    #[test]
    fn homes_are_in_greater_sydney() {
        let mut dice = StdRng::seed_from_u64(5);
        for _ in 0..200 {
            let home = home(&mut dice);
            assert!(home.address.contains(" NSW 2"), "{}", home.address);
            assert!((-34_000_000..-33_600_000).contains(&home.point.lat));
            assert!((150_800_000..151_200_000).contains(&home.point.lng));
        }
    }
}
