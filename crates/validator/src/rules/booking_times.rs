//! A booking ends after it starts.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "booking-ends-after-start",
    "Booking",
    "A booking ends after it starts.",
    "Set the end from the start and the duration of the service.",
    r#"SELECT "id" FROM "Booking" WHERE "endAt" <= "startAt""#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_booking_without_length_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Booking"
               SET "endAt" = "startAt"
               WHERE "id" = (SELECT "id" FROM "Booking" WHERE "status" = 'draft' ORDER BY "id" LIMIT 1)"#,
        );
    }
}
