//! The changes whose stalls are measured.

use std::fmt::Write as _;

pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// The fields of the model, beside its key and `n`, as they are and as they are to be.
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
    /// What the key is, the names of the model and what is declared beside it, before and after.
    pub(crate) keys: [&'static str; 2],
    pub(crate) names: [&'static str; 2],
    pub(crate) beside: [&'static str; 2],
    pub(crate) renames: &'static [&'static str],
    pub(crate) usings: &'static [&'static str],
    pub(crate) checks: &'static [&'static str],
    /// What the old release sets.
    pub(crate) old: &'static str,
    pub(crate) plain: &'static str,
}

/// A change of fields only, of which nothing has to be said.
const FIELDS: Kind = Kind {
    name: "",
    before: "",
    after: "",
    keys: ["BigInt @id", "BigInt @id"],
    names: ["T", "T"],
    beside: ["", ""],
    renames: &[],
    usings: &[],
    checks: &[],
    old: "n = n + 1",
    plain: "",
};

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "rename a column",
        before: "name String",
        after: "title String",
        renames: &["T.name:title"],
        old: "name = name || 'x'",
        plain: "ALTER TABLE \"T\" RENAME COLUMN name TO title",
        ..FIELDS
    },
    Kind {
        name: "change a type",
        before: "price Decimal",
        after: "price Int",
        usings: &["ROUND(\"price\" * 100)"],
        old: "price = price + 1",
        plain: "ALTER TABLE \"T\" ALTER COLUMN price TYPE integer USING ROUND(price * 100)",
        ..FIELDS
    },
    Kind {
        name: "optional to required",
        before: "name String?",
        after: "name String",
        usings: &["'none'"],
        old: "name = 'x'",
        plain: "UPDATE \"T\" SET name = 'none' WHERE name IS NULL; ALTER TABLE \"T\" ALTER COLUMN name SET NOT NULL",
        ..FIELDS
    },
    Kind {
        name: "add a unique key",
        before: "name String",
        after: "name String @unique",
        plain: "CREATE UNIQUE INDEX \"T_name_key\" ON \"T\" (name)",
        ..FIELDS
    },
    Kind {
        name: "add a check",
        before: "price Int",
        after: "price Int",
        usings: &["T.price=1"],
        checks: &["T.positive=\"price\" > 0"],
        plain: "ALTER TABLE \"T\" ADD CONSTRAINT positive CHECK (price > 0)",
        ..FIELDS
    },
    Kind {
        name: "split a column",
        before: "name String",
        after: "first String\n  last String",
        usings: &[
            "T.first=split_part(\"name\", ' ', 1)",
            "T.last=split_part(\"name\", ' ', 2)",
            "T.name=\"first\" || ' ' || \"last\"",
        ],
        old: "name = 'a b'",
        plain: "ALTER TABLE \"T\" ADD COLUMN first text, ADD COLUMN last text; \
                UPDATE \"T\" SET first = split_part(name, ' ', 1), last = split_part(name, ' ', 2); \
                ALTER TABLE \"T\" ALTER COLUMN first SET NOT NULL, ALTER COLUMN last SET NOT NULL, DROP COLUMN name",
        ..FIELDS
    },
    Kind {
        name: "drop a column",
        before: "name String",
        after: "",
        old: "name = 'x'",
        plain: "ALTER TABLE \"T\" DROP COLUMN name",
        ..FIELDS
    },
    Kind {
        name: "drop a table that refers to it",
        before: "price Int\n  notes Note[]",
        after: "price Int",
        beside: [
            "model Note {\n  id Int @id\n  t BigInt\n  of T @relation(fields: [t], references: [id])\n}",
            "",
        ],
        plain: "DROP TABLE \"Note\"",
        ..FIELDS
    },
    Kind {
        name: "rename the table",
        before: "name String",
        after: "name String",
        names: ["T", "U"],
        renames: &["T:U"],
        old: "name = 'x'",
        // And back: whoever is at work knows one name.
        plain: "ALTER TABLE \"T\" RENAME TO \"U\"; ALTER TABLE \"U\" RENAME TO \"T\"",
        ..FIELDS
    },
    Kind {
        name: "change the key's type",
        before: "name String",
        after: "name String",
        keys: ["Int @id", "BigInt @id"],
        old: "name = 'x'",
        plain: "ALTER TABLE \"T\" ALTER COLUMN id TYPE bigint",
        ..FIELDS
    },
    Kind {
        name: "add a foreign key",
        before: "price Int",
        after: "price Int\n  owner Owner @relation(fields: [price], references: [id])",
        beside: ["model Owner {\n  id Int @id\n}", "model Owner {\n  id Int @id\n  owned T[]\n}"],
        plain: "ALTER TABLE \"T\" ADD CONSTRAINT \"T_price_fkey\" FOREIGN KEY (price) REFERENCES \"Owner\" (id)",
        ..FIELDS
    },
    Kind {
        name: "drop a value of an enum",
        before: "level Level @default(low)",
        after: "level Level @default(low)",
        beside: ["enum Level {\n  low\n  mid\n  high\n}", "enum Level {\n  low\n  high\n}"],
        usings: &["T.level=CASE WHEN level = 'mid' THEN 'low' ELSE level::text END"],
        old: "level = 'high'",
        plain: "ALTER TYPE \"Level\" RENAME TO old_level; CREATE TYPE \"Level\" AS ENUM ('low', 'high'); \
                ALTER TABLE \"T\" ALTER COLUMN level DROP DEFAULT, \
                ALTER COLUMN level TYPE \"Level\" \
                USING (CASE level::text WHEN 'mid' THEN 'low' ELSE level::text END)::\"Level\", ALTER COLUMN level SET DEFAULT 'low'",
        ..FIELDS
    },
    Kind {
        name: PARTITIONS,
        before: "at DateTime",
        after: "at DateTime\n\n  @@id([id, at])",
        keys: ["BigInt @id", "BigInt"],
        plain: "ALTER TABLE \"T\" RENAME TO whole; \
                CREATE TABLE \"T\" (id bigint, n integer NOT NULL, at timestamp(3), PRIMARY KEY (id, at)) PARTITION BY RANGE (at); \
                CREATE TABLE rest PARTITION OF \"T\" DEFAULT; INSERT INTO \"T\" SELECT id, n, at FROM whole; DROP TABLE whole",
        ..FIELDS
    },
];

/// What `migrate partition` does, rather than `migrate dev --zero-downtime`.
pub(crate) const PARTITIONS: &str = "put the table into partitions";

/// The schema before the change (0) or after it (1).
pub(crate) fn schema(kind: &Kind, side: usize) -> psl::Schema {
    let (name, key, beside) = (kind.names[side], kind.keys[side], kind.beside[side]);
    let fields = [kind.before, kind.after][side];
    let text = format!(
        "datasource db {{\n  provider = \"postgresql\"\n  url = env(\"U\")\n}}\n\n\
         model {name} {{\n  id {key}\n  n Int\n  {fields}\n}}\n\n{beside}\n"
    );
    let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]);
    assert!(analysis.diagnostics.is_empty(), "{}: {:?}", kind.name, analysis.diagnostics);
    analysis.schema
}

pub(crate) fn fill(kind: &Kind, rows: u64) -> String {
    let column = kind.before.split_whitespace().next().unwrap_or_default();
    let value = match column {
        "price" => "i",
        // A month is some 450,000 rows.
        "at" => "timestamp '2026-01-01' + i * interval '6 s'",
        "level" => "(ARRAY['low', 'mid', 'high'])[1 + i % 3]::\"Level\"",
        _ => "'name ' || i",
    };
    let mut sql = format!(
        "INSERT INTO \"T\" (id, n, {column}) SELECT i, 0, {value} FROM generate_series(1, {rows}) i;VACUUM ANALYZE \"T\";"
    );
    if kind.beside[0].contains("model Owner") {
        let _ = write!(sql, "INSERT INTO \"Owner\" SELECT generate_series(1, {rows});");
    }
    if kind.beside[0].contains("model Note") {
        let _ = write!(sql, "INSERT INTO \"Note\" SELECT i, i FROM generate_series(1, {rows}) i;");
    }
    sql
}
