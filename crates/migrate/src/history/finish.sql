UPDATE {table} SET applied_steps_count = applied_steps_count + 1, finished_at = clock_timestamp() WHERE id = {id};
