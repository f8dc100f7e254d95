-- How far standbys are behind: told by the primary of each, and by a standby of itself.
SELECT
    'standby ' || COALESCE(NULLIF(application_name, ''), client_addr::text, pid::text) AS "subject",
    -- A standby that has all there is has no lag to tell.
    COALESCE(extract(epoch FROM greatest(replay_lag, flush_lag, write_lag)), 0)::float8 AS "value",
    format(
        '%s, %s behind', state, pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))
    ) AS "detail",
    'look at the standby: its disk, its network, and queries there that hold up the replay' AS "advice"
FROM pg_stat_replication
WHERE NOT pg_is_in_recovery() AND replay_lsn IS NOT NULL
UNION ALL
SELECT
    'this standby',
    CASE
        WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
        ELSE COALESCE(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0)
    END::float8,
    CASE WHEN pg_is_wal_replay_paused() THEN 'the replay is paused' ELSE 'replaying' END,
    CASE WHEN pg_is_wal_replay_paused() THEN 'SELECT pg_wal_replay_resume()' ELSE 'end queries here that hold up the replay' END
WHERE pg_is_in_recovery()
