-- What PostgreSQL 18 knows besides, with rows.
CREATE TABLE newer (
    id integer PRIMARY KEY,
    a integer,
    b integer,
    doubled integer GENERATED ALWAYS AS (a * 2) VIRTUAL,
    named integer CONSTRAINT always NOT NULL,
    unnamed integer NOT NULL,
    span int4range,
    CONSTRAINT idle CHECK (b > 0) NOT ENFORCED
);
CREATE TABLE virtual (a integer, doubled integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
ALTER TABLE newer ADD CONSTRAINT a_there NOT NULL a NOT VALID;
ALTER TABLE newer ADD CONSTRAINT b_there NOT NULL b NOT VALID;
ALTER TABLE newer VALIDATE CONSTRAINT b_there;
ALTER TABLE newer ADD CONSTRAINT loose FOREIGN KEY (b) REFERENCES parent (id) NOT ENFORCED;
ALTER TABLE newer ADD CONSTRAINT bound FOREIGN KEY (b) REFERENCES parent (id);
INSERT INTO newer (id, a, b, named, unnamed, span) SELECT n, n, n, n, n, int4range(n, n + 1) FROM generate_series(1, 50) n;
INSERT INTO virtual SELECT n FROM generate_series(1, 50) n;
