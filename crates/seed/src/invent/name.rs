//! People's names: given names from `fake`, family names as they are common in Australia, which it has no list of.

use fake::Fake as _;
use fake::faker::name::en::FirstName;
use rand::Rng;
use rand::seq::IndexedRandom as _;

const FAMILY: &[&str] = &[
    "Smith",
    "Jones",
    "Williams",
    "Brown",
    "Wilson",
    "Taylor",
    "Nguyen",
    "Johnson",
    "Martin",
    "White",
    "Anderson",
    "Walker",
    "Thompson",
    "Thomas",
    "Lee",
    "Harris",
    "Ryan",
    "Robinson",
    "Kelly",
    "King",
    "Campbell",
    "Davis",
    "Wright",
    "Singh",
    "Evans",
    "Roberts",
    "Green",
    "Hall",
    "Wood",
    "Jackson",
    "Clarke",
    "Patel",
    "Khan",
    "Lewis",
    "Tran",
    "Mitchell",
    "Murphy",
    "Papadopoulos",
    "Chen",
    "Russo",
];

/// A given name.
pub(crate) fn given(dice: &mut impl Rng) -> String {
    FirstName().fake_with_rng(dice)
}

/// A family name.
pub(crate) fn family(dice: &mut impl Rng) -> &'static str {
    FAMILY.choose(dice).expect("there are family names")
}

/// An address at the domain that is set aside for examples, so that nothing sent to it reaches anybody.
pub(crate) fn email(full_name: &str) -> String {
    let letters = full_name.chars().filter(|letter| letter.is_ascii_alphabetic() || *letter == ' ');
    let local: String = letters
        .map(|letter| if letter == ' ' { '.' } else { letter.to_ascii_lowercase() })
        .collect();
    format!("{local}@example.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_made_of_the_name() {
        assert_eq!(email("Siobhan O'Kelly"), "siobhan.okelly@example.com");
    }
}
