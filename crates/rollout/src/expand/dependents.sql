DO $dependents$
DECLARE
  found text;
BEGIN
  SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) INTO found
  FROM pg_catalog.pg_depend AS d
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE d.refclassid = 'pg_catalog.pg_class'::regclass
    AND (d.refobjid, a.attname) IN (:columns)
    AND d.classid IN ('pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_trigger'::regclass)
  LIMIT 1;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION 'the contract of this rollout could not drop an old column, for the % depends on it', found
      USING ERRCODE = 'dependent_objects_still_exist',
      HINT = 'Drop it in a migration before this one, and make it again over the new column.';
  END IF;
END
$dependents$
