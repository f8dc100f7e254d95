-- Slots that nobody reads, and what they keep on the disk.
SELECT
    'slot ' || slot_name AS "subject",
    (retained / 1024.0 ^ 3)::float8 AS "value",
    format(
        '%s, keeps %s of WAL', CASE WHEN active THEN 'in use' ELSE 'nobody uses it' END, pg_size_pretty(retained)
    ) AS "detail",
    CASE
        WHEN active THEN 'look at why its reader is behind, or set max_slot_wal_keep_size'
        ELSE format('SELECT pg_drop_replication_slot(%L)', slot_name)
    END AS "advice",
    CASE WHEN active THEN 'ok' ELSE 'warn' END AS "state"
FROM (
    SELECT
        slot_name,
        active,
        COALESCE(pg_wal_lsn_diff(
            CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, restart_lsn
        ), 0) AS retained
    FROM pg_replication_slots
    WHERE NOT temporary
) AS slots
