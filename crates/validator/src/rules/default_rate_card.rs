//! A school has at most one default rate card; the rows shown are all but the oldest.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "one-default-rate-card",
    "RateCard",
    "A school has at most one default rate card.",
    "Leave the default on the one that prices are taken from.",
    r#"
SELECT "id"
FROM (
    SELECT "id", row_number() OVER (PARTITION BY "orgId" ORDER BY "createdAt", "id") AS "place"
    FROM "RateCard"
    WHERE "isDefault"
) AS defaults
WHERE "place" > 1
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_second_default_is_caught() {
        assert_caught(
            &RULE,
            r#"INSERT INTO "RateCard" ("id", "orgId", "name", "isDefault", "updatedAt")
               SELECT 'second', "orgId", 'Second', true, now()
               FROM "RateCard""#,
        );
    }
}
