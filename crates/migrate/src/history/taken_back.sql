SET CONSTRAINTS ALL IMMEDIATE;
RESET ROLE;
UPDATE {table} SET rolled_back_at = clock_timestamp(), logs = NULL WHERE id = {id};
