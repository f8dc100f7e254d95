-- The statements that give the database $2 the settings, grants and comment of the database $1.
WITH d AS (SELECT * FROM pg_database WHERE datname = $1)
SELECT sql FROM (
SELECT 1 AS step, format(
           'ALTER %s SET %I TO %s',
           CASE s.setrole
               WHEN 0 THEN format('DATABASE %I', $2::text)
               ELSE format('ROLE %I IN DATABASE %I', pg_get_userbyid(s.setrole), $2::text)
           END,
           split_part(setting, '=', 1),
           -- These hold lists of names that are quoted already.
           CASE
               WHEN lower(split_part(setting, '=', 1)) IN
                   ('search_path', 'temp_tablespaces', 'session_preload_libraries', 'local_preload_libraries')
               THEN CASE substr(setting, strpos(setting, '=') + 1) WHEN '' THEN '''''' ELSE substr(setting, strpos(setting, '=') + 1) END
               ELSE quote_literal(substr(setting, strpos(setting, '=') + 1))
           END
       ) AS sql
FROM pg_db_role_setting s
JOIN d ON d.oid = s.setdatabase, unnest(s.setconfig) AS setting
UNION ALL
-- Before what is granted.
SELECT 2, format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $2::text) FROM d WHERE d.datacl IS NOT NULL
UNION ALL
SELECT 3, format(
           'GRANT %s ON DATABASE %I TO %s%s',
           a.privilege_type,
           $2::text,
           CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE format('%I', pg_get_userbyid(a.grantee)) END,
           CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
       )
FROM d, aclexplode(d.datacl) AS a
WHERE a.grantee <> d.datdba
UNION ALL
SELECT 4, format('COMMENT ON DATABASE %I IS %L', $2::text, shobj_description(d.oid, 'pg_database'))
FROM d
WHERE shobj_description(d.oid, 'pg_database') IS NOT NULL
) AS statements ORDER BY step
