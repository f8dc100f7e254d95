//! A completed booking has a lesson.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "completed-booking-has-lesson",
    "Booking",
    "A completed booking has a lesson.",
    "Write the lesson from the instructor's log, or set the status to what it was.",
    r#"
SELECT booking."id"
FROM "Booking" AS booking
LEFT JOIN "Lesson" AS lesson ON lesson."bookingId" = booking."id"
WHERE booking."status" = 'completed' AND lesson."id" IS NULL
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_missing_lesson_is_caught() {
        assert_caught(
            &RULE,
            r#"DELETE FROM "Lesson"
               WHERE "bookingId" IN (SELECT "id" FROM "Booking" WHERE "status" = 'completed' ORDER BY "id" LIMIT 2)"#,
        );
    }
}
