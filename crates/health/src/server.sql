SELECT
    current_setting('server_version_num')::int AS "version",
    quote_ident(current_user) AS "user",
    pg_has_role('pg_read_all_stats', 'USAGE') AS "sees_all",
    current_setting('track_commit_timestamp')::bool AS "keeps_commit_times",
    to_regclass('_prisma_migrations')::text AS "migrations",
    EXISTS (
        SELECT
        FROM pg_class
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = '_driveflow'
            AND relname = 'backfills'
            AND has_schema_privilege(pg_namespace.oid, 'USAGE')
            AND has_table_privilege(pg_class.oid, 'SELECT')
    ) AS "has_backfills",
    (
        SELECT format('%I.pg_stat_statements', nspname)
        FROM pg_extension
        JOIN pg_namespace ON pg_namespace.oid = extnamespace
        WHERE extname = 'pg_stat_statements'
            -- Created, but not loaded, it fails whoever asks.
            AND current_setting('pg_stat_statements.max', true) IS NOT NULL
    ) AS "statements"
