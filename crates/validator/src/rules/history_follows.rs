//! Each step of a booking begins where the one before ended.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "state-history-follows",
    "LessonStateHistory",
    "Each step of a booking begins where the one before ended.",
    "Look for a change of status that was not recorded, and record it.",
    r#"
SELECT "id"
FROM (
    SELECT
        "id",
        "fromStatus",
        lag("toStatus") OVER (PARTITION BY "bookingId" ORDER BY "createdAt", "id") AS "before"
    FROM "LessonStateHistory"
) AS steps
WHERE "before" IS NOT NULL AND "fromStatus" IS DISTINCT FROM "before"
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_step_that_is_missing_is_caught() {
        assert_caught(
            &RULE,
            r#"DELETE FROM "LessonStateHistory" WHERE "toStatus" = 'in_progress'
                 AND "bookingId" IN (SELECT "id" FROM "Booking" WHERE "status" = 'completed' ORDER BY "id" LIMIT 1)"#,
        );
    }

    #[test]
    fn a_step_from_nowhere_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "LessonStateHistory"
               SET "fromStatus" = NULL WHERE "toStatus" = 'completed'"#,
        );
    }
}
