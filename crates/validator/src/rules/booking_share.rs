//! The instructor share of a booking is not below nothing.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "booking-share-not-negative",
    "Booking",
    "The instructor share of a booking is not below nothing.",
    "Compute fee and share again from the price.",
    r#"SELECT "id" FROM "Booking" WHERE "instructorShareCents" < 0"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_negative_share_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Booking"
               SET "instructorShareCents" = -1, "platformFeeCents" = "priceCents" + 1 WHERE "status" = 'draft'"#,
        );
    }
}
