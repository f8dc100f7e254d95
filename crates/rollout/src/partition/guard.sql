-- Contract: the partitioned table takes the place of the old one. It begins with a look at whether it may.
DO $guard$
DECLARE
  found record;
BEGIN
  -- From here on nobody changes what the tables are.
  LOCK TABLE {old}, {new} IN ACCESS SHARE MODE;
  FOR found IN
    SELECT coalesce(o.attname, n.attname) AS name, o.type AS was, n.type AS becomes
    FROM (
      SELECT attname, pg_catalog.format_type(atttypid, atttypmod) AS type
      FROM pg_catalog.pg_attribute WHERE attrelid = {old_text}::regclass AND attnum > 0 AND NOT attisdropped
    ) AS o
    FULL JOIN (
      SELECT attname, pg_catalog.format_type(atttypid, atttypmod) AS type
      FROM pg_catalog.pg_attribute WHERE attrelid = {new_text}::regclass AND attnum > 0 AND NOT attisdropped
    ) AS n ON o.attname = n.attname
    WHERE o.type IS DISTINCT FROM n.type
    ORDER BY 1 LIMIT 1
  LOOP
    RAISE EXCEPTION 'the column % of % is %, but % in the partitioned table: it was changed since that one was made', quote_ident(found.name), {old_text},
      coalesce(found.was, 'missing'), coalesce(found.becomes, 'missing')
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'begin anew: cargo xtask migrate abort {digits}, then cargo xtask migrate partition; or take the change of the column back';
  END LOOP;
  FOR found IN
{losses}
  LOOP
    RAISE EXCEPTION '% of % would be lost: it was made since the partitioned table was', found.what, {old_text}
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = found.help;
  END LOOP;
{proofs}END
$guard$;

