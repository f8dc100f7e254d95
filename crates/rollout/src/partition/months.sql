-- Of the tables of the schemas $1 that are partitioned by the range of one column that is a time: those with a partition that
-- is a month, and of their months from this one on, up to $2 ahead, the ones that no partition is for.
WITH parted AS (
    SELECT c.oid, c.relname, n.nspname
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
    WHERE n.nspname = ANY ($1) AND p.partstrat = 'r' AND p.partnatts = 1
      AND a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype, 'date'::regtype)
), bounds AS (
    SELECT parted.oid, regexp_match(pg_catalog.pg_get_expr(k.relpartbound, k.oid),
               '^FOR VALUES FROM \((?:MINVALUE|''([^'']+)'')\) TO \((?:MAXVALUE|''([^'']+)'')\)$') AS ends
    FROM parted
    JOIN pg_catalog.pg_inherits i ON i.inhparent = parted.oid
    JOIN pg_catalog.pg_class k ON k.oid = i.inhrelid
), ranges AS (
    SELECT oid, coalesce(ends[1]::timestamptz, '-infinity') AS from_time, coalesce(ends[2]::timestamptz, 'infinity') AS to_time
    FROM bounds WHERE ends IS NOT NULL
)
SELECT parted.oid, parted.nspname::text, parted.relname::text, to_char(month.at AT TIME ZONE 'UTC', 'YYYY_MM'),
       to_char(month.at AT TIME ZONE 'UTC', 'YYYY-MM-DD 00:00:00+00'),
       to_char((month.at + INTERVAL '1 month') AT TIME ZONE 'UTC', 'YYYY-MM-DD 00:00:00+00')
FROM parted
CROSS JOIN LATERAL (
    SELECT date_trunc('month', now()) + ahead * INTERVAL '1 month' AS at FROM generate_series(0, $2::integer) AS ahead
) AS month
WHERE EXISTS (
    SELECT FROM ranges
    WHERE ranges.oid = parted.oid AND from_time = date_trunc('month', from_time) AND isfinite(from_time)
      AND to_time = from_time + INTERVAL '1 month'
) AND NOT EXISTS (
    SELECT FROM ranges
    WHERE ranges.oid = parted.oid AND from_time <= month.at AND to_time >= month.at + INTERVAL '1 month'
)
ORDER BY 2, 3, 4
