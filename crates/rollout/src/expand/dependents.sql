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
:attachedEND
$dependents$
