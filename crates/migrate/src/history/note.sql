INSERT INTO {table} (id, checksum, started_at, finished_at, migration_name, logs, applied_steps_count)
VALUES ({id}, {checksum}, {started_at}, {finished_at}, {name}, {logs}, {steps});
