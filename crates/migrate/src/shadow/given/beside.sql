-- The statements that drop what is in no schema, as far as it is this user's and no extension's.
SELECT format('DROP %s IF EXISTS %I CASCADE', o.type, o.name)
FROM (
    SELECT 1, 'EVENT TRIGGER', 'pg_event_trigger'::regclass, oid, evtname, evtowner FROM pg_event_trigger
    UNION ALL
    SELECT 2, 'PUBLICATION', 'pg_publication'::regclass, oid, pubname, pubowner FROM pg_publication
    UNION ALL
    SELECT 3, 'SERVER', 'pg_foreign_server'::regclass, oid, srvname, srvowner FROM pg_foreign_server
    UNION ALL
    SELECT 4, 'FOREIGN DATA WRAPPER', 'pg_foreign_data_wrapper'::regclass, oid, fdwname, fdwowner
    FROM pg_foreign_data_wrapper
) AS o (place, type, class, oid, name, owner)
WHERE pg_has_role(o.owner, 'USAGE')
  AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e'
  )
ORDER BY o.place, o.name
