SELECT n.nspname::text,
       t.relname::text,
       k.conname::text,
       pg_get_constraintdef(k.oid),
       k.convalidated
FROM pg_constraint k
JOIN pg_class t ON t.oid = k.conrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = ANY ($1)
  AND k.contype = 'c'
ORDER BY n.nspname, t.relname, k.conname
