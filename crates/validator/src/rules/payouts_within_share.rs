//! The payouts of a booking do not exceed the instructor share; the rows shown are bookings.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "payouts-within-share",
    "Booking",
    "The payouts of a booking do not exceed the instructor share.",
    "Reverse the transfer that was made twice.",
    r#"
SELECT booking."id"
FROM "Booking" AS booking
JOIN (
    SELECT "bookingId", sum("amountCents") AS "cents" FROM "Payout" WHERE "bookingId" IS NOT NULL GROUP BY "bookingId"
) AS paid ON paid."bookingId" = booking."id"
WHERE paid."cents" > booking."instructorShareCents"
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_second_payout_is_caught() {
        assert_caught(
            &RULE,
            r#"INSERT INTO "Payout" ("id", "orgId", "instructorId", "bookingId", "amountCents")
               SELECT 'again', "orgId", "instructorId", "bookingId", 1
               FROM "Payout" ORDER BY "id" LIMIT 1"#,
        );
    }
}
