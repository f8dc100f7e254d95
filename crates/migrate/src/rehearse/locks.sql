-- What the other clients of this database hold on its tables.
SELECT l.relation, l.mode
FROM pg_locks l
JOIN pg_stat_activity a ON a.pid = l.pid AND a.backend_type IN ('client backend', 'parallel worker')
WHERE l.locktype = 'relation'
  AND l.granted
  AND l.relation >= 16384
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.pid <> pg_backend_pid()
