DO $rights$
DECLARE
  granted record;
BEGIN
  IF current_setting('server_version_num')::int >= 150000 THEN
    EXECUTE format('ALTER VIEW %s SET (security_invoker = true)', :view);
  ELSIF (SELECT c.relrowsecurity FROM pg_catalog.pg_class AS c WHERE c.oid = :table::regclass) THEN
    RAISE EXCEPTION '% has row level security, which a view of its old name would go around', :table
      USING HINT = 'PostgreSQL 15 and later have views that keep it; else rename the table while nobody uses it.';
  END IF;
  FOR granted IN
    SELECT a.privilege_type, a.is_grantable, a.grantee
    FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(c.relacl) AS a
    WHERE c.oid = :table::regclass
      AND a.grantee <> c.relowner
      AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES', 'TRIGGER', 'TRUNCATE')
  LOOP
    EXECUTE format('GRANT %s ON %s TO %s%s', granted.privilege_type, :view,
      CASE granted.grantee WHEN 0 THEN 'PUBLIC' ELSE granted.grantee::regrole::text END,
      CASE WHEN granted.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
  END LOOP;
END
$rights$
