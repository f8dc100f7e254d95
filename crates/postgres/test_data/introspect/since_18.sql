-- What PostgreSQL 16, 17 and 18 brought.
CREATE TABLE t (
    a int CONSTRAINT a_is_there NOT NULL,
    b int GENERATED ALWAYS AS (a * 2) VIRTUAL,
    c int GENERATED ALWAYS AS (a * 3) STORED,
    d uuid DEFAULT uuidv7(),
    e int, f int,
    CONSTRAINT not_really CHECK (a > 0) NOT ENFORCED
);
ALTER TABLE t ADD CONSTRAINT not_yet NOT NULL e NOT VALID;
CREATE TABLE rooms (id int4range, at tsrange, other int4range, CONSTRAINT rooms_pk PRIMARY KEY (id, at WITHOUT OVERLAPS),
    UNIQUE (other, at WITHOUT OVERLAPS));
CREATE TABLE bookings (id int, room int4range, at tsrange,
    FOREIGN KEY (room, PERIOD at) REFERENCES rooms (id, PERIOD at));
ALTER TABLE t ADD PRIMARY KEY (a);
ALTER TABLE t ADD CONSTRAINT loose FOREIGN KEY (f) REFERENCES t (a) NOT ENFORCED;
