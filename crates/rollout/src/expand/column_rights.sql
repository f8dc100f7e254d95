-- lint: allow work-under-lock because it looks at the rights of a column, and at no row
DO $rights$
DECLARE
  granted record;
BEGIN
  FOR granted IN
    SELECT a.privilege_type, a.is_grantable, a.grantee
    FROM pg_catalog.pg_attribute AS c, pg_catalog.aclexplode(c.attacl) AS a
    WHERE c.attrelid = :table::regclass AND c.attname = :old
  LOOP
    EXECUTE format('GRANT %s (%I) ON %s TO %s%s', granted.privilege_type, :new, :table,
      CASE granted.grantee WHEN 0 THEN 'PUBLIC' ELSE granted.grantee::regrole::text END,
      CASE WHEN granted.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
  END LOOP;
END
$rights$
