-- What PostgreSQL 14 and 15 brought.
CREATE TABLE t (a int, b int, c int UNIQUE NULLS NOT DISTINCT, d numeric(3, -2), e int4multirange, f text COMPRESSION pglz);
CREATE UNIQUE INDEX nulls ON t (a) NULLS NOT DISTINCT;
CREATE TABLE u (a int, b int, PRIMARY KEY (a, b));
ALTER TABLE t ADD CONSTRAINT some_of FOREIGN KEY (a, b) REFERENCES u ON DELETE SET NULL (b);
CREATE FUNCTION one() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
CREATE VIEW v WITH (security_invoker = true) AS SELECT t.a, u.b FROM t JOIN u ON t.a = u.a;
