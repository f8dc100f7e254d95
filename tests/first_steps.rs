//! From nothing to a running project, as a newcomer goes: no database, no configuration.

use std::collections::BTreeMap;
use std::process::Command;

use postgres::testing::{OwnServer, TestDatabase, block_on, program};

use crate::sandbox::{Run, Sandbox, workspace, xtask};

const SHOP: &str = r#"
generator client {
  provider = "cargo prisma"
  output   = "../client"
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

enum Size {
  small
  large
}

model Customer {
  id     Int     @id @default(autoincrement())
  email  String  @unique
  orders Order[]
}

model Order {
  id         Int      @id @default(autoincrement())
  size       Size     @default(small)
  customerId Int
  customer   Customer @relation(fields: [customerId], references: [id])

  @@index([customerId])
}
"#;

#[test]
fn a_project_without_a_database_gets_one_of_its_own() {
    let sandbox = Sandbox::new(SHOP);
    // A schema may be anybody's: no server is started for it unasked.
    for command in [&["migrate", "dev"][..], &["migrate", "status"], &["db", "push"]] {
        let refused = sandbox.run(command).failure();
        let why = "Error: P1012\n\nEnvironment variable not found: DATABASE_URL.\n";
        assert!(refused.stderr.starts_with(why), "{refused:#?}");
        assert!(
            refused.stderr.contains("cargo xtask db start --schema prisma/schema.prisma"),
            "{refused:#?}"
        );
    }
    assert_eq!(sandbox.list(""), ["prisma"]);
    let start = sandbox.run(&["db", "start", "--schema", "prisma/schema.prisma"]).success();
    assert!(start.stdout.contains("is running"), "{start:#?}");
    let first = sandbox.run(&["migrate", "dev", "--name", "init"]).success();
    assert!(first.stdout.contains("Your database is now in sync with your schema."), "{first:#?}");
    let migrations = sandbox.list("prisma/migrations");
    assert_eq!(migrations.len(), 2, "one migration and the lock file: {migrations:?}");
    assert!(migrations[0].ends_with("_init"), "{migrations:?}");

    let again = sandbox.run(&["migrate", "dev"]).success();
    assert!(again.stdout.contains("Already in sync"), "{again:#?}");
    let status = sandbox.run(&["migrate", "status"]).success();
    assert!(status.stdout.contains("Database schema is up to date!"), "{status:#?}");

    sandbox.write(
        "prisma/schema.prisma",
        SHOP.replace("email  String  @unique", "email  String  @unique\n  nickname String?"),
    );
    sandbox.run(&["migrate", "dev", "--name", "add nickname"]).success();
    let migrations = sandbox.list("prisma/migrations");
    assert!(migrations[1].ends_with("_add_nickname"), "{migrations:?}");
    let sql = sandbox.read(&format!("prisma/migrations/{}/migration.sql", migrations[1]));
    assert_eq!(sql, "-- AlterTable\nALTER TABLE \"Customer\" ADD COLUMN     \"nickname\" TEXT;\n");

    let stopped = sandbox.run(&["db", "stop"]).success();
    assert!(stopped.stdout.contains("has stopped. The data stay."), "{stopped:#?}");
    let back = sandbox.run(&["migrate", "status"]).success();
    assert!(back.stdout.contains("2 migrations found"), "{back:#?}");
}

#[test]
fn a_schema_beside_a_cargo_project_is_its_own() {
    let sandbox = Sandbox::new(SHOP);
    sandbox.write("Cargo.toml", "[workspace]\n");
    sandbox.write("other.prisma", SHOP);
    let refused = sandbox.run(&["db", "create", "--schema", "other.prisma"]).failure();
    assert!(refused.stderr.contains("not found: DATABASE_URL"), "{refused:#?}");
    let created = sandbox.run(&["db", "create"]).success();
    assert!(created.stdout.contains("PostgreSQL database"), "{created:#?}");
    sandbox.run(&["db", "stop"]).success();
}

/// The whole of `setup` on this very checkout, twice: the second run finds nothing to do.
#[test]
fn setup_makes_a_seeded_and_checked_database_and_changes_nothing_the_second_time() {
    let check =
        Command::new(xtask()).args(["generate", "--check"]).current_dir(workspace()).output();
    // `setup` writes the client: it must find nothing to write here, or this test would hide that it is stale.
    Run::of(check.expect("the command starts")).success();
    let database = TestDatabase::empty("setup");
    let setup = || {
        let mut command = Command::new(xtask());
        command.arg("setup").current_dir(workspace()).env("DATABASE_URL", database.url().expose());
        Run::of(command.output().expect("the command starts")).success()
    };
    let first = setup();
    assert!(first.stdout.contains("All migrations have been successfully applied."), "{first:#?}");
    let made = contents(&database);
    assert!(made["Booking"].0 > 0, "{made:#?}");
    let second = setup();
    assert!(second.stdout.contains("No pending migrations to apply."), "{second:#?}");
    assert_eq!(contents(&database), made, "the second run changed something");
    assert!(!second.stderr.contains("Compiling"), "the second run compiled again: {second:#?}");
}

/// A server at an address that is no loopback's by its name, and leads to this machine all the same.
#[test]
fn setup_of_a_database_on_another_machine_makes_nobody_up() {
    let postgres = program("postgres").expect("PostgreSQL is there: every test here needs it");
    let programs = postgres.parent().expect("a folder");
    let server = OwnServer::start(programs, &[], "host all all 127.0.0.1/32 trust\n", &[]);
    let url = format!("postgresql://{}@0.0.0.0:{}/postgres", server.user(), server.port());
    let run = |arguments: &[&str]| {
        let mut command = Command::new(xtask());
        command.args(arguments).current_dir(workspace()).env("DATABASE_URL", &url);
        Run::of(command.output().expect("the command starts"))
    };
    let setup = run(&["setup"]).success();
    assert!(
        setup.stdout.contains("The database is not on this machine: no demo data"),
        "{setup:#?}"
    );
    assert!(setup.stdout.contains("cargo xtask seed --allow-remote postgres\n"), "{setup:#?}");
    assert!(setup.stdout.contains("Org 0, User 0, Booking 0 · 0 rows in 30 tables"), "{setup:#?}");
    let refused = run(&["seed"]).failure();
    assert!(refused.stderr.contains("is on 0.0.0.0, not on this machine"), "{refused:#?}");
    run(&["seed", "--allow-remote", "postgres"]).success();
}

/// Every table with its number of rows and a hash of what they hold.
fn contents(database: &TestDatabase) -> BTreeMap<String, (i64, String)> {
    block_on(async {
        let connection = database.connect().await;
        let tables = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
        let mut contents = BTreeMap::new();
        for row in connection.query(tables, &[]).await.expect("tables can be listed") {
            let table: String = row.get(0);
            let sql = format!(
                "SELECT count(*), md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM \"{table}\" t"
            );
            let row = connection.query_one(&sql, &[]).await.expect("tables can be read");
            contents.insert(table, (row.get(0), row.get(1)));
        }
        contents
    })
}
