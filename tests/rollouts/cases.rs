//! The kinds of change, each with the writes of the release before and of the one after.

use super::app::ROWS;

/// One change.
pub(super) struct Case {
    pub(super) label: &'static str,
    /// The models as they are, and as they are to be.
    pub(super) before: &'static str,
    pub(super) after: &'static str,
    /// What is said of it beside `--zero-downtime`.
    pub(super) flags: &'static [&'static str],
    /// The rows at first: `{rows}` is how many.
    pub(super) seed: &'static str,
    /// Writes of the old release, and of the new one during the rollout: see [`super::app`].
    pub(super) old: &'static [&'static str],
    pub(super) new: &'static [&'static str],
    /// The same change as an ordinary migration, with downtime.
    pub(super) plain: &'static str,
    /// Whether both sides have one name in the end: until the contract both releases write the old one.
    pub(super) is_swapped: bool,
    /// Whether it is noticed that the old release writes.
    pub(super) is_noticed: bool,
    /// Checks that are there in the end.
    pub(super) checks: &'static [&'static str],
}

impl Case {
    pub(super) fn seed(&self) -> String {
        self.seed.replace("{rows}", &ROWS.to_string())
    }
}

const STUDENT: &str = "model Student {\n  id Int @id\n  fullName String\n}\n";
const STUDENTS: &str =
    "INSERT INTO \"Student\" SELECT i, 'Ann ' || i FROM generate_series(1, {rows}) i";

pub(super) const CASES: &[Case] = &[
    Case {
        label: "rename_column",
        before: STUDENT,
        after: "model Student {\n  id Int @id\n  full_name String\n}\n",
        flags: &["--rename", "Student.fullName:full_name"],
        seed: STUDENTS,
        old: &[
            "UPDATE \"Student\" SET \"fullName\" = 'old {v}' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, \"fullName\") VALUES ({n}, 'old {v}') ON CONFLICT (id) DO UPDATE SET \"fullName\" = EXCLUDED.\"fullName\"",
            "DELETE FROM \"Student\" WHERE id = {n}",
        ],
        new: &[
            "UPDATE \"Student\" SET full_name = 'new {v}' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, full_name) VALUES ({n}, 'new {v}') ON CONFLICT (id) DO UPDATE SET full_name = EXCLUDED.full_name",
            "DELETE FROM \"Student\" WHERE id = {i} AND id % 7 = 0",
        ],
        plain: "ALTER TABLE \"Student\" RENAME COLUMN \"fullName\" TO full_name",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
    Case {
        label: "rename_table",
        before: STUDENT,
        after: "model Pupil {\n  id Int @id\n  fullName String\n}\n",
        flags: &["--rename", "Student:Pupil"],
        seed: STUDENTS,
        old: &[
            "UPDATE \"Student\" SET \"fullName\" = 'old {v}' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, \"fullName\") VALUES ({n}, 'old {v}') ON CONFLICT (id) DO UPDATE SET \"fullName\" = EXCLUDED.\"fullName\"",
        ],
        new: &[
            "UPDATE \"Pupil\" SET \"fullName\" = 'new {v}' WHERE id = {i}",
            "INSERT INTO \"Pupil\" (id, \"fullName\") VALUES ({n}, 'new {v}') ON CONFLICT (id) DO UPDATE SET \"fullName\" = EXCLUDED.\"fullName\"",
        ],
        plain: "ALTER TABLE \"Student\" RENAME TO \"Pupil\"",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
    Case {
        // No cast leads from the one to the other: what leads there is said.
        label: "rename_with_type",
        before: "model Lesson {\n  id Int @id\n  start String\n}\n",
        after: "model Lesson {\n  id Int @id\n  startsAt DateTime\n}\n",
        flags: &[
            "--rename",
            "Lesson.start:startsAt",
            "--using",
            "Lesson.startsAt=\"start\"::timestamp",
            "--using",
            "Lesson.start=\"startsAt\"::text",
        ],
        seed: "INSERT INTO \"Lesson\" SELECT i, (timestamp '2026-01-01' + i * interval '1 hour')::text FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"Lesson\" SET start = (timestamp '2026-02-01' + {v} * interval '1 minute')::text WHERE id = {i}",
            "INSERT INTO \"Lesson\" (id, start) VALUES ({n}, '2026-03-01 09:00') ON CONFLICT (id) DO UPDATE SET start = EXCLUDED.start",
        ],
        new: &[
            "UPDATE \"Lesson\" SET \"startsAt\" = timestamp '2026-04-01' + {v} * interval '1 minute' WHERE id = {i}",
            "INSERT INTO \"Lesson\" (id, \"startsAt\") VALUES ({n}, '2026-05-01 09:00') ON CONFLICT (id) DO UPDATE SET \"startsAt\" = EXCLUDED.\"startsAt\"",
        ],
        plain: "ALTER TABLE \"Lesson\" RENAME start TO \"startsAt\"; ALTER TABLE \"Lesson\" ALTER COLUMN \"startsAt\" TYPE timestamp(3) USING \"startsAt\"::timestamp",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
    Case {
        label: "type_by_expression",
        before: "model RateCardItem {\n  id Int @id\n  price Decimal\n\n  @@index([price])\n}\n",
        after: "model RateCardItem {\n  id Int @id\n  price Int\n\n  @@index([price])\n}\n",
        flags: &["--using", "ROUND(\"price\" * 100)"],
        seed: "INSERT INTO \"RateCardItem\" SELECT i, i + 0.25 FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"RateCardItem\" SET price = {v}.75 WHERE id = {i}",
            "INSERT INTO \"RateCardItem\" (id, price) VALUES ({n}, {v}.05) ON CONFLICT (id) DO UPDATE SET price = EXCLUDED.price",
        ],
        new: &[
            "UPDATE \"RateCardItem\" SET price = {v} WHERE id = {i}",
            "INSERT INTO \"RateCardItem\" (id, price) VALUES ({n}, {v}) ON CONFLICT (id) DO UPDATE SET price = EXCLUDED.price",
        ],
        plain: "ALTER TABLE \"RateCardItem\" ALTER COLUMN price TYPE integer USING ROUND(price * 100)",
        is_swapped: true,
        is_noticed: false,
        checks: &[],
    },
    Case {
        label: "required",
        before: "model Student {\n  id Int @id\n  nickname String?\n}\n",
        after: "model Student {\n  id Int @id\n  nickname String\n}\n",
        flags: &["--using", "'none'"],
        seed: "INSERT INTO \"Student\" SELECT i, CASE WHEN i % 2 = 0 THEN 'n' || i END FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"Student\" SET nickname = NULL WHERE id = {i}",
            "INSERT INTO \"Student\" (id) VALUES ({n}) ON CONFLICT (id) DO NOTHING",
        ],
        new: &[
            "UPDATE \"Student\" SET nickname = 'new {v}' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, nickname) VALUES ({n}, 'new {v}') ON CONFLICT (id) DO UPDATE SET nickname = EXCLUDED.nickname",
        ],
        plain: "UPDATE \"Student\" SET nickname = 'none' WHERE nickname IS NULL; ALTER TABLE \"Student\" ALTER COLUMN nickname SET NOT NULL",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
    Case {
        label: "unique_key",
        before: "model Student {\n  id Int @id\n  email String\n}\n",
        after: "model Student {\n  id Int @id\n  email String @unique\n}\n",
        flags: &["--using", "Student.email=\"email\" || '.' || \"id\""],
        // Twice the same among the last hundred, which nobody writes.
        seed: "INSERT INTO \"Student\" SELECT i, 's' || CASE WHEN i > {rows} - 50 THEN i - 50 ELSE i END FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"Student\" SET email = 'old' || {i} || '.{v}' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, email) VALUES ({n}, 'o{n}') ON CONFLICT (id) DO NOTHING",
        ],
        new: &[
            "UPDATE \"Student\" SET email = 'new' || {i} || '.{v}' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, email) VALUES ({n}, 'n{n}') ON CONFLICT (id) DO NOTHING",
        ],
        plain: "UPDATE \"Student\" s SET email = email || '.' || id WHERE EXISTS (SELECT FROM \"Student\" o WHERE o.email = s.email AND o.id < s.id)",
        is_swapped: false,
        is_noticed: false,
        checks: &[],
    },
    Case {
        label: "foreign_key",
        before: "model Org {\n  id Int @id\n}\n\nmodel Student {\n  id Int @id\n  orgId Int?\n}\n",
        after: "model Org {\n  id Int @id\n  students Student[]\n}\n\nmodel Student {\n  id Int @id\n  orgId Int?\n  org Org? @relation(fields: [orgId], references: [id])\n}\n",
        flags: &["--using", "Student.orgId=NULL"],
        seed: "INSERT INTO \"Org\" SELECT generate_series(1, 100); \
               INSERT INTO \"Student\" SELECT i, CASE WHEN i > {rows} - 100 THEN 1000 ELSE i % 100 + 1 END FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"Student\" SET \"orgId\" = {v} WHERE id = {i}",
            "INSERT INTO \"Student\" VALUES ({n}, {v}) ON CONFLICT (id) DO UPDATE SET \"orgId\" = EXCLUDED.\"orgId\"",
        ],
        new: &["UPDATE \"Student\" SET \"orgId\" = {v} WHERE id = {i}"],
        plain: "UPDATE \"Student\" s SET \"orgId\" = NULL WHERE NOT EXISTS (SELECT FROM \"Org\" o WHERE o.id = s.\"orgId\")",
        is_swapped: false,
        is_noticed: false,
        checks: &[],
    },
    Case {
        label: "checked",
        before: "model Booking {\n  id Int @id\n  price Int\n}\n",
        after: "model Booking {\n  id Int @id\n  price Int\n}\n",
        flags: &["--check", "Booking.price_positive=\"price\" > 0", "--using", "Booking.price=1"],
        seed: "INSERT INTO \"Booking\" SELECT i, CASE WHEN i > {rows} - 100 THEN 0 ELSE i END FROM generate_series(1, {rows}) i",
        old: &["UPDATE \"Booking\" SET price = {v} WHERE id = {i}"],
        new: &[
            "UPDATE \"Booking\" SET price = {v} WHERE id = {i}",
            "INSERT INTO \"Booking\" VALUES ({n}, {v}) ON CONFLICT (id) DO UPDATE SET price = EXCLUDED.price",
        ],
        plain: "UPDATE \"Booking\" SET price = 1 WHERE NOT price > 0",
        is_swapped: false,
        is_noticed: false,
        checks: &["price_positive"],
    },
    Case {
        label: "split_column",
        before: "model Student {\n  id Int @id\n  name String\n}\n",
        after: "model Student {\n  id Int @id\n  first String\n  last String\n}\n",
        flags: &[
            "--using",
            "Student.first=split_part(\"name\", ' ', 1)",
            "--using",
            "Student.last=split_part(\"name\", ' ', 2)",
            "--using",
            "Student.name=\"first\" || ' ' || \"last\"",
        ],
        seed: "INSERT INTO \"Student\" SELECT i, 'Ann ' || i FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"Student\" SET name = 'Bob {v}' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, name) VALUES ({n}, 'Bob {v}') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name",
        ],
        new: &[
            "UPDATE \"Student\" SET last = 'L{v}' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, first, last) VALUES ({n}, 'Cid', 'L{v}') ON CONFLICT (id) DO UPDATE SET first = EXCLUDED.first, last = EXCLUDED.last",
        ],
        plain: "ALTER TABLE \"Student\" ADD COLUMN first text, ADD COLUMN last text; \
                UPDATE \"Student\" SET first = split_part(name, ' ', 1), last = split_part(name, ' ', 2); ALTER TABLE \"Student\" DROP COLUMN name",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
    Case {
        label: "merged_columns",
        before: "model Student {\n  id Int @id\n  first String\n  last String\n}\n",
        after: "model Student {\n  id Int @id\n  name String\n}\n",
        flags: &[
            "--using",
            "Student.name=\"first\" || ' ' || \"last\"",
            "--using",
            "Student.first=split_part(\"name\", ' ', 1)",
            "--using",
            "Student.last=split_part(\"name\", ' ', 2)",
        ],
        seed: "INSERT INTO \"Student\" SELECT i, 'Ann', 'L' || i FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"Student\" SET last = 'M{v}' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, first, last) VALUES ({n}, 'Bob', 'M{v}') ON CONFLICT (id) DO UPDATE SET last = EXCLUDED.last",
        ],
        new: &["UPDATE \"Student\" SET name = 'Cid N{v}' WHERE id = {i}"],
        plain: "ALTER TABLE \"Student\" ADD COLUMN name text; UPDATE \"Student\" SET name = first || ' ' || last; \
                ALTER TABLE \"Student\" DROP COLUMN first, DROP COLUMN last",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
    Case {
        label: "dropped_column",
        before: "model Student {\n  id Int @id\n  fullName String\n  nickname String\n}\n",
        after: STUDENT,
        flags: &[],
        seed: "INSERT INTO \"Student\" SELECT i, 'Ann ' || i, 'n' || i FROM generate_series(1, {rows}) i",
        old: &["UPDATE \"Student\" SET \"fullName\" = 'old {v}', nickname = 'o{v}' WHERE id = {i}"],
        new: &[
            "UPDATE \"Student\" SET \"fullName\" = 'new {v}' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, \"fullName\") VALUES ({n}, 'new {v}') ON CONFLICT (id) DO NOTHING",
        ],
        plain: "ALTER TABLE \"Student\" DROP COLUMN nickname",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
    Case {
        label: "dropped_table",
        before: "model Student {\n  id Int @id\n  fullName String\n}\n\nmodel Note {\n  id Int @id\n  text String\n}\n",
        after: STUDENT,
        flags: &[],
        seed: STUDENTS,
        old: &[
            "INSERT INTO \"Note\" VALUES ({n}, 'n{v}') ON CONFLICT (id) DO NOTHING",
            "UPDATE \"Student\" SET \"fullName\" = 'old {v}' WHERE id = {i}",
        ],
        new: &["UPDATE \"Student\" SET \"fullName\" = 'new {v}' WHERE id = {i}"],
        plain: "DROP TABLE \"Note\"",
        is_swapped: false,
        is_noticed: true,
        checks: &[],
    },
    Case {
        label: "enum_value_removed",
        before: "enum Status {\n  DRAFT\n  ACTIVE\n  LEGACY\n}\n\nmodel Student {\n  id Int @id\n  status Status\n}\n",
        after: "enum Status {\n  DRAFT\n  ACTIVE\n}\n\nmodel Student {\n  id Int @id\n  status Status\n}\n",
        flags: &[
            "--using",
            "CASE \"status\"::text WHEN 'LEGACY' THEN 'ACTIVE' ELSE \"status\"::text END",
        ],
        seed: "INSERT INTO \"Student\" SELECT i, (ARRAY['DRAFT', 'ACTIVE', 'LEGACY'])[i % 3 + 1]::\"Status\" FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"Student\" SET status = 'LEGACY' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, status) VALUES ({n}, 'DRAFT') ON CONFLICT (id) DO NOTHING",
        ],
        new: &[
            "UPDATE \"Student\" SET status = 'ACTIVE' WHERE id = {i}",
            "UPDATE \"Student\" SET status = 'DRAFT' WHERE id = {i}",
        ],
        plain: "CREATE TYPE s AS ENUM ('DRAFT', 'ACTIVE'); \
                ALTER TABLE \"Student\" ALTER COLUMN status TYPE s USING (CASE status::text WHEN 'LEGACY' THEN 'ACTIVE' ELSE status::text END)::s; \
                DROP TYPE \"Status\"; ALTER TYPE s RENAME TO \"Status\"",
        is_swapped: true,
        is_noticed: true,
        checks: &[],
    },
    Case {
        label: "key_type",
        before: "model Student {\n  id Int @id\n  name String\n  marks Mark[]\n}\n\nmodel Mark {\n  no Int @id\n  studentId Int\n  student Student @relation(fields: [studentId], references: [id])\n\n  @@index([studentId])\n}\n",
        after: "model Student {\n  id BigInt @id\n  name String\n  marks Mark[]\n}\n\nmodel Mark {\n  no Int @id\n  studentId BigInt\n  student Student @relation(fields: [studentId], references: [id])\n\n  @@index([studentId])\n}\n",
        flags: &[],
        seed: "INSERT INTO \"Student\" SELECT i, 'Ann ' || i FROM generate_series(1, {rows}) i; INSERT INTO \"Mark\" SELECT i, i FROM generate_series(1, {rows}) i",
        old: &[
            "UPDATE \"Student\" SET name = 'old {v}' WHERE id = {i}",
            "INSERT INTO \"Student\" (id, name) VALUES ({n}, 'old {v}') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name",
            "UPDATE \"Mark\" SET \"studentId\" = {v} WHERE no = {i}",
        ],
        new: &[
            "UPDATE \"Student\" SET name = 'new {v}' WHERE id = {i}",
            "UPDATE \"Mark\" SET \"studentId\" = {v} WHERE no = {i}",
        ],
        plain: "ALTER TABLE \"Mark\" ALTER COLUMN \"studentId\" TYPE bigint; ALTER TABLE \"Student\" ALTER COLUMN id TYPE bigint",
        is_swapped: true,
        is_noticed: false,
        checks: &[],
    },
];
