//! A reading is at a place on earth.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "trip-point-on-earth",
    "TripPoint",
    "A reading is at a place on earth.",
    "Delete the reading; latitude and longitude may have changed places.",
    r#"SELECT "id" FROM "TripPoint" WHERE "lat" NOT BETWEEN -90 AND 90 OR "lng" NOT BETWEEN -180 AND 180"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn latitude_and_longitude_changed_are_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "TripPoint"
               SET "lat" = "lng", "lng" = "lat"
               WHERE "id" = (SELECT "id" FROM "TripPoint" ORDER BY "id" LIMIT 1)"#,
        );
    }
}
