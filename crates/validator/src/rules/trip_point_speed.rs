//! A car goes at 0 to 250 km/h.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::warning(
    "trip-point-speed",
    "TripPoint",
    "A car goes at 0 to 250 km/h.",
    "Delete the reading: the receiver had lost its position.",
    r#"SELECT "id" FROM "TripPoint" WHERE "speedKph" < 0 OR "speedKph" >= 250"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_speed_of_250_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "TripPoint"
               SET "speedKph" = 250
               WHERE "id" = (SELECT "id" FROM "TripPoint" ORDER BY "id" LIMIT 1)"#,
        );
    }

    #[test]
    fn a_speed_below_nothing_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "TripPoint"
               SET "speedKph" = -0.5
               WHERE "id" = (SELECT "id" FROM "TripPoint" ORDER BY "id" LIMIT 1)"#,
        );
    }
}
