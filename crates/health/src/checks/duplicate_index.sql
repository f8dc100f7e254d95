-- Indexes whose work another one does: the same columns in the same way, or the first of its columns.
SELECT
    less.indexrelid::regclass::text AS "subject",
    1::float8 AS "value",
    format(
        '%s; %s has the same columns%s', pg_size_pretty(pg_relation_size(less.indexrelid)), more.indexrelid::regclass,
        CASE WHEN more.indnkeyatts > less.indnkeyatts THEN ' first' ELSE '' END
    ) AS "detail",
    -- Dropped by hand, one that the schema asks for would be drift, and come back.
    CASE
        WHEN {migrated} AND less.name LIKE '%\_idx' THEN format(
            'where the schema has it: take @@index([%s]) out of the model of %s, then cargo xtask migrate dev; or except it in prisma/health.toml',
            (
                SELECT string_agg(attname, ', ' ORDER BY position)
                FROM unnest(less.keys) WITH ORDINALITY AS columns (attnum, position)
                JOIN pg_attribute ON attrelid = less.indrelid AND pg_attribute.attnum = columns.attnum
            ), less.indrelid::regclass
        )
        ELSE format('DROP INDEX CONCURRENTLY %s', less.indexrelid::regclass)
    END AS "advice"
FROM (
    SELECT
        indexrelid, indrelid, indnkeyatts, indisunique, indnatts,
        -- What one index has of another's: columns, operator classes, collations and directions of the keys.
        (indkey::int2[])[0:indnkeyatts - 1] AS keys,
        (indclass::oid[])[0:indnkeyatts - 1] AS classes,
        (indcollation::oid[])[0:indnkeyatts - 1] AS collations,
        (indoption::int2[])[0:indnkeyatts - 1] AS options,
        relname AS name,
        relam,
        pg_get_expr(indpred, indrelid) AS predicate
    FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE indisvalid AND indexprs IS NULL AND nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
) AS less
CROSS JOIN LATERAL (
    SELECT other.indexrelid, other.indnkeyatts
    FROM pg_index AS other
    JOIN pg_class ON pg_class.oid = other.indexrelid
    WHERE other.indrelid = less.indrelid
        AND other.indexrelid <> less.indexrelid
        AND other.indisvalid
        AND other.indexprs IS NULL
        AND other.indnkeyatts >= less.indnkeyatts
        AND relam = less.relam
        AND (other.indkey::int2[])[0:less.indnkeyatts - 1] = less.keys
        AND (other.indclass::oid[])[0:less.indnkeyatts - 1] = less.classes
        AND (other.indcollation::oid[])[0:less.indnkeyatts - 1] = less.collations
        AND (other.indoption::int2[])[0:less.indnkeyatts - 1] = less.options
        AND pg_get_expr(other.indpred, other.indrelid) IS NOT DISTINCT FROM less.predicate
        -- A column that is only carried along is one that the other has too.
        AND (less.indnatts = less.indnkeyatts)
        -- Of two that are alike the one that enforces something stays, else the older one.
        AND (
            other.indnkeyatts > less.indnkeyatts
            OR (other.indisunique AND NOT less.indisunique)
            OR (other.indisunique = less.indisunique AND other.indexrelid < less.indexrelid)
        )
    ORDER BY other.indnkeyatts, other.indexrelid
    LIMIT 1
) AS more
WHERE NOT less.indisunique
    -- Only B-trees find by their first columns alone as well as by all of them.
    AND (more.indnkeyatts = less.indnkeyatts OR less.relam = (SELECT oid FROM pg_am WHERE amname = 'btree'))
