//! Amount, fee and share of a payment are those of its booking.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::error(
    "payment-matches-booking",
    "Payment",
    "Amount, fee and share of a payment are those of its booking.",
    "Compare with the payment provider, and correct the one that differs.",
    r#"
SELECT payment."id"
FROM "Payment" AS payment
JOIN "Booking" AS booking ON booking."id" = payment."bookingId"
WHERE payment."amountCents" <> booking."priceCents"
    OR payment."platformFeeCents" <> booking."platformFeeCents"
    OR payment."instructorShareCents" <> booking."instructorShareCents"
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_cent_too_much_is_caught() {
        assert_caught(
            &RULE,
            r#"UPDATE "Payment"
               SET "amountCents" = "amountCents" + 1
               WHERE "id" = (SELECT "id" FROM "Payment" ORDER BY "id" LIMIT 1)"#,
        );
    }

    #[test]
    fn another_share_is_caught() {
        assert_caught(&RULE, r#"UPDATE "Payment" SET "instructorShareCents" = 0"#);
    }
}
