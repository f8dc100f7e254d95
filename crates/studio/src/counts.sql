-- The server's estimates. A partitioned table has none of its own: its partitions have.
LEFT JOIN LATERAL (
    SELECT c.oid,
           CASE
               WHEN c.relkind = 'p' THEN
                   (SELECT sum(greatest(part.reltuples, 0))
                    FROM pg_catalog.pg_partition_tree(c.oid) tree
                    JOIN pg_catalog.pg_class part ON part.oid = tree.relid AND tree.isleaf)
               ELSE c.reltuples
           END AS estimate
    FROM pg_catalog.pg_class c
    WHERE c.oid = v.oid
) c ON true
