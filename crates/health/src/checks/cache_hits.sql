-- How many of the pages that were asked for were in memory.
SELECT
    'database ' || datname AS "subject",
    (100.0 * blks_hit / (blks_hit + blks_read))::float8 AS "value",
    format('%s pages from memory, %s from the disk', blks_hit, blks_read) AS "detail",
    'more shared_buffers, or an index for what is read whole' AS "advice"
FROM pg_stat_database
-- Fewer reads say nothing yet.
WHERE datname = current_database() AND blks_hit + blks_read >= 100000
