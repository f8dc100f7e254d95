-- How many conflicts one rollout has, and the last of them. $1 are the 14 digits that its name begins with, $2 how many are
-- wanted.
SELECT (SELECT count(*) FROM _driveflow.conflicts c WHERE left(c.rollout, 14) = $1) AS count,
       ARRAY(SELECT (to_jsonb(c) - 'rollout')::text FROM _driveflow.conflicts c WHERE left(c.rollout, 14) = $1
             ORDER BY c.at DESC LIMIT $2) AS last
