SELECT nspname::text FROM pg_namespace WHERE nspname = ANY ($1) ORDER BY nspname
