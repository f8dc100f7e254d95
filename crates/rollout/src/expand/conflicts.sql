CREATE TABLE IF NOT EXISTS "_driveflow"."conflicts" (
    "rollout" text NOT NULL,
    "table" text NOT NULL,
    "key" jsonb NOT NULL,
    "old" jsonb NOT NULL,
    "new" jsonb NOT NULL,
    "at" timestamptz NOT NULL DEFAULT clock_timestamp()
)
