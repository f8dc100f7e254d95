//! Instructor and student of a lesson are those of its booking.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "lesson-matches-booking",
    "Lesson",
    "Instructor and student of a lesson are those of its booking.",
    "Set them to those who were in the car, on both.",
    r#"
SELECT lesson."id"
FROM "Lesson" AS lesson
JOIN "Booking" AS booking ON booking."id" = lesson."bookingId"
WHERE lesson."instructorId" <> booking."instructorId" OR lesson."studentId" <> booking."studentId"
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn another_student_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Lesson" AS lesson
               SET "studentId" = (SELECT "id" FROM "Student" AS student WHERE student."id" <> lesson."studentId" ORDER BY "id" LIMIT 1)
               WHERE "id" = (SELECT "id" FROM "Lesson" ORDER BY "id" LIMIT 1)"#,
        );
    }
}
