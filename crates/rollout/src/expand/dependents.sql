DO $dependents$
DECLARE
  found text;
BEGIN
  WITH old AS (
    SELECT a.attrelid, a.attnum, a.attname FROM pg_catalog.pg_attribute AS a
    WHERE (a.attrelid, a.attname) IN (:columns)
  )
  SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) INTO found
  FROM old JOIN pg_catalog.pg_depend AS d ON d.refobjid = old.attrelid AND d.refobjsubid = old.attnum
  WHERE d.refclassid = 'pg_catalog.pg_class'::regclass
    AND d.classid IN (
      'pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_trigger'::regclass,
      'pg_catalog.pg_publication_rel'::regclass
    )
  UNION ALL
  SELECT 'partitioning of the table' FROM old JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = old.attrelid
  WHERE old.attnum = ANY (p.partattrs)
  UNION ALL
  SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
  FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid
  WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
    AND d.refobjid IN (:tables) AND r.ev_class <> d.refobjid
  LIMIT 1;
  IF found LIKE 'trigger zz_rollout_%' THEN
    RAISE EXCEPTION 'another rollout changes the same column: %', found
      USING ERRCODE = 'dependent_objects_still_exist',
      HINT = 'Contract or abort it first: cargo xtask rollout status';
  ELSIF found IS NOT NULL THEN
    RAISE EXCEPTION 'the contract of this rollout could not drop what is old, for the % depends on it', found
      USING ERRCODE = 'dependent_objects_still_exist',
      HINT = 'Drop it in a migration before this one, and make it again over what is new.';
  END IF;
  -- Indexes, constraints and statistics would go with their column and without a word, if no migration knows of them.
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
    RAISE EXCEPTION 'the contract of this rollout would take the % away, which no migration knows of', found
      USING ERRCODE = 'dependent_objects_still_exist',
      HINT = 'Make a migration of it (cargo xtask migrate dev --adopt), or drop it, and make it again over what is new.';
  END IF;
END
$dependents$
