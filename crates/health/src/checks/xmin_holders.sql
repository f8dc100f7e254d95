-- What keeps old row versions from being cleaned up: sessions, replication slots, prepared transactions.
SELECT "subject", "value", "detail", "advice"
FROM (
    SELECT
        'pid ' || pid AS "subject",
        age(backend_xmin)::float8 AS "value",
        format('%s, %s', usename, state) AS "detail",
        format('SELECT pg_terminate_backend(%s)', pid) AS "advice"
    FROM pg_stat_activity
    -- Those of other databases keep nothing in this one.
    WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database()
        -- Whoever has just begun, these checks among them, looks back only because somebody else does.
        AND clock_timestamp() - xact_start > interval '1 second'
    UNION ALL
    SELECT
        'slot ' || slot_name,
        greatest(age(xmin), age(catalog_xmin))::float8,
        CASE WHEN active THEN 'in use' ELSE 'nobody uses it' END,
        format('SELECT pg_drop_replication_slot(%L)', slot_name)
    FROM pg_replication_slots
    WHERE (xmin IS NOT NULL OR catalog_xmin IS NOT NULL) AND COALESCE(database, current_database()) = current_database()
    UNION ALL
    SELECT
        'prepared transaction ' || gid,
        age(transaction)::float8,
        format('of %s, since %s', owner, prepared),
        format('ROLLBACK PREPARED %L', gid)
    FROM pg_prepared_xacts
    WHERE database = current_database()
) AS holders
