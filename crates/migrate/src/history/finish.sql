-- What was put off to the end of the transaction runs in the script's session, not in the next one's.
SET CONSTRAINTS ALL IMMEDIATE;
{session}UPDATE {table} SET applied_steps_count = applied_steps_count + 1, finished_at = clock_timestamp() WHERE id = {id};
