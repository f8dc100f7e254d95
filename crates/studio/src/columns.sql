-- The columns of table $1 in schema $2 that may be read: name, type, whether it may be null, has a default, is made by the
-- database, and whether rows have versions. The type goes without its length, by which a cast would cut a value unseen.
SELECT a.attname::text,
       pg_catalog.format_type(a.atttypid, -1),
       a.attnotnull,
       a.atthasdef OR a.attidentity <> '',
       a.attgenerated <> '' OR a.attidentity = 'a',
       c.relkind IN ('r', 'p')
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = $1 AND n.nspname = $2 AND a.attnum > 0 AND NOT a.attisdropped
  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY a.attnum
