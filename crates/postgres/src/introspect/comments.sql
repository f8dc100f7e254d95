-- What is said of tables and views, and, with a number, of their columns.
SELECT ds.objoid, ds.objsubid::int2, ds.description
FROM pg_description ds
JOIN pg_class c ON c.oid = ds.objoid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ds.classoid = 'pg_class'::regclass
  AND n.nspname = ANY ($1)
  AND c.relkind IN ('r', 'p', 'v', 'm')
