-- The tables with their sizes, of one that is divided those of all its partitions. Of one that was never analyzed only its size
-- is known; without a page it has no row.
WITH sized AS (
    SELECT c.oid, c.relnamespace, c.relname, c.relkind,
           CASE
               WHEN c.relkind NOT IN ('r', 'm') THEN NULL
               WHEN pg_catalog.pg_relation_size(c.oid) = 0 THEN 0
               WHEN c.reltuples >= 1 THEN c.reltuples::int8
           END AS rows,
           coalesce(pg_catalog.pg_table_size(c.oid), 0) AS bytes,
           coalesce(pg_catalog.pg_indexes_size(c.oid), 0) AS index_bytes
    FROM pg_catalog.pg_class c
    -- Foreign tables may be partitions.
    WHERE c.relkind IN ('r', 'p', 'm', 'f')
), divided AS (
    -- Where some are not known, those that are known are told, unless all of these are empty.
    SELECT p.oid,
           CASE
               WHEN count(*) > count(leaf.rows) AND coalesce(sum(leaf.rows), 0) = 0 THEN NULL
               ELSE coalesce(sum(leaf.rows), 0)::int8
           END AS rows,
           sum(leaf.bytes)::int8 AS bytes,
           sum(leaf.index_bytes)::int8 AS index_bytes
    FROM sized p
    CROSS JOIN LATERAL pg_catalog.pg_partition_tree(p.oid) AS tree
    JOIN sized leaf ON leaf.oid = tree.relid
    WHERE p.relkind = 'p' AND tree.isleaf AND leaf.relkind <> 'p'
    GROUP BY p.oid
)
SELECT n.nspname::text,
       s.relname::text,
       CASE WHEN s.relkind = 'p' AND d.oid IS NULL THEN 0 ELSE coalesce(d.rows, s.rows) END,
       coalesce(d.bytes, s.bytes),
       coalesce(d.index_bytes, s.index_bytes)
FROM sized s
JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace
LEFT JOIN divided d ON d.oid = s.oid
WHERE s.relkind <> 'f'
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', '_driveflow')
