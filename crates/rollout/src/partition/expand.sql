-- Expand: a table in partitions beside {old}, which a trigger keeps equal to it.
CREATE SCHEMA IF NOT EXISTS "_driveflow";

-- What would be lost with the old table is not taken away in silence.
DO $$
DECLARE
  lost record;
BEGIN
  FOR lost IN
{losses}
  LOOP
    RAISE EXCEPTION '% of % would be lost with the table that its partitions replace', lost.what, {old_text}
      USING ERRCODE = 'feature_not_supported', HINT = lost.help;
  END LOOP;
END
$$;

CREATE TABLE {new} (
  LIKE {old} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING STATISTICS INCLUDING COMMENTS
) PARTITION BY RANGE ({column});

ALTER TABLE {new} ADD CONSTRAINT {pkey} PRIMARY KEY ({key});

-- A partition for each month from the first row on, and one for all that has none.
DO $$
DECLARE
  zone text := current_setting('TimeZone');
  month timestamp;
  last timestamp := date_trunc('month', now() AT TIME ZONE 'UTC') + INTERVAL '{ahead} months';
BEGIN
  PERFORM set_config('TimeZone', 'UTC', true);
  SELECT date_trunc('month', min(t.{column})::timestamp) INTO month FROM {old} AS t;
  month := greatest(coalesce(month, last - INTERVAL '{ahead} months'), last - INTERVAL '{back} months');
  WHILE month <= last LOOP
    EXECUTE format(
      'CREATE TABLE %I.%I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)',
      {namespace}, {child} || to_char(month, 'YYYY_MM'), {new_text},
      to_char(month, 'YYYY-MM-DD 00:00:00+00'), to_char(month + INTERVAL '1 month', 'YYYY-MM-DD 00:00:00+00')
    );
    month := month + INTERVAL '1 month';
  END LOOP;
  PERFORM set_config('TimeZone', zone, true);
END
$$;
CREATE TABLE {rest} PARTITION OF {new} DEFAULT;
