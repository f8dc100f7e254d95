  -- Indexes, constraints and statistics would go with their column and without a word.
  WITH old AS (
    SELECT a.attrelid, a.attnum FROM pg_catalog.pg_attribute AS a WHERE (a.attrelid, a.attname) IN (:columns)
  ), known(relation, name) AS (
    VALUES (NULL::regclass, NULL::name):known
  )
  SELECT pg_catalog.pg_describe_object(d.classid, d.objid, 0) INTO found
  FROM old JOIN pg_catalog.pg_depend AS d ON d.refobjid = old.attrelid AND d.refobjsubid = old.attnum
  LEFT JOIN pg_catalog.pg_class AS c ON d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid AND c.relkind IN ('i', 'I')
  LEFT JOIN pg_catalog.pg_constraint AS n ON d.classid = 'pg_catalog.pg_constraint'::regclass AND n.oid = d.objid
  LEFT JOIN pg_catalog.pg_statistic_ext AS s ON d.classid = 'pg_catalog.pg_statistic_ext'::regclass AND s.oid = d.objid
  WHERE d.refclassid = 'pg_catalog.pg_class'::regclass
    AND coalesce(c.relname, n.conname, s.stxname) IS NOT NULL
    AND n.contype IS DISTINCT FROM 'n'
    AND (n.oid IS NULL OR n.conrelid = old.attrelid)
    AND (old.attrelid, coalesce(c.relname, n.conname, s.stxname)) NOT IN (
      SELECT known.relation, known.name FROM known WHERE known.relation IS NOT NULL
    )
  LIMIT 1;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION 'the contract of this rollout would take the % away with its column, and makes no other', found
      USING ERRCODE = 'dependent_objects_still_exist',
      HINT = 'Drop it in a migration (cargo xtask migrate dev --create-only, and write the statement), and make it again over what is new.';
  END IF;
