//! Fee and share of a booking add up to its price.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "booking-price-adds-up",
    "Booking",
    "Fee and share of a booking add up to its price.",
    "Compute fee and share again from the price.",
    r#"SELECT "id" FROM "Booking" WHERE "platformFeeCents"::bigint + "instructorShareCents" <> "priceCents""#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_cent_too_much_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Booking"
               SET "priceCents" = "priceCents" + 1 WHERE "status" = 'draft'"#,
        );
    }
}
