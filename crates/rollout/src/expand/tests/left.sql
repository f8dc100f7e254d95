SELECT 'function ' || p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = '_driveflow' AND strpos(p.proname, $1) > 0
UNION ALL
SELECT 'relation ' || c.relname FROM pg_class AS c WHERE strpos(c.relname, $1) > 0
UNION ALL
SELECT 'trigger ' || t.tgname FROM pg_trigger AS t WHERE strpos(t.tgname, $1) > 0
UNION ALL
SELECT 'constraint ' || c.conname FROM pg_constraint AS c WHERE strpos(c.conname, $1) > 0
UNION ALL
SELECT 'name ' || a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
WHERE a.attname ~ '_next\d*$' AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v')
UNION ALL
SELECT 'name ' || c.relname FROM pg_class AS c WHERE c.relname ~ '_next\d*$'
UNION ALL
SELECT 'name ' || t.typname FROM pg_type AS t WHERE t.typname ~ '_next\d*$'
UNION ALL
SELECT 'invalid ' || c.conname FROM pg_constraint AS c WHERE NOT c.convalidated
