-- How a change of one table's rows reaches another's: by a foreign key (what is done on update and delete, and the columns that it
-- goes by), by a trigger or rule of its own (which may do anything), as partition or heir.
-- Before 15 the triggers that a partition has of its table count as internal.
SELECT 'key', parent.nspname::text, p.relname::text, child.nspname::text, c.relname::text,
       f.confupdtype IN ('c', 'n', 'd'), f.confdeltype IN ('c', 'n', 'd'),
       (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = f.confrelid AND a.attnum = ANY (f.confkey))
FROM pg_constraint f
JOIN pg_class p ON p.oid = f.confrelid JOIN pg_namespace parent ON parent.oid = p.relnamespace
JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace child ON child.oid = c.relnamespace
WHERE f.contype = 'f'
UNION ALL
SELECT 'code', n.nspname::text, c.relname::text, NULL, NULL, true, true, NULL
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE EXISTS (
       SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled <> 'D'
       AND (NOT t.tgisinternal OR t.tgparentid <> 0 AND t.tgconstrrelid = 0)
   )
   OR c.relkind IN ('r', 'p') AND EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_enabled <> 'D')
UNION ALL
SELECT 'heir', parent.nspname::text, p.relname::text, child.nspname::text, c.relname::text, true, true, NULL
FROM pg_inherits i
JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace parent ON parent.oid = p.relnamespace
JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace child ON child.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p')
