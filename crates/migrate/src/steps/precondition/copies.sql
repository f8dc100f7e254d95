-- The copies of indexes that a REINDEX CONCURRENTLY makes, where they are not valid: it was cut off, or is at work.
SELECT format('%I.%I', n.nspname, i.relname)
FROM pg_catalog.pg_index x
JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
WHERE NOT x.indisvalid AND i.relkind = 'i' AND i.relname ~ '_cc(new|old)[0-9]*$'
  AND pg_catalog.pg_has_role(i.relowner, 'USAGE')
ORDER BY i.oid
