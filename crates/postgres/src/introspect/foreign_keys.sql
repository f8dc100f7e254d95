-- A row for each column of each key. Keys that a partition has from its parent are the parent's.
SELECT n.nspname::text,
       t.relname::text,
       k.conname::text,
       rn.nspname::text,
       rt.relname::text,
       k.confdeltype::text,
       k.confupdtype::text,
       k.condeferrable,
       k.condeferred,
       k.convalidated,
       a.attname::text,
       ra.attname::text
FROM pg_namespace n
JOIN pg_class t ON t.relnamespace = n.oid
JOIN pg_constraint k ON k.conrelid = t.oid
JOIN pg_class rt ON rt.oid = k.confrelid
JOIN pg_namespace rn ON rn.oid = rt.relnamespace
CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS pair (own, other, at)
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.own
JOIN pg_attribute ra ON ra.attrelid = k.confrelid AND ra.attnum = pair.other
WHERE n.nspname = ANY ($1)
  AND k.contype = 'f'
  AND k.conparentid = 0
ORDER BY n.nspname, t.relname, k.conname, pair.at
