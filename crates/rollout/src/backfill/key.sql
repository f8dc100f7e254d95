-- The unique indexes of the table $1, as candidates for a key to go along, the primary key first: their columns in order,
-- and of each index what keeps it from being one.
SELECT i.indexrelid::pg_catalog.regclass::text AS name,
       array_agg(a.attname::text ORDER BY k.place) AS columns,
       array_agg(pg_catalog.format_type(a.atttypid, -1) ORDER BY k.place) AS types,
       array_agg(a.attname::text ORDER BY k.place) FILTER (WHERE NOT a.attnotnull) AS nullable,
       NOT i.indisvalid AS is_invalid,
       i.indpred IS NOT NULL AS is_partial,
       -- Whether ORDER BY of the bare columns, from low to high or from high to low, is the order of the index.
       bool_and(c.opcdefault AND m.amname = 'btree' AND k."collation" = a.attcollation)
           AND count(DISTINCT k.option & 1) = 1 AS is_ordered
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_am m ON m.oid = x.relam
CROSS JOIN LATERAL ROWS FROM (
    unnest(i.indkey::int2[]), unnest(i.indclass::oid[]), unnest(i.indcollation::oid[]), unnest(i.indoption::int2[])
) WITH ORDINALITY AS k ("column", class, "collation", option, place)
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k."column"
JOIN pg_catalog.pg_opclass c ON c.oid = k.class
WHERE i.indrelid = $1::pg_catalog.oid AND i.indisunique AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
GROUP BY i.indexrelid, i.indisprimary, i.indisvalid, i.indpred, i.indnkeyatts
ORDER BY i.indisprimary DESC, i.indnkeyatts, 1
