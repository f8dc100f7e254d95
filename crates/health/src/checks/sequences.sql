-- How much is used of what a sequence, and the column that it fills, can count to.
SELECT
    format('%I.%I', schemaname, sequencename) AS "subject",
    (100 * last_value::float8 / least(max_value, ceiling)) AS "value",
    format('at %s of %s', last_value, least(max_value, ceiling)) AS "detail",
    COALESCE(
        format('make %s.%I a bigint: a change of the column type in the schema, by cargo xtask migrate dev', "table", attname),
        format('ALTER SEQUENCE %I.%I AS bigint', schemaname, sequencename)
    ) AS "advice"
FROM pg_sequences
LEFT JOIN LATERAL (
    SELECT
        refobjid::regclass AS "table",
        attname,
        CASE atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 END::float8 AS ceiling
    FROM pg_depend
    JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
    WHERE classid = 'pg_class'::regclass
        AND objid = format('%I.%I', schemaname, sequencename)::regclass
        AND refclassid = 'pg_class'::regclass
        AND deptype IN ('a', 'i')
) AS filled ON true
WHERE last_value > 0 AND increment_by > 0 AND NOT cycle
