
-- The new table and its partitions belong to whom the old one does, and are kept as it is.
DO $$
DECLARE
  old regclass := {old_text};
  owner oid := (SELECT relowner FROM pg_catalog.pg_class WHERE oid = old);
  -- A partitioned table itself has no such options.
  options text := (
    SELECT string_agg(format('%s%s = %L', o.prefix, split_part(o.entry, '=', 1), substr(o.entry, strpos(o.entry, '=') + 1)), ', ')
    FROM (
      SELECT '' AS prefix, unnest(c.reloptions) AS entry FROM pg_catalog.pg_class AS c WHERE c.oid = old
      UNION ALL
      SELECT 'toast.', unnest(t.reloptions)
      FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_class AS t ON t.oid = c.reltoastrelid WHERE c.oid = old
    ) AS o
  );
  part regclass;
BEGIN
  FOR part IN SELECT inhrelid::regclass FROM pg_catalog.pg_inherits WHERE inhparent = {new_text}::regclass LOOP
    IF options IS NOT NULL THEN
      EXECUTE format('ALTER TABLE %s SET (%s)', part, options);
    END IF;
    IF owner <> (SELECT relowner FROM pg_catalog.pg_class WHERE oid = part) THEN
      EXECUTE format('ALTER TABLE %s OWNER TO %I', part, pg_get_userbyid(owner));
    END IF;
  END LOOP;
  IF owner <> (SELECT relowner FROM pg_catalog.pg_class WHERE oid = {new_text}::regclass) THEN
    EXECUTE format('ALTER TABLE %s OWNER TO %I', {new_text}, pg_get_userbyid(owner));
  END IF;
END
$$;

-- What is said of it, and how closely its columns are looked at for the planner.
DO $$
DECLARE
  said text := pg_catalog.obj_description({old_text}::regclass, 'pg_class');
  part regclass;
  looked record;
BEGIN
  IF said IS NOT NULL THEN
    EXECUTE format('COMMENT ON TABLE %s IS %L', {new_text}, said);
  END IF;
  FOR part IN SELECT relid FROM pg_catalog.pg_partition_tree({new_text}::regclass) LOOP
    FOR looked IN
      SELECT attname, attstattarget FROM pg_catalog.pg_attribute
      WHERE attrelid = {old_text}::regclass AND attnum > 0 AND NOT attisdropped AND attstattarget >= 0
    LOOP
      EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %I SET STATISTICS %s', part, looked.attname, looked.attstattarget);
    END LOOP;
  END LOOP;
END
$$;

-- Whoever may do something with the old table, or a column of it, may do it with the new one.
DO $$
DECLARE
  may record;
BEGIN
  FOR may IN
    SELECT '' AS of_column, a.grantee, a.privilege_type, a.is_grantable
    FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(c.relacl) AS a
    WHERE c.oid = {old_text}::regclass AND a.grantee <> c.relowner
    UNION ALL
    SELECT format(' (%I)', t.attname), a.grantee, a.privilege_type, a.is_grantable
    FROM pg_catalog.pg_attribute AS t, pg_catalog.aclexplode(t.attacl) AS a
    WHERE t.attrelid = {old_text}::regclass AND t.attnum > 0 AND NOT t.attisdropped
  LOOP
    EXECUTE format(
      'GRANT %s%s ON TABLE %s TO %s%s', may.privilege_type, may.of_column, {new_text},
      CASE WHEN may.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(may.grantee)) END,
      CASE WHEN may.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    );
  END LOOP;
END
$$;
