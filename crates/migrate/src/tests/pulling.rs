//! What is pulled from a database, against the reference engine's answers and by itself.

mod joining;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use mapping::pull::{PullOptions, configuration_only};
use pg_schema::Pair;
use postgres::testing::{TestDatabase, block_on};
use postgres::{Connection, introspect};
use psl::{Schema, SourceFile};

use super::is_taken;
use crate::Error;
use crate::pull::pull;

const FILE: &str = "schema.prisma";

/// Cases in which the reference writes what is no schema, and its answers are not ours.
///
/// It names values of an enum that the schema has no names for.
const OURS: [&str; 1] = ["enum-odd-values"];

/// Answers that differ from the very database they were pulled from, the reference's as well, and why.
const REMAIN: [(&str, &str); 4] = [
    ("enum-odd-values/pulled.prisma", "a value without a name is only a comment"),
    ("enum-odd-values/repulled.prisma", "a value without a name is only a comment"),
    ("relation-key-renamed-and-action-changed/repulled.prisma", "`map:` stays as it was"),
    ("schema-create/repulled.prisma", "an enum is in a namespace that is not looked at"),
];

/// The databases of the corpus, pulled into an empty schema and into the schema from before.
#[test]
fn the_reference_is_matched() {
    let mut cases: Vec<PathBuf> = fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|case| case.join("pulled.prisma").exists() || case.join("repulled.prisma").exists())
        .collect();
    cases.sort();
    assert!(cases.len() > 130, "the corpus is there");
    // Several at once, each share in a database of its own, which is emptied between two cases.
    let share = cases.len().div_ceil(4);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> =
            cases.chunks(share).map(|cases| scope.spawn(|| check(cases))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{} of the answers differ\n{}", failures.len(), failures.concat());
}

#[tokio::test]
async fn an_empty_database_is_told() {
    let database = TestDatabase::empty("pull_empty");
    let error = pull_into(&database, "").await.unwrap_err();
    assert_eq!(error.code(), Some("P4001"));
}

#[tokio::test]
async fn keys_that_lead_outside_are_told() {
    let sql = "CREATE SCHEMA sales; CREATE TABLE sales.t (id int PRIMARY KEY);
               CREATE TABLE a (id int PRIMARY KEY, t int REFERENCES sales.t (id))";
    let database = TestDatabase::from_sql("pull_outside", sql);
    let error = pull_into(&database, "").await.unwrap_err();
    assert_eq!(error.code(), Some("P4002"));
    assert!(error.to_string().ends_with(
        "`public.a` points to `sales.t` in constraint `a_t_fkey`. Please add `sales` to your `schemas` property and run \
         this command again."
    ));
    assert_eq!(error.help(), Some("cargo xtask db pull --schemas public,sales"));
    let text = pull_into(&database, "schemas = [\"sales\", \"public\"]").await.unwrap();
    assert!(text.contains("@@schema(\"sales\")"), "{text}");
}

/// The text for a datasource with another line in it.
async fn pull_into(database: &TestDatabase, line: &str) -> Result<String, Error> {
    let datasource = format!(
        "datasource db {{\n  provider = \"postgresql\"\n  url = env(\"X\")\n  {line}\n}}\n"
    );
    let options = PullOptions { new_file: FILE, namespaces: None };
    let pulled = pull(database.url(), &analyze(&datasource), &options).await?;
    Ok(pulled.files[0].text().to_owned())
}

fn check(cases: &[PathBuf]) -> Vec<String> {
    let database = TestDatabase::empty("pull_reference");
    block_on(async {
        let connection = database.connect().await;
        let mut failures = Vec::new();
        for case in cases {
            let script = read(case, "to.sql").or_else(|| read(case, "expected.sql")).unwrap();
            if !is_taken(&script, connection.server_major()) {
                continue;
            }
            empty(&connection).await;
            connection.batch_execute(&format!("{}{script}", extensions_of(&script))).await.unwrap();
            for (answer, schema) in
                [("pulled.prisma", "to.prisma"), ("repulled.prisma", "from.prisma")]
            {
                let (Some(expected), Some(schema)) = (read(case, answer), read(case, schema))
                else {
                    continue;
                };
                let previous = analyze(&schema);
                let previous =
                    if answer == "pulled.prisma" { database_only(&previous) } else { previous };
                let (pulled, difference) = pulled(&connection, &previous).await;
                let name = case.file_name().unwrap().to_string_lossy().into_owned();
                let answer = format!("{name}/{answer}");
                if let Some(difference) = difference
                    && REMAIN.iter().all(|(known, _)| *known != answer)
                {
                    failures.push(format!("{answer} differs from its database\n{difference}\n"));
                }
                if !OURS.contains(&name.as_str()) && pulled.trim_end() != expected.trim_end() {
                    failures.push(format!(
                        "{answer}\n--- expected\n{expected}\n--- pulled\n{pulled}\n"
                    ));
                }
            }
        }
        failures
    })
}

/// Of a schema, the datasource and the generators with preview features.
fn database_only(schema: &Schema) -> Schema {
    let text = schema.files()[0].text();
    let generators = schema.generators().iter();
    let spans = generators
        .filter(|generator| !generator.preview_features.is_empty())
        .map(|generator| generator.span)
        .chain(schema.datasource().map(|datasource| datasource.span));
    let blocks: Vec<&str> = spans.map(|span| &text[span.range()]).collect();
    configuration_only(&analyze(&blocks.join("\n\n")), FILE)
}

/// The text, having checked what holds of every one, and the script by which the database still differs from it.
async fn pulled(connection: &Connection, previous: &Schema) -> (String, Option<String>) {
    let namespaces = previous.datasource().map(|datasource| {
        datasource.schemas.iter().map(|schema| schema.text.clone()).collect::<Vec<_>>()
    });
    let database = introspect(connection, &namespaces.unwrap_or_default()).await.unwrap();
    let options = PullOptions { new_file: FILE, namespaces: None };
    let text_for = |previous: &Schema| {
        let pulled = mapping::pull::pull(&database, previous, &options);
        let [file] = pulled.files.as_slice() else { panic!("one file comes of one file") };
        assert_eq!(psl::format(&pulled.files).texts[0], file.text(), "it is formatted");
        file.text().to_owned()
    };
    let text = text_for(previous);
    let desired = mapping::desired_schema(&analyze(&text));
    let pair = Pair::new(&database, &desired);
    let steps = pg_schema::diff(pair);
    let difference = (!steps.is_empty()).then(|| pg_schema::render(&steps, pair));
    // The reference spells out the name of a many-to-many relation that was in the schema without one.
    let again = text_for(&analyze(&text));
    assert_eq!(text_for(&analyze(&again)), again, "another pull changes nothing");
    if !again.contains("@relation(\"") {
        assert_eq!(again, text, "another pull changes nothing");
    }
    (text, difference)
}

fn analyze(text: &str) -> Schema {
    let analysis = psl::analyze(vec![SourceFile::new(FILE, text)]);
    let errors: Vec<_> =
        analysis.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "the schema is valid: {errors:#?}\n{text}");
    analysis.schema
}

async fn empty(connection: &Connection) {
    let sql = "DO $$ DECLARE name text; BEGIN
                   FOR name IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP
                       EXECUTE format('DROP EXTENSION %I CASCADE', name);
                   END LOOP;
                   FOR name IN SELECT nspname FROM pg_namespace
                               WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
                       EXECUTE format('DROP SCHEMA %I CASCADE', name);
                   END LOOP;
                   CREATE SCHEMA public;
               END $$";
    connection.batch_execute(sql).await.unwrap();
}

/// The scripts of the reference use these and do not make them.
fn extensions_of(script: &str) -> String {
    let mut sql = String::new();
    for (mark, extension) in [("citext", "citext"), ("gin_trgm_ops", "pg_trgm")] {
        if script.to_lowercase().contains(mark) {
            let _ = writeln!(sql, "CREATE EXTENSION IF NOT EXISTS {extension};");
        }
    }
    sql
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../mapping/test_data/reference/pairs")
}

fn read(case: &Path, file: &str) -> Option<String> {
    let path = case.join(file);
    path.exists().then(|| fs::read_to_string(path).unwrap())
}
