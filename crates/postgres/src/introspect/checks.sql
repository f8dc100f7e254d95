SELECT n.nspname::text,
       t.relname::text,
       k.conname::text,
       pg_get_constraintdef(k.oid),
       k.convalidated
FROM pg_namespace n
JOIN pg_class t ON t.relnamespace = n.oid
JOIN pg_constraint k ON k.conrelid = t.oid
WHERE n.nspname = ANY ($1)
  AND k.contype = 'c'
ORDER BY n.nspname, t.relname, k.conname
