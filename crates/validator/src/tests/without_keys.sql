-- A row for the one table of the schema that the demo school leaves empty.
INSERT INTO "RefreshToken" ("id", "userId", "jti", "rotationId", "tokenHash", "expiresAt")
SELECT 'token', "id", 'token', 'one', 'x', now() + interval '1 day' FROM "User" LIMIT 1;

-- No foreign key left to keep orphans out.
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN SELECT conrelid::regclass AS "table", conname FROM pg_constraint WHERE contype = 'f' LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key."table", key.conname);
    END LOOP;
END
$$;
