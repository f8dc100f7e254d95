//! Availability starts and ends within a day, and starts before it ends.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "availability-minutes-of-day",
    "InstructorAvailability",
    "Availability starts and ends within a day, and starts before it ends.",
    "Correct the minutes; hours past midnight are two rows.",
    r#"
SELECT "id"
FROM "InstructorAvailability"
WHERE "startMinute" NOT BETWEEN 0 AND 1440 OR "endMinute" NOT BETWEEN 0 AND 1440 OR "startMinute" >= "endMinute"
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn an_end_before_the_start_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "InstructorAvailability"
               SET "endMinute" = "startMinute" WHERE "dayOfWeek" = 1"#,
        );
    }

    #[test]
    fn a_minute_past_the_day_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "InstructorAvailability"
               SET "endMinute" = 1441 WHERE "dayOfWeek" = 1"#,
        );
    }
}
