-- Whether an index is valid. $1 and $2 are the schema and the name of its table, $3 is its own name.
SELECT i.indisvalid AND i.indisready
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = $1 AND t.relname = $2 AND c.relname = $3
