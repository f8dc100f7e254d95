{session}UPDATE {table} SET rolled_back_at = clock_timestamp(), logs = NULL WHERE id = {id};
