-- Expand: a table in partitions beside {old}, which a trigger keeps equal to it.
CREATE SCHEMA IF NOT EXISTS "_driveflow";

-- What would be lost with the old table is not taken away in silence.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = {old_text}::regclass AND NOT tgisinternal)
    OR EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = {old_text}::regclass AND relrowsecurity) THEN
    RAISE EXCEPTION 'triggers and policies of % would not be those of its partitions', {old_text}
      USING ERRCODE = 'feature_not_supported', HINT = 'drop them before, and make them anew after the contract';
  END IF;
END
$$;

CREATE TABLE {new} (
  LIKE {old} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMMENTS
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
      'CREATE TABLE %I.%I PARTITION OF {new} FOR VALUES FROM (%L) TO (%L)',
      {namespace}, {child} || to_char(month, 'YYYY_MM'),
      to_char(month, 'YYYY-MM-DD 00:00:00+00'), to_char(month + INTERVAL '1 month', 'YYYY-MM-DD 00:00:00+00')
    );
    month := month + INTERVAL '1 month';
  END LOOP;
  PERFORM set_config('TimeZone', zone, true);
END
$$;
CREATE TABLE {rest} PARTITION OF {new} DEFAULT;

-- Whoever may do something with the old table may do it with this one.
DO $$
DECLARE
  may record;
BEGIN
  FOR may IN
    SELECT a.grantee, a.privilege_type, a.is_grantable
    FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(c.relacl) AS a
    WHERE c.oid = {old_text}::regclass AND a.grantee <> c.relowner
  LOOP
    EXECUTE format(
      'GRANT %s ON TABLE %s TO %s%s', may.privilege_type, {new_text},
      CASE WHEN may.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(may.grantee)) END,
      CASE WHEN may.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
    );
  END LOOP;
END
$$;
