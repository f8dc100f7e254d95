//! That a database made by migrations is one made at once, in the eyes of the real `pg_dump --schema-only`.
//!
//! A dump takes its time, whatever there is to dump. So all pairs are in one database, each in schemas of its own, and
//! that is dumped once. Where the test server came without `pg_dump`, `structure.sql` alone is the judge.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use pg_schema::PgSchema;
use postgres::testing::{self, TestDatabase};
use postgres::{Connection, ConnectionUrl};

use super::pairs::{difference, script_between};

/// Two scripts from nothing to the same schema, each to be run in one transaction.
#[derive(Debug, Clone)]
pub(super) struct Ways {
    pub(super) name: String,
    /// The schemas that are to be alike; what is in others is nobody's business.
    pub(super) namespaces: Vec<String>,
    pub(super) migrated: String,
    pub(super) at_once: String,
}

/// Where what the two ways make is not dumped alike.
pub(super) async fn differences(ways: &[Ways]) -> Vec<String> {
    // An extension is in a database once, and these are about extensions.
    let is_about_one = |ways: &&Ways| ways.migrated.contains(" EXTENSION ");
    let (apart, ways): (Vec<&Ways>, Vec<&Ways>) = ways.iter().partition(is_about_one);
    let mut differences = differences_apart(&apart).await;
    let [migrated, at_once] = ["dumped_migrated", "dumped_at_once"].map(TestDatabase::empty);
    // Those about extensions ask for versions that came with 14.
    let major = migrated.connect().await.server_major();
    assert!(!apart.is_empty() || major < 14, "there are pairs about extensions");
    for (database, script) in [
        (&migrated, (|ways| &ways.migrated) as fn(&Ways) -> &String),
        (&at_once, |ways| &ways.at_once),
    ] {
        let connection = database.connect().await;
        // Those that the others take for granted are in nobody's schema.
        let begin = "CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE EXTENSION pg_trgm SCHEMA ext;
                     DROP SCHEMA public; CREATE SCHEMA public; SET search_path TO public, ext";
        connection.batch_execute(begin).await.unwrap();
        for (number, ways) in ways.iter().enumerate() {
            connection.batch_execute(script(ways)).await.unwrap_or_else(|error| {
                panic!("{}: {error}", ways.name);
            });
            set_aside(&connection, number, &ways.namespaces).await;
        }
    }
    let (Some(migrated), Some(at_once)) = (dump(migrated.url()), dump(at_once.url())) else {
        return differences;
    };
    let [migrated, at_once] = [&migrated, &at_once].map(|dump| statements(dump));
    let of = |statements: &[String], number: usize| {
        let prefix = prefix(number);
        let mine = statements.iter().filter(|statement| statement.contains(&prefix));
        mine.map(String::as_str).collect::<Vec<_>>().join("\n")
    };
    for (number, ways) in ways.iter().enumerate() {
        let (migrated, at_once) = (of(&migrated, number), of(&at_once, number));
        assert!(!migrated.is_empty(), "{} is in the dump", ways.name);
        if migrated != at_once {
            let told = difference("the dump", &at_once, &migrated);
            differences.push(format!("{}: {told}", ways.name));
        }
    }
    differences
}

/// The same of those that need a database of their own.
async fn differences_apart(ways: &[&Ways]) -> Vec<String> {
    let mut differences = Vec::new();
    for ways in ways {
        let [migrated, at_once] = ["dumped_apart", "dumped_apart_at_once"].map(TestDatabase::empty);
        for (database, script) in [(&migrated, &ways.migrated), (&at_once, &ways.at_once)] {
            let connection = database.connect().await;
            // As those of all pairs, they are to be there before.
            let begin = "CREATE EXTENSION citext; CREATE EXTENSION pg_trgm";
            connection.batch_execute(begin).await.unwrap();
            connection.batch_execute(script).await.unwrap_or_else(|error| {
                panic!("{}: {error}", ways.name);
            });
        }
        let (Some(migrated), Some(at_once)) = (dump(migrated.url()), dump(at_once.url())) else {
            return Vec::new();
        };
        let [migrated, at_once] = [&migrated, &at_once].map(|dump| statements(dump).join("\n"));
        assert!(migrated.contains("CREATE EXTENSION"), "{} has one", ways.name);
        if migrated != at_once {
            let told = difference("the dump", &at_once, &migrated);
            differences.push(format!("{}: {told}", ways.name));
        }
    }
    differences
}

/// What the names of a pair's schemas begin with; none is the beginning of another.
fn prefix(number: usize) -> String {
    format!("pair_{number:04}_")
}

/// Gives the pair's schemas names of their own. What refers to anything in them does not care.
async fn set_aside(connection: &Connection, number: usize, namespaces: &[String]) {
    let schemas = "SELECT CASE WHEN nspname = ANY ($2) THEN format('ALTER SCHEMA %I RENAME TO %I', nspname, $1 || nspname)
                          ELSE format('DROP SCHEMA %I CASCADE', nspname) END
                   FROM pg_namespace WHERE nspname !~ '^(pg_|pair_|information_schema$|ext$)' ORDER BY 1";
    for row in connection.query(schemas, &[&prefix(number), &namespaces]).await.unwrap() {
        connection.batch_execute(row.get(0)).await.unwrap();
    }
    connection.batch_execute("CREATE SCHEMA public").await.unwrap();
}

/// What `pg_dump` says, where there is one.
fn dump(url: &ConnectionUrl) -> Option<String> {
    let program = testing::program("pg_dump")?;
    let port = url.port().to_string();
    let output = Command::new(program)
        .args(["--schema-only", "--no-owner", "--no-privileges"])
        .args(["--exclude-table", "_prisma_migrations"])
        .args(["--host", url.host(), "--port", &port, "--username", url.user(), url.database()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// The statements of a dump in an order of their own, without what says nothing about a schema:
///
/// - the order of statements is that in which things were made;
/// - so is that of columns and of enum values, for PostgreSQL adds columns at the end and enum values where they are
///   added: the lines of each statement are sorted, which is all the reading that is done;
/// - a sequence that belongs to a column keeps the name that it was made with when its table is renamed, and its type
///   when its column gets another one, as the reference's scripts leave it: it is named after the column.
fn statements(dump: &str) -> Vec<String> {
    // Neither comments nor what is for psql, which is another word in each dump.
    let is_sql = |line: &&str| !line.starts_with("--") && !line.starts_with('\\');
    let mut text: String = dump.lines().filter(is_sql).flat_map(|line| [line, "\n"]).collect();
    for (sequence, column) in owned_sequences(&text) {
        // In statements it stands before a space or the end, in nextval() in quotes.
        for (before, after) in [(" ", "\n"), (" ", " "), (" ", ";"), ("'", "'")] {
            let old = format!("{before}{sequence}{after}");
            text = text.replace(&old, &format!("{before}sequence of {column}{after}"));
        }
    }
    let mut statements: Vec<String> = text
        .split(";\n")
        .map(|statement| {
            let is_sequence = statement.contains("CREATE SEQUENCE");
            let lines = statement.lines().map(|line| line.trim_end_matches(','));
            let mut lines: Vec<&str> = lines
                .filter(|line| !(line.is_empty() || is_sequence && line.starts_with("    AS ")))
                .collect();
            lines.sort_unstable();
            lines.join("\n")
        })
        .collect();
    statements.sort_unstable();
    statements
}

/// Which column a sequence is of, as the dump says it.
fn owned_sequences(text: &str) -> BTreeMap<String, String> {
    let owned = text.lines().filter_map(|line| {
        let said = line.strip_prefix("ALTER SEQUENCE ")?.strip_suffix(';')?;
        said.split_once(" OWNED BY ")
    });
    owned.map(|(sequence, column)| (sequence.to_owned(), column.to_owned())).collect()
}

/// A database by migrations, and one at once of a schema's text.
async fn assert_alike(migrations: &[String], schema: &str) {
    let [migrated, at_once] = ["dumped_migrations", "dumped_schema"].map(TestDatabase::empty);
    let connection = migrated.connect().await;
    for script in migrations {
        connection.batch_execute(script).await.unwrap();
    }
    let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", schema)]);
    assert!(!analysis.has_errors());
    let desired = mapping::desired_schema(&analysis.schema);
    let made = script_between(&PgSchema::default(), &desired);
    at_once.connect().await.batch_execute(&made).await.unwrap();
    if let (Some(migrated), Some(at_once)) = (dump(migrated.url()), dump(at_once.url())) {
        let [migrated, at_once] = [migrated, at_once].map(|dump| statements(&dump));
        assert!(migrated.iter().any(|statement| statement.contains("CREATE TABLE")));
        let but = |one: &[String], other: &[String]| {
            one.iter().filter(|statement| !other.contains(statement)).cloned().collect::<Vec<_>>()
        };
        assert_eq!(but(&migrated, &at_once), but(&at_once, &migrated));
        assert_eq!(migrated.len(), at_once.len());
    }
}

fn scripts(folder: &Path) -> Vec<String> {
    let folder = crate::Folder::read(folder).unwrap();
    folder.scripts().map(str::to_owned).collect()
}

#[tokio::test]
async fn what_prisma_made_in_100_migrations() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/taken_over");
    let schema = std::fs::read_to_string(data.join("schema.prisma")).unwrap();
    assert_alike(&scripts(&data.join("migrations")), &schema).await;
}

#[tokio::test]
async fn what_driveflows_migrations_made() {
    let prisma = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../prisma");
    let schema = std::fs::read_to_string(prisma.join("schema.prisma")).unwrap();
    assert_alike(&scripts(&prisma.join("migrations")), &schema).await;
}

/// What is put aside is no more than it says.
#[test]
fn a_dump_that_says_something_else_is_another_one() {
    let dump = "--\n-- Name: a\n--\n\nCREATE TABLE public.a (\n    id integer NOT NULL,\n    b text\n);\n\n\
                CREATE SEQUENCE public.a_id_seq\n    AS integer\n    START WITH 1;\n\n\
                ALTER SEQUENCE public.a_id_seq OWNED BY public.a.id;\n\n\
                ALTER TABLE ONLY public.a ALTER COLUMN id SET DEFAULT nextval('public.a_id_seq'::regclass);\n";
    let alike = dump
        .replace("    id integer NOT NULL,\n    b text\n", "    b text,\n    id integer NOT NULL\n")
        .replace("a_id_seq", "old_id_seq")
        .replace("    AS integer\n", "");
    assert_eq!(statements(dump), statements(&alike));
    for (old, new) in [
        ("b text", "b text NOT NULL"),
        ("integer NOT", "bigint NOT"),
        ("WITH 1", "WITH 2"),
        ("a.id;", "a.b;"),
    ] {
        assert_ne!(statements(dump), statements(&dump.replace(old, new)), "{new}");
    }
}
