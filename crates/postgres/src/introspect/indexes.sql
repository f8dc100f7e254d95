-- A row for each part of each index, those after INCLUDE last. Servers before 15 have no
-- `indnullsnotdistinct`; they are asked for `false`.
SELECT n.nspname::text,
       t.relname::text,
       i.relname::text,
       x.indisunique,
       x.indisprimary,
       x.indisvalid,
       am.amname::text,
       pg_get_expr(x.indpred, x.indrelid),
       x.indnullsnotdistinct,
       con.contype::text,
       coalesce(con.condeferrable, false),
       coalesce(con.condeferred, false),
       part.at > x.indnkeyatts,
       a.attname::text,
       CASE WHEN x.indkey[part.at - 1] = 0 THEN pg_get_indexdef(x.indexrelid, part.at::int, true) END,
       oc.opcname::text,
       oc.opcdefault,
       coalesce(x.indoption[part.at - 1] & 1 = 1, false),
       coalesce(x.indoption[part.at - 1] & 2 = 2, false),
       coalesce(pg_indexam_has_property(am.oid, 'can_order'), false),
       CASE WHEN co.oid <> a.attcollation THEN co.collname::text END
FROM pg_namespace n
JOIN pg_class t ON t.relnamespace = n.oid
JOIN pg_index x ON x.indrelid = t.oid
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_am am ON am.oid = i.relam
CROSS JOIN LATERAL generate_series(1, x.indnatts) AS part (at)
LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[part.at - 1] AND a.attnum <> 0
LEFT JOIN pg_opclass oc ON oc.oid = x.indclass[part.at - 1] AND part.at <= x.indnkeyatts
LEFT JOIN pg_collation co ON co.oid = x.indcollation[part.at - 1] AND part.at <= x.indnkeyatts
LEFT JOIN pg_constraint con ON con.conindid = x.indexrelid AND con.contype IN ('p', 'u', 'x')
WHERE n.nspname = ANY ($1)
  AND t.relkind IN ('r', 'p')
ORDER BY n.nspname, t.relname, i.relname, part.at
