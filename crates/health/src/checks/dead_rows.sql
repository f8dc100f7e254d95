-- Dead rows, as multiples of what makes autovacuum start.
SELECT
    statistics.relid::regclass::text AS "subject",
    (n_dead_tup / (threshold + scale * greatest(class.reltuples, 0)))::float8 AS "value",
    format(
        '%s dead rows beside %s; last cleaned %s', n_dead_tup, n_live_tup,
        COALESCE(to_char(greatest(last_vacuum, last_autovacuum), 'YYYY-MM-DD HH24:MI'), 'never')
    ) AS "detail",
    format('VACUUM (ANALYZE) %s', statistics.relid::regclass) AS "advice"
FROM pg_stat_user_tables AS statistics
JOIN pg_class AS class ON class.oid = statistics.relid
CROSS JOIN LATERAL (
    SELECT
        COALESCE(
            max(option_value) FILTER (WHERE option_name = 'autovacuum_vacuum_threshold'),
            current_setting('autovacuum_vacuum_threshold')
        )::float8 AS threshold,
        COALESCE(
            max(option_value) FILTER (WHERE option_name = 'autovacuum_vacuum_scale_factor'),
            current_setting('autovacuum_vacuum_scale_factor')
        )::float8 AS scale
    FROM pg_options_to_table(class.reloptions)
) AS settings
WHERE n_dead_tup >= 1000
