-- How much of a table's file is air, estimated: what its rows should take by the average widths of their columns.
SELECT
    "table" AS "subject",
    (100 * greatest(1 - expected / pages, 0))::float8 AS "value",
    format('about %s of %s', pg_size_pretty(greatest(pages - expected, 0)::bigint * block), pg_size_pretty(pages::bigint * block)) AS "detail",
    format('VACUUM FULL %s locks it for as long as it takes; pg_repack does not', "table") AS "advice"
FROM (
    SELECT
        class.oid::regclass::text AS "table",
        class.relpages AS pages,
        block,
        ceil(
            class.reltuples * (28 + 8 * ceil(widths.width / 8.0))
            / ((block - 24) * COALESCE(substring(array_to_string(class.reloptions, ' ') FROM 'fillfactor=(\d+)')::int, 100) / 100.0)
        ) AS expected
    FROM pg_class AS class
    JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    CROSS JOIN (SELECT current_setting('block_size')::int AS block) AS setting
    CROSS JOIN LATERAL (
        SELECT sum((1 - null_frac) * avg_width) AS width, count(*) AS known
        FROM pg_stats
        WHERE schemaname = namespace.nspname AND tablename = class.relname AND NOT inherited
    ) AS widths
    WHERE class.relkind = 'r'
        AND class.reltuples > 0
        -- Small ones are not worth a thought.
        AND class.relpages >= 10 * 1024 * 1024 / block
        AND widths.known = (
            SELECT count(*) FROM pg_attribute WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped
        )
        AND namespace.nspname NOT IN ('pg_catalog', 'information_schema')
) AS estimates
