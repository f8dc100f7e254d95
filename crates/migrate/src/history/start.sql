RESET ROLE;
RESET ALL;
SET search_path TO {schema};
INSERT INTO {table} (id, checksum, started_at, migration_name) VALUES ({id}, {checksum}, clock_timestamp(), {name});
