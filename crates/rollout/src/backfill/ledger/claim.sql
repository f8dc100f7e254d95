-- Takes the next batch for a worker, whose transaction has locked the backfill's row: one whose worker is gone, else the
-- rows that come next. With it comes how all stands.
WITH b AS MATERIALIZED (
    SELECT id, cursor, upper FROM _driveflow.backfills WHERE id = {id} AND state = 'running'
), dead AS MATERIALIZED (
    SELECT c.worker
    FROM _driveflow.batches c JOIN b ON c.backfill = b.id
    WHERE c.worker <> {worker} AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_locks l
        WHERE l.locktype = 'advisory' AND l.classid = {locks}::int4::oid AND l.objid = c.worker::oid AND l.objsubid = 2
          AND l.granted
          AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
    )
    LIMIT 1
), taken AS (
    UPDATE _driveflow.batches c SET worker = {worker}, claimed_at = clock_timestamp()
    FROM dead WHERE c.backfill = {id} AND c.worker = dead.worker
    RETURNING c.after, c.upto, c.size
), ahead AS MATERIALIZED (
    SELECT b.cursor AS after, coalesce(x.upto, b.upper) AS upto,
           CASE WHEN x.upto IS NOT NULL THEN {size} ELSE (
               SELECT count(*) FROM {relation} AS t WHERE {range}
           ) END AS size
    FROM b
    LEFT JOIN LATERAL (
        SELECT {texts} AS upto FROM {relation} AS t WHERE {range} ORDER BY {order} OFFSET {before} LIMIT 1
    ) AS x ON true
    WHERE b.cursor IS DISTINCT FROM b.upper AND NOT EXISTS (SELECT FROM dead)
), made AS (
    INSERT INTO _driveflow.batches (backfill, worker, after, upto, size)
    SELECT {id}, {worker}, after, upto, size FROM ahead
    RETURNING after, upto, size
), moved AS (
    UPDATE _driveflow.backfills f SET cursor = ahead.upto FROM ahead WHERE f.id = {id}
), ended AS (
    UPDATE _driveflow.backfills f SET state = 'done', done_at = clock_timestamp(), updated_at = clock_timestamp()
    FROM b
    WHERE f.id = {id} AND b.cursor IS NOT DISTINCT FROM b.upper
      AND NOT EXISTS (SELECT FROM _driveflow.batches WHERE backfill = {id})
    RETURNING f.id
)
SELECT CASE WHEN EXISTS (SELECT FROM ended) THEN 'done' ELSE f.state END AS state,
       f.seen, f.changed, f.total,
       CASE WHEN f.rate_at > clock_timestamp() - INTERVAL '30 s' THEN f.rate END AS rate,
       (SELECT count(*) FROM _driveflow.batches WHERE backfill = {id} AND worker <> {worker}) AS others,
       EXISTS (SELECT FROM taken) AS is_taken_over,
       claim.after, claim.upto, claim.size
FROM _driveflow.backfills f
LEFT JOIN (SELECT * FROM taken UNION ALL SELECT * FROM made) AS claim ON true
WHERE f.id = {id}
