-- The tables with their sizes. Of one that was never analyzed only its size is known; without a page it has no row.
SELECT n.nspname::text,
       c.relname::text,
       CASE
           WHEN c.relkind = 'p' THEN NULL
           WHEN pg_catalog.pg_relation_size(c.oid) = 0 THEN 0
           WHEN c.reltuples >= 1 THEN c.reltuples::int8
       END,
       coalesce(pg_catalog.pg_table_size(c.oid), 0),
       coalesce(pg_catalog.pg_indexes_size(c.oid), 0)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm')
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', '_driveflow')
