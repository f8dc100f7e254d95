//! A reading is taken while its trip is on; a trip without an end still is.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "trip-point-inside-trip",
    "TripPoint",
    "A reading is taken while its trip is on.",
    "Give the reading to the trip that was on, or correct the times of the trip.",
    r#"
SELECT point."id"
FROM "TripPoint" AS point
JOIN "Trip" AS trip ON trip."id" = point."tripId"
WHERE point."ts" < trip."startedAt" OR point."ts" > trip."endedAt"
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_reading_before_the_trip_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Trip"
               SET "startedAt" = "startedAt" + interval '1 second'
               WHERE "id" = (SELECT "id" FROM "Trip" ORDER BY "id" LIMIT 1)"#,
        );
    }

    #[test]
    fn a_reading_after_the_trip_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Trip"
               SET "endedAt" = "startedAt" + interval '10 seconds' WHERE "endedAt" IS NOT NULL"#,
        );
    }
}
