INSERT INTO {table} (id, checksum, started_at, migration_name) VALUES ({id}, {checksum}, clock_timestamp(), {name});
