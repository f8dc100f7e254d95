-- How many of the pages that were asked for were in memory.
SELECT
    'database ' || datname AS "subject",
    (100.0 * blks_hit / (blks_hit + blks_read))::float8 AS "value",
    format(
        '%s pages from memory, %s from the disk, since %s', blks_hit, blks_read,
        COALESCE(to_char(stats_reset, 'YYYY-MM-DD HH24:MI'), 'the statistics began')
    ) AS "detail",
    'more shared_buffers and a restart, or an index for what is read whole; then SELECT pg_stat_reset(), to count anew' AS "advice"
FROM pg_stat_database
-- Fewer reads say nothing yet.
WHERE datname = current_database() AND blks_hit + blks_read >= 100000
