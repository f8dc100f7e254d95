//! Working hours are times of day and start before they end. Written HH:MM, they sort as they follow each other.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "working-hours-start-before-end",
    "InstructorWorkingHours",
    "Working hours are times of day, HH:MM, and start before they end.",
    "Correct the times; the end of the day is 24:00.",
    r#"
SELECT "id"
FROM "InstructorWorkingHours"
WHERE "startTime" !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
    OR "endTime" !~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
    OR "startTime" COLLATE "C" >= "endTime" COLLATE "C"
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
            r#"UPDATE "InstructorWorkingHours"
               SET "startTime" = '18:00', "breakStartTime" = NULL, "breakEndTime" = NULL WHERE "dayOfWeek" = 1"#,
        );
    }

    #[test]
    fn a_time_that_is_none_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "InstructorWorkingHours"
               SET "endTime" = '5 pm', "breakStartTime" = NULL, "breakEndTime" = NULL WHERE "dayOfWeek" = 1"#,
        );
    }
}
