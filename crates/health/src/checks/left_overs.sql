-- What a command that was killed left behind: shadow databases without a session, and shadow schemas.
SELECT
    'database ' || datname AS "subject",
    1::float8 AS "value",
    'a shadow database that nobody is connected to' AS "detail",
    format('DROP DATABASE %I', datname) AS "advice"
FROM pg_database
WHERE datname LIKE 'prisma\_migrate\_shadow\_db\_%'
    AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datid = pg_database.oid)
UNION ALL
SELECT
    'schema ' || nspname,
    1::float8,
    'a shadow schema',
    format('DROP SCHEMA %I CASCADE', nspname)
FROM pg_namespace
WHERE nspname LIKE 'driveflow\_shadow\_%'
