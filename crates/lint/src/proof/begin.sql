-- Before a statement is measured: which files the tables have, and what the session has counted of them.
BEGIN;
CREATE TEMP TABLE _before ON COMMIT DROP AS
SELECT oid, relname, relfilenode,
    pg_stat_get_xact_tuples_returned(oid) AS reads,
    pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid) AS writes
FROM pg_class
WHERE relnamespace <> 'pg_catalog'::regnamespace AND relkind IN ('r', 'p', 'm');
SET LOCAL client_min_messages = debug1;
SET LOCAL timezone = 'Europe/Berlin';
