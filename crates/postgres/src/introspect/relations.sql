-- Tables and views, a row for each: tables by name, views mostly in the order in which they were made.
SELECT c.oid,
       n.nspname::text,
       c.relname::text,
       c.relkind::text,
       c.relispartition,
       -- Asked of the children: `relhassubclass` stays true when they are gone.
       EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid),
       c.relrowsecurity,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END
FROM pg_namespace n
JOIN pg_class c ON c.relnamespace = n.oid
WHERE n.nspname = ANY ($1)
  AND c.relkind IN ('r', 'p', 'v', 'm')
  AND c.relname <> '_prisma_migrations'
  AND NOT EXISTS (
      SELECT FROM pg_depend x
      WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.objsubid = 0 AND x.deptype = 'e')
ORDER BY CASE WHEN c.relkind IN ('v', 'm') THEN c.ctid END NULLS FIRST, n.nspname, c.relname
