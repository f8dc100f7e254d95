-- What there is for an order of table $1 by columns $2: how many rows the server thinks it has (none where it is no table), how far
-- the best index goes (2: it has all of the order, 1: it begins with the first column, 0: there is none), and how many rows are
-- thought to share the most frequent value of that column.
SELECT CASE WHEN c.relkind IN ('r', 'p', 'm') THEN greatest(c.reltuples, 0)::float8 ELSE 0 END,
       coalesce(max(CASE WHEN index.is_whole THEN 2 ELSE 1 END) FILTER (WHERE index.is_of_first), 0)::int4,
       coalesce(max(s.most_common_freqs[1]) * greatest(c.reltuples, 0), 0)::float8
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN (SELECT CAST($2::text AS text[]) AS names) wanted
LEFT JOIN pg_catalog.pg_stats s
    ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = wanted.names[1]
LEFT JOIN LATERAL (
    SELECT own.names[1] = wanted.names[1] AS is_of_first,
           (own.names[1:cardinality(wanted.names)] = wanted.names
            -- Read from either end it is an order, provided that its columns run the same way.
            AND (SELECT count(DISTINCT option & 1) = 1
                 FROM unnest(i.indoption) WITH ORDINALITY options(option, at)
                 WHERE at <= cardinality(wanted.names)))
           -- Where no two rows share a value nothing is left to sort.
           OR (i.indisunique AND i.indnkeyatts = 1) AS is_whole
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class class ON class.oid = i.indexrelid
    JOIN pg_catalog.pg_am method ON method.oid = class.relam AND method.amname = 'btree'
    JOIN pg_catalog.pg_opclass operators ON operators.oid = i.indclass[0] AND operators.opcdefault
    CROSS JOIN LATERAL (
        -- An expression has no name.
        SELECT array_agg(coalesce(a.attname::text, '') ORDER BY key.at) AS names
        FROM unnest(i.indkey) WITH ORDINALITY key(number, at)
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = key.number
        WHERE key.at <= i.indnkeyatts
    ) own
    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL
) index ON true
WHERE c.oid = CAST($1::text AS regclass)
GROUP BY c.relkind, c.reltuples
