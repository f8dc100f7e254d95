//! The day of availability is 0, Sunday, to 6, Saturday.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "availability-day-of-week",
    "InstructorAvailability",
    "The day of availability is 0, Sunday, to 6, Saturday.",
    "Correct the day; some calendars count from 1.",
    r#"SELECT "id" FROM "InstructorAvailability" WHERE "dayOfWeek" NOT BETWEEN 0 AND 6"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn an_eighth_day_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "InstructorAvailability"
               SET "dayOfWeek" = 7 WHERE "dayOfWeek" = 5"#,
        );
    }
}
