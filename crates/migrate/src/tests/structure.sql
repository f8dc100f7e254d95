-- What pg_dump --schema-only would write, a line a thing, but for what one migration cannot help and nobody sees: the
-- order of columns and of enum values, the names and types of sequences behind columns. $1 is where.
WITH mine AS (
    SELECT oid, nspname FROM pg_namespace WHERE nspname = ANY ($1))
SELECT line
FROM (
    SELECT format('schema %I', n.nspname)
    FROM mine n
    UNION ALL
    SELECT format('type %I.%I %s', n.nspname, t.typname, array_agg(e.enumlabel::text ORDER BY e.enumlabel))
    FROM mine n JOIN pg_type t ON t.typnamespace = n.oid JOIN pg_enum e ON e.enumtypid = t.oid
    GROUP BY n.nspname, t.typname
    UNION ALL
    SELECT format('relation %I.%I %s', n.nspname, c.relname, c.relkind)
    FROM mine n JOIN pg_class c ON c.relnamespace = n.oid
    WHERE c.relkind IN ('r', 'v', 'm', 'p')
    UNION ALL
    SELECT format('column %I.%I.%I %s %s %s %s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  CASE WHEN a.attnotnull THEN 'not null' END, a.attidentity, a.attgenerated,
                  regexp_replace(pg_get_expr(d.adbin, d.adrelid), '^nextval\(.*\)$', 'nextval()'))
    FROM mine n
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p')
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    UNION ALL
    SELECT format('constraint %I %I %s', n.nspname, k.conname, pg_get_constraintdef(k.oid))
    FROM mine n JOIN pg_constraint k ON k.connamespace = n.oid
    UNION ALL
    SELECT pg_get_indexdef(x.indexrelid)
    FROM mine n JOIN pg_class c ON c.relnamespace = n.oid JOIN pg_index x ON x.indexrelid = c.oid
    UNION ALL
    SELECT format('sequence of %s', d.refobjid::regclass)
    FROM mine n
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'S'
    LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
) AS lines (line)
ORDER BY line COLLATE "C"
