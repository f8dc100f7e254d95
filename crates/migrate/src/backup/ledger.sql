-- The ledger of backups: where each is, and by which checksum it is known.
CREATE TABLE IF NOT EXISTS _driveflow.backups (
    id text PRIMARY KEY,
    taken_at timestamptz NOT NULL,
    place text NOT NULL,
    bytes bigint NOT NULL,
    tables bigint NOT NULL,
    rows bigint NOT NULL,
    checksum text NOT NULL,
    server_version bigint NOT NULL,
    dumped_by text NOT NULL
)
