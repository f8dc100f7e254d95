-- What the user may do in the schema $1, and which of its tables belong to others.
WITH tables AS (
    SELECT relname::text AS name
    FROM pg_class
    WHERE relnamespace = to_regnamespace(quote_ident($1))
        AND relkind IN ('r', 'p')
        AND NOT pg_has_role(relowner, 'USAGE')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
)
SELECT
    current_user::text AS "user",
    to_regnamespace(quote_ident($1)) IS NOT NULL AS "exists",
    has_database_privilege(current_database(), 'CREATE') AS "makes_schemas",
    coalesce(
        has_schema_privilege(to_regnamespace(quote_ident($1)), 'USAGE')
        AND has_schema_privilege(to_regnamespace(quote_ident($1)), 'CREATE'), FALSE
    ) AS "makes_tables",
    ARRAY(SELECT name FROM tables ORDER BY name LIMIT 3) AS "of_others",
    (SELECT count(*) FROM tables) AS "number"
