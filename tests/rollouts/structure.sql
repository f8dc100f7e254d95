-- All that a rollout could leave behind, or fail to bring back.
SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'v')
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'trigger ' || tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function ' || oid::regprocedure FROM pg_proc WHERE pronamespace IN ('public'::regnamespace, to_regnamespace('_driveflow'))
UNION ALL
SELECT 'sequence ' || oid::regclass FROM pg_class
WHERE relkind = 'S' AND (relnamespace = 'public'::regnamespace OR relname LIKE 'old_writes%')
UNION ALL
SELECT 'value ' || enumtypid::regtype || ' ' || enumlabel FROM pg_enum
ORDER BY 1
