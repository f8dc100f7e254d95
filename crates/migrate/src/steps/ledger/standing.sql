-- Whether the schema of our own state is there and may be entered, whether the ledger is in it, whether it may be kept.
SELECT n.oid IS NOT NULL AND has_schema_privilege(n.oid, 'USAGE'),
       c.oid IS NOT NULL,
       c.oid IS NOT NULL AND has_schema_privilege(n.oid, 'USAGE')
           AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
           AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'),
       n.oid IS NOT NULL
FROM (SELECT) AS one
LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = '_driveflow'
LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = 'steps'
