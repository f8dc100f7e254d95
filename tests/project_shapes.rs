//! Projects that are laid out otherwise than most: a schema in several files and folders, links.

use std::fs;

use postgres::testing::TestDatabase;

use crate::sandbox::{STUDENTS, Sandbox};

/// As in Prisma, migrations are beside the file with the datasource, wherever that is in the schema's folder.
#[test]
fn migrations_are_beside_the_datasource() {
    let database = TestDatabase::empty("schema_folder");
    let sandbox = Sandbox::new(STUDENTS);
    fs::remove_file(sandbox.path("prisma/schema.prisma")).expect("it is there");
    let (datasource, models) = STUDENTS.split_once("\n\n").expect("a blank line");
    sandbox.write("prisma/schema/main.prisma", datasource);
    sandbox.write("prisma/schema/models/student.prisma", models);
    sandbox.write("prisma/a.prisma", "// No datasource here.\n");
    let url = database.url().expose();
    let dev = ["migrate", "dev", "--schema", "prisma", "--name", "init"];
    sandbox.run_on(&url, &dev).success();
    assert_eq!(sandbox.list("prisma/schema/migrations").len(), 2);
    let status =
        sandbox.run_on(&url, &["migrate", "status", "--schema", "prisma/schema"]).success();
    assert!(status.stdout.contains("1 migration found in prisma/schema/migrations"), "{status:#?}");
    let valid = sandbox.run(&["validate", "--schema", "prisma"]).success();
    assert!(valid.stdout.ends_with("The schemas at prisma are valid 🚀\n"), "{valid:#?}");
}

/// What leads elsewhere still belongs to the project whose folder it is in.
#[cfg(unix)]
#[test]
fn a_linked_folder_belongs_to_its_project() {
    let database = TestDatabase::empty("schema_link");
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("shared/models/schema.prisma", STUDENTS);
    fs::remove_dir_all(sandbox.path("prisma")).expect("it is there");
    std::os::unix::fs::symlink("shared/models", sandbox.path("prisma"))
        .expect("a link can be made");
    sandbox.write(".env", format!("DATABASE_URL=\"{}\"\n", database.url().expose()));
    sandbox.run(&["migrate", "dev", "--name", "init"]).success();
    assert_eq!(sandbox.list("shared/models/migrations").len(), 2);
    let status = sandbox.run(&["migrate", "status"]).success();
    assert!(status.stdout.contains("1 migration found in prisma/migrations"), "{status:#?}");
}

#[test]
fn a_config_says_where_things_are() {
    let database = TestDatabase::empty("config");
    let sandbox = Sandbox::new("// Not this one.\n");
    let config = |path: &str| {
        format!(
            "export default defineConfig({{ schema: \"db/school.prisma\", migrations: {{ path: {path} }} }});\n"
        )
    };
    sandbox.write("prisma.config.ts", config("\"sql\""));
    sandbox.write("db/school.prisma", STUDENTS);
    // What stands beside the config is the project's.
    sandbox.write(".env", format!("DATABASE_URL=\"{}\"\n", database.url().expose()));
    sandbox.run(&["migrate", "dev", "--name", "init"]).success();
    assert_eq!(sandbox.list("sql").len(), 2);
    assert_eq!(sandbox.list("db"), ["school.prisma"]);

    sandbox.write("prisma.config.ts", config("process.env.SQL"));
    let computed = sandbox.run(&["migrate", "status"]);
    assert!(computed.stderr.starts_with("warning: prisma.config.ts is not run"), "{computed:#?}");
    assert!(computed.stderr.contains("where the migrations are only"), "{computed:#?}");

    // Another one than the config means may be in the usual place.
    sandbox.write("prisma.config.ts", "export default { schema: process.env.SCHEMA };\n");
    let computed = sandbox.run(&["validate"]);
    assert!(computed.stderr.contains("where the schema is only"), "{computed:#?}");
}
