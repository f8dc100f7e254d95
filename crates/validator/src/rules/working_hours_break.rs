//! A break has a start and an end, within the working hours.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "working-hours-break-inside",
    "InstructorWorkingHours",
    "A break has a start and an end, within the working hours.",
    "Move the break, or clear both of its times.",
    r#"
SELECT "id"
FROM "InstructorWorkingHours"
WHERE num_nulls("breakStartTime", "breakEndTime") = 1
    OR "breakStartTime" COLLATE "C" >= "breakEndTime" COLLATE "C"
    OR "breakStartTime" COLLATE "C" < "startTime" COLLATE "C"
    OR "breakEndTime" COLLATE "C" > "endTime" COLLATE "C"
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_break_before_work_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "InstructorWorkingHours"
               SET "breakStartTime" = '08:30' WHERE "dayOfWeek" = 1"#,
        );
    }

    #[test]
    fn a_break_without_end_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "InstructorWorkingHours"
               SET "breakEndTime" = NULL WHERE "dayOfWeek" = 1"#,
        );
    }
}
