//! A booking costs more than nothing.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "booking-price-positive",
    "Booking",
    "A booking costs more than nothing.",
    "Take the price from the rate card, or cancel the booking.",
    r#"SELECT "id" FROM "Booking" WHERE "priceCents" <= 0"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_free_booking_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Booking"
               SET "priceCents" = 0, "platformFeeCents" = 0, "instructorShareCents" = 0 WHERE "status" = 'draft'"#,
        );
    }
}
