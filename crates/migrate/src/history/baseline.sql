UPDATE {table} SET rolled_back_at = clock_timestamp()
WHERE migration_name = {name} AND finished_at IS NULL AND rolled_back_at IS NULL;
INSERT INTO {table} (id, checksum, started_at, finished_at, migration_name) VALUES ({id}, {checksum}, now(), now(), {name});
