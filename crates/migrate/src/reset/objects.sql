-- The statements that empty the schemas $1, one for each object that lives in one of them. Grants and
-- default privileges of the schemas stay, and so do extensions that belong to somebody else.
SELECT format(
           'DROP %s IF EXISTS %s CASCADE',
           CASE o.type WHEN 'composite type' THEN 'type' WHEN 'statistics object' THEN 'statistics' ELSE o.type END,
           o.identity
       )
FROM pg_depend d
JOIN pg_namespace n ON n.oid = d.refobjid
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) AS o
LEFT JOIN pg_extension x ON d.classid = 'pg_extension'::regclass AND x.oid = d.objid
WHERE d.refclassid = 'pg_namespace'::regclass
  AND d.deptype = 'n'
  AND n.nspname = ANY ($1)
  AND (x.oid IS NULL OR pg_has_role(x.extowner, 'MEMBER'))
  -- What an extension brought along goes with it, or stays with it.
  AND NOT EXISTS (
      SELECT FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype IN ('e', 'i')
        -- A partitioned table depends in this way on its own columns.
        AND (e.refclassid, e.refobjid) <> (d.classid, d.objid)
  )
-- Tables first: most of the rest then goes with them and is skipped quickly.
ORDER BY o.type <> 'table', o.type, o.identity
