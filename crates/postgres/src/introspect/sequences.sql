-- An owned sequence depends on its column: automatically (serial) or internally (identity).
SELECT n.nspname::text,
       c.relname::text,
       format_type(s.seqtypid, NULL),
       s.seqstart,
       s.seqmin,
       s.seqmax,
       s.seqincrement,
       s.seqcache,
       s.seqcycle,
       tn.nspname::text,
       t.relname::text,
       a.attname::text
FROM pg_namespace n
JOIN pg_class c ON c.relnamespace = n.oid
JOIN pg_sequence s ON s.seqrelid = c.oid
LEFT JOIN pg_depend d
       ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
      AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE n.nspname = ANY ($1)
  AND NOT EXISTS (
      SELECT FROM pg_depend x
      WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
ORDER BY n.nspname, c.relname
