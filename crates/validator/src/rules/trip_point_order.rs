//! The readings of a trip follow one another. Their order is that of `ts`, so what can be wrong is two at one moment.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "trip-points-in-order",
    "TripPoint",
    "The readings of a trip follow one another: no two at the same moment.",
    "Delete the reading that was sent twice.",
    r#"
SELECT "id"
FROM (
    SELECT "id", "ts", lag("ts") OVER (PARTITION BY "tripId" ORDER BY "ts", "id") AS "before" FROM "TripPoint"
) AS points
WHERE "ts" = "before"
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_reading_sent_twice_is_caught() {
        assert_caught(
            &RULE,
            r#"INSERT INTO "TripPoint" ("id", "tripId", "ts", "lat", "lng")
               SELECT 'again', "tripId", "ts", "lat", "lng"
               FROM "TripPoint" ORDER BY "id" LIMIT 1"#,
        );
    }
}
