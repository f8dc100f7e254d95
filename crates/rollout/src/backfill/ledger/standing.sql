-- Whether our own schema is there, whether the ledger is, whether it may be read, and whether it may be kept.
SELECT n.oid IS NOT NULL,
       count(c.oid) = 2,
       count(c.oid) = 2 AND has_schema_privilege(n.oid, 'USAGE') AND bool_and(has_table_privilege(c.oid, 'SELECT')),
       count(c.oid) = 2 AND has_schema_privilege(n.oid, 'USAGE')
           AND bool_and(has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                        AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
FROM (SELECT) AS one
LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = '_driveflow'
LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname IN ('backfills', 'batches') AND c.relkind = 'r'
GROUP BY n.oid
