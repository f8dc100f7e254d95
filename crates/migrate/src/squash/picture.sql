-- All that the schemas of a database hold, a row for each thing: its kind, its name, and what it is in the
-- server's own words. What extensions brought along is theirs; numbers that the server gives are in none of it.
WITH theirs AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), space AS (
    SELECT n.oid, n.nspname, n.nspacl FROM pg_namespace n
    WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', '_driveflow')
), relation AS (
    SELECT c.*, format('%I.%I', s.nspname, c.relname) AS name FROM pg_class c JOIN space s ON s.oid = c.relnamespace
    WHERE NOT EXISTS (SELECT FROM theirs t WHERE t.classid = 'pg_class'::regclass AND t.objid = c.oid)
), routine AS (
    SELECT p.*, format('%I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS name
    FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM theirs t WHERE t.classid = 'pg_proc'::regclass AND t.objid = p.oid)
), type AS (
    SELECT y.*, format('%I.%I', s.nspname, y.typname) AS name FROM pg_type y JOIN space s ON s.oid = y.typnamespace
    WHERE NOT EXISTS (SELECT FROM theirs t WHERE t.classid = 'pg_type'::regclass AND t.objid = y.oid)
), thing (kind, name, definition) AS (
    SELECT 'schema', nspname::text, concat_ws(' ', nspacl, obj_description(oid, 'pg_namespace')) FROM space
    UNION ALL
    SELECT CASE relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                        WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' WHEN 'c' THEN 'type' ELSE 'table' END,
           name,
           concat_ws(' ', relkind, relpersistence, reloptions, relacl, relrowsecurity, relforcerowsecurity, relreplident,
                     obj_description(oid, 'pg_class'), pg_get_expr(relpartbound, oid),
                     CASE relkind WHEN 'p' THEN pg_get_partkeydef(oid) WHEN 'v' THEN pg_get_viewdef(oid)
                                  WHEN 'm' THEN pg_get_viewdef(oid) WHEN 'i' THEN pg_get_indexdef(oid)
                                  WHEN 'I' THEN pg_get_indexdef(oid) END,
                     (SELECT string_agg(inhparent::regclass::text, ' ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = oid))
    FROM relation
    UNION ALL
    SELECT 'column', r.name || '.' || quote_ident(a.attname),
           concat_ws(' ', row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod),
                     a.attnotnull, a.attidentity, a.attgenerated, a.attstorage, a.attoptions, a.attacl,
                     (SELECT collname FROM pg_collation WHERE oid = a.attcollation), pg_get_expr(d.adbin, d.adrelid),
                     col_description(r.oid, a.attnum))
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
    WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
    UNION ALL
    SELECT 'constraint', coalesce(r.name, y.name) || '.' || quote_ident(c.conname),
           concat_ws(' ', pg_get_constraintdef(c.oid), obj_description(c.oid, 'pg_constraint'))
    FROM pg_constraint c LEFT JOIN relation r ON r.oid = c.conrelid LEFT JOIN type y ON y.oid = c.contypid
    WHERE coalesce(r.name, y.name) IS NOT NULL AND c.contype <> 'n'
    UNION ALL
    SELECT 'trigger', r.name || '.' || quote_ident(t.tgname), concat_ws(' ', t.tgenabled, pg_get_triggerdef(t.oid))
    FROM pg_trigger t JOIN relation r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'rule', r.name || '.' || quote_ident(w.rulename), concat_ws(' ', w.ev_enabled, pg_get_ruledef(w.oid))
    FROM pg_rewrite w JOIN relation r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
    UNION ALL
    SELECT 'policy', r.name || '.' || quote_ident(p.polname),
           concat_ws(' ', p.polcmd, p.polpermissive,
                     (SELECT string_agg(coalesce(rolname, 'public'), ' ' ORDER BY rolname)
                      FROM unnest(p.polroles) AS role (oid) LEFT JOIN pg_roles USING (oid)),
                     pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p JOIN relation r ON r.oid = p.polrelid
    UNION ALL
    SELECT 'function', name,
           concat_ws(' ', CASE WHEN prokind = 'a' THEN format_type(prorettype, NULL) ELSE pg_get_functiondef(oid) END,
                     proacl, obj_description(oid, 'pg_proc'),
                     (SELECT concat_ws(' ', g.aggtransfn, g.aggfinalfn, format_type(g.aggtranstype, NULL), g.agginitval)
                      FROM pg_aggregate g WHERE g.aggfnoid = routine.oid))
    FROM routine
    UNION ALL
    SELECT 'type', name,
           concat_ws(' ', typtype, format_type(NULLIF(typbasetype, 0), typtypmod), typnotnull, typdefault, typacl,
                     (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = oid),
                     obj_description(oid, 'pg_type'))
    FROM type WHERE typtype IN ('e', 'd', 'r', 'm')
    UNION ALL
    SELECT 'sequence', format('%I.%I', q.schemaname, q.sequencename),
           concat_ws(' ', q.data_type, q.start_value, q.min_value, q.max_value, q.increment_by, q.cycle, q.cache_size,
                     'last', q.last_value)
    FROM pg_sequences q JOIN space s ON s.nspname = q.schemaname
    UNION ALL
    SELECT 'extension', e.extname::text, concat_ws(' ', e.extversion, n.nspname)
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    UNION ALL
    SELECT 'statistics', format('%I.%I', s.nspname, x.stxname), pg_get_statisticsobjdef(x.oid)
    FROM pg_statistic_ext x JOIN space s ON s.oid = x.stxnamespace
    UNION ALL
    SELECT 'default privileges', concat_ws(' ', s.nspname, a.defaclrole::regrole, a.defaclobjtype), a.defaclacl::text
    FROM pg_default_acl a LEFT JOIN space s ON s.oid = a.defaclnamespace
    UNION ALL
    SELECT 'event trigger', evtname::text, concat_ws(' ', evtevent, evtenabled, evtfoid::regproc, evttags) FROM pg_event_trigger
    UNION ALL
    SELECT 'publication', pubname::text, concat_ws(' ', puballtables, pubinsert, pubupdate, pubdelete, pubtruncate)
    FROM pg_publication
    UNION ALL
    -- Whatever else a schema may hold, by its name alone.
    SELECT 'object', pg_describe_object(d.classid, d.objid, 0), ''
    FROM pg_depend d JOIN space s ON s.oid = d.refobjid
    WHERE d.refclassid = 'pg_namespace'::regclass AND d.deptype = 'n'
)
SELECT kind, name, string_agg(coalesce(definition, ''), E'\n' ORDER BY definition) FROM thing GROUP BY kind, name ORDER BY kind, name
