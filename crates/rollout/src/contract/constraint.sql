-- Whether a constraint was checked for all rows. $1 and $2 are the schema and the name of its table, $3 is its own name.
SELECT o.convalidated
FROM pg_catalog.pg_constraint o
JOIN pg_catalog.pg_class t ON t.oid = o.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = $1 AND t.relname = $2 AND o.conname = $3
