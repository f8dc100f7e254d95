-- All of this is done at once, and soon done: nobody can read the table meanwhile.
BEGIN;
-- Autovacuum, which gives way to whoever has waited for a second, has done so before anybody is kept out; and the partitions
-- are not concerned.
LOCK TABLE {old}, ONLY {new} IN SHARE UPDATE EXCLUSIVE MODE;
LOCK TABLE {old}, ONLY {new} IN ACCESS EXCLUSIVE MODE;

{without_mirror}
{sequences}ALTER TABLE {old} RENAME TO {retired_name};
-- Its indexes make room for those of the new one.
-- lint: allow work-under-lock because it gives names, and looks at no row
-- lint: allow unread because it does nothing but ALTER INDEX … RENAME, of indexes of this table
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

{untied}-- The old table goes. Its files take their time, and nobody waits for that.
DROP TABLE {retired};
