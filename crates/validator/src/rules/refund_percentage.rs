//! A cancellation policy refunds between 0 and 100 percent.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "refund-percentage",
    "CancellationPolicy",
    "A cancellation policy refunds between 0 and 100 percent.",
    "Correct the percentage; fees that are kept go into `feeCents`.",
    r#"SELECT "id" FROM "CancellationPolicy" WHERE "refundPercentage" NOT BETWEEN 0 AND 100"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn more_than_everything_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "CancellationPolicy"
               SET "refundPercentage" = 101 WHERE "actor" = 'admin'"#,
        );
    }

    #[test]
    fn less_than_nothing_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "CancellationPolicy"
               SET "refundPercentage" = -1 WHERE "actor" = 'admin'"#,
        );
    }
}
