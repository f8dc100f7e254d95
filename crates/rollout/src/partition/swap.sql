-- All of this is done at once, and soon done: nobody can read the table meanwhile.
BEGIN;
LOCK TABLE {old}, {new} IN ACCESS EXCLUSIVE MODE;

{without_mirror}
{sequences}ALTER TABLE {old} RENAME TO {retired_name};
-- Its indexes make room for those of the new one.
DO $$
DECLARE
  one regclass;
BEGIN
  FOR one IN SELECT indexrelid::regclass FROM pg_catalog.pg_index WHERE indrelid = {retired_text}::regclass LOOP
    EXECUTE format('ALTER INDEX %s RENAME TO %I', one, 'driveflow_retired_' || one::oid);
  END LOOP;
END
$$;
ALTER TABLE {new} RENAME TO {name};
{names}
COMMIT;

-- The old table goes: what it has to do with others first, then its files, which take their time.
BEGIN;
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT conname FROM pg_catalog.pg_constraint WHERE conrelid = {retired_text}::regclass AND contype = 'f' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', {retired_text}, name);
  END LOOP;
END
$$;
COMMIT;
DROP TABLE {retired};
