-- The statements that drop the schemas $1. One that an extension of somebody else lives in stays.
SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', n.nspname)
FROM pg_namespace n
WHERE n.nspname = ANY ($1)
  AND NOT EXISTS (SELECT FROM pg_extension x WHERE x.extnamespace = n.oid)
ORDER BY n.nspname
