-- What is said of tables and views, and, with a number, of their columns.
SELECT ds.objoid, ds.objsubid::int2, ds.description
FROM pg_namespace n
JOIN pg_class c ON c.relnamespace = n.oid
JOIN pg_description ds ON ds.objoid = c.oid AND ds.classoid = 'pg_class'::regclass
WHERE n.nspname = ANY ($1)
  AND c.relkind IN ('r', 'p', 'v', 'm')
