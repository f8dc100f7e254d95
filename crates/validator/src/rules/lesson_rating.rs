//! A rating is 1 to 5.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "lesson-rating",
    "Lesson",
    "A rating is 1 to 5.",
    "Clear the rating; nobody gave it.",
    r#"SELECT "id" FROM "Lesson" WHERE "rating" NOT BETWEEN 1 AND 5"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn no_stars_are_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Lesson"
               SET "rating" = 0
               WHERE "id" = (SELECT "id" FROM "Lesson" ORDER BY "id" LIMIT 1)"#,
        );
    }

    #[test]
    fn six_stars_are_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Lesson"
               SET "rating" = 6
               WHERE "id" = (SELECT "id" FROM "Lesson" ORDER BY "id" LIMIT 1)"#,
        );
    }
}
