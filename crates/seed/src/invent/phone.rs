//! Mobile numbers of the ranges that Australia keeps for drama and documentation: a reminder sent by mistake from a
//! demo rings at nobody's.

const KEPT_FOR_FICTION: [&str; 30] = [
    "0491570006",
    "0491570110",
    "0491570156",
    "0491570157",
    "0491570158",
    "0491570159",
    "0491570313",
    "0491570737",
    "0491571266",
    "0491571491",
    "0491571804",
    "0491572549",
    "0491572665",
    "0491572983",
    "0491573087",
    "0491573770",
    "0491574118",
    "0491574632",
    "0491575254",
    "0491575789",
    "0491576398",
    "0491576801",
    "0491577426",
    "0491577644",
    "0491578148",
    "0491578888",
    "0491578957",
    "0491579212",
    "0491579455",
    "0491579760",
];

/// The mobile number of one person of many, ten digits. The first thirty people have numbers of their own.
pub(crate) fn mobile(person: usize) -> String {
    KEPT_FOR_FICTION[person % KEPT_FOR_FICTION.len()].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_australian_mobiles() {
        for number in KEPT_FOR_FICTION {
            assert!(number.starts_with("04") && number.len() == 10, "{number}");
            assert!(number.chars().all(|digit| digit.is_ascii_digit()), "{number}");
        }
    }
}
