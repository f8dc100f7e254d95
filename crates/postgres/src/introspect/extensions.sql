-- plpgsql is in every database and of no interest.
SELECT e.extname::text, n.nspname::text, e.extversion, e.extrelocatable
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname <> 'plpgsql'
ORDER BY e.extname
