//! Many-to-many relations between models that are not called what their tables are: whatever is written, it wants the
//! table that is there.

use super::*;

const NAMES: [[&str; 3]; 2] = [["Label", "Aunt", "Zoo"], ["User", "Bee", "Yak"]];

/// Fields of `Label`, of `User`, and further models.
const SHAPES: [[&str; 2]; 5] = [
    ["users User[]", "labels Label[]"],
    ["zz User[] @relation(\"likes\")", "aa Label[] @relation(\"likes\")"],
    [
        "users User[] @relation(\"likes\")\n  owners User[] @relation(\"owns\")",
        "liked Label[] @relation(\"likes\")\n  owned Label[] @relation(\"owns\")",
    ],
    [
        "userId Int?\n  user User? @relation(\"by\", fields: [userId], references: [id])\n  users User[] @relation(\"likes\")",
        "made Label[] @relation(\"by\")\n  liked Label[] @relation(\"likes\")",
    ],
    [
        "users User[]\n  up Label[] @relation(\"tree\")\n  down Label[] @relation(\"tree\")",
        "labels Label[]",
    ],
];

#[tokio::test]
async fn renamed_models_want_the_join_tables_that_are_there() {
    let database = TestDatabase::empty("pull_joining");
    let connection = database.connect().await;
    for fields in SHAPES {
        empty(&connection).await;
        let there = mapping::desired_schema(&analyze(&models(["Label", "User"], fields)));
        let nothing = pg_schema::PgSchema::default();
        let pair = Pair::new(&nothing, &there);
        let script = pg_schema::render(&pg_schema::diff(pair), pair);
        connection.batch_execute(&script).await.unwrap();
        for label in NAMES[0] {
            for user in NAMES[1] {
                let names = [label, user];
                check_names(&connection, &models(names, ["", ""]), names).await;
                let as_before = fields.map(|fields| renamed(fields, names));
                check_names(
                    &connection,
                    &models(names, as_before.each_ref().map(String::as_str)),
                    names,
                )
                .await;
            }
        }
    }
}

#[tokio::test]
async fn a_join_table_in_a_namespace_of_its_own_is_a_model() {
    let sql = "CREATE SCHEMA sales; CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);
         CREATE TABLE sales.\"_aTob\" (
             \"A\" int NOT NULL REFERENCES a ON DELETE CASCADE ON UPDATE CASCADE,
             \"B\" int NOT NULL REFERENCES b ON DELETE CASCADE ON UPDATE CASCADE,
             CONSTRAINT \"_aTob_AB_pkey\" PRIMARY KEY (\"A\", \"B\"));
         CREATE INDEX \"_aTob_B_index\" ON sales.\"_aTob\" (\"B\")";
    let database = TestDatabase::from_sql("pull_joining_namespace", sql);
    let previous = "datasource db {\n  provider = \"postgresql\"\n  url = env(\"X\")\n  schemas = [\"public\", \"sales\"]\n}";
    let (text, difference) = pulled(&database.connect().await, &analyze(previous)).await;
    assert_eq!(difference, None, "{text}");
    assert!(text.contains("model aTob {"), "{text}");
}

/// A pull into a schema that calls the models something else.
async fn check_names(connection: &Connection, previous: &str, names: [&str; 2]) {
    let (text, difference) = pulled(connection, &analyze(previous)).await;
    assert_eq!(difference, None, "{previous}\n{text}");
    let has_model = text.contains("@@map(\"_");
    assert_eq!(has_model, names[0] > names[1], "only where A and B are exchanged\n{text}");
}

/// Models of the tables `Label` and `User`.
fn models(names: [&str; 2], fields: [&str; 2]) -> String {
    let mut text =
        "datasource db {\n  provider = \"postgresql\"\n  url = env(\"X\")\n}\n".to_owned();
    for ((name, fields), table) in names.into_iter().zip(fields).zip(["Label", "User"]) {
        let _ =
            write!(text, "model {name} {{\n  id Int @id\n  {fields}\n  @@map(\"{table}\")\n}}\n");
    }
    text
}

/// Fields with other types, where a relation that had no name keeps the one it had.
fn renamed(fields: &str, names: [&str; 2]) -> String {
    let lines = fields.lines().map(|line| {
        let name = if line.contains("@relation") || !line.contains("[]") {
            ""
        } else {
            " @relation(\"LabelToUser\")"
        };
        let words = line.replace(" Label", &format!(" {}", names[0]));
        words.replace(" User", &format!(" {}", names[1])) + name
    });
    lines.collect::<Vec<_>>().join("\n")
}
