-- Foreign keys of large tables that no index serves, the largest first.
SELECT
    conrelid::regclass::text,
    reltuples::int8,
    (
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY position)
        FROM unnest(conkey) WITH ORDINALITY AS columns (number, position)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = number
    )
FROM pg_constraint
JOIN pg_class ON pg_class.oid = conrelid
WHERE contype = 'f' AND conparentid = 0 AND reltuples >= 10000
    AND NOT EXISTS (
        SELECT
        FROM pg_index
        WHERE indrelid = conrelid AND indisvalid AND indpred IS NULL
            AND (indkey::int2[])[0:cardinality(conkey) - 1] @> conkey
    )
ORDER BY reltuples DESC, 1, 3
LIMIT 3
