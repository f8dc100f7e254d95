-- Who is connected to the database $1; a row of nulls where nobody is, and none where there is no such database.
SELECT
    a.pid,
    coalesce(a.usename::text, ''),
    coalesce(a.application_name, ''),
    coalesce(host(a.client_addr), ''),
    coalesce(a.state, '')
FROM pg_database d
LEFT JOIN pg_stat_activity a
    ON a.datid = d.oid AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
WHERE d.datname = $1
ORDER BY a.backend_start
