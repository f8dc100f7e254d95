
-- Every write to the old table is one to the new one too.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, {namespace}, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    TRUNCATE {new};
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' AND ({old_key}) IS DISTINCT FROM ({new_key}) THEN
    DELETE FROM {new} AS p WHERE {same};
    IF NOT FOUND AND current_setting('transaction_isolation') NOT LIKE 'read %' THEN
      -- A copy of it that was made since the transaction began is not seen by it, but in the way of another: then it is
      -- told that it could not be serialized.
      INSERT INTO {new} ({columns}) VALUES ({old_values}) ON CONFLICT ({key}) DO NOTHING;
      DELETE FROM {new} AS p WHERE {same};
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN NULL;
  END IF;
  INSERT INTO {new} ({columns}) VALUES ({values})
  ON CONFLICT ({key}) DO {conflict};
  RETURN NULL;
END
$$;

CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE ON {old}
FOR EACH ROW EXECUTE FUNCTION {function}();
ALTER TABLE {old} ENABLE ALWAYS TRIGGER {trigger};
CREATE TRIGGER {truncate} AFTER TRUNCATE ON {old}
FOR EACH STATEMENT EXECUTE FUNCTION {function}();
ALTER TABLE {old} ENABLE ALWAYS TRIGGER {truncate};
