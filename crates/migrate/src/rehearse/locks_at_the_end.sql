-- Keeps what the transaction holds that notes the end of a script in the history.
CREATE SCHEMA IF NOT EXISTS _driveflow;
CREATE TABLE IF NOT EXISTS _driveflow.rehearsed_locks (relation oid NOT NULL, mode text NOT NULL);
TRUNCATE _driveflow.rehearsed_locks;
CREATE OR REPLACE FUNCTION _driveflow.keep_locks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO _driveflow.rehearsed_locks
    SELECT relation, mode
    FROM pg_catalog.pg_locks
    WHERE locktype = 'relation' AND granted AND relation >= 16384 AND pid = pg_catalog.pg_backend_pid();
    RETURN NULL;
END
$$;
DROP TRIGGER IF EXISTS keep_locks ON {table};
CREATE TRIGGER keep_locks AFTER INSERT OR UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION _driveflow.keep_locks()
