-- The strongest lock of this session on each table of the schema, by its place among PostgreSQL's eight.
SELECT relname::text,
       max(array_position(ARRAY['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock',
                                'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'], mode))
FROM pg_locks
JOIN _before ON pg_locks.relation = _before.oid
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted
GROUP BY relname
