CREATE TABLE IF NOT EXISTS _driveflow.steps (
    -- The attempt's id in the history, whose schema is beside it: several histories may share the ledger.
    attempt     VARCHAR(36) NOT NULL,
    schema      TEXT        NOT NULL,
    migration   TEXT        NOT NULL,
    -- Of the file as it was begun.
    checksum    VARCHAR(64) NOT NULL,
    step        INTEGER     NOT NULL,
    steps       INTEGER     NOT NULL,
    summary     TEXT        NOT NULL,
    begun_at    TIMESTAMPTZ,
    done_at     TIMESTAMPTZ,
    -- What was there before that might be taken for the step's own work afterwards.
    before      TEXT[],
    PRIMARY KEY (attempt, step)
)
