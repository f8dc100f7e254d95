-- How many transactions ago each database was last frozen whole: at two billion the server stops taking writes.
SELECT
    'database ' || datname AS "subject",
    greatest(age(datfrozenxid), mxid_age(datminmxid))::float8 AS "value",
    format('%s transactions, %s multixacts since the last freeze', age(datfrozenxid), mxid_age(datminmxid)) AS "detail",
    format('vacuumdb --freeze --jobs 2 %s, after what holds xmin is gone', quote_ident(datname)) AS "advice"
FROM pg_database
WHERE datallowconn
