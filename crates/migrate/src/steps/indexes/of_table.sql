-- The indexes of the table $1, and of that name among them where $2 is one. An index that is a part of another one, or that
-- a constraint stands on, is not half-built: whoever made it so has reasons.
SELECT i.relname::text,
       format('%I.%I', n.nspname, i.relname),
       x.indisvalid AND x.indisready,
       i.relkind = 'i'
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits p WHERE p.inhrelid = i.oid)
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.oid),
       CASE WHEN x.indisunique THEN 'UNIQUE ' ELSE '' END
           || substring(pg_catalog.pg_get_indexdef(i.oid) FROM position(format('.%I USING ', t.relname) IN pg_catalog.pg_get_indexdef(i.oid)))
FROM pg_catalog.pg_index x
JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
WHERE x.indrelid = pg_catalog.to_regclass($1)
  AND ($2::text IS NULL OR i.relname = $2)
ORDER BY i.oid
