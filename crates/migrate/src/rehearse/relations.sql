-- Tables, materialized views and indexes, each with its file and how many rows came, changed and went so far.
SELECT
    c.oid,
    n.nspname::text,
    c.relname::text,
    c.relkind = 'i',
    i.indrelid,
    nullif(pg_relation_filenode(c.oid), 0),
    coalesce(pg_stat_get_tuples_inserted(c.oid), 0),
    coalesce(pg_stat_get_tuples_updated(c.oid), 0),
    coalesce(pg_stat_get_tuples_deleted(c.oid), 0)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'm', 'i')
  AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', '_driveflow')
  AND c.relname NOT LIKE '\_prisma\_migrations%'
