-- Foreign keys of larger tables without an index that begins with their columns: deleting a row of the other table, or
-- changing its key, reads all of this one.
SELECT
    format('%s on %s', quote_ident(key.conname), key.conrelid::regclass) AS "subject",
    class.reltuples::float8 AS "value",
    format('%s rows', class.reltuples::bigint) AS "detail",
    -- Made by hand, one on a table of the schema would be drift.
    format(
        CASE
            WHEN {migrated} THEN 'where the schema has the table: @@index([%2$s]) in the model of %1$s, then cargo xtask migrate dev'
            ELSE 'CREATE INDEX CONCURRENTLY ON %1$s (%2$s)'
        END,
        key.conrelid::regclass,
        (
            SELECT string_agg(quote_ident(attname), ', ' ORDER BY position)
            FROM unnest(key.conkey) WITH ORDINALITY AS columns (attnum, position)
            JOIN pg_attribute ON attrelid = key.conrelid AND pg_attribute.attnum = columns.attnum
        )
    ) AS "advice"
FROM pg_constraint AS key
JOIN pg_class AS class ON class.oid = key.conrelid
WHERE key.contype = 'f'
    AND key.conparentid = 0
    AND NOT EXISTS (
        SELECT
        FROM pg_index AS index
        WHERE index.indrelid = key.conrelid
            AND index.indisvalid
            AND index.indpred IS NULL
            -- As a set: an index serves an equality whatever the order of its first columns.
            AND (index.indkey::int2[])[0:cardinality(key.conkey) - 1] @> key.conkey
            AND (index.indkey::int2[])[0:cardinality(key.conkey) - 1] <@ key.conkey
    )
