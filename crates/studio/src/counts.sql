-- Of each table that is asked for ($1 schemas, $2 names, in order): whether it is there, may be read, is more than a view, and how
-- many rows the server thinks it has. A partitioned table has no estimate of its own: its partitions have.
SELECT asked.at::int8,
       c.oid IS NOT NULL,
       coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'), false),
       coalesce(c.relkind IN ('r', 'p', 'm'), false),
       coalesce(CASE
           WHEN c.relkind = 'p' THEN
               (SELECT sum(greatest(part.reltuples, 0))
                FROM pg_catalog.pg_partition_tree(c.oid) tree
                JOIN pg_catalog.pg_class part ON part.oid = tree.relid AND tree.isleaf)
           ELSE c.reltuples
       END, -1)::int8
FROM ROWS FROM (
    pg_catalog.unnest(CAST($1::text AS text[])), pg_catalog.unnest(CAST($2::text AS text[]))
) WITH ORDINALITY asked(namespace, name, at)
LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = asked.namespace
LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = asked.name
ORDER BY asked.at
