//! The day of working hours is 0, Sunday, to 6, Saturday.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "working-hours-day-of-week",
    "InstructorWorkingHours",
    "The day of working hours is 0, Sunday, to 6, Saturday.",
    "Correct the day; some calendars count from 1.",
    r#"SELECT "id" FROM "InstructorWorkingHours" WHERE "dayOfWeek" NOT BETWEEN 0 AND 6"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_day_before_sunday_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "InstructorWorkingHours"
               SET "dayOfWeek" = -1 WHERE "dayOfWeek" = 5"#,
        );
    }
}
