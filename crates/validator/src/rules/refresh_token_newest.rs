//! The newest refresh token of a rotation is neither used nor expired.

use crate::rule::Rule;

pub(super) const RULE: Rule = Rule::warning(
    "refresh-token-newest",
    "RefreshToken",
    "The newest refresh token of a rotation is neither used nor expired.",
    "Delete the rotation: nobody can sign in with it any more.",
    r#"
SELECT "id"
FROM (
    SELECT DISTINCT ON ("rotationId") "id", "used", "expiresAt"
    FROM "RefreshToken"
    ORDER BY "rotationId", "createdAt" DESC, "id" DESC
) AS newest
WHERE "used" OR "expiresAt" <= now() AT TIME ZONE 'UTC'
"#,
);

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::assert_caught;

    #[test]
    fn a_used_token_that_is_the_newest_is_caught() {
        assert_caught(
            &RULE,
            r#"INSERT INTO "RefreshToken" ("id", "userId", "jti", "rotationId", "tokenHash", "used", "expiresAt")
               SELECT 'used', "id", 'used', 'one', 'x', true, now() + interval '1 day'
               FROM "User" LIMIT 1"#,
        );
    }

    #[test]
    fn an_expired_token_that_is_the_newest_is_caught() {
        assert_caught(
            &RULE,
            r#"INSERT INTO "RefreshToken" ("id", "userId", "jti", "rotationId", "tokenHash", "expiresAt")
               SELECT 'expired', "id", 'expired', 'one', 'x', now() - interval '1 day'
               FROM "User" LIMIT 1"#,
        );
    }
}
