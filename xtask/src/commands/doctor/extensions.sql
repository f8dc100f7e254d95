-- Of the extensions $1: whether they are made in this database, and whether the server has their files.
SELECT
    wanted.name,
    EXISTS (SELECT FROM pg_extension WHERE extname = wanted.name) AS "made",
    EXISTS (SELECT FROM pg_available_extensions AS available WHERE available.name = wanted.name) AS "available"
FROM unnest($1::text[]) AS wanted (name)
ORDER BY wanted.name
