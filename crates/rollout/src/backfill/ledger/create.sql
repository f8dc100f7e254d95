-- How far backfills have come. A row is written with the rows of the table that it counts, in one transaction.
CREATE TABLE IF NOT EXISTS _driveflow.backfills (
    id         BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The schema of the history that has the migration.
    schema     TEXT    NOT NULL,
    migration  TEXT    NOT NULL,
    -- Which part of the migration's it is, from 1.
    part       INTEGER NOT NULL,
    -- The table, as SQL; null where it is what follows the fills.
    relation   TEXT,
    -- The columns of the key.
    key        TEXT[],
    -- What is done. Where it is something else now, it begins anew.
    definition TEXT    NOT NULL,
    -- The attempt at the migration that it belongs to; where it was applied anew since, it begins anew too.
    attempt    TEXT,
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'cancelled', 'done')),
    -- The last key that was handed out, and the last that there is to hand out.
    cursor     TEXT[],
    upper      TEXT[],
    seen       BIGINT  NOT NULL DEFAULT 0,
    changed    BIGINT  NOT NULL DEFAULT 0,
    -- How many rows there are, by the planner's estimate at the start.
    total      BIGINT,
    batch_size INTEGER NOT NULL DEFAULT 500,
    -- Rows a second, lately, and since when and from where that is counted.
    rate       DOUBLE PRECISION,
    rate_at    TIMESTAMPTZ,
    rate_seen  BIGINT,
    started_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    done_at    TIMESTAMPTZ,
    -- What stopped it last.
    error      TEXT,
    UNIQUE (schema, migration, part)
);
-- The batches that somebody is at work at: of keys after `after`, which is null for the first, up to `upto`.
CREATE TABLE IF NOT EXISTS _driveflow.batches (
    backfill   BIGINT  NOT NULL,
    -- Who holds an advisory lock of this number for as long as it is connected.
    worker     INTEGER NOT NULL,
    after      TEXT[],
    upto       TEXT[]  NOT NULL,
    size       BIGINT  NOT NULL,
    claimed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (backfill, worker)
);
