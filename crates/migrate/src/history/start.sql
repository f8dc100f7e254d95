RESET ROLE;
RESET ALL;
SET search_path TO {schema};
-- Not waited for: whatever the script commits takes this note to the disk with it, and where a crash comes before that,
-- neither is left.
SET LOCAL synchronous_commit TO off;
INSERT INTO {table} (id, checksum, started_at, migration_name) VALUES ({id}, {checksum}, clock_timestamp(), {name});
