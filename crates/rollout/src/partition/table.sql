-- What a new partition of the table $1 has to be like, and what moving rows into it from the partition of all the rest takes.
WITH siblings AS (
    SELECT k.oid, k.relname::text AS name, k.reloptions, k.reltoastrelid
    FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS k ON k.oid = i.inhrelid
    WHERE i.inhparent = $1 AND k.relname ~ '_\d{4}_\d{2}$'
    ORDER BY substring(k.relname FROM '\d{4}_\d{2}$') DESC LIMIT 1
), columns AS (
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS names
    FROM pg_catalog.pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
), keys AS (
    -- Keys of others that refer to it: what is taken out of a partition would be deleted there as well.
    SELECT string_agg(format(E'ALTER TABLE %I.%I DROP CONSTRAINT %I;\n', n.nspname, c.relname, k.conname), '' ORDER BY k.oid) AS without,
           string_agg(format(E'ALTER TABLE %I.%I ADD CONSTRAINT %I %s;\n', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)), '' ORDER BY k.oid) AS again
    FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE k.contype = 'f' AND k.confrelid = $1 AND k.conparentid = 0
), triggers AS (
    -- Nothing is deleted, as triggers would have it.
    SELECT string_agg(format(E'ALTER TABLE %I.%I DISABLE TRIGGER %I;\n', n.nspname, c.relname, t.tgname), '' ORDER BY t.oid) AS without,
           string_agg(format(
               E'ALTER TABLE %I.%I ENABLE %sTRIGGER %I;\n', n.nspname, c.relname,
               CASE t.tgenabled WHEN 'A' THEN 'ALWAYS ' WHEN 'R' THEN 'REPLICA ' ELSE '' END, t.tgname
           ), '' ORDER BY t.oid) AS again
    FROM pg_catalog.pg_partitioned_table AS p
    JOIN pg_catalog.pg_class AS c ON c.oid = p.partdefid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = c.oid
    WHERE p.partrelid = $1 AND t.tgenabled <> 'D'
      -- Before 15 what a partition has of its table counts as internal.
      AND (NOT t.tgisinternal OR t.tgparentid <> 0 AND t.tgconstrrelid = 0)
)
SELECT (SELECT regexp_replace(name, '_\d{4}_\d{2}$', '') FROM siblings) AS stem,
       (
           SELECT string_agg(format('%s%s = %L', o.prefix, split_part(o.entry, '=', 1), substr(o.entry, strpos(o.entry, '=') + 1)), ', ')
           FROM (
               SELECT '' AS prefix, unnest(s.reloptions) AS entry FROM siblings AS s
               UNION ALL
               SELECT 'toast.', unnest(t.reloptions) FROM siblings AS s JOIN pg_catalog.pg_class AS t ON t.oid = s.reltoastrelid
           ) AS o
       ) AS options,
       (
           SELECT quote_ident(pg_get_userbyid(relowner)) FROM pg_catalog.pg_class
           WHERE oid = $1 AND pg_get_userbyid(relowner) <> current_user
       ) AS owner,
       (
           SELECT format('%I.%I', n.nspname, c.relname)
           FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = p.partdefid
       ) AS rest,
       (
           SELECT quote_ident(attname) FROM pg_catalog.pg_attribute WHERE attrelid = $1 AND attnum = p.partattrs[0]
       ) AS by_column,
       columns.names AS columns,
       coalesce(keys.without || triggers.without, keys.without, triggers.without, '') AS without,
       coalesce(triggers.again, '') AS triggers_again, coalesce(keys.again, '') AS keys_again
FROM pg_catalog.pg_partitioned_table AS p, columns, keys, triggers
WHERE p.partrelid = $1
