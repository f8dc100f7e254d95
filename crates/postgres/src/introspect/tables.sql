-- Tables and views with their columns, a row for each column, or one without for a table of none.
-- A domain counts as the type it is made of; an array as the type of its elements.
SELECT n.nspname::text,
       c.relname::text,
       c.relkind::text,
       c.relispartition,
       c.relhassubclass,
       c.relrowsecurity,
       obj_description(c.oid, 'pg_class'),
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
       a.attname::text,
       element.oid IS NOT NULL OR inner_element.oid IS NOT NULL,
       plain.typname::text,
       tn.nspname::text,
       plain.typtype::text,
       plain.modifier,
       format_type(plain.oid, plain.modifier),
       a.attnotnull OR (t.typtype = 'd' AND t.typnotnull),
       a.attidentity::text,
       a.attgenerated::text,
       pg_get_expr(d.adbin, d.adrelid),
       sn.nspname::text,
       s.relname::text,
       CASE WHEN a.attcollation <> t.typcollation THEN co.collname::text END,
       col_description(c.oid, a.attnum),
       coalesce(CASE WHEN element.oid IS NULL THEN base.typname END, t.typname)::text,
       -- Mostly the order in which they were made.
       dense_rank() OVER (ORDER BY c.ctid)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_type t ON t.oid = a.atttypid
-- A list of a domain has elements first and then a base, a domain of lists the other way round.
LEFT JOIN pg_type element ON element.typarray = t.oid
LEFT JOIN pg_type base ON base.oid = coalesce(element.typbasetype, t.typbasetype)
LEFT JOIN pg_type inner_element ON inner_element.typarray = base.oid
LEFT JOIN LATERAL (
    SELECT p.oid,
           p.typname,
           p.typtype,
           p.typnamespace,
           CASE WHEN base.oid IS NULL THEN a.atttypmod ELSE coalesce(element.typtypmod, t.typtypmod) END AS modifier
    FROM pg_type p
    WHERE p.oid = coalesce(inner_element.oid, base.oid, element.oid, t.oid)) plain ON true
LEFT JOIN pg_namespace tn ON tn.oid = plain.typnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum AND a.atthasdef
-- The sequence that the default takes its values from, by what the default depends on.
LEFT JOIN LATERAL (
    SELECT q.relname, q.relnamespace
    FROM pg_depend p
    JOIN pg_class q ON q.oid = p.refobjid AND q.relkind = 'S'
    WHERE p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_class'::regclass
    LIMIT 1) s ON true
LEFT JOIN pg_namespace sn ON sn.oid = s.relnamespace
LEFT JOIN pg_collation co ON co.oid = a.attcollation
WHERE n.nspname = ANY ($1)
  AND c.relkind IN ('r', 'p', 'v', 'm')
  AND c.relname <> '_prisma_migrations'
  AND NOT EXISTS (
      SELECT FROM pg_depend x
      WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.objsubid = 0 AND x.deptype = 'e')
ORDER BY n.nspname, c.relname, a.attnum
