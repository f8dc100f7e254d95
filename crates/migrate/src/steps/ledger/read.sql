SELECT step, steps, checksum, summary, begun_at IS NOT NULL, done_at IS NOT NULL, before
FROM _driveflow.steps
WHERE attempt = $1
ORDER BY step
