-- A row for each column of tables and views.
-- A domain counts as the type it is made of; an array as the type of its elements.
SELECT a.attrelid,
       a.attnum,
       a.attname::text,
       element.oid IS NOT NULL OR inner_element.oid IS NOT NULL,
       plain.typname::text,
       tn.nspname::text,
       plain.typtype::text,
       modifier.value,
       format_type(plain.oid, modifier.value),
       a.attnotnull OR (t.typtype = 'd' AND t.typnotnull),
       a.attidentity::text,
       a.attgenerated::text,
       pg_get_expr(d.adbin, d.adrelid),
       sn.nspname::text,
       s.relname::text,
       CASE WHEN a.attcollation <> t.typcollation THEN co.collname::text END,
       coalesce(CASE WHEN element.oid IS NULL THEN base.typname END, t.typname)::text,
       format_type(a.atttypid, a.atttypmod)
FROM pg_namespace n
JOIN pg_class c ON c.relnamespace = n.oid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
-- A list of a domain has elements first and then a base, a domain of lists the other way round.
LEFT JOIN pg_type element ON element.typarray = t.oid
LEFT JOIN pg_type base ON base.oid = coalesce(element.typbasetype, t.typbasetype)
LEFT JOIN pg_type inner_element ON inner_element.typarray = base.oid
JOIN pg_type plain ON plain.oid = coalesce(inner_element.oid, base.oid, element.oid, t.oid)
JOIN pg_namespace tn ON tn.oid = plain.typnamespace
CROSS JOIN LATERAL (
    SELECT CASE WHEN base.oid IS NULL THEN a.atttypmod ELSE coalesce(element.typtypmod, t.typtypmod) END
) modifier (value)
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum AND a.atthasdef
-- The sequence that the default takes its values from, by what the default depends on.
LEFT JOIN (
    SELECT DISTINCT ON (p.objid) p.objid, q.relname, q.relnamespace
    FROM pg_depend p
    JOIN pg_class q ON q.oid = p.refobjid AND q.relkind = 'S'
    WHERE p.classid = 'pg_attrdef'::regclass AND p.refclassid = 'pg_class'::regclass
    ORDER BY p.objid, q.relname) s ON s.objid = d.oid
LEFT JOIN pg_namespace sn ON sn.oid = s.relnamespace
LEFT JOIN pg_collation co ON co.oid = a.attcollation
WHERE n.nspname = ANY ($1)
  AND c.relkind IN ('r', 'p', 'v', 'm')
ORDER BY a.attrelid, a.attnum
