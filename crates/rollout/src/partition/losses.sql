SELECT what, help
FROM (
  SELECT pg_catalog.format('the trigger %I', tgname), 'drop it before, and make it anew after the contract'
  FROM pg_catalog.pg_trigger
  WHERE tgrelid = to_regclass({table}) AND NOT tgisinternal AND tgname NOT LIKE 'zz\_rollout\_%'
  UNION ALL
  -- What a schema file cannot say: partial indexes, those of expressions, exclusion constraints.
  SELECT pg_catalog.format(CASE WHEN k.oid IS NULL THEN 'the index %I' ELSE 'the constraint %I' END, c.relname),
    'drop it before, and make it anew after the contract, as far as a table in partitions can have it'
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
  LEFT JOIN pg_catalog.pg_constraint AS k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
  WHERE i.indrelid = to_regclass({table}) AND c.relname NOT IN ({remade})
  UNION ALL
  SELECT pg_catalog.format('the policy %I', polname), 'drop it before, and make it anew after the contract'
  FROM pg_catalog.pg_policy WHERE polrelid = to_regclass({table})
  UNION ALL
  SELECT pg_catalog.format('the rule %I', rulename), 'drop it before, and make it anew after the contract'
  FROM pg_catalog.pg_rewrite WHERE ev_class = to_regclass({table})
  UNION ALL
  SELECT pg_catalog.format('that the publication %I has it', p.pubname),
    pg_catalog.format(
      'ALTER PUBLICATION %I DROP TABLE %s before, ADD TABLE after the contract, and ALTER SUBSCRIPTION … REFRESH PUBLICATION', p.pubname, {table}
    )
  FROM pg_catalog.pg_publication_rel AS r JOIN pg_catalog.pg_publication AS p ON p.oid = r.prpubid
  WHERE r.prrelid = to_regclass({table})
  UNION ALL
  SELECT 'that row-level security is on', pg_catalog.format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY before, ENABLE after the contract', {table})
  FROM pg_catalog.pg_class WHERE oid = to_regclass({table}) AND relrowsecurity
  UNION ALL
  SELECT 'that it is UNLOGGED', pg_catalog.format('ALTER TABLE %s SET LOGGED', {table})
  FROM pg_catalog.pg_class WHERE oid = to_regclass({table}) AND relpersistence <> 'p'
  UNION ALL
  SELECT 'its replica identity',
    pg_catalog.format('ALTER TABLE %s REPLICA IDENTITY DEFAULT before, and set it on the partitions after the contract', {table})
  FROM pg_catalog.pg_class WHERE oid = to_regclass({table}) AND relreplident <> 'd'
  UNION ALL
  -- What is made of the table itself, or of the type of its rows, keeps it from being dropped.
  SELECT DISTINCT 'the ' || CASE
      WHEN r.oid IS NULL THEN pg_catalog.pg_describe_object(d.classid, d.objid, 0)
      ELSE pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, r.ev_class, 0)
    END, 'it depends on the table: drop it before, and make it anew after the contract'
  FROM pg_catalog.pg_depend AS d
  LEFT JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
  LEFT JOIN pg_catalog.pg_constraint AS k ON d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid
  LEFT JOIN pg_catalog.pg_policy AS p ON d.classid = 'pg_catalog.pg_policy'::regclass AND p.oid = d.objid
  WHERE d.deptype = 'n'
    AND (
      d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = to_regclass({table})
      OR d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (
        SELECT unnest(ARRAY[t.oid, t.typarray]) FROM pg_catalog.pg_type AS t WHERE t.typrelid = to_regclass({table})
      )
    )
    AND (
      d.classid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_class'::regclass, 'pg_catalog.pg_type'::regclass)
      OR r.ev_class <> to_regclass({table})
      OR k.conrelid NOT IN (0, to_regclass({table}))
      OR p.polrelid <> to_regclass({table})
    )
) AS lost (what, help)
ORDER BY what
