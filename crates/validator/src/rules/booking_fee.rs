//! The platform fee of a booking is not below nothing.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "booking-fee-not-negative",
    "Booking",
    "The platform fee of a booking is not below nothing.",
    "Compute fee and share again from the price.",
    r#"SELECT "id" FROM "Booking" WHERE "platformFeeCents" < 0"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_negative_fee_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Booking"
               SET "platformFeeCents" = -1, "instructorShareCents" = "priceCents" + 1 WHERE "status" = 'draft'"#,
        );
    }
}
