CREATE SCHEMA people;
CREATE SCHEMA work;
CREATE TYPE work."Level" AS ENUM ('basic', 'expert');
CREATE TABLE people.persons (person_id serial PRIMARY KEY, full_name text NOT NULL);
CREATE TABLE people."Badge" (number text PRIMARY KEY, owner int UNIQUE REFERENCES people.persons);
CREATE TABLE work.skills (skill_code text PRIMARY KEY, level work."Level" NOT NULL DEFAULT 'basic');
CREATE TABLE work."Job" (
    id int PRIMARY KEY, "personId" int NOT NULL REFERENCES people.persons, "startAt" timestamptz(6) NOT NULL, hours int, marks int[]
);
CREATE TABLE people."_PersonToSkill" (
    "A" int NOT NULL REFERENCES people.persons ON DELETE CASCADE ON UPDATE CASCADE,
    "B" text NOT NULL REFERENCES work.skills ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "_PersonToSkill_AB_pkey" PRIMARY KEY ("A", "B")
);
CREATE INDEX ON people."_PersonToSkill" ("B");
CREATE TABLE people."_Friends" (
    "A" int NOT NULL REFERENCES people.persons ON DELETE CASCADE ON UPDATE CASCADE,
    "B" int NOT NULL REFERENCES people.persons ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "_Friends_AB_pkey" PRIMARY KEY ("A", "B")
);
CREATE INDEX ON people."_Friends" ("B");
INSERT INTO people.persons (full_name) VALUES ('Ada'), ('Ben'), ('Cem'), ('Dora');
INSERT INTO people."Badge" VALUES ('b1', 1), ('b2', 2), ('spare', NULL);
INSERT INTO work.skills VALUES ('c:drive', 'expert'), ('park', 'basic'), ('rally', 'expert'), ('sail', 'basic');
INSERT INTO work."Job" VALUES
    (1, 1, '2026-01-05 08:00+01', 4, '{1,2}'), (2, 1, '2026-02-05 08:00+01', 8, '{}'),
    (3, 2, '2026-01-06 08:00+01', 2, '{2,3}'), (4, 2, '2026-03-06 08:00+01', NULL, NULL),
    (5, 3, '2026-01-07 08:00+01', 9, '{3}');
INSERT INTO people."_PersonToSkill" VALUES (1, 'c:drive'), (1, 'park'), (2, 'park'), (3, 'rally');
INSERT INTO people."_Friends" VALUES (1, 2), (1, 3), (2, 3);
ANALYZE;
