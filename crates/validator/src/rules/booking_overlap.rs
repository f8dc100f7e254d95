//! No two active bookings of one instructor overlap.
//!
//! Active is what takes the instructor's time: not a draft, nor what was cancelled or waited for in vain. Each booking
//! is held against the latest end among those that begin before it, in one pass in the order of an index.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "booking-no-overlap",
    "Booking",
    "No two active bookings of one instructor overlap.",
    "Move or cancel the later of the two; the rows shown are those that begin while another is on.",
    r#"
SELECT "id"
FROM (
    SELECT
        "id",
        "startAt",
        max("endAt") OVER (
            PARTITION BY "instructorId" ORDER BY "startAt", "id" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS "busyUntil"
    FROM "Booking"
    WHERE "status" NOT IN ('draft', 'cancelled', 'no_show')
) AS active
WHERE "startAt" < "busyUntil"
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn two_lessons_at_once_are_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Booking"
               SET "startAt" = (SELECT "startAt" FROM "Booking" WHERE "status" = 'scheduled' ORDER BY "id" LIMIT 1),
                   "endAt" = (SELECT "endAt" FROM "Booking" WHERE "status" = 'scheduled' ORDER BY "id" LIMIT 1)
               WHERE "id" = (SELECT "id" FROM "Booking" WHERE "status" = 'confirmed' ORDER BY "id" LIMIT 1)"#,
        );
    }
}
