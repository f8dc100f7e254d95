//! The last step of a booking ends at its status; a booking without steps has nothing to compare.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "state-history-ends-at-status",
    "Booking",
    "The last step of a booking ends at its status.",
    "Set the status to the last step, or record the step that is missing.",
    r#"
SELECT booking."id"
FROM "Booking" AS booking
JOIN (
    SELECT DISTINCT ON ("bookingId") "bookingId", "toStatus"
    FROM "LessonStateHistory"
    ORDER BY "bookingId", "createdAt" DESC, "id" DESC
) AS last ON last."bookingId" = booking."id"
WHERE last."toStatus" <> booking."status"
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_status_without_its_step_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Booking"
               SET "status" = 'requested' WHERE "status" = 'draft'"#,
        );
    }
}
